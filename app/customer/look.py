"""What a widget adds to the customer's door: paint. And the look of a point of contact that has no profile."""

from dataclasses import dataclass

from flask import current_app

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


@dataclass(frozen=True)
class Profile:
    """The default experience: what a chat profile holds, for points of contact without one."""

    interface: int = 2
    header_text: str = ""
    greeting: str = ""
    primary_color: str = "#0B57A4"
    primary_text_color: str = "#FFFFFF"
    agent_color: str = "#E9EEF4"
    agent_initial_color: str = "#1B2733"
    font: str = "system"
    button_position: str = "BottomRight"
    button_offset_x: int = 20
    button_offset_y: int = 20
    default_language: str = "en"


DEFAULT_PROFILE = Profile()


def look_of(profile) -> Look:
    """The registered look of the profile's version; version 2 when that widget is not installed."""
    looks: dict[int, Look] = current_app.extensions[EXTENSION]
    return looks.get(profile.interface) or looks[DEFAULT_PROFILE.interface]
