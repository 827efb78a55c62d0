"""Image: a picture of a profile, re-encoded at its arrival. Its name on the web is the hash of its bytes."""

from sqlalchemy import CheckConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from .base import Model, Owned, UtcDateTime, one_of, own_key

MEDIA_TYPES = ("image/png", "image/jpeg", "image/webp")


class Image(Owned, Model):
    __table_args__ = (
        own_key(),
        UniqueConstraint("tenant_id", "sha256"),
        CheckConstraint(one_of("media_type", MEDIA_TYPES), name="media_type"),
    )

    sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(12))
    width: Mapped[int]  # pixels
    height: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    created_at = mapped_column(UtcDateTime, nullable=False)
