"""The estimated wait: honest, or none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.routing.estimate import median_gap, wait_minutes

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def pick_ups(*minutes):
    return [NOON + timedelta(minutes=m) for m in minutes]


def test_four_pick_ups_say_nothing():
    assert median_gap(pick_ups(1, 2, 3, 4)) is None
    assert wait_minutes(3, None) is None


def test_the_gap_is_the_median_so_one_pause_does_not_count():
    assert median_gap(pick_ups(0, 2, 4, 6, 50)) == 120
    assert median_gap(pick_ups(50, 6, 0, 4, 2)) == 120


@pytest.mark.parametrize(
    ("ahead", "gap", "expected"),
    [(0, 120, [1, 3]), (2, 120, [3, 9]), (4, 90, [3, 12]), (0, 5, [1, 1]), (0, 0, [1, 1]), (9, 60, [5, 15])],
)
def test_half_to_one_and_a_half_in_whole_minutes(ahead, gap, expected):
    assert wait_minutes(ahead, gap) == expected


@given(st.integers(0, 500), st.floats(0, 3600))
def test_the_wait_never_shrinks_with_more_people_ahead(ahead, gap):
    low, high = wait_minutes(ahead, gap)
    assert 1 <= low <= high
    more = wait_minutes(ahead + 1, gap)
    assert more[0] >= low
    assert more[1] >= high
