"""The estimated wait, from how fast the skill has been picking up (rule R20 of docs/rules.md)."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

WINDOW = timedelta(minutes=60)
FEWEST = 5  # pick-ups below which nothing honest can be said


def median_gap(picked_up: Iterable[datetime]) -> float | None:
    """Seconds between two pick-ups, the median of those given (in any order). None with fewer than five."""
    moments = sorted(picked_up)
    if len(moments) < FEWEST:
        return None
    return median((later - earlier).total_seconds() for earlier, later in pairwise(moments))


def wait_minutes(ahead: int, gap_seconds: float | None) -> list[int] | None:
    """[low, high]: half and one and a half of ``(ahead + 1) x gap``, in whole minutes, at least 1. None: unknown."""
    if gap_seconds is None:
        return None
    minutes = (ahead + 1) * gap_seconds / 60
    return [max(1, math.floor(minutes / 2)), max(1, math.ceil(minutes * 1.5))]
