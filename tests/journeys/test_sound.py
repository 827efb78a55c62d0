"""Sound waits for the first gesture: made any earlier it would be born silent, with a warning of the browser."""

import pytest
from playwright.sync_api import expect

from tests.journeys.windows import Window, holds

pytestmark = pytest.mark.browser

# Counts the sound devices that are asked for. A key that nobody pressed comes while the page is still loading:
# what a test does later counts as a gesture.
NOT_TOUCHED = """
window.devices = 0;
const Device = window.AudioContext;
window.AudioContext = class extends Device { constructor() { super(); window.devices += 1; } };
addEventListener("load", () => {
  for (const type of ["click", "keydown"]) dispatchEvent(new Event(type));
  window.before = { devices, touched: navigator.userActivation.hasBeenActive };
});
"""


def test_no_sound_device_is_asked_for_before_somebody_has_touched_the_page(new_page, server, poc):
    page = new_page()
    page.add_init_script(NOT_TOUCHED)
    warned = []
    page.on("console", lambda message: warned.append(message.text))
    window = Window(page, server, poc)
    holds(page, "window.before")
    assert page.evaluate("before") == {"devices": 0, "touched": False}
    page.locator("[data-start] [name=name]").press("x")
    page.locator("[data-title]").click()
    assert page.evaluate("devices") == 1
    expect(page.locator("[data-sound]")).to_have_attribute("aria-label", "Sound on")
    window.be("start")
    assert not [text for text in warned if "AudioContext" in text]
