"""Texts that people of the organisation wrote, kept per language as ``{language: text}``; and what a text may hold."""

import re
import unicodedata

# Each turns the direction of what follows, or closes a frame that somebody else has opened.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"}


def in_language(texts: dict[str, str] | None, language: str, default: str = "en") -> str:
    """A text in the reader's language, else in ``default``, else in English, else none (rule R1)."""
    texts = texts or {}
    return texts.get(language) or texts.get(default) or texts.get("en", "")


def storable(text: str) -> bool:
    """Can every database keep it? Half a surrogate pair is no text, and PostgreSQL takes no NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def upright(text: str) -> str:
    """The text without the characters that would turn our sentences around it."""
    return _TURNING.sub("", text)


def one_line(text: str) -> str:
    """A name on one line: no turning characters, single spaces, and nothing at all when there is nothing to see."""
    line = " ".join(upright(text).split())
    return line if any(unicodedata.category(letter) not in _INVISIBLE for letter in line) else ""
