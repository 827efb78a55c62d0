"""While the customer waits: the place, texts that take turns, pictures within their bounds, readers left in peace."""

import json

import pytest
from playwright.sync_api import expect

from tests.browsing import axe
from tests.journeys.embedding import Books
from tests.journeys.forms import FORM, ask
from tests.journeys.host_site import CLASSIC_POC, POC
from tests.journeys.windows import Window
from tests.people import Customer

pytestmark = pytest.mark.browser

SHORT = "You keep your place."
LONG = "Every lamp is made by hand. " * 12
TURN_MS, QUIET_MS = 5000, 30_000
LINES = """(line) => {
  const range = document.createRange();
  range.selectNodeContents(line);
  return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
}"""


@pytest.fixture(scope="module")
def books(server):
    """The server's database; its form asks the name alone."""
    found = Books(server)
    ask(found, FORM[:1])
    return found


@pytest.fixture
def say(books):
    """Lets the script's queue message be this text."""

    def set_text(text: str) -> None:
        steps = json.loads(books.ask("SELECT steps FROM routing_script LIMIT 1")[0][0])
        for step in steps["start"]:
            if step["step"] == "queue_message":
                step["text"] = {"en": text}
        books.change("UPDATE routing_script SET steps = ?", json.dumps(steps))

    return set_text


def waiting(page, server, **more) -> Window:
    window = Window(page, server, **more)
    window.start()
    return window


def seen(page) -> list[str]:
    """The texts that can be seen at this moment."""
    texts = page.locator("[data-queue-text]:visible").all()
    return [text.inner_text() for text in texts if text.evaluate("text => getComputedStyle(text).opacity") == "1"]


def test_two_texts_take_turns_every_five_seconds_without_moving_anything(new_page, server, say):
    say(SHORT)
    page = new_page()
    page.clock.install()
    waiting(page, server)
    texts, number = page.locator("[data-queue-text]"), page.locator("[data-place]")
    expect(texts.nth(1)).to_have_text(SHORT)
    expect(page.locator("[data-log] .message")).to_have_count(1)
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    before = [number.bounding_box(), texts.nth(0).bounding_box()]
    first = int(page.locator("[data-queue-turns]").get_attribute("data-second") is not None)
    for shown in (first, 1 - first, first, 1 - first):
        expect(texts.nth(shown)).to_have_css("opacity", "1")
        expect(texts.nth(1 - shown)).to_have_css("opacity", "0")
        assert [number.bounding_box(), texts.nth(0).bounding_box()] == before
        page.clock.run_for(TURN_MS)


def test_a_long_text_is_cut_for_the_eye_and_whole_for_readers_and_after_a_click(new_page, server, say):
    say(LONG)
    window = waiting(new_page(viewport={"width": 380, "height": 900}), server)
    text, more = window.page.locator("[data-queue-text]").nth(1), window.page.locator("[data-queue-more]")
    cut = text.locator("[aria-hidden=true]").inner_text()
    assert len(cut) <= 168
    assert cut.endswith("…")
    assert LONG.startswith(cut[:-1])
    expect(text.locator(".visually-hidden")).to_have_text(LONG.strip())
    expect(more).to_have_text("Show the whole message")
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(text).to_have_text(LONG.strip())
    expect(text).to_have_css("opacity", "1")
    expect(window.page.locator("[data-queue-text]").nth(0)).to_have_css("opacity", "1")
    window.clean("whole message")


def test_with_reduced_motion_both_texts_stand_together(new_page, server, say):
    say(SHORT)
    page = waiting(new_page(reduced_motion="reduce"), server).page
    expect(page.locator("[data-queue-text]").nth(1)).to_have_text(SHORT)
    assert len(seen(page)) == 2
    above, below = (page.locator("[data-queue-text]").nth(n).bounding_box() for n in (0, 1))
    assert above["y"] + above["height"] <= below["y"]
    expect(page.locator("[data-queue-more]")).to_be_hidden()


@pytest.mark.parametrize("size", [(380, 720), (380, 1200), (1280, 900)])
def test_pictures_keep_within_their_bounds(new_page, server, say, size):
    say(SHORT)
    window = waiting(new_page(viewport={"width": size[0], "height": size[1]}), server)
    hero, logo = window.page.locator(".queue-hero").bounding_box(), window.page.locator(".queue-logo").bounding_box()
    assert 0 < hero["height"] <= 0.4 * window.root.bounding_box()["height"]
    assert 0 < logo["width"] <= 240
    assert 0 < logo["height"] <= 60


def test_readers_hear_of_their_place_at_most_every_thirty_seconds(new_page, server, say):
    say(SHORT)
    others = [Customer(server.url) for _ in range(2)]
    page = new_page()
    page.clock.install()
    waiting(page, server)
    place, status = page.locator("[data-place]"), page.locator("[data-status]")
    first = int(place.inner_text())
    expect(status).to_contain_text(f"place {first}")
    for other in others:
        other.ask("POST", "/chat/ending", {"now": True})
    expect(place).to_have_text(str(first - 2))
    expect(status).to_contain_text(f"place {first}")
    page.clock.fast_forward(QUIET_MS)
    expect(status).to_contain_text(f"place {first - 2}")


def test_the_screen_has_the_colours_of_its_profile_in_the_dark_as_well(new_page, server, books, say):
    say(SHORT)
    ground, text = books.ask("SELECT waiting_color, waiting_text_color FROM chat_profile WHERE interface = 2")[0]
    rgb = [f"rgb({', '.join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5))})" for color in (ground, text)]
    for scheme in ("light", "dark"):
        window = waiting(new_page(color_scheme=scheme), server)
        expect(window.page.locator("[data-queue]")).to_have_css("background-color", rgb[0])
        expect(window.page.locator("[data-queue-label]").first).to_have_css("color", rgb[1])
        window.clean(scheme)


@pytest.mark.parametrize("options", [{}, {"forced_colors": "active"}])
def test_lines_stay_in_sight_below_the_screen_at_320_px_with_huge_text(new_page, server, say, options):
    say(LONG)
    window = waiting(new_page(viewport={"width": 320, "height": 568}, **options), server)
    page = window.page
    page.locator("[data-text-size]").click()
    window.write("Written while waiting")
    window.sent(1)
    line, log = page.locator(".message--own .bubble"), page.locator("[data-scroll]")
    expect(line).to_be_in_viewport()
    assert page.locator("[data-queue]").bounding_box()["height"] > 100
    assert log.bounding_box()["height"] > 40
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert axe(page) == []


GAP = 207  # seconds; half of it is a whole minute for no place


@pytest.fixture
def pick_ups(books, server):
    """Chats of both skills were picked up at a steady pace of late."""
    gone = [Customer(server.url, poc=poc) for poc in (POC, CLASSIC_POC) for _ in range(5)]
    for n, customer in enumerate(gone):
        customer.ask("POST", "/chat/ending", {"now": True})
        moment = f"-{GAP * (n % 5) + 60} seconds"
        statement = "UPDATE contact SET answered_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', ?) WHERE id = ?"
        books.change(statement, moment, customer.contact)
    yield
    books.change("UPDATE contact SET answered_at = NULL WHERE ended_at IS NOT NULL")


def test_the_estimate_is_told_in_words(new_page, server, say, pick_ups):
    say(SHORT)
    window = waiting(new_page(), server)
    place = int(window.page.locator("[data-place]").inner_text())
    low, high = max(1, place * GAP // 120), -(-place * GAP * 3 // 120)
    expect(window.page.locator("[data-wait]")).to_have_text(f"About {low} to {high} minutes")
    expect(window.page.locator("[data-status]")).to_contain_text(f"About {low} to {high} minutes")


def test_without_an_honest_estimate_there_is_none(new_page, server, say):
    say(SHORT)
    page = waiting(new_page(), server).page
    expect(page.locator("[data-place]")).not_to_be_empty()
    expect(page.locator("[data-wait]")).to_be_hidden()


@pytest.mark.parametrize(("clicks", "room"), [(2, 57), (0, 47), (1, 28)], ids=["small", "regular", "huge"])
def test_the_classic_window_waits_in_one_plain_line(new_page, server, pick_ups, clicks, room):
    page = new_page(viewport={"width": 380, "height": 640})
    window = Window(page, server, CLASSIC_POC)
    for _ in range(clicks):
        page.locator("[data-text-size]").click()
    window.start()
    line = page.locator("[data-queue-line]")
    expect(page.locator("[data-status]")).to_contain_text("About")
    assert ("About" in line.inner_text()) == (room > 28)
    assert len(line.inner_text()) <= room
    assert line.evaluate(LINES) == 1
    window.leave()


def test_nothing_of_the_screen_is_cut_in_the_frame_of_a_page(new_page, server, say):
    say(SHORT)
    page = waiting(new_page(viewport={"width": 380, "height": 640}), server).page
    expect(page.locator("[data-queue-more]")).to_have_text("Show both messages")
    expect(page.locator(".queue-hint")).to_be_in_viewport(ratio=1)
    assert page.locator("[data-queue]").evaluate("(queue) => queue.scrollHeight - queue.clientHeight") == 0
