"""OpeningHours: when a skill or a point of contact takes chats. The decision is in app/routing/hours.py."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Json, Model, Owned, own_key


class OpeningHours(Owned, Model):
    """``weekly``: [{"day": 0 (Monday) … 6, "from": "09:00", "to": "18:00"}], "to" at or before "from" is the next day.

    ``exceptions``: [{"date": "2026-12-25", "intervals": [{"from": …, "to": …}]}]; no intervals: closed on that day.
    """

    __table_args__ = (own_key(), UniqueConstraint("tenant_id", "name"))

    name: Mapped[str] = mapped_column(String(60))
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    weekly: Mapped[list] = mapped_column(Json, default=list)
    exceptions: Mapped[list] = mapped_column(Json, default=list)
