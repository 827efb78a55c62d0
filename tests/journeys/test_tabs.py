"""Several tabs of one customer: one has the chat, the others say so; or all run in step, where the profile says so."""

import sqlite3

import pytest
from playwright.sync_api import expect

from tests.journeys.windows import Window, answered, holds

pytestmark = pytest.mark.browser

# Counts the tones of a page instead of playing them.
SOUNDS = """
window.tones = 0;
window.AudioContext = class extends EventTarget {
  state = "running"; currentTime = 0; destination = {};
  resume() { return Promise.resolve(); }
};
window.OscillatorNode = class { connect(next) { return next; } start() { window.tones++; } stop() {} };
window.GainNode = class {
  gain = { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} };
  connect(next) { return next; }
};
"""


def second(first, poc, new_page, state="elsewhere") -> Window:
    """Another tab of the same browser."""
    return Window(new_page(context=first.page.context), first.server, poc, state=state)


def test_a_second_tab_says_where_the_chat_is_and_takes_it_with_every_word(talking, poc, new_page, agent):
    other = second(talking, poc, new_page)
    page = other.page
    expect(page.locator("[data-elsewhere-title]")).to_have_text("This chat is open in another tab")
    expect(page.locator("[data-elsewhere-lead]")).to_be_visible()
    other.clean("in another tab")
    talking.be("active")
    talking.write("From the first")
    talking.sent(1)
    talking.page.locator("[data-draft]").fill("Half a sen")
    page.bring_to_front()
    page.get_by_role("button", name="Use it here").click()
    other.be("active")
    expect(page.locator("[data-draft]")).to_have_value("Half a sen")
    expect(page.locator("[data-draft]")).to_be_focused()
    talking.be("elsewhere")
    expect(talking.page.locator("[data-elsewhere-title]")).to_have_text("The chat goes on in another tab")
    assert agent.write(other.contact, "To the second")["t"] == "ack"
    expect(page.locator(".message--agent")).to_have_count(1)
    expect(talking.page.locator(".message")).to_have_count(0)
    other.write("From the second")
    other.sent(2)
    # And back again.
    talking.page.locator("[data-here]").click()
    talking.be("active")
    other.be("elsewhere")
    expect(talking.page.locator(".message--own")).to_have_count(2)
    expect(talking.page.locator("[data-draft]")).to_have_value("")
    talking.leave()


def test_a_click_right_after_the_tab_was_looked_at_is_not_taken_back(talking, poc, new_page):
    other = second(talking, poc, new_page)
    # Coming back to the tab asks for the chat, and waits a moment for it; the click takes it at once.
    other.page.evaluate("dispatchEvent(new Event('focus')); document.querySelector('[data-here]').click()")
    other.be("active")
    holds(other.page, "navigator.locks.query().then(({ pending }) => pending.length === 0)")
    other.be("active")
    other.write("Still here")
    other.sent(1)
    talking.be("elsewhere")
    other.leave()


def test_a_tab_that_rests_goes_on_when_the_other_one_is_gone(talking, poc, new_page):
    other = second(talking, poc, new_page)
    talking.page.close()
    other.page.evaluate("dispatchEvent(new Event('focus'))")
    other.be("active")
    other.leave()


def test_a_reload_keeps_the_chat_in_its_tab(talking, poc, new_page):
    other = second(talking, poc, new_page)
    for _ in range(3):
        talking.page.reload()
        talking.be("active")
    other.be("elsewhere")
    talking.leave()


def test_a_form_in_another_tab_gives_way_to_the_chat_that_was_started(new_page, server, agent, poc):
    agent.become("Unavailable")
    window = Window(new_page(), server, poc)
    other = second(window, poc, new_page, state="start")
    other.page.locator("[data-start] [name=name]").fill("Typed here")
    window.start()
    other.be("elsewhere")
    window.leave()
    window.page.locator("[data-new-chat]").click()
    window.be("start")
    other.be("start")
    expect(other.page.locator("[data-start] [name=name]")).to_have_value("Typed here")


def test_where_locks_are_forbidden_the_chat_runs_all_the_same(new_page, server, poc):
    page = new_page()
    page.add_init_script(
        "navigator.locks.request = () => Promise.reject(new DOMException('no storage here', 'SecurityError'))"
    )
    window = Window(page, server, poc)
    window.start()
    window.write("Without locks")
    window.sent(1)
    window.leave()


@pytest.fixture
def in_step(server):
    """Profiles that let a chat run in several tabs."""

    def set_to(value: int) -> None:
        with sqlite3.connect(server.folder / "clavardage.db") as database:
            database.execute("UPDATE chat_profile SET resume_in_new_tab = ?", [value])
        database.close()

    set_to(1)
    yield
    set_to(0)


def test_tabs_in_step_show_every_line_and_only_the_one_in_use_sounds(new_page, server, agent, poc, in_step):
    page = new_page()
    page.context.add_init_script(SOUNDS)
    window = Window(page, server, poc)
    window.start()
    answered(window, agent)
    other = second(window, poc, new_page, state="active")
    for tab in (window, other):
        tab.page.locator("[data-draft]").click()  # the gesture that allows sound; the other tab was used last
    window.write("From the first")
    for tab in (window, other):
        tab.sent(1)
    other.page.locator("[data-draft]").click()
    before = [tab.page.evaluate("tones") for tab in (window, other)]
    assert agent.write(window.contact, "To both")["t"] == "ack"
    for tab in (window, other):
        expect(tab.page.locator(".message--agent")).to_have_count(1)
    assert [tab.page.evaluate("tones") - old for tab, old in zip((window, other), before, strict=True)] == [0, 1]
    other.page.close()
    assert agent.write(window.contact, "To the one that is left")["t"] == "ack"
    expect(window.page.locator(".message--agent")).to_have_count(2)
    assert window.page.evaluate("tones") - before[0] == 1
    window.leave()
