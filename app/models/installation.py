"""Installation: one row. Its epoch tells clients that a backup was restored and their cursors mean nothing."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Model, UtcDateTime


class Installation(Model):
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str] = mapped_column(String(32))
    created_at = mapped_column(UtcDateTime, nullable=False)
