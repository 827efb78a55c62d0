"""The chat in a window of its own and back to the page: every word goes along, both ways, exactly once."""

import pytest
from playwright.sync_api import expect

from tests.journeys.host_site import POC, shop_for
from tests.journeys.windows import Window, answered, come_back

pytestmark = pytest.mark.browser

ROOM = {"viewport": {"width": 1280, "height": 800}}


class PopUp(Window):
    """The pop-up that a window opened."""

    def __init__(self, page, server):
        self.page, self.server, self.root = page, server, page.locator("#window")


def pop_out(window) -> PopUp:
    """Press the button; the window rests, the pop-up goes on."""
    with window.page.expect_popup() as popup:
        window.page.locator("[data-popout]").click()
    window.be("elsewhere")
    return PopUp(popup.value, window.server)


@pytest.fixture
def talking(new_page, server, agent, poc):
    """A window with an agent."""
    window = Window(new_page(**ROOM), server, poc)
    window.start()
    answered(window, agent)
    return window


def texts(window) -> list[str]:
    return window.page.locator(".message--own .bubble").all_text_contents()


def test_a_chat_goes_out_with_its_draft_and_comes_back_by_the_button(talking, agent):
    talking.write("From the page")
    talking.sent(1)
    talking.page.locator("[data-draft]").fill("Half a sen")
    contact = talking.contact
    popup = pop_out(talking)
    expect(talking.page.locator("[data-elsewhere-title]")).to_have_text("Your chat is open in its own window")
    expect(talking.page.locator("[data-elsewhere-title]")).to_be_focused()
    talking.clean("its own window")
    popup.be("active")
    assert popup.contact == contact
    expect(popup.page.locator("[data-draft]")).to_have_value("Half a sen")
    expect(popup.page.locator("[data-popout]")).to_be_hidden()
    popup.clean("the pop-up")
    popup.write("From the pop-up")
    popup.sent(2)
    popup.page.locator("[data-draft]").fill("Another half")
    come_back(popup.page)
    talking.be("active")
    talking.sent(2)
    assert texts(talking) == ["From the page", "From the pop-up"]
    expect(talking.page.locator("[data-draft]")).to_have_value("Another half")
    agent.live.wait_for(lambda frame: frame.get("text") == "From the pop-up")
    assert [line["text"] for line in agent.live.lines() if line["contact"] == contact and line["by"] == "customer"] == [
        "From the page",
        "From the pop-up",
    ]
    talking.leave()


def test_closing_the_pop_up_by_its_cross_brings_back_what_was_not_sent(talking):
    popup = pop_out(talking)
    popup.be("active")
    # Its link swallows everything: nothing that is written here reaches the server.
    popup.page.evaluate("() => { WebSocket.prototype.send = () => {}; }")
    popup.write("Into the dark")
    expect(popup.page.locator(".message--own[data-state=sending]")).to_have_count(1)
    cid = popup.page.locator(".message--own").get_attribute("id")
    popup.page.locator("[data-draft]").fill("And more")
    popup.page.close()
    talking.be("active")
    talking.sent(1)
    assert talking.page.locator(".message--own").get_attribute("id") == cid
    assert texts(talking) == ["Into the dark"]
    expect(talking.page.locator("[data-draft]")).to_have_value("And more")
    talking.leave()


def test_what_the_page_could_not_send_is_sent_by_the_pop_up(talking):
    talking.page.evaluate("() => { WebSocket.prototype.send = () => {}; }")
    talking.write("Into the dark")
    cid = talking.page.locator(".message--own[data-state=sending]").get_attribute("id")
    popup = pop_out(talking)
    popup.be("active")
    popup.sent(1)
    assert popup.page.locator(".message--own").get_attribute("id") == cid
    popup.page.close()
    # The page's own link is still dead; its outbox must not hold the line a second time.
    talking.be("active")
    assert talking.page.evaluate("(id) => sessionStorage.getItem(`clavardage:${id}.outbox`)", talking.contact) == "[]"
    talking.page.reload()
    talking.be("active")
    talking.sent(1)
    assert texts(talking) == ["Into the dark"]
    talking.leave()


def test_a_pop_up_that_is_loaded_again_keeps_its_chat_and_the_page_can_take_it_back(talking, agent):
    popup = pop_out(talking)
    popup.be("active")
    popup.page.locator("[data-draft]").fill("Kept")
    popup.page.reload()
    popup.be("active")
    expect(popup.page.locator("[data-draft]")).to_have_value("Kept")
    with popup.page.expect_event("close"):
        talking.page.locator("[data-here]").click()
    talking.be("active")
    expect(talking.page.locator("[data-draft]")).to_be_focused()
    expect(talking.page.locator("[data-draft]")).to_have_value("Kept")
    talking.leave()


def test_a_chat_that_ends_in_the_pop_up_gives_the_page_its_receipt(talking):
    popup = pop_out(talking)
    popup.be("active")
    popup.leave()
    popup.page.close()
    talking.be("ended")
    expect(talking.page.locator("[data-ended-title]")).to_have_text("You ended the chat")


def test_a_new_chat_in_the_pop_up_is_the_one_that_comes_back(talking, agent):
    first = talking.contact
    popup = pop_out(talking)
    popup.be("active")
    popup.leave()
    popup.page.locator("[data-new-chat]").click()
    popup.be("start")
    popup.start()
    second = popup.contact
    assert second != first
    popup.page.close()
    talking.be("waiting")
    assert talking.contact == second
    talking.leave()


def test_a_blocked_pop_up_is_said_and_the_chat_stays(talking):
    page = talking.page
    page.evaluate("() => { window.open = () => null; }")
    page.locator("[data-popout]").click()
    expect(page.locator("[data-banner]")).to_contain_text("The window was blocked.")
    expect(page.locator("[data-status]")).to_contain_text("The window was blocked.")
    talking.be("active")
    talking.write("Still here")
    talking.sent(1)
    talking.leave()


@pytest.mark.parametrize("poc", [POC], ids=["v2"])
def test_out_of_a_page_and_back_with_the_page_told(new_page, server, agent, poc):
    with shop_for(server.url) as shop:
        page = new_page(f"{shop.url}/", **ROOM)
        page.evaluate("""() => {
          window.told = [];
          addEventListener("message", ({ data: { mark, type, out, name } }) => {
            if (mark === "icPatronChat") told.push([type, out ?? name]);
          });
        }""")
        page.frame_locator(".button-iframe-wrap iframe").locator("[data-launcher]").click()
        frame = page.frame_locator(".chat-iframe-wrap iframe")
        frame.locator("[data-start] [name=name]").fill("Mika")
        page.keyboard.press("Enter")
        expect(frame.locator("#window")).to_have_attribute("data-state", "waiting")
        contact = int(frame.locator("[data-log]").get_attribute("data-contact"))
        agent.take(contact)
        expect(frame.locator("#window")).to_have_attribute("data-state", "active")
        agent.answered.append(contact)
        agent.subscribe(contact)
        with page.expect_popup() as opened:
            frame.locator("[data-popout]").click()
        popup = PopUp(opened.value, server)
        popup.be("active")
        assert "frame=1" not in popup.page.url
        expect(frame.locator("#window")).to_have_attribute("data-state", "elsewhere")
        assert agent.write(contact, "Read in the pop-up")["t"] == "ack"
        expect(popup.page.locator(".message--agent")).to_have_count(1)
        popup.page.locator("[data-draft]").fill("Unsent")
        popup.page.close()
        expect(frame.locator("#window")).to_have_attribute("data-state", "active")
        expect(frame.locator("[data-draft]")).to_have_value("Unsent")
        told = page.evaluate("told")
        assert [name for kind, name in told if kind == "event"][:2] == ["started", "joined"]
        assert [out for kind, out in told if kind == "popped"] == [True, False]
        assert told.count(["event", "message"]) == 1, "the pop-up's events reach the page as well"
        agent.post(f"/agent/contacts/{contact}/ending")
        expect(frame.locator("#window")).to_have_attribute("data-state", "ended")
