"""PointOfContact: the public entry. Its GUID never changes and is never used again."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Json, Model, Owned, one_of, own_key, within_tenant
from .tenant import FOLLOWS


class PointOfContact(Owned, Model):
    __table_args__ = (
        own_key(),
        UniqueConstraint("tenant_id", "name"),
        within_tenant("default_skill_id", "skill"),
        within_tenant("routing_script_id", "routing_script"),
        within_tenant("chat_profile_id", "chat_profile"),
        within_tenant("opening_hours_id", "opening_hours"),
        CheckConstraint(one_of("timeout_follows", FOLLOWS, nullable=True), name="timeout_follows"),
    )

    guid: Mapped[str] = mapped_column(String(36), unique=True)  # lower case
    name: Mapped[str] = mapped_column(String(60))
    notes: Mapped[str] = mapped_column(String(1000), default="")
    active: Mapped[bool] = mapped_column(default=True)
    default_skill_id: Mapped[int]
    routing_script_id: Mapped[int]
    chat_profile_id: Mapped[int | None]
    allowed_origins: Mapped[list] = mapped_column(Json, default=list)  # empty: any site may frame it
    opening_hours_id: Mapped[int | None]  # none: the skill's
    default_language: Mapped[str | None] = mapped_column(String(12))  # none: the profile's
    timeout_follows: Mapped[str | None] = mapped_column(String(8))  # none: the tenant's
    identity_secret: Mapped[str | None] = mapped_column(String(64))  # signs who the customer is, see docs/embedding.md

    tenant = relationship("Tenant", viewonly=True)
    default_skill = relationship("Skill", viewonly=True)
    routing_script = relationship("RoutingScript", viewonly=True)
    chat_profile = relationship("ChatProfile", viewonly=True)
    opening_hours = relationship("OpeningHours", viewonly=True)

    @property
    def house(self) -> str:
        """Who speaks where nobody's name stands: the header of its profile, else its own name."""
        return (self.chat_profile and self.chat_profile.header_text) or self.name

    @property
    def effective_timeout_follows(self) -> str:
        """Its own choice of whose time-out governs, else its tenant's (rule R24)."""
        return self.timeout_follows or self.tenant.timeout_follows

    @property
    def effective_hours(self):
        """Its own opening hours, else its default skill's, else None: always open (rule R16)."""
        return self.opening_hours or self.default_skill.opening_hours
