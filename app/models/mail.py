"""Mail: one letter of the system, as a row until it is with the mail server. Its text is written when it is sent."""

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Model, Owned, UtcDateTime, one_of, within_tenant

TRANSCRIPT = "transcript"
KINDS = (TRANSCRIPT,)
QUEUED, SENT, FAILED = "queued", "sent", "failed"
STATES = (QUEUED, SENT, FAILED)


class Mail(Owned, Model):
    __table_args__ = (
        within_tenant("contact_id", "contact"),
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint(one_of("state", STATES), name="state"),
        Index("ix_mail_due", "state", "due_at"),
        Index("ix_mail_of_contact", "contact_id", "created_at"),
    )

    kind: Mapped[str] = mapped_column(String(12))
    contact_id: Mapped[int | None]
    recipient: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(12))
    zone: Mapped[str] = mapped_column(String(64), default="UTC")  # of the reader's clock, an IANA name
    locale: Mapped[str] = mapped_column(String(20), default="")  # their variant of the language; empty: the language
    state: Mapped[str] = mapped_column(String(8), default=QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[str] = mapped_column(String(80), unique=True)  # of the mail's header: the same at each attempt
    error: Mapped[str] = mapped_column(String(300), default="")
    created_at = mapped_column(UtcDateTime, nullable=False)
    due_at = mapped_column(UtcDateTime, nullable=False)  # next attempt; while one runs, the end of its claim
    sent_at = mapped_column(UtcDateTime)
