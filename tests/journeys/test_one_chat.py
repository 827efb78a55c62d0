"""However often and from wherever a chat is brought to a tab: one chat runs there, on one socket, or none."""

import pytest
from playwright.sync_api import expect

from tests.journeys.test_embed_lives import AWAY
from tests.journeys.test_tabs import second
from tests.journeys.windows import Window, answered, holds
from tests.services import until

pytestmark = pytest.mark.browser

# Both come together when somebody turns to a tab.
TURNED_TO = """() => {
  document.dispatchEvent(new Event("visibilitychange"));
  dispatchEvent(new Event("focus"));
}"""
NOBODY_WAITS = "() => navigator.locks.query().then(({ pending }) => pending.length === 0)"
NOBODY_HAS_IT = "() => navigator.locks.query().then(({ held }) => held.length === 0)"
TWICE = "button => { button.click(); button.click(); }"


class Sockets:
    """The sockets of a page from now on."""

    def __init__(self, page):
        self.all = []
        page.on("websocket", lambda socket: self.all.append(socket))

    def open(self) -> int:
        """How many are not closed."""
        return sum(not socket.is_closed() for socket in self.all)


def one_chat(window, agent, sockets) -> None:
    """One socket is open, a line stands once and is counted once."""
    window.page.evaluate(AWAY, True)
    assert agent.write(window.contact, "Counted once")["t"] == "ack"
    expect(window.page).to_have_title("(1) " + window.page.locator("[data-title]").inner_text())
    expect(window.page.locator(".message--agent")).to_have_count(1)
    window.page.evaluate(AWAY, False)
    assert (len(sockets.all), sockets.open()) == (1, 1)


def test_a_resting_tab_that_is_turned_to_in_two_ways_at_once_has_the_chat_once(talking, poc, new_page, agent):
    other = second(talking, poc, new_page)
    sockets = Sockets(other.page)
    contact = talking.contact
    talking.page.close()
    holds(other.page, NOBODY_HAS_IT)
    other.page.evaluate(TURNED_TO)
    other.be("active")
    until(
        lambda: other.page.evaluate(NOBODY_WAITS), 20, "the end of all claims"
    )  # no second claim that would send it to rest again
    other.be("active")
    assert other.contact == contact
    one_chat(other, agent, sockets)
    other.leave()


def test_a_claim_that_is_asked_for_twice_is_made_once(talking, poc, new_page):
    other = second(talking, poc, new_page)
    other.page.evaluate("""() => {
      window.claims = 0;
      const request = navigator.locks.request.bind(navigator.locks);
      navigator.locks.request = (...given) => (window.claims++, request(...given));
    }""")
    talking.page.close()
    holds(other.page, NOBODY_HAS_IT)
    other.page.evaluate(TURNED_TO)
    other.be("active")
    assert other.page.evaluate("claims") == 1
    other.leave()


def test_try_again_pressed_twice_brings_the_chat_once(new_page, server, agent, poc):
    page = new_page(allow=["503"])
    window = Window(page, server, poc)
    window.start()
    answered(window, agent)
    page.route("**/chat/contact", lambda route: route.fulfill(status=503, body="away"), times=1)
    page.reload()
    window.be("error")
    sockets = Sockets(page)
    page.locator("[data-reload]").evaluate(TWICE)
    window.be("active")
    one_chat(window, agent, sockets)
    window.leave()


def test_a_tab_from_which_the_chat_is_taken_while_it_loads_keeps_no_socket(talking, poc, new_page, agent):
    page, held = talking.page, []
    page.route("**/chat/contact", lambda route: held.append(route), times=1)
    page.reload()
    until(lambda: page.evaluate("1") and held, 20, "the question how the chat stands")
    other = second(talking, poc, new_page)
    sockets = Sockets(page)
    other.page.get_by_role("button", name="Use it here").click()
    other.be("active")
    talking.be("elsewhere")
    with page.expect_response("**/chat/contact") as answer:
        held[0].continue_()
    answer.value.finished()
    assert agent.write(other.contact, "To the one that has it")["t"] == "ack"
    expect(other.page.locator(".message--agent")).to_have_count(1)
    page.evaluate("fetch(location.href).then((answer) => answer.text())")  # what the answer made it do is done
    talking.be("elsewhere")
    assert sockets.all == []
    expect(page.locator(".message")).to_have_count(0)
    other.leave()


def test_a_draft_that_was_sent_by_another_tab_does_not_come_back_in_the_first(talking, poc, new_page):
    talking.page.locator("[data-draft]").fill("Half a sen")
    other = second(talking, poc, new_page)
    other.page.locator("[data-here]").click()
    other.be("active")
    draft = other.page.locator("[data-draft]")
    expect(draft).to_have_value("Half a sen")
    draft.press("End")
    other.page.keyboard.type("tence")
    other.page.keyboard.press("Enter")
    other.sent(1)
    other.page.close()
    talking.page.evaluate(TURNED_TO)
    talking.be("active")
    talking.sent(1)
    expect(talking.page.locator(".message--own .bubble")).to_have_text("Half a sentence")
    expect(talking.page.locator("[data-draft]")).to_have_value("")
    talking.page.reload()
    talking.be("active")
    expect(talking.page.locator("[data-draft]")).to_have_value("")
    talking.leave()
