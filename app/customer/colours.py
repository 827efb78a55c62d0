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
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


def properties(profile) -> str:
    """The stylesheet of a profile; a value that is not a plain colour or a known font is left out."""
    wanted = {**PROPERTIES, **OF_VERSION.get(getattr(profile, "interface", 0), {})}
    # A colour left as it was is left to the token sheet, which has a dark counterpart for it.
    colors = {name: getattr(profile, field) for name, field in wanted.items() if _chosen(profile, field)}
    lines = [f"{name}: {color};" for name, color in colors.items()]
    if font := FONTS.get((profile.font or "").lower()):
        lines.append(f"--profile-font: {font};")
    return ":root {\n  " + "\n  ".join(lines) + "\n}\n"


def _chosen(profile, field: str) -> bool:
    color = getattr(profile, field) or ""
    return _COLOR.fullmatch(color) is not None and color.lower() != getattr(DEFAULT_PROFILE, field).lower()
