"""Skill: a queue and its policy. SkillAssignment: who can serve it, and how well."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Json, Model, Owned, one_of, own_key, within_tenant

IDLE_SECONDS, COUNTDOWN_SECONDS = (30, 86_400), (20, 600)  # from, to
POST_CONTACT = ("none", "wrap_up", "dispositions")


class Skill(Owned, Model):
    __table_args__ = (
        own_key(),
        UniqueConstraint("tenant_id", "name"),
        within_tenant("opening_hours_id", "opening_hours"),
        CheckConstraint("wrap_up_seconds BETWEEN 5 AND 3600", name="wrap_up_seconds"),
        CheckConstraint("idle_seconds BETWEEN {} AND {}".format(*IDLE_SECONDS), name="idle_seconds"),
        CheckConstraint(
            "idle_countdown_seconds BETWEEN {} AND {}".format(*COUNTDOWN_SECONDS), name="idle_countdown_seconds"
        ),
        CheckConstraint(one_of("post_contact", POST_CONTACT), name="post_contact"),
        CheckConstraint("priority_maximum >= priority_initial", name="priority"),
    )

    name: Mapped[str] = mapped_column(String(30))
    notes: Mapped[str] = mapped_column(String(1000), default="")
    active: Mapped[bool] = mapped_column(default=True)
    priority_initial: Mapped[float] = mapped_column(default=0)
    priority_acceleration: Mapped[float] = mapped_column(default=1)  # points a minute
    priority_maximum: Mapped[float] = mapped_column(default=1000)
    typing_indicator: Mapped[bool] = mapped_column(default=True)
    transcript_available: Mapped[bool] = mapped_column(default=False)
    post_contact: Mapped[str] = mapped_column(String(12), default="none")
    wrap_up_seconds: Mapped[int] = mapped_column(default=60)
    disposition_required: Mapped[bool] = mapped_column(default=False)
    opening_hours_id: Mapped[int | None]  # none: always open
    messages_when_closed: Mapped[bool] = mapped_column(default=True)
    idle_enabled: Mapped[bool] = mapped_column(default=False)  # the messaging time-out (rule R24)
    idle_seconds: Mapped[int] = mapped_column(default=600)  # of quiet before the warning
    idle_countdown_seconds: Mapped[int] = mapped_column(default=60)  # from the warning to the end
    idle_warning: Mapped[dict] = mapped_column(Json, default=dict)  # {language: text}, up to 500 characters each
    idle_closing: Mapped[dict] = mapped_column(Json, default=dict)
    rating_enabled: Mapped[bool] = mapped_column(default=False)
    transcript_from: Mapped[str] = mapped_column(String(254), default="")  # none: the installation's sender
    thank_you_enabled: Mapped[bool] = mapped_column(default=False)
    thank_you_text: Mapped[dict] = mapped_column(Json, default=dict)  # {language: text}, up to 1,000 characters each
    thank_you_link_text: Mapped[dict] = mapped_column(Json, default=dict)
    thank_you_url: Mapped[str] = mapped_column(String(500), default="")  # https

    dispositions = relationship(
        "Disposition", secondary="skill_disposition", order_by="SkillDisposition.position", viewonly=True
    )
    opening_hours = relationship("OpeningHours", viewonly=True)


class SkillAssignment(Model):
    """One user serves one skill with a proficiency from 1 (best) to 20."""

    __table_args__ = (
        within_tenant("user_id", "user"),
        within_tenant("skill_id", "skill"),
        CheckConstraint("proficiency BETWEEN 1 AND 20", name="proficiency"),
    )

    tenant_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    proficiency: Mapped[int] = mapped_column(default=10)

    user = relationship("User", viewonly=True)
    skill = relationship("Skill", viewonly=True)
