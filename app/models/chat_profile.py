"""ChatProfile: how the customer's window looks. Colours default to pairs of at least 7:1."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Json, Model, Owned, one_of, own_key, within_tenant

CORNERS = ("BottomRight", "BottomLeft", "TopRight", "TopLeft")
TEXT_SIZES = ("small", "regular", "huge")
FONTS = ("system", "sans-serif", "serif", "Arial", "Verdana", "Tahoma", "Georgia")


class ChatProfile(Owned, Model):
    __table_args__ = (
        own_key(),
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("interface IN (1, 2)", name="interface"),
        CheckConstraint(one_of("button_position", CORNERS), name="button_position"),
        CheckConstraint(one_of("font", FONTS), name="font"),
        CheckConstraint("button_offset_x BETWEEN 0 AND 200 AND button_offset_y BETWEEN 0 AND 200", name="offsets"),
        CheckConstraint(one_of("text_size", TEXT_SIZES), name="text_size"),
        *(within_tenant(f"{image}_id", "image") for image in ("logo", "waiting_logo", "hero")),
    )

    name: Mapped[str] = mapped_column(String(60))
    interface: Mapped[int] = mapped_column(default=2)
    header_text: Mapped[str] = mapped_column(String(60), default="")
    show_on_phones: Mapped[bool] = mapped_column(default=True)
    resume_in_new_tab: Mapped[bool] = mapped_column(default=False)
    text_size: Mapped[str] = mapped_column(String(8), default="regular")
    primary_color: Mapped[str] = mapped_column(String(7), default="#0B57A4")
    primary_text_color: Mapped[str] = mapped_column(String(7), default="#FFFFFF")
    agent_color: Mapped[str] = mapped_column(String(7), default="#E9EEF4")
    agent_initial_color: Mapped[str] = mapped_column(String(7), default="#1B2733")
    font: Mapped[str] = mapped_column(String(12), default="system")
    button_position: Mapped[str] = mapped_column(String(12), default="BottomRight")
    button_offset_x: Mapped[int] = mapped_column(default=20)
    button_offset_y: Mapped[int] = mapped_column(default=20)
    default_language: Mapped[str] = mapped_column(String(12), default="en")

    # Version 1: the classic window.
    logo_id: Mapped[int | None]
    logo_alt: Mapped[str] = mapped_column(String(160), default="")
    header_color: Mapped[str] = mapped_column(String(7), default="#0B57A4")
    header_text_color: Mapped[str] = mapped_column(String(7), default="#FFFFFF")
    agent_line_color: Mapped[str] = mapped_column(String(7), default="#0B57A4")
    customer_line_color: Mapped[str] = mapped_column(String(7), default="#1B2733")
    status_color: Mapped[str] = mapped_column(String(7), default="#55626F")

    # Version 2: the form before the chat, and the screen while the customer waits. Texts are {language: text}.
    pre_chat_enabled: Mapped[bool] = mapped_column(default=False)
    pre_chat_welcome: Mapped[dict] = mapped_column(Json, default=dict)
    pre_chat_fields: Mapped[list] = mapped_column(Json, default=list)  # see app/routing/pre_chat.py
    waiting_enabled: Mapped[bool] = mapped_column(default=False)
    waiting_message: Mapped[dict] = mapped_column(Json, default=dict)
    waiting_color: Mapped[str] = mapped_column(String(7), default="#F4F6F8")
    waiting_text_color: Mapped[str] = mapped_column(String(7), default="#1B2733")
    waiting_logo_id: Mapped[int | None]
    waiting_logo_alt: Mapped[str] = mapped_column(String(160), default="")
    hero_id: Mapped[int | None]
    hero_alt: Mapped[str] = mapped_column(String(160), default="")

    logo = relationship(
        "Image", foreign_keys="[ChatProfile.logo_id]", primaryjoin="ChatProfile.logo_id == Image.id", viewonly=True
    )
    waiting_logo = relationship(
        "Image",
        foreign_keys="[ChatProfile.waiting_logo_id]",
        primaryjoin="ChatProfile.waiting_logo_id == Image.id",
        viewonly=True,
    )
    hero = relationship(
        "Image", foreign_keys="[ChatProfile.hero_id]", primaryjoin="ChatProfile.hero_id == Image.id", viewonly=True
    )
