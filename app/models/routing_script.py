"""RoutingScript: the steps between arrival and agent, as data. A contact stays on the version it began with."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Json, Model, Owned, UtcDateTime, own_key


class RoutingScript(Owned, Model):
    __table_args__ = (own_key(), UniqueConstraint("tenant_id", "name", "version"))

    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)
    steps: Mapped[dict] = mapped_column(Json)  # the form is checked by routing/script.py
    created_at = mapped_column(UtcDateTime, nullable=False)
