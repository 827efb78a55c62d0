"""Contact: one customer's request from start to closed. Its state machine is the table below."""

from datetime import timedelta

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Json, Model, Owned, UtcDateTime, one_of, own_key, within_tenant
from .tenant import ENTRY, FOLLOWS

PREQUEUE, QUEUED, OFFERED, ACTIVE, ENDED = "PREQUEUE", "QUEUED", "OFFERED", "ACTIVE", "ENDED"
MOVES = {
    PREQUEUE: {QUEUED, ENDED},
    QUEUED: {OFFERED, ENDED},
    OFFERED: {ACTIVE, QUEUED, ENDED},
    ACTIVE: {ACTIVE, QUEUED, PREQUEUE, ENDED},
    ENDED: set(),
}
STATES = tuple(MOVES)
WAITING = (PREQUEUE, QUEUED, OFFERED)
END_REASONS = (
    "customer_left",
    "customer_ended",
    "agent_ended",
    "customer_idle",
    "script_ended",
    "closed_hours",
    "queue_full",
    "transferred_out",
    "supervisor_ended",
    "system",
)
TOKEN_LIFE_AFTER_END = timedelta(minutes=15)  # rule R12 of docs/rules.md


class Contact(Owned, Model):
    __table_args__ = (
        own_key(),
        within_tenant("point_of_contact_id", "point_of_contact"),
        within_tenant("skill_id", "skill"),
        within_tenant("default_skill_id", "skill"),
        within_tenant("agent_id", "user"),
        within_tenant("wrap_up_agent_id", "user"),
        within_tenant("disposition_id", "disposition"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint(one_of("end_reason", END_REASONS, nullable=True), name="end_reason"),
        CheckConstraint(one_of("timeout_follows", FOLLOWS), name="timeout_follows"),
        CheckConstraint("state <> 'ACTIVE' OR agent_id IS NOT NULL", name="active_has_agent"),
        CheckConstraint("state NOT IN ('PREQUEUE', 'QUEUED', 'OFFERED') OR agent_id IS NULL", name="waiting_has_none"),
        CheckConstraint("(state = 'ENDED') = (ended_at IS NOT NULL)", name="ended_when_ended"),
        CheckConstraint("state NOT IN ('QUEUED', 'OFFERED') OR queued_at IS NOT NULL", name="queued_since"),
        Index(
            "ix_contact_queue",
            "skill_id",
            "queued_at",
            "id",
            sqlite_where=text("state = 'QUEUED'"),
            postgresql_where=text("state = 'QUEUED'"),
        ),
        Index(
            "ix_contact_left_messages",
            "skill_id",
            "left_message",
            "queued_at",
            "id",
            sqlite_where=text("state = 'QUEUED'"),
            postgresql_where=text("state = 'QUEUED'"),
        ),
        Index("ix_contact_answered", "skill_id", "answered_at"),
        Index("ix_contact_of_agent", "agent_id", "state"),
        Index(
            "ix_contact_wrap_up",
            "wrap_up_agent_id",
            sqlite_where=text("wrap_up_agent_id IS NOT NULL"),
            postgresql_where=text("wrap_up_agent_id IS NOT NULL"),
        ),
    )

    master_contact_id: Mapped[int | None] = mapped_column(index=True)
    point_of_contact_id: Mapped[int]
    default_skill_id: Mapped[int]
    skill_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default=PREQUEUE)
    version: Mapped[int] = mapped_column(default=0)
    last_seq: Mapped[int] = mapped_column(default=0)
    agent_id: Mapped[int | None]
    customer_name: Mapped[str] = mapped_column(String(255), default="")
    customer_email: Mapped[str] = mapped_column(String(254), default="")
    customer_phone: Mapped[str] = mapped_column(String(32), default="")
    verified_id: Mapped[str | None] = mapped_column(String(255))  # who the site's own server says it is, signed
    left_message: Mapped[bool] = mapped_column(default=False)  # written while closed: nobody waits at the other end
    parameters: Mapped[list] = mapped_column(Json, default=list)  # [{"name": …, "value": …}] in places p1 … p9
    language: Mapped[str] = mapped_column(String(12))
    page_url: Mapped[str] = mapped_column(String(2000), default="")
    queue_message: Mapped[str] = mapped_column(String(1000), default="")  # for the queue screen; %q, %w still in it
    priority_initial: Mapped[float]
    priority_acceleration: Mapped[float]
    priority_maximum: Mapped[float]
    timeout_follows: Mapped[str] = mapped_column(String(8), default=ENTRY)
    idle_policy: Mapped[dict | None] = mapped_column(Json)  # the time-out it carries, see routing/idleness.py
    stirred_at = mapped_column(UtcDateTime)  # when the customer last said, without a line, that they are there
    idle_warned_at = mapped_column(UtcDateTime)
    created_at = mapped_column(UtcDateTime, nullable=False, index=True)
    queued_at = mapped_column(UtcDateTime)  # first entry into a queue; kept by every return
    answered_at = mapped_column(UtcDateTime)
    ending_at = mapped_column(UtcDateTime)  # the customer has ended it; until then they may take that back
    ended_at = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(20))
    wrap_up_agent_id: Mapped[int | None]  # set while that agent still owes the after-contact work
    wrap_up_started_at = mapped_column(UtcDateTime)
    wrapped_up_at = mapped_column(UtcDateTime)
    disposition_id: Mapped[int | None]
    disposition_notes: Mapped[str] = mapped_column(String(1000), default="")

    tenant = relationship("Tenant", viewonly=True)
    point_of_contact = relationship("PointOfContact", viewonly=True)
    skill = relationship(
        "Skill", foreign_keys="[Contact.skill_id]", primaryjoin="Contact.skill_id == Skill.id", viewonly=True
    )
    agent = relationship(
        "User", foreign_keys="[Contact.agent_id]", primaryjoin="Contact.agent_id == User.id", viewonly=True
    )
    disposition = relationship(
        "Disposition",
        foreign_keys="[Contact.disposition_id]",
        primaryjoin="Contact.disposition_id == Disposition.id",
        viewonly=True,
    )

    @property
    def open(self) -> bool:
        """Can lines still be added by people?"""
        return self.state != ENDED

    @property
    def waiting(self) -> bool:
        """Is the customer still waiting for an agent?"""
        return self.state in WAITING


def may_move(state: str, to: str) -> bool:
    """Does the life cycle allow this move (rule R6)?"""
    return to in MOVES[state]
