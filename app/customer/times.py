"""How one customer writes days and times: the zone of their clock, and their own variant of the chat's language."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_location
from babel.localedata import locale_identifiers
from flask_babel import gettext as _

from ..models import ChatSession
from .language import supported

UTC_NAME = "UTC"
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,4}){0,2}")


class Times(NamedTuple):
    """``zone``: an IANA name; ``locale``: babel's name of a locale of the chat's language. Made by ``times_of``."""

    zone: str
    locale: str

    def time(self, moment: datetime) -> str:
        """The time of day, as the window's own clock shows it."""
        return format_time(moment, "short", tzinfo=self._zone, locale=self.locale)

    def date(self, moment: datetime) -> str:
        """The day, written out."""
        return format_date(moment.astimezone(self._zone), "long", locale=self.locale)

    def words(self, moment: datetime) -> str:
        """Whose clock it is: the city, because its name fits into any sentence, and what it was ahead of UTC."""
        minutes = int(moment.astimezone(self._zone).utcoffset().total_seconds() // 60)
        if "/" not in self.zone or self.zone.startswith("Etc/"):
            return _("Time zone: %(zone)s", zone=_offset(minutes)) if minutes else _("Times in UTC")
        city = get_timezone_location(self._zone, locale=self.locale, return_city=True).rpartition("/")[2]
        return _("Time zone: %(city)s (%(zone)s)", city=city, zone=_offset(minutes))

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


def times_of(language: str, zone: object = None, locale: object = None) -> Times:
    """What a page said of its reader, each of any type; what is no zone is UTC, what is no variant is the language."""
    known = isinstance(zone, str) and zone in _zones()
    return Times(zone if known else UTC_NAME, _variant(language, locale) or language)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _variant(language: str, tag: object) -> str | None:
    if not isinstance(tag, str) or not _TAG.fullmatch(tag) or supported(tag) != language:
        return None
    try:
        name = str(Locale.parse(tag.replace("-", "_")))
    except (ValueError, UnknownLocaleError):
        return None
    return name if name in locale_identifiers() else None


def _offset(minutes: int) -> str:
    if not minutes:
        return UTC_NAME
    hours, rest = divmod(abs(minutes), 60)
    return f"{UTC_NAME}{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"


def times_told(chat: ChatSession, told: Mapping) -> Times:
    """Of this chat's reader, as their page tells it in ``zone`` and ``locale``."""
    return times_of(chat.language, told.get("zone"), told.get("locale"))
