"""The transcript on paper, in Chromium: it tells the window's time, and hostile letters stay in their line."""

import re
from pathlib import Path

import pytest

from tests.journeys.windows import Window

pytestmark = pytest.mark.browser

CLOCK = re.compile(r"\b\d{1,2}:\d\d(?:\W?[AP]M)?")
MAIL_STYLE = Path(__file__).parents[2] / "app" / "static" / "css" / "mail.css"
PILED = "".join(letter + "\u0300\u0316" * 20 for letter in "Marks")  # forty marks on each letter
# Every element that holds words people wrote, and how it treats what stands out of it above and below.
HOLDERS = """() => [...document.querySelectorAll(".transcript-name, .transcript-text, .transcript-text > span")]
  .filter((one) => one.textContent.includes("\\u0316"))
  .map((one) => [one.className || one.localName, getComputedStyle(one).overflowY, getComputedStyle(one).display])"""


@pytest.fixture
def transcript(new_page, server, poc):
    """The transcript of a chat whose customer piles marks on their name and on their words."""
    window = Window(new_page(), server, poc)
    window.start(PILED)
    window.write(PILED)
    window.sent(1)
    ask = """async (token) => (await (await fetch("/chat/transcript/link", {method: "POST",
      headers: {Authorization: `Bearer ${token}`}})).json()).url"""
    window.page.goto(window.page.evaluate(ask, window.page.locator("[data-token]").input_value()))
    return window.page


def test_marks_piled_on_a_letter_stay_in_its_line_of_the_page(transcript):
    holders = transcript.evaluate(HOLDERS)
    assert {name for name, *_ in holders} == {"transcript-name", "transcript-text", "span"}
    assert {overflow for _, overflow, _ in holders} == {"clip"}


def test_marks_piled_on_a_letter_stay_in_its_line_of_the_letter(transcript):
    lines = transcript.locator(".transcript-lines").evaluate("list => list.outerHTML")
    transcript.goto("about:blank")  # where no policy of ours forbids the style that letters carry
    transcript.set_content(f"<style>{MAIL_STYLE.read_text('utf-8')}</style>{lines}")
    holders = transcript.evaluate(HOLDERS)
    assert {overflow for _, overflow, _ in holders} == {"hidden"}
    assert {display for _, _, display in holders} == {"block"}, "a name stands above its words"


def test_what_is_kept_tells_the_time_that_stood_in_the_window(new_page, server, poc):
    window = Window(new_page(locale="en-GB", timezone_id="America/New_York"), server, poc)
    window.start()
    window.write("What is the time?")
    window.sent(1)
    told = window.page.locator(".message--own .message-time").inner_text()
    assert "M" not in told
    window.leave()
    with window.page.expect_popup() as opened:
        window.page.get_by_role("button", name="Read transcript").click()
    line = opened.value.locator(".transcript-line").filter(has_text="What is the time?")
    assert line.locator(".transcript-time").inner_text() == told
    assert "New York (UTC−" in opened.value.locator(".transcript-header").inner_text()
    with window.page.expect_download() as saved:
        window.page.get_by_role("button", name="Download").click()
    written = next(one for one in saved.value.path().read_text("utf-8").splitlines() if "What is the time?" in one)
    assert CLOCK.match(written)[0] == told
