"""How often somebody may: apart for everybody, forgotten in time, and never a table that grows without end."""

import pytest

from app.realtime import limits
from app.realtime.limits import Rate


@pytest.fixture
def clock(monkeypatch):
    """A clock that only the test moves: `clock.now += 5`."""

    class Hands:
        now = 1000.0

    monkeypatch.setattr(limits.time, "monotonic", lambda: Hands.now)
    return Hands


def test_so_many_a_minute_and_everybody_for_themselves(clock):
    rate = Rate(2)
    assert [rate.take("a"), rate.take("a"), rate.take("b")] == [0, 0, 0]
    assert rate.take("a") == pytest.approx(30)
    clock.now += 30
    assert rate.take("a") == 0


def test_a_burst_is_smaller_than_the_minute(clock):
    rate = Rate(60, burst=3)
    assert [bool(rate.take("a")) for _ in range(5)] == [False, False, False, True, True]
    clock.now += 2
    assert [bool(rate.take("a")) for _ in range(3)] == [False, False, True]


def test_who_is_quiet_for_a_minute_makes_room(clock, monkeypatch):
    monkeypatch.setattr(Rate, "KEYS", 10)
    rate = Rate(1)
    for n in range(9):
        rate.take(f"old {n}")
    clock.now += 61
    rate.take("young")
    rate.take("one more")
    assert len(rate) == 2
    assert rate.take("young") > 0


def test_however_many_come_the_table_ends_and_those_who_are_busy_stay_counted(clock, monkeypatch):
    monkeypatch.setattr(Rate, "KEYS", 10)
    rate = Rate(1)
    for n in range(100):
        rate.take("busy")
        rate.take(f"passing {n}")
    assert len(rate) == 10
    assert rate.take("busy") > 0
    assert rate.take("passing 0") == 0


def test_the_table_is_not_searched_for_every_newcomer(clock, monkeypatch):
    monkeypatch.setattr(Rate, "KEYS", 10)
    rate, searched = Rate(1), []

    class Watched(type(rate._buckets)):
        def items(self):
            searched.append(len(self))
            return super().items()

    rate._buckets = Watched()
    for n in range(50):
        rate.take(f"passing {n}")
    assert len(searched) == 1
    clock.now += 6
    for n in range(50, 100):
        rate.take(f"passing {n}")
    assert len(searched) == 2
