"""AgentSession: one shift, with the agent's state and the lease that proves somebody is there."""

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Model, Owned, UtcDateTime, one_of, own_key, within_tenant

AVAILABLE, UNAVAILABLE = "Available", "Unavailable"
AGENT_STATES = (AVAILABLE, UNAVAILABLE)
REFUSED = "Refused"  # the fixed reason of an Unavailable that a refused or missed offer brought
_open = text("ended_at IS NULL")


class AgentSession(Owned, Model):
    __table_args__ = (
        own_key(),
        within_tenant("user_id", "user"),
        CheckConstraint(one_of("state", AGENT_STATES), name="state"),
        CheckConstraint(one_of("next_state", AGENT_STATES, nullable=True), name="next_state"),
        Index("uq_agent_session_open", "user_id", unique=True, sqlite_where=_open, postgresql_where=_open),
    )

    user_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=UNAVAILABLE)
    reason: Mapped[str] = mapped_column(String(60), default="")
    next_state: Mapped[str | None] = mapped_column(String(12))
    next_reason: Mapped[str] = mapped_column(String(60), default="")
    state_since = mapped_column(UtcDateTime, nullable=False)
    last_offered_at = mapped_column(UtcDateTime)
    lease_until = mapped_column(UtcDateTime, nullable=False)
    started_at = mapped_column(UtcDateTime, nullable=False)
    ended_at = mapped_column(UtcDateTime)
    end_cause: Mapped[str | None] = mapped_column(String(30))

    user = relationship("User", viewonly=True)
