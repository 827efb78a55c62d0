"""Web addresses in plain text as links, for pages without a script; js/linkify.js does the same in the window."""

import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

# No sign that turns the writing direction, and none of the marks that close an address in Chinese or Japanese.
_ADDRESSES = re.compile(
    r"https?://[^\s<>\"'\u200e\u200f\u202a-\u202e\u2066-\u2069\u3001-\u3003\u3008-\u3011"
    r"\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]+",
    re.IGNORECASE,
)
_CLOSING = ".,;:!?…*»”’"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_LINK = Markup('<a href="{url}" rel="noopener noreferrer" target="_blank" dir="ltr">{url}</a>')


def linked(text: str) -> Markup:
    """The text, escaped, with its web addresses as links that tell their target nothing."""
    parts, done = [], 0
    for found in _ADDRESSES.finditer(text):
        url = _trimmed(found[0])
        if not _leads_somewhere(url):
            continue
        parts += [escape(text[done : found.start()]), _LINK.format(url=url)]
        done = found.start() + len(url)
    return Markup("").join([*parts, escape(text[done:])])


def _leads_somewhere(url: str) -> bool:
    """Has it a host, and a port that may be one? The window asks ``URL.canParse``."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a number that is none
    except ValueError:
        return False
    return bool(parts.hostname)


def _trimmed(found: str) -> str:
    """Without the punctuation of the sentence round it; a closing bracket stays when it was opened inside."""
    left = {close: found.count(close) - found.count(opening) for close, opening in _BRACKETS.items()}
    end = len(found)
    while end:
        last = found[end - 1]
        if left.get(last, 0) > 0:
            left[last] -= 1
        elif last not in _CLOSING:
            break
        end -= 1
    return found[:end]
