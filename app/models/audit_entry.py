"""AuditEntry: entity, attribute, previous value, changed value, by whom, when. Written in its transaction."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Model, Owned, UtcDateTime


class AuditEntry(Owned, Model):
    __table_args__ = (Index("ix_audit_entry_of", "tenant_id", "entity", "entity_id", "id"),)

    at = mapped_column(UtcDateTime, nullable=False)
    actor_kind: Mapped[str] = mapped_column(String(12))  # user customer script system
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(255), default="")
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[int]
    attribute: Mapped[str] = mapped_column(String(60))
    previous_value: Mapped[str | None] = mapped_column(Text)
    changed_value: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(500), default="")
