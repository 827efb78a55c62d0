"""Opening hours as decisions: open at a moment, the next change, the days ahead (rule R16 of docs/rules.md).

``hours`` is anything with ``timezone``, ``weekly`` and ``exceptions`` as models/opening_hours.py has them. None: always
open.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from ..errors import Invalid

DAY = timedelta(days=1)
# Days to look at: the one before, and two weeks: in one of them clocks may leave out the hour of a change.
WINDOW = 17
AHEAD = 400  # days; a change further away than that is no news for a customer
Range = tuple[datetime, datetime]


class Day(NamedTuple):
    """One day of the zone, and the times in UTC at which it is open. They belong to the day on which they begin."""

    date: date
    ranges: list[Range]


def is_open(hours, at: datetime) -> bool:
    """Are chats taken at this moment?"""
    if hours is None:
        return True
    today = _today(hours, at)
    return any(start <= at < end for start, end in _ranges(hours, today - DAY, 2))


def next_change(hours, at: datetime) -> datetime | None:
    """When it next opens (while closed) or closes (while open), in UTC. None: not within 400 days."""
    if hours is None:
        return None
    now, last = is_open(hours, at), at + AHEAD * DAY
    for first in _telling_days(hours, _today(hours, at)):
        # A range that reaches the end of the window goes on behind it.
        edge = _moment(datetime.combine(first + (WINDOW - 1) * DAY, time()), ZoneInfo(hours.timezone), fold=0)
        ranges = _ranges(hours, first, WINDOW)
        ends = [end for _, end in ranges if at < end < edge] if now else [start for start, _ in ranges if start > at]
        if ends:
            return ends[0] if ends[0] < last else None
    return None


def _telling_days(hours, today: date) -> Iterator[date]:
    """From which days to look for a change: a week that has none has none later, but for its exceptions."""
    yield today - DAY
    for day in sorted(date.fromisoformat(entry["date"]) for entry in hours.exceptions or []):
        if today < day <= today + (AHEAD + 1) * DAY:
            yield day - DAY


def days(hours, at: datetime, n: int = 7) -> list[Day]:
    """The day of ``at`` in the zone of the hours and those after it, ``n`` in all. Always open: no list."""
    if hours is None:
        return []
    today = _today(hours, at)
    found = (today + ahead * DAY for ahead in range(n))
    return [Day(day, list(_merged(_of_day(hours, day)))) for day in found]


def check(timezone: str, weekly: list[dict], exceptions: list[dict]) -> None:
    """Raises ``Invalid`` for an unknown zone, or for a day or time that is not in form."""
    if timezone not in available_timezones():
        raise Invalid(field="timezone")
    field = "weekly"
    try:
        for interval in weekly:
            _check(interval, day=interval["day"])
        field = "exceptions"
        for entry in exceptions:
            if date.fromisoformat(entry["date"]).isoformat() != entry["date"]:
                raise ValueError(entry["date"])  # a date of another form would never be met
            for interval in entry.get("intervals", []):
                _check(interval)
        if len({entry["date"] for entry in exceptions}) < len(exceptions):
            raise ValueError("two entries for one date")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(field=field) from error


def _check(interval: dict, day: int = 0) -> None:
    if day not in range(7):
        raise ValueError(day)
    for end in ("from", "to"):
        _clock(interval[end])


def _today(hours, at: datetime) -> date:
    return at.astimezone(ZoneInfo(hours.timezone)).date()


def _ranges(hours, first: date, n: int) -> Iterator[Range]:
    """What is open in ``n`` days from ``first``, in order, touching and overlapping ones joined."""
    return _merged(found for ahead in range(n) for found in _of_day(hours, first + ahead * DAY))


def _merged(ranges) -> Iterator[Range]:
    """Ranges that come ordered by their day; a day's last may reach into the next, and no further."""
    current = None
    for start, end in ranges:
        if current is None or start > current[1]:
            if current is not None:
                yield current
            current = (start, end)
        else:
            current = (min(start, current[0]), max(end, current[1]))
    if current is not None:
        yield current


def _of_day(hours, day: date) -> list[Range]:
    zone = ZoneInfo(hours.timezone)
    exception = next((e for e in hours.exceptions or [] if e["date"] == day.isoformat()), None)
    if exception is not None:
        intervals = exception.get("intervals") or []
    else:
        intervals = [i for i in hours.weekly or [] if i["day"] == day.weekday()]
    found = (_in_utc(day, interval, zone) for interval in intervals)
    return sorted((start, end) for start, end in found if start < end)


def _in_utc(day: date, interval: dict, zone: ZoneInfo) -> Range:
    opens, closes = _clock(interval["from"]), _clock(interval["to"])
    over_midnight = closes <= opens
    start = datetime.combine(day, time()) + opens
    end = datetime.combine(day, time()) + closes + (DAY if over_midnight else timedelta())
    # When the clocks go back an hour comes twice: whoever opens within it opens at its first pass, whoever closes
    # within it closes at its second.
    return _moment(start, zone, fold=0), _moment(end, zone, fold=1)


def _clock(text: str) -> timedelta:
    """``09:30`` as time since midnight; ``24:00`` is the day's end."""
    hour, _, minute = text.partition(":")
    if not (len(hour) == len(minute) == 2 and (hour + minute).isdigit()) or int(minute) > 59:
        raise ValueError(text)
    found = timedelta(hours=int(hour), minutes=int(minute))
    if found > DAY:
        raise ValueError(text)
    return found


def _moment(wall: datetime, zone: ZoneInfo, fold: int) -> datetime:
    """The moment at which clocks in the zone show ``wall``. One that they jump over is the moment of the jump."""
    found = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    # In a gap, folds 0 and 1 lie on both sides of the jump, at most a day apart: look for the second between them.
    after, before = (wall.replace(tzinfo=zone, fold=f).astimezone(UTC) for f in (0, 1))
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
