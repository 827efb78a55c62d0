"""Team: a group of users with a default capacity."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Model, Owned, own_key


class Team(Owned, Model):
    __table_args__ = (
        own_key(),
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("capacity BETWEEN 1 AND 12", name="capacity"),
    )

    name: Mapped[str] = mapped_column(String(60))
    capacity: Mapped[int] = mapped_column(default=3)
