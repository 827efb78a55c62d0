"""Opening hours: several intervals, over midnight, dated exceptions, and the two nights on which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.routing.hours import check, days, is_open, next_change

WORKDAYS = [
    {"day": day, "from": start, "to": end}
    for day in range(5)
    for start, end in (("09:00", "12:30"), ("14:00", "18:00"))
]


def hours(weekly, exceptions=(), timezone="Europe/Paris"):
    return SimpleNamespace(timezone=timezone, weekly=list(weekly), exceptions=list(exceptions))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def every_day(start, end, **more):
    return hours([{"day": day, "from": start, "to": end} for day in range(7)], **more)


def test_without_hours_it_is_always_open():
    assert is_open(None, utc("2026-11-24 03:00"))
    assert next_change(None, utc("2026-11-24 03:00")) is None
    assert days(None, utc("2026-11-24 03:00")) == []


@pytest.mark.parametrize(
    ("at", "opened", "change"),
    [
        ("2026-11-24 07:59:59", False, "2026-11-24 08:00"),  # Tuesday, Paris is an hour ahead
        ("2026-11-24 08:00:00", True, "2026-11-24 11:30"),
        ("2026-11-24 11:29:59", True, "2026-11-24 11:30"),
        ("2026-11-24 11:30:00", False, "2026-11-24 13:00"),
        ("2026-11-24 17:00:00", False, "2026-11-25 08:00"),
        ("2026-11-27 17:00:00", False, "2026-11-30 08:00"),  # Friday evening to Monday
    ],
)
def test_several_times_a_day_and_the_weekend(at, opened, change):
    office = hours(WORKDAYS)
    assert is_open(office, utc(at)) is opened
    assert next_change(office, utc(at)) == utc(change)


def test_over_midnight_belongs_to_the_day_on_which_it_begins():
    bar = hours([{"day": 4, "from": "20:00", "to": "02:00"}])
    assert is_open(bar, utc("2026-11-28 00:59"))
    assert not is_open(bar, utc("2026-11-28 01:00"))
    assert not is_open(bar, utc("2026-11-27 00:30"))
    assert next_change(bar, utc("2026-11-27 21:00")) == utc("2026-11-28 01:00")
    friday, saturday = days(bar, utc("2026-11-27 12:00"), 2)
    assert friday == (date(2026, 11, 27), [(utc("2026-11-27 19:00"), utc("2026-11-28 01:00"))])
    assert saturday.ranges == []


def test_an_exception_takes_the_place_of_the_week_on_its_date():
    off = {"date": "2026-12-25", "intervals": []}
    short = {"date": "2026-12-24", "intervals": [{"from": "10:00", "to": "12:00"}]}
    office = hours(WORKDAYS, [off, short])
    assert not is_open(office, utc("2026-12-24 08:30"))
    assert is_open(office, utc("2026-12-24 09:30"))
    assert next_change(office, utc("2026-12-24 11:00")) == utc("2026-12-28 08:00")
    assert [len(day.ranges) for day in days(office, utc("2026-12-23 12:00"), 5)] == [2, 1, 0, 0, 0]


def test_an_exception_leaves_the_night_before_it_alone():
    night = every_day("22:00", "06:00", exceptions=[{"date": "2026-12-25", "intervals": []}])
    assert is_open(night, utc("2026-12-25 04:00"))
    assert not is_open(night, utc("2026-12-25 22:00"))


def test_round_the_clock_never_changes():
    for round_the_clock in (every_day("00:00", "24:00"), every_day("00:00", "00:00"), every_day("12:00", "12:00")):
        assert is_open(round_the_clock, utc("2026-03-29 01:30"))
        assert next_change(round_the_clock, utc("2026-03-29 01:30")) is None


def test_no_times_at_all_is_closed_for_good():
    assert not is_open(hours([]), utc("2026-11-24 12:00"))
    assert next_change(hours([]), utc("2026-11-24 12:00")) is None


# At 01:00 UTC Paris goes forward on 29 March 2026 (02:00 to 03:00) and back on 25 October (03:00 to 02:00).
@pytest.mark.parametrize(
    ("start", "end", "day", "found"),
    [
        ("01:30", "04:00", "2026-03-29", ("00:30", "02:00")),
        ("02:15", "04:00", "2026-03-29", ("01:00", "02:00")),  # opens as the clocks jump
        ("01:00", "02:45", "2026-03-29", ("00:00", "01:00")),  # closes as the clocks jump
        ("02:15", "02:45", "2026-03-29", None),  # never comes
        ("09:00", "18:00", "2026-03-29", ("07:00", "16:00")),
        ("01:30", "04:00", "2026-10-25", ("-00:30", "03:00")),
        ("02:30", "04:00", "2026-10-25", ("00:30", "03:00")),  # opens at the first half past two
        ("01:00", "02:30", "2026-10-25", ("-01:00", "01:30")),  # closes at the second
        ("02:15", "02:45", "2026-10-25", ("00:15", "01:45")),
        ("09:00", "18:00", "2026-10-25", ("08:00", "17:00")),
    ],
)
def test_the_nights_of_the_clock_change(start, end, day, found):
    shop = hours([{"day": 6, "from": start, "to": end}])
    (sunday,) = days(shop, utc(f"{day} 12:00"), 1)
    expected = [] if found is None else [tuple(_moment(day, clock) for clock in found)]
    assert sunday.ranges == expected
    for moment in (moment for both in expected for moment in both):
        assert is_open(shop, moment) != is_open(shop, moment - timedelta(seconds=1))


def _moment(day, clock):
    """``-00:30``: half an hour before that day's midnight in UTC."""
    sign = -1 if clock.startswith("-") else 1
    hour, minute = clock.lstrip("-").split(":")
    return utc(day) + sign * timedelta(hours=int(hour), minutes=int(minute))


def test_a_day_that_a_country_left_out_has_no_hours():
    apia = every_day("09:00", "18:00", timezone="Pacific/Apia")  # there was no 30 December 2011
    lengths = [[end - start for start, end in day.ranges] for day in days(apia, utc("2011-12-29 20:00"), 3)]
    assert lengths == [[timedelta(hours=9)], [], [timedelta(hours=9)]]


@pytest.mark.parametrize(
    ("zone", "weekly", "exceptions", "field"),
    [
        ("Europe/Nowhere", [], [], "timezone"),
        ("UTC", [{"day": 7, "from": "09:00", "to": "10:00"}], [], "weekly"),
        ("UTC", [{"day": 0, "from": "9:00", "to": "10:00"}], [], "weekly"),
        ("UTC", [{"day": 0, "from": "09:00", "to": "24:01"}], [], "weekly"),
        ("UTC", [{"day": 0, "from": "09:60", "to": "10:00"}], [], "weekly"),
        ("UTC", [{"from": "09:00", "to": "10:00"}], [], "weekly"),
        ("UTC", [], [{"date": "25.12.2026"}], "exceptions"),
        ("UTC", [], [{"date": "20261225"}], "exceptions"),
        ("UTC", [], [{"date": "2026-12-25"}, {"date": "2026-12-25", "intervals": []}], "exceptions"),
        ("UTC", [], [{"date": "2026-12-25", "intervals": [{"from": "09:00"}]}], "exceptions"),
    ],
)
def test_hours_out_of_form_are_refused(zone, weekly, exceptions, field):
    check("Europe/Paris", WORKDAYS, [{"date": "2026-12-25"}])
    with pytest.raises(Invalid) as refused:
        check(zone, weekly, exceptions)
    assert refused.value.field == field


CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
INTERVALS = st.fixed_dictionaries({"day": st.integers(0, 6), "from": CLOCKS, "to": CLOCKS})
ZONES = st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"])
MOMENTS = st.integers(0, 365 * 24 * 3600).map(lambda seconds: utc("2026-01-01") + timedelta(seconds=seconds))


@given(st.lists(INTERVALS, max_size=6), ZONES, MOMENTS)
def test_a_change_is_where_open_turns_into_closed(weekly, zone, at):
    shop = hours(weekly, timezone=zone)
    change = next_change(shop, at)
    if change is not None:
        second = timedelta(seconds=1)
        assert change > at
        assert is_open(shop, change) != is_open(shop, at)
        assert is_open(shop, max(at, change - second)) == is_open(shop, at)
        middle = at + (change - at) / 2
        assert is_open(shop, middle) == is_open(shop, at)


DATES = st.integers(0, 800).map(lambda day: (date(2026, 1, 1) + timedelta(days=day)).isoformat())
SPANS = st.fixed_dictionaries({"from": CLOCKS, "to": CLOCKS})
EXCEPTIONS = st.lists(
    st.fixed_dictionaries({"date": DATES, "intervals": st.lists(SPANS, max_size=2)}),
    max_size=4,
    unique_by=lambda entry: entry["date"],
)
WEEKS = st.one_of(st.lists(INTERVALS, max_size=6), st.just(every_day("00:00", "24:00").weekly), st.just([]))


def day_by_day(shop, at):
    """The next change, looked for in every single day."""
    spans = [span for day in days(shop, at - timedelta(days=1), 405) for span in day.ranges]
    merged = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = [min(start, merged[-1][0]), max(end, merged[-1][1])]
        else:
            merged.append([start, end])
    edges = [edge for span in merged for edge in span if edge > at]
    return edges[0] if edges and edges[0] < at + timedelta(days=400) else None


@pytest.mark.slow
@given(WEEKS, EXCEPTIONS, ZONES, MOMENTS)
def test_the_short_way_to_the_next_change_finds_what_the_long_one_does(weekly, exceptions, zone, at):
    shop = hours(weekly, exceptions, zone)
    check(zone, weekly, exceptions)
    assert next_change(shop, at) == day_by_day(shop, at)


@given(st.lists(INTERVALS, max_size=6), ZONES, MOMENTS)
def test_open_is_what_the_clock_on_the_wall_says_far_from_its_change(weekly, zone, at):
    here = at.astimezone(ZoneInfo(zone))
    offsets = {(at + timedelta(hours=h)).astimezone(here.tzinfo).utcoffset() for h in (-30, 0, 30)}
    if len(offsets) > 1:
        return
    today, wall = here.weekday(), here.time()
    expected = False
    for interval in weekly:
        start, end = time.fromisoformat(interval["from"]), time.fromisoformat(interval["to"])
        if start < end:
            expected |= interval["day"] == today and start <= wall < end
        else:
            expected |= interval["day"] == today and wall >= start
            expected |= (interval["day"] + 1) % 7 == today and wall < end
    assert is_open(hours(weekly, timezone=zone), at) is expected
