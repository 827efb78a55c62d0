"""What a widget adds to the customer's door: paint. And the look of a point of contact that has no profile."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import current_app

from ..models import ChatProfile, PointOfContact

EXTENSION = "clavardage.looks"


@dataclass(frozen=True)
class Look:
    """One interface version.

    name: blueprint and folder (`widget_v2`); version: the profile's `interface`, 1 or 2;
    stylesheet: file in the widget's static folder; template: extends `customer/window.html`.
    """

    name: str
    version: int
    stylesheet: str
    template: str


def _default_profile() -> ChatProfile:
    """The default experience, for points of contact without a profile: every column's own default."""
    columns = ChatProfile.__table__.columns
    values = {column.name: column.default.arg for column in columns if column.default is not None}
    return ChatProfile(**{name: value(None) if callable(value) else value for name, value in values.items()})


DEFAULT_PROFILE = _default_profile()


def profile_of(poc: PointOfContact) -> ChatProfile:
    """The profile of a point of contact, or the default experience."""
    return poc.chat_profile or DEFAULT_PROFILE


def look_of(profile) -> Look:
    """The registered look of the profile's version; version 2 when that widget is not installed."""
    looks: dict[int, Look] = current_app.extensions[EXTENSION]
    return looks.get(profile.interface) or looks[2]


def paint_of(look: Look) -> str:
    """The text of the widget's own stylesheet."""
    return _text(Path(current_app.blueprints[look.name].static_folder) / look.stylesheet)


@cache
def _text(file: Path) -> str:
    return file.read_text("utf-8")


def default_language(poc: PointOfContact) -> str:
    """What a customer reads whose own language we do not speak: the entry's language, its profile's, the tenant's."""
    profile = poc.chat_profile
    return poc.default_language or (profile.default_language if profile else "") or poc.tenant.default_language
