"""ChatSession: the customer's secret handle on a contact. Only the token's hash is kept."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Model, Owned, UtcDateTime, within_tenant


class ChatSession(Owned, Model):
    __table_args__ = (
        within_tenant("contact_id", "contact"),
        UniqueConstraint("tenant_id", "start_key"),
        UniqueConstraint("tenant_id", "identity_nonce"),
    )

    contact_id: Mapped[int] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    start_key: Mapped[str] = mapped_column(
        String(64)
    )  # the start's idempotency key: a repeated start finds its contact
    told: Mapped[str] = mapped_column(String(64), default="", server_default="")  # digest of what the start said
    interface: Mapped[int]
    language: Mapped[str] = mapped_column(String(12))  # what the customer reads; may change during the chat
    identity_nonce: Mapped[str | None] = mapped_column(String(64))  # of the signed identity: good for one chat
    created_at = mapped_column(UtcDateTime, nullable=False)
    last_seen_at = mapped_column(UtcDateTime, nullable=False, index=True)

    contact = relationship("Contact", viewonly=True)
