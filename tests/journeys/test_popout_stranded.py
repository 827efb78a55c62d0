"""A pop-up whose page has gone on: nobody else has a copy of its unsent words, so it asks before they are lost."""

import pytest
from playwright.sync_api import expect

from tests.journeys.embedding import chat, html, snippet, started, state
from tests.journeys.host_site import CLASSIC_POC
from tests.journeys.test_popout import ROOM, PopUp
from tests.journeys.windows import Window, holds

pytestmark = pytest.mark.browser

# Its link swallows everything: nothing that is written reaches the server.
DEAF = "() => { WebSocket.prototype.send = () => {}; }"
# The window is looked at again; is the way back hidden then? (News of the queue may have hidden it before.)
LOOKED_AT = """() => {
  const back = document.querySelector("[data-popin]");
  back.hidden = false;
  dispatchEvent(new Event("focus"));
  return back.hidden;
}"""


class Out:
    """The chat of somebody else's page in its pop-up, and what that asks before it closes."""

    def __init__(self, host, server, window):
        self.host = host
        self.asked = []
        with host.expect_popup() as opening:
            window.locator("[data-popout]").click()
        state(window, "elsewhere")
        self.window = PopUp(opening.value, server)
        self.page = self.window.page
        self.window.be("waiting")
        self.page.on("dialog", self.answer)

    def answer(self, dialog) -> None:
        """The customer stays the first time, and goes the second."""
        self.asked.append(dialog.type)
        if len(self.asked) == 1:
            dialog.dismiss()
        else:
            dialog.accept()

    def type(self, text: str) -> None:
        """By the keys: browsers ask only on behalf of somebody who has touched the page."""
        self.page.locator("[data-draft]").click()
        self.page.keyboard.type(text)

    def host_goes_on(self, site) -> None:
        """To another page; the frame that the pop-up came out of is gone."""
        self.host.goto(site.put("/elsewhere", html("")))
        holds(self.page, "!opener || opener.closed")

    def stays(self) -> None:
        """The cross is pressed; it asks, and the customer stays."""
        with self.page.expect_event("dialog"):
            self.page.close(run_before_unload=True)
        assert self.asked == ["beforeunload"]

    def goes(self) -> None:
        """The cross is pressed; returns when the pop-up is gone."""
        with self.page.expect_event("close"):
            self.page.close(run_before_unload=True)


@pytest.fixture
def out(new_page, site, server):
    """A chat that waits, in its pop-up; its page stands."""
    page = new_page(site.put("/", html(snippet(CLASSIC_POC))), **ROOM)
    started(page)
    return Out(page, server, chat(page))


def test_a_pop_up_without_its_page_asks_before_a_draft_is_lost(out, site):
    out.host_goes_on(site)
    out.type("Half a sen")
    out.stays()
    expect(out.page.locator("[data-draft]")).to_have_value("Half a sen")
    out.goes()
    assert out.asked == ["beforeunload", "beforeunload"]


def test_a_pop_up_without_its_page_asks_before_a_line_is_lost_that_is_not_at_the_server(out, site):
    out.host_goes_on(site)
    out.page.evaluate(DEAF)
    out.type("Into the dark")
    out.page.keyboard.press("Enter")
    expect(out.page.locator(".message--own[data-state=sending]")).to_have_count(1)
    out.stays()
    out.goes()


def test_a_pop_up_without_its_page_does_not_ask_when_all_is_sent(out, site):
    out.host_goes_on(site)
    out.type("Sent in time")
    out.page.keyboard.press("Enter")
    out.window.sent(1)
    out.goes()
    assert out.asked == []


def test_a_pop_up_whose_page_still_stands_does_not_ask_and_the_page_has_the_words(out):
    out.type("Half a sen")
    out.goes()
    assert out.asked == []
    state(chat(out.host), "waiting")
    expect(chat(out.host).locator("[data-draft]")).to_have_value("Half a sen")


def test_the_way_back_is_not_shown_when_the_page_is_gone(out, site):
    expect(out.page.locator("[data-popin]")).to_be_visible()
    out.host_goes_on(site)
    assert out.page.evaluate(LOOKED_AT) is True


def test_a_pop_up_whose_page_has_become_a_foreign_one_asks_too_and_shows_no_way_back(new_page, server, site):
    window = Window(new_page(allow=["Failed to execute 'postMessage'"], **ROOM), server, CLASSIC_POC)
    window.start()
    out = Out(window.page, server, window.page)
    window.page.evaluate("(address) => { location.href = address; }", site.put("/elsewhere", html("")))
    expect(window.page.get_by_role("heading", name="Site", exact=True)).to_be_visible()
    out.type("Half a sen")
    out.stays()
    assert out.page.evaluate(LOOKED_AT) is True
    out.goes()
