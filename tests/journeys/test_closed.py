"""While closed: the week in the customer's own zone, a message to leave, and the moment when it opens."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browsing import axe
from tests.journeys.embedding import Books
from tests.journeys.forms import ALWAYS, closed_now, open_for
from tests.journeys.windows import Window, lose_answer
from tests.services import until

pytestmark = pytest.mark.browser

DESK = "3c9e7b52-6d18-4f0a-9b2e-7a54c1d0e863"
LOOK_MS = 306_000  # the page asks every five minutes, and a few seconds for the crowd
LOCAL_DAYS = """async ([days, now]) => {
  const { localDays } = await import("/static/js/closed.js");
  const hours = (ranges) => ranges.map(({ start }) => start.getHours());
  return localDays(days, new Date(now)).map(({ at, ranges }) => [at.getDate(), hours(ranges)]);
}"""


@pytest.fixture(scope="module")
def books(server):
    """The server's database."""
    return Books(server)


@pytest.fixture
def begin(books):
    """The desk is closed, for hours to come; when it opens, in UTC."""
    weekly, moment = closed_now()
    open_for(books, weekly)
    return moment


def desk(page, server) -> Window:
    return Window(page, server, DESK, "closed")


def leave(page, **more: str) -> None:
    form = page.locator("[data-leave]")
    for name, text in {"email": "mika@example.com", "text": "Is the lamp back?", **more}.items():
        form.locator(f"[name={name}]").fill(text)
    form.locator("[type=submit]").click()


def messages(books) -> int:
    return books.ask("SELECT count(*) FROM contact WHERE left_message")[0][0]


@pytest.mark.parametrize(
    ("zone", "hours", "name"),
    [("Asia/Tokyo", 9, "Japan"), ("America/Phoenix", -7, "Mountain"), ("UTC", 0, "GMT")],
)
def test_times_are_told_in_the_customers_own_zone_which_is_named(new_page, server, begin, zone, hours, name):
    page = desk(new_page(locale="en-GB", timezone_id=zone), server).page
    local = begin + timedelta(hours=hours)
    span = f"{local:%H}:00 – {local + timedelta(hours=1):%H}:00"
    expect(page.locator("[data-opens]")).to_contain_text(f"{local:%A}")
    expect(page.locator("[data-opens]")).to_contain_text(f"{local:%H}:00")
    expect(page.locator("[data-hours] dd").filter(has_text=span)).not_to_have_count(0)
    expect(page.locator("[data-zone]")).to_contain_text(name)
    assert axe(page) == []


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Paris", [[24, [9]], [25, [9]], [26, [9]], [27, [9]], [28, []], [29, []], [30, [9]]]),
        # In Honolulu those days begin the evening before, so of the last one too little is known to call it closed.
        ("Pacific/Honolulu", [[24, [22]], [25, [22]], [26, [22]], [27, []], [28, []], [29, [22]]]),
        ("Pacific/Auckland", [[25, [21]], [26, [21]], [27, [21]], [28, []], [29, []], [30, [21]]]),
    ],
)
def test_days_are_those_of_the_customers_calendar(new_page, server, begin, zone, expected):
    page = desk(new_page(timezone_id=zone), server).page
    open_days = {24, 25, 26, 27, 30}
    days = [
        {
            "date": f"2026-11-{day}",
            "ranges": [[f"2026-11-{day}T08:00:00Z", f"2026-11-{day}T17:00:00Z"]] if day in open_days else [],
        }
        for day in range(24, 31)
    ]
    assert page.evaluate(LOCAL_DAYS, [days, "2026-11-24T12:00:00Z"]) == expected


def test_a_message_is_left_once_although_its_answer_was_lost(new_page, server, books, begin):
    page = desk(new_page(allow=["ERR_FAILED"]), server).page
    before = messages(books)

    lose_answer(page, "**/messages")
    leave(page)
    expect(page.locator("[data-leave-error]")).to_have_text("We could not send it. Please try again.")
    page.reload()
    expect(page.locator("[data-leave] [name=text]")).to_have_value("Is the lamp back?")
    page.locator("[data-leave] [type=submit]").click()
    expect(page.locator("[data-left]")).to_be_focused()
    expect(page.locator("[data-left]")).to_contain_text(re.compile("We will answer you at .mika@example.com"))
    expect(page.locator("[data-leave]")).to_be_hidden()
    assert messages(books) == before + 1
    assert axe(page) == []


def test_a_message_that_is_corrected_after_its_answer_was_lost_arrives_as_it_was_sent_last(
    new_page, server, books, begin
):
    page = desk(new_page(allow=["ERR_FAILED"]), server).page

    lose_answer(page, "**/messages")
    leave(page)
    expect(page.locator("[data-leave-error]")).to_have_text("We could not send it. Please try again.")
    page.locator("[data-leave] [name=text]").fill("Are both lamps back?")
    page.locator("[data-leave] [type=submit]").click()
    expect(page.locator("[data-left]")).to_be_visible()
    assert books.ask("SELECT text FROM message ORDER BY contact_id DESC LIMIT 1")[0][0] == "Are both lamps back?"


def test_a_message_without_an_address_says_what_is_missing(new_page, server, books, begin):
    page = desk(new_page(viewport={"width": 380, "height": 640}), server).page
    before = messages(books)
    leave(page, email="", phone="soon")
    expect(page.locator("[data-leave] [name=email]")).to_be_focused()
    expect(page.locator("[data-leave] [data-field=email] [data-error]")).to_have_text("Please fill in this field.")
    expect(page.locator("[data-leave] [data-field=phone] [data-error]")).to_contain_text("digits, spaces")
    expect(page.locator("[data-leave-error]")).to_have_text("Please check the fields marked below.")
    assert messages(books) == before
    assert axe(page) == []


def test_when_it_opens_the_form_appears_by_itself_and_takes_along_what_was_written(new_page, server, books, begin):
    page = new_page()
    page.clock.install()
    window = desk(page, server)
    form = page.locator("[data-leave]")
    form.locator("[name=name]").fill("Mika")
    form.locator("[name=text]").fill("Is the lamp back?")
    page.clock.fast_forward(LOOK_MS)
    window.be("closed")
    open_for(books, ALWAYS)
    # The answer to the look before may still be on its way; only then does the page wait for the next one.
    until(lambda: page.clock.fast_forward(LOOK_MS) or window.root.get_attribute("data-state") == "start", 20)
    expect(page.locator("[data-start-lead]")).to_have_text("We are open now. You can start a chat.")
    expect(page.locator("[data-status]")).to_have_text("We are open now. You can start a chat.")
    expect(page.locator("[data-start] [name=name]")).to_have_value("Mika")
    assert axe(page) == []
    page.reload()
    window.be("start")
    expect(page.locator("[data-carried]")).to_contain_text("Is the lamp back?")
    page.locator("[data-start] [name=name]").fill("Mika")
    page.locator("[data-start] [type=submit]").click()
    window.be("waiting")
    expect(page.locator("[data-draft]")).to_have_value("Is the lamp back?")


def test_who_starts_after_closing_time_is_told_and_loses_nothing(new_page, server, books, begin):
    open_for(books, ALWAYS)
    window = Window(new_page(allow=["409"]), server, DESK)
    window.page.locator("[data-start] [name=name]").fill("Mika")
    open_for(books, closed_now()[0])
    window.page.locator("[data-start] [type=submit]").click()
    window.be("closed")
    open_for(books, ALWAYS)
    window.page.reload()
    window.be("start")
    expect(window.page.locator("[data-start] [name=name]")).to_have_value("Mika")


def test_a_desk_that_takes_no_messages_shows_its_times_alone(new_page, server, books, begin):
    books.change("UPDATE skill SET messages_when_closed = 0")
    try:
        page = desk(new_page(), server).page
        expect(page.locator("[data-hours]")).to_be_visible()
        expect(page.locator("[data-leave]")).to_have_count(0)
    finally:
        books.change("UPDATE skill SET messages_when_closed = 1")


def test_where_no_script_runs_the_times_stand_in_the_zone_of_the_hours(new_page, server, books, begin):
    books.change("UPDATE opening_hours SET timezone = 'Europe/Paris'")
    page = new_page(java_script_enabled=False, locale="en-GB", timezone_id="Asia/Tokyo")
    page.goto(f"{server.url}/inContact/ChatClient/ChatClient.aspx?poc={DESK}")
    expect(page.locator("[data-hours]")).to_contain_text("Today")
    expect(page.locator("[data-zone]")).to_have_text("Central European Time")
    before = messages(books)
    leave(page)
    expect(page.locator("[data-left]")).to_contain_text("We will answer you at mika@example.com.")
    assert messages(books) == before + 1
