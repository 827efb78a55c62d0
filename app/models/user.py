"""User: someone who signs in. Roles add up; *agent* is the part a user plays on a contact."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Model, Owned, UtcDateTime, own_key, within_tenant

ROLES = ("agent", "supervisor", "administrator")


class User(Owned, Model):
    __table_args__ = (
        own_key(),
        within_tenant("team_id", "team"),
        CheckConstraint("capacity BETWEEN 1 AND 12", name="capacity"),
        CheckConstraint("refusal_seconds BETWEEN 15 AND 300", name="refusal_seconds"),
        CheckConstraint("is_agent OR is_supervisor OR is_administrator", name="some_role"),
    )

    email: Mapped[str] = mapped_column(
        String(254), unique=True
    )  # kept in lower case: it is the sign-in name everywhere
    display_name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200))
    demo_password: Mapped[bool] = mapped_column(default=False)
    is_agent: Mapped[bool] = mapped_column(default=False)
    is_supervisor: Mapped[bool] = mapped_column(default=False)
    is_administrator: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    team_id: Mapped[int | None]
    capacity: Mapped[int | None]  # none: the team's
    refusal_seconds: Mapped[int] = mapped_column(default=45)
    language: Mapped[str | None] = mapped_column(String(12))
    created_at = mapped_column(UtcDateTime, nullable=False)

    team = relationship("Team", viewonly=True)
    tenant = relationship("Tenant", viewonly=True)

    @property
    def roles(self) -> frozenset[str]:
        """The roles this user has, out of :data:`ROLES`."""
        return frozenset(role for role in ROLES if getattr(self, f"is_{role}"))

    @property
    def seats_allowed(self) -> int:
        """How many contacts at once: the user's own number, else the team's, else 3 (rule R10)."""
        return self.capacity or (self.team.capacity if self.team else 3)

    @property
    def initials(self) -> str:
        """Up to two letters for the disc beside the messages."""
        return initials(self.display_name)


def initials(name: str) -> str:
    """First letters of the first and the last word of ``name``, in capitals."""
    words = name.split()
    picked = words[:1] + words[-1:] if len(words) > 1 else words[:1]
    return "".join(word[0] for word in picked).upper()
