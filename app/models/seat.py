"""Seat: one place for one contact at one agent. Rows make "one agent" and "never above capacity" structural."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Model, within_tenant


class Seat(Model):
    """A taken or free place. ``contact_id`` is unique, so no contact can sit at two agents."""

    __table_args__ = (
        within_tenant("user_id", "user"),
        within_tenant("contact_id", "contact"),
        CheckConstraint("n BETWEEN 1 AND 12", name="n"),
    )

    tenant_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(unique=True)
