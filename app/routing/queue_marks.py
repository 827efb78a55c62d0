"""The marks of a script's queue message: ``%q`` chats ahead, ``%t`` queued in total, ``%w`` the estimated wait."""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

MARK = re.compile("%[qtw]")
# Words that are written short before a number, in the languages that write them so: their point ends no sentence.
_SHORT = ("approx", "aprox", "przybl", "прибл", "orient", "circa", "env", "ung", "cca", "ca", "ок", "ok", "kb", "c")
_POINT = "".join(rf"(?<!\b{word})" for word in _SHORT) + r"(?:[.!?…؟۔।]+[\"”»’')\]]*(?=\s|\Z))"
_END = rf"(?:{_POINT}|[。！？]+[」』）]*)"
_SENTENCE = re.compile(rf"\s*\S.*?(?:{_END}|(?=\n)|\Z)", re.DOTALL | re.IGNORECASE)
_BEGINS = re.compile(rf"(?:\A|\n|{_END})\s*\Z", re.IGNORECASE)
_CLOSING = re.compile(rf"{_END}\s*\Z", re.IGNORECASE)
_PART = re.compile(r"\s*(?:[,;·|–—](?=\s)|[،؛、，；])\s*")
_BRACKETS = re.compile(r"\s*[(（][^()（）]*%w[^()（）]*[)）]")


def marks_filled(text: str, ahead: int, total: int, wait: Callable[[], str]) -> str:
    """A queue message as the customer reads it.

    ``wait`` gives the words, as they stand inside a sentence; it is only asked when they are wanted. When it has none,
    what would tell them goes: the brackets, the part of the sentence where the rest tells a number, else the sentence.
    """
    if "%w" in text:
        text = _wait_told(text, wait())
    return text.replace("%q", str(ahead)).replace("%t", str(total))


@lru_cache(maxsize=1024)  # of the same few texts and waits for everybody who waits, every second
def _wait_told(text: str, waiting: str) -> str:
    if not waiting:
        return _without_wait(text)

    def value(mark: re.Match) -> str:
        return waiting[0].upper() + waiting[1:] if _BEGINS.search(text[: mark.start()]) else waiting

    return re.sub("%w", value, text)


def _without_wait(text: str) -> str:
    sentences = _SENTENCE.findall(_BRACKETS.sub("", text))
    return "".join(_kept(sentence) if "%w" in sentence else sentence for sentence in sentences).strip()


def _kept(sentence: str) -> str:
    """What a sentence tells besides the wait; nothing when that is no number."""
    end = _CLOSING.search(sentence)
    body = sentence[: end.start()] if end else sentence
    edges = [0, *(edge for part in _PART.finditer(body) for edge in part.span()), len(body)]
    parts = [body[start:stop] for start, stop in pairwise(edges)]  # part, sign, part, sign, part
    while any("%w" in part for part in parts) and len(parts) > 1:
        n = next(n for n, part in enumerate(parts) if "%w" in part)
        del parts[max(n - 1, 0) : max(n + 1, 2)]  # with the sign before it, or after the first
    rest = "".join(parts)
    if "%w" in rest or not MARK.search(rest):
        return ""
    return rest + (end[0] if end else "")
