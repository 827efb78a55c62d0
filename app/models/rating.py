"""Rating: what the customer thought of a chat, once per contact."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Model, Owned, UtcDateTime, within_tenant


class Rating(Owned, Model):
    __table_args__ = (
        within_tenant("contact_id", "contact"),
        UniqueConstraint("contact_id"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
    )

    contact_id: Mapped[int]
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(String(1000), default="")
    at = mapped_column(UtcDateTime, nullable=False)
