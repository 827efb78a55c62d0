"""Ten seconds to take the end back: the question, the countdown, the way back, and what is said to readers."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.windows import Window

pytestmark = pytest.mark.browser

# Every text that the status region ever said.
LISTEN = """() => {
  window.said = [];
  const region = document.querySelector("[data-status]");
  new MutationObserver(() => window.said.push(region.textContent)).observe(region, { childList: true });
}"""


def test_an_end_that_is_taken_back_leaves_the_chat_as_it_was(talking, agent):
    page = talking.page
    page.evaluate(LISTEN)
    talking.end()
    talking.be("ending")
    expect(page.locator("[data-ended-title]")).to_be_focused()
    expect(page.locator("[data-ended-title]")).to_have_text("You ended the chat")
    expect(page.locator("[data-composer]")).to_be_hidden()
    expect(page.locator("[data-new-chat]")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(page.locator("[data-undo]")).to_be_focused()
    talking.clean("ending")
    page.keyboard.press("Enter")
    talking.be("active")
    expect(page.locator("[data-draft]")).to_be_focused()
    expect(page.locator("[data-status]")).to_have_text("The chat goes on.")
    talking.write("Still here")
    talking.sent(1)
    assert agent.write(talking.contact, "So am I")["t"] == "ack"
    expect(page.locator(".message--agent")).to_have_count(1)
    talking.leave()


def test_the_countdown_moves_on_the_screen_and_is_spoken_once(talking):
    page = talking.page
    page.evaluate(LISTEN)
    talking.end()
    expect(page.locator("[data-countdown]")).to_have_text(re.compile(r"Ending in (9|10) seconds"))
    expect(page.locator("[data-countdown]")).to_have_text(re.compile("Ending in [5-7] seconds"), timeout=8000)
    said = [text for text in page.evaluate("window.said") if "Ending in" in text]
    assert len(said) == 1
    assert said[0].startswith("You ended the chat. Ending in ")
    talking.leave()


def test_lines_that_arrive_meanwhile_are_shown_and_a_reload_shows_the_countdown_again(talking, agent):
    page = talking.page
    talking.end()
    talking.be("ending")
    assert agent.write(talking.contact, "One more thing")["t"] == "ack"
    expect(page.locator(".message--agent .bubble")).to_be_in_viewport()
    page.reload()
    talking.be("ending")
    expect(page.locator("[data-countdown]")).to_have_text(re.compile(r"Ending in \d seconds?"))
    expect(page.locator(".message--agent .bubble")).to_have_text("One more thing")
    page.locator("[data-undo]").click()
    talking.be("active")
    talking.leave()


def test_too_late_is_said(talking, new_page):
    page = talking.page
    talking.end()
    # The answer that a click gets which comes a moment after the end.
    page.route(
        "**/chat/ending", lambda route: (late(page), route.continue_()) if route.request.method == "DELETE" else None
    )
    new_page(allow=["409"]).close()
    page.locator("[data-undo]").click()
    talking.be("ended")
    expect(page.locator("[data-undo-note]")).to_have_text("It was too late: the chat has already ended.")
    expect(page.locator("[data-undo]")).to_be_hidden()
    expect(page.locator("[data-new-chat]")).to_be_visible()


def late(page):
    """End this page's chat now, past the page."""
    token = page.locator("[data-token]").input_value()
    answer = page.request.post(
        page.url.split("/inContact")[0] + "/chat/ending",
        data={"now": True},
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    assert answer.ok


def test_who_waits_can_take_the_end_back_too(new_page, server, agent, poc):
    agent.become("Unavailable")
    window = Window(new_page(), server, poc)
    window.start()
    window.end()
    window.be("ending")
    window.page.locator("[data-undo]").click()
    window.be("waiting")
    expect(window.page.locator("[data-queue]")).to_be_visible()
    window.leave()


def test_the_end_comes_by_itself_when_nobody_takes_it_back(talking):
    talking.end()
    expect(talking.root).to_have_attribute("data-state", "ended", timeout=15_000)
    expect(talking.page.locator("[data-ended-title]")).to_have_text("You ended the chat")
    expect(talking.page.locator("[data-status]")).to_have_text("The chat has ended")


def test_on_a_small_screen_with_huge_text_the_way_back_is_in_sight(new_page, server, poc):
    window = Window(new_page(viewport={"width": 320, "height": 560}), server, poc)
    window.page.evaluate("document.documentElement.dataset.text = 'huge'")
    window.start()
    window.write("A line")
    window.sent(1)
    window.end()
    expect(window.page.locator("[data-undo]")).to_be_in_viewport(ratio=1)
    window.leave()
