"""Message: one line with its number in its contact. Unique keys, not caches, make repeats harmless."""

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Json, Model, UtcDateTime, one_of, within_tenant

TEXT, JOINED, ENDED, REQUEUED, TRANSFERRED, SYSTEM = (
    "text",
    "joined",
    "ended",
    "requeued",
    "transferred",
    "system",
)
BY_CUSTOMER, BY_SCRIPT, BY_SYSTEM = "customer", "script", "system"  # senders that are no agent
KINDS = (TEXT, JOINED, ENDED, REQUEUED, TRANSFERRED, SYSTEM)


class Message(Model):
    """``sender``: ``customer``, ``agent:<user id>``, ``script`` or ``system``. Kinds other than text carry ``data``."""

    __table_args__ = (
        within_tenant("contact_id", "contact"),
        # cid first: the log asks for many cids of many contacts in one query.
        UniqueConstraint("cid", "contact_id", "sender"),
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint("seq >= 1", name="seq"),
    )

    contact_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tenant_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    sender: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(255), default="")
    cid: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict | None] = mapped_column(Json)
    at = mapped_column(UtcDateTime, nullable=False)
