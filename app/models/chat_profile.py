"""ChatProfile: how the customer's window looks. Colours default to pairs of at least 7:1."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Model, Owned, one_of, own_key

CORNERS = ("BottomRight", "BottomLeft", "TopRight", "TopLeft")
FONTS = ("system", "sans-serif", "serif", "Arial", "Verdana", "Tahoma", "Georgia")


class ChatProfile(Owned, Model):
    __table_args__ = (
        own_key(),
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("interface IN (1, 2)", name="interface"),
        CheckConstraint(one_of("button_position", CORNERS), name="button_position"),
        CheckConstraint(one_of("font", FONTS), name="font"),
        CheckConstraint("button_offset_x BETWEEN 0 AND 200 AND button_offset_y BETWEEN 0 AND 200", name="offsets"),
    )

    name: Mapped[str] = mapped_column(String(60))
    interface: Mapped[int] = mapped_column(default=2)
    header_text: Mapped[str] = mapped_column(String(60), default="")
    greeting: Mapped[str] = mapped_column(String(500), default="")
    primary_color: Mapped[str] = mapped_column(String(7), default="#0B57A4")
    primary_text_color: Mapped[str] = mapped_column(String(7), default="#FFFFFF")
    agent_color: Mapped[str] = mapped_column(String(7), default="#E9EEF4")
    agent_initial_color: Mapped[str] = mapped_column(String(7), default="#1B2733")
    font: Mapped[str] = mapped_column(String(12), default="system")
    button_position: Mapped[str] = mapped_column(String(12), default="BottomRight")
    button_offset_x: Mapped[int] = mapped_column(default=20)
    button_offset_y: Mapped[int] = mapped_column(default=20)
    default_language: Mapped[str] = mapped_column(String(12), default="en")
