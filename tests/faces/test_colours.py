"""A profile's stylesheet: whatever stands in the database, it holds plain colours, known fonts and nothing else."""

import re

import pytest

from app.customer.colours import FONTS, OF_VERSION, PROPERTIES, properties
from app.models import ChatProfile

# The columns are short; the stylesheet does not rely on that.
HOSTILE = [
    "#123456;} body { display: none",
    "#123456; background: url(https://else.example/?",
    "#123456\n",
    "#1234567",
    "#12345",
    " #123456",
    "red",
    "url(x)",
    "#12345\uff16",  # a digit elsewhere
    "",
    None,
]
LINE = re.compile(r"  --profile-[a-z-]+: #[0-9A-F]{6};")


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("interface", [1, 2])
def test_a_value_that_is_more_than_a_colour_is_left_out(interface, value):
    fields = {**PROPERTIES, **OF_VERSION[interface]}.values()
    assert properties(ChatProfile(interface=interface, **dict.fromkeys(fields, value))) == ":root {\n  \n}\n"


@pytest.mark.parametrize("value", HOSTILE)
def test_beside_a_chosen_colour_a_hostile_one_is_left_out_too(value):
    css = properties(ChatProfile(interface=2, primary_color="#ABCDEF", primary_text_color=value))
    assert css == ":root {\n  --profile-primary: #ABCDEF;\n}\n"


@pytest.mark.parametrize(
    "font", ["x; } body { display: none", "Arial, sans-serif", "arial;", "arial\n", "url(x)", "system", "", None]
)
def test_a_font_that_is_not_known_is_left_out(font):
    assert properties(ChatProfile(interface=2, font=font)) == ":root {\n  \n}\n"


def test_every_colour_and_font_that_is_known_stands_on_a_line_of_its_own():
    for interface, more in OF_VERSION.items():
        fields = [*PROPERTIES.values(), *more.values()]
        for font, family in FONTS.items():
            profile = ChatProfile(interface=interface, font=font, **dict.fromkeys(fields, "#ABCDEF"))
            head, *colours, last, end, nothing = properties(profile).split("\n")
            assert (head, last, end, nothing) == (":root {", f"  --profile-font: {family};", "}", "")
            assert len(colours) == len(fields)
            assert all(LINE.fullmatch(colour) for colour in colours)
