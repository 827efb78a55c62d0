"""A profile's colours and font as a stylesheet of custom properties: inline styles are forbidden."""

import re

from .look import DEFAULT_PROFILE

FONTS = {
    "sans-serif": "sans-serif",
    "serif": "serif",
    "arial": "Arial, sans-serif",
    "verdana": "Verdana, sans-serif",
    "tahoma": "Tahoma, sans-serif",
    "georgia": "Georgia, serif",
}
PROPERTIES = {
    "--profile-primary": "primary_color",
    "--profile-primary-text": "primary_text_color",
    "--profile-agent": "agent_color",
    "--profile-agent-initial": "agent_initial_color",
}
OF_VERSION = {
    1: {
        "--profile-header": "header_color",
        "--profile-header-text": "header_text_color",
        "--profile-agent-line": "agent_line_color",
        "--profile-customer-line": "customer_line_color",
        "--profile-status": "status_color",
    },
    2: {"--profile-waiting": "waiting_color", "--profile-waiting-text": "waiting_text_color"},
}
PAIRS = (
    ("primary_color", "primary_text_color"),
    ("agent_color", "agent_initial_color"),
    ("header_color", "header_text_color"),
    ("waiting_color", "waiting_text_color"),
)
PARTNERS = dict(PAIRS) | {text: ground for ground, text in PAIRS}
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


def custom_properties(profile) -> dict[str, str]:
    """The custom properties of a profile; a value that is not a plain colour or a known font is left out."""
    wanted = {**PROPERTIES, **OF_VERSION.get(getattr(profile, "interface", 0), {})}
    # A colour left as it was is left to the token sheet, which has a dark counterpart for it; but not beside one that
    # was chosen: the two are read on each other.
    values = {
        name: getattr(profile, field)
        for name, field in wanted.items()
        if _chosen(profile, field) or (_plain(profile, field) and _chosen(profile, PARTNERS.get(field, field)))
    }
    if font := FONTS.get((profile.font or "").lower()):
        values["--profile-font"] = font
    return values


def properties(profile) -> str:
    """The same as a stylesheet."""
    lines = [f"{name}: {value};" for name, value in custom_properties(profile).items()]
    return ":root {\n  " + "\n  ".join(lines) + "\n}\n"


def _plain(profile, field: str) -> bool:
    return _COLOR.fullmatch(getattr(profile, field) or "") is not None


def _chosen(profile, field: str) -> bool:
    return _plain(profile, field) and getattr(profile, field).lower() != getattr(DEFAULT_PROFILE, field).lower()
