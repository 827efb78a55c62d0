"""Timer: a deadline as a row. Any process claims it; it fires only if what it speaks of has not moved on."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Model, Owned, UtcDateTime

OFFER_DEADLINE, WRAP_UP_DEADLINE, AGENT_LEASE = "offer_deadline", "wrap_up_deadline", "agent_lease"
CUSTOMER_ENDING, CUSTOMER_IDLE = "customer_ending", "customer_idle"


class Timer(Owned, Model):
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    due_at = mapped_column(UtcDateTime, nullable=False, index=True)
    claimed_until = mapped_column(UtcDateTime)
