"""Offer: one contact put before one agent, with a deadline. At most one pending per contact and per agent."""

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Model, Owned, UtcDateTime, one_of, own_key, within_tenant

PENDING, ACCEPTED, REFUSED, MISSED, LOST, WITHDRAWN = (
    "pending",
    "accepted",
    "refused",
    "missed",
    "lost",
    "withdrawn",
)
OUTCOMES = (PENDING, ACCEPTED, REFUSED, MISSED, LOST, WITHDRAWN)
_pending = text("state = 'pending'")


class Offer(Owned, Model):
    __table_args__ = (
        own_key(),
        within_tenant("contact_id", "contact"),
        within_tenant("user_id", "user"),
        within_tenant("agent_session_id", "agent_session"),
        CheckConstraint(one_of("state", OUTCOMES), name="state"),
        CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name="decided"),
        Index(
            "uq_offer_pending_contact",
            "contact_id",
            unique=True,
            sqlite_where=_pending,
            postgresql_where=_pending,
        ),
        Index("uq_offer_pending_user", "user_id", unique=True, sqlite_where=_pending, postgresql_where=_pending),
        Index("ix_offer_history", "contact_id", "offered_at"),
    )

    contact_id: Mapped[int]
    contact_version: Mapped[int]  # accepting compares it: a zombie tab is refused
    user_id: Mapped[int]
    agent_session_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=PENDING)
    offered_at = mapped_column(UtcDateTime, nullable=False)
    deadline_at = mapped_column(UtcDateTime, nullable=False)
    decided_at = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="")  # why this agent, in words for supervisors

    contact = relationship("Contact", viewonly=True)
    user = relationship("User", viewonly=True)
