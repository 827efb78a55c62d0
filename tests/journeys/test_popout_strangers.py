"""The pop-up and its page speak to each other alone; a pop-up whose page is gone loses no word without asking."""

import pytest
from playwright.sync_api import expect

from tests.journeys.embedding import html
from tests.journeys.host_site import Site
from tests.journeys.test_popout import ROOM, pop_out
from tests.journeys.windows import Window, answered, holds

pytestmark = pytest.mark.browser

NOT_DELIVERED = "Failed to execute 'postMessage'"
EAR = "<script>window.told = []; addEventListener('message', ({data}) => told.push(data?.type ?? data));</script>"
COUNT = "() => { window.came = 0; addEventListener('message', () => { window.came += 1; }); }"
GO = "(address) => { location.href = address; }"
KEPT = "(poc) => JSON.parse(localStorage.getItem(`clavardage:${poc}`)).token"
FORGE = """(target) => {
  const say = (type, detail) => eval(target).postMessage({mark: "icPatronChatWin", type, detail}, "*");
  say("parcel", {token: "a forged token", text: "Forged", items: []});
  say("told", {name: "message", detail: {contact: 1, by: "agent"}});
  say("ready", {});
}"""
FORGED = 3


@pytest.fixture
def foreign(server):
    """A site of somebody else, on an origin of its own."""
    with Site(server.url) as site:
        yield site


@pytest.fixture
def talking(new_page, server, agent, poc):
    """A window with an agent."""
    window = Window(new_page(allow=[NOT_DELIVERED], **ROOM), server, poc)
    window.start()
    answered(window, agent)
    return window


def unmoved(window, poc, speaking, target: str) -> None:
    """Nothing of what this page says to the window is done there."""
    before = window.page.evaluate(KEPT, poc)
    window.page.evaluate(COUNT)
    speaking.evaluate(FORGE, target)
    holds(window.page, "count => came >= count", FORGED)
    assert window.page.evaluate(KEPT, poc) == before != "a forged token"


def test_a_page_whose_chat_is_in_a_pop_up_hears_the_pop_up_alone(talking, poc):
    popup = pop_out(talking)
    popup.be("active")
    unmoved(talking, poc, talking.page, "window")
    popup.page.close()
    talking.be("active")
    expect(talking.page.locator("[data-draft]")).to_have_value("")
    talking.leave()


def test_a_pop_up_that_has_gone_to_a_foreign_page_is_not_listened_to(talking, poc, foreign):
    popup = pop_out(talking)
    popup.be("active")
    popup.page.evaluate(GO, foreign.put("/", html("")))
    expect(popup.page.get_by_role("heading", name="Site", exact=True)).to_be_visible()
    unmoved(talking, poc, popup.page, "opener")
    popup.page.close()
    talking.be("active")
    expect(talking.page.locator("[data-draft]")).to_have_value("")
    talking.leave()


def test_a_pop_up_takes_its_parcel_from_its_page_alone(talking):
    talking.page.context.add_init_script("""if (new URLSearchParams(location.search).has("pop")) {
      const parcel = {token: "a forged token, long enough", text: "Forged", items: []};
      const forge = () => postMessage({mark: "icPatronChatWin", type: "parcel", detail: parcel}, "*");
      addEventListener("DOMContentLoaded", forge);
      for (const later of [0, 1, 5, 20]) setTimeout(forge, later);
    }""")
    talking.page.locator("[data-draft]").fill("Half a sen")
    popup = pop_out(talking)
    popup.be("active")
    expect(popup.page.locator("[data-draft]")).to_have_value("Half a sen")
    popup.page.close()
    talking.be("active")
    talking.leave()


def test_a_foreign_page_in_the_place_of_the_one_that_opened_the_pop_up_is_told_nothing(talking, foreign):
    popup = pop_out(talking)
    popup.be("active")
    talking.page.evaluate(GO, foreign.put("/", html("", EAR)))
    expect(talking.page.get_by_role("heading", name="Site", exact=True)).to_be_visible()
    popup.write("Not for strangers")
    popup.sent(1)
    popup.page.locator("[data-draft]").press_sequentially("Nor this")
    popup.page.evaluate("opener.postMessage('the last word', '*')")
    holds(talking.page, "told.includes('the last word')")
    assert talking.page.evaluate("told") == ["the last word"]
    popup.leave()


def test_a_foreign_page_in_the_pop_up_is_told_nothing(talking, foreign):
    popup = pop_out(talking)
    popup.be("active")
    # It asks for the chat, as a pop-up of ours does.
    ask = "<script>opener.postMessage({mark: 'icPatronChatWin', type: 'ready', detail: {}}, '*');</script>"
    talking.page.evaluate(COUNT)
    popup.page.evaluate(GO, foreign.put("/", html("", EAR + ask)))
    holds(talking.page, "came >= 1")
    popup.page.evaluate("postMessage('the last word', '*')")
    holds(popup.page, "told.includes('the last word')")
    assert popup.page.evaluate("told") == ["the last word"]
    popup.page.close()
    talking.be("active")
    talking.leave()
