"""Where button and window stand: on pages wider than the phone, and with an offset that a low window cannot bear."""

import pytest
from playwright.sync_api import expect

from tests.journeys.embedding import BUTTON, CHAT, Books, chat, html, launcher, opened, snippet
from tests.journeys.host_site import CLASSIC_POC, POC

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 800}, "is_mobile": True, "has_touch": True}
METAS = {
    "device-width": ("<!doctype html>", '<meta name="viewport" content="width=device-width">'),
    "not magnified": ("<!doctype html>", '<meta name="viewport" content="width=device-width, initial-scale=1">'),
    "quirks": ("", ""),
}
# Fully inside what is seen, down to the pixel that a scale rounds away.
INSIDE = """(selector) => {
  const { left, top, right, bottom, width } = document.querySelector(selector).getBoundingClientRect();
  const { offsetLeft: x, offsetTop: y, width: w, height: h } = visualViewport;
  return width > 0 && left >= x - 1 && top >= y - 1 && right <= x + w + 1 && bottom <= y + h + 1;
}"""
AT_END = """(down) => {
  const { pageTop, height } = visualViewport;
  return down ? pageTop > document.scrollingElement.scrollHeight - height - 2 : pageTop === 0;
}"""


def scroll(page, down: bool):
    """To an end of the page, both ways, as a finger does: what is seen moves within the layout, too."""
    far = 20000 if down else -20000
    page.mouse.wheel(far, far)
    page.wait_for_function(AT_END, arg=down)


@pytest.mark.parametrize("width", [300, 420, 500, 1600])
@pytest.mark.parametrize(("doctype", "meta"), METAS.values(), ids=METAS)
def test_on_a_phone_button_and_window_are_seen_whole_however_wide_the_page_is(new_page, site, doctype, meta, width):
    table = f'<table style="width: {width}px; height: 9000px"><tr><td>wide</td></tr></table>'
    page = new_page(site.put("/", f"{doctype}<html><head>{meta}</head><body>{table}{snippet()}</body></html>"), **PHONE)
    expect(launcher(page)).to_be_visible()
    page.wait_for_function(INSIDE, arg=BUTTON)
    for down in (True, False):
        scroll(page, down)
        page.wait_for_function(INSIDE, arg=BUTTON)
    page.evaluate("icPatronChat.open()")
    opened(page)
    page.wait_for_function(INSIDE, arg=CHAT)
    for down in (True, False):
        page.evaluate("(y) => scrollTo(0, y)", 99999 if down else 0)
        page.wait_for_function(INSIDE, arg=CHAT)
    chat(page).locator("[data-minimise]").click()
    expect(launcher(page)).to_be_visible()
    page.wait_for_function(INSIDE, arg=BUTTON)


def test_a_page_that_grows_wider_than_the_phone_later_keeps_the_button_in_sight(new_page, site):
    page = new_page(site.put("/", html(snippet())), **PHONE)
    expect(launcher(page)).to_be_visible()
    page.evaluate("document.querySelector('h1').style.width = '600px'")
    page.wait_for_function("innerWidth > 500")
    page.wait_for_function(INSIDE, arg=BUTTON)


@pytest.fixture
def offsets(server):
    """Writes the offsets of all profiles; they are as before afterwards."""
    books = Books(server)
    before = books.ask("SELECT button_offset_x, button_offset_y, id FROM chat_profile")
    yield lambda x, y: books.change("UPDATE chat_profile SET button_offset_x = ?, button_offset_y = ?", x, y)
    for row in before:
        books.change("UPDATE chat_profile SET button_offset_x = ?, button_offset_y = ? WHERE id = ?", *row)


@pytest.mark.parametrize("poc", [POC, CLASSIC_POC], ids=["V2", "V1"])
@pytest.mark.parametrize(("low", "tall"), [(500, 460), (700, 640), (800, 640), (1000, 640)])
def test_a_high_button_leaves_the_window_its_height(new_page, site, offsets, poc, low, tall):
    offsets(20, 200)
    page = new_page(site.put("/", html(snippet(poc))), viewport={"width": 700, "height": low})
    launcher(page).click()
    opened(page)
    box = page.locator(CHAT).bounding_box()
    assert box["height"] == tall
    assert box["y"] == max(20, low - 200 - tall)
