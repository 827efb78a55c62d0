"""The queue message of a script in the customer's words: its marks filled with numbers and the estimated wait."""

from functools import lru_cache

from flask_babel import force_locale, gettext, ngettext

from ..routing.queue_marks import marks_filled


def message_filled(message: str, language: str, ahead: int, total: int, wait: list[int] | None) -> str | None:
    """The numbers, and the estimate ``wait`` ([low, high] in minutes) in words; without one, nothing is said of it.

    None where there is no message; empty when all of it would have told a wait that nobody knows.
    """
    if not message:
        return None
    if "%" not in message:
        return message
    return marks_filled(message, ahead, total, lambda: _wait_words(language, *wait) if wait else "")


@lru_cache(maxsize=4096)  # the same few waits in the same few languages, every second
def _wait_words(language: str, low: int, high: int) -> str:
    with force_locale(language):
        if low == high:
            return ngettext("about %(count)s minute", "about %(count)s minutes", low, count=low)
        return gettext("about %(low)s to %(high)s minutes", low=low, high=high)
