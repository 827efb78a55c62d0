"""Disposition: how a contact ended, chosen by the agent out of the skill's list."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Model, Owned, own_key, within_tenant


class Disposition(Owned, Model):
    __table_args__ = (own_key(), UniqueConstraint("tenant_id", "name"))

    name: Mapped[str] = mapped_column(String(60))
    active: Mapped[bool] = mapped_column(default=True)


class SkillDisposition(Model):
    """A disposition offered by a skill, with its place in the list."""

    __table_args__ = (within_tenant("skill_id", "skill"), within_tenant("disposition_id", "disposition"))

    tenant_id: Mapped[int]
    skill_id: Mapped[int] = mapped_column(primary_key=True)
    disposition_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
