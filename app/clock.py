"""The only clock. Tests turn it; nothing else may ask the operating system for the time of day."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_offset = timedelta(0)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _offset


def turn(forward: timedelta) -> None:
    """Turn the clock forward (tests only); it stays turned until :func:`reset`."""
    global _offset
    _offset += forward


def reset() -> None:
    """Back to the real time."""
    global _offset
    _offset = timedelta(0)


@lru_cache(maxsize=64)  # all lines of one batch have one moment
def iso(moment: datetime) -> str:
    """``2026-03-01T09:30:00.123Z``: the one form in which moments travel (docs/protocol.md)."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
