"""SignInSession: a signed-in browser, as a row that can be revoked at once."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Model, Owned, UtcDateTime, within_tenant


class SignInSession(Owned, Model):
    __table_args__ = (within_tenant("user_id", "user"),)

    user_id: Mapped[int]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at = mapped_column(UtcDateTime, nullable=False)
    last_seen_at = mapped_column(UtcDateTime, nullable=False)
    expires_at = mapped_column(UtcDateTime, nullable=False)
    revoked_at = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(64), default="")

    user = relationship("User", viewonly=True)
