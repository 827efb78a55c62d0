"""The transcript on paper, in Chromium: what hostile letters may do to it, on the page and in the letter."""

from pathlib import Path

import pytest

from tests.journeys.windows import Window

pytestmark = pytest.mark.browser

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
