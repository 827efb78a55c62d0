"""The main job, end to end: a visitor of the shop talks with an agent, thirty lines each way, and no word is lost."""

import pytest

from tests.journeys.host_site import shop_for

pytestmark = pytest.mark.browser
LINES = 30


@pytest.fixture(scope="module")
def server(start_server):
    """A server of this journey's own."""
    return start_server(CLAVARDAGE_CUSTOMER_BURST="100", CLAVARDAGE_CUSTOMER_PER_MINUTE="1000")


def texts(scope) -> list[str]:
    """The texts of a log, in the order in which they stand."""
    return scope.locator(".message[data-kind=text] [data-slot=text]").all_inner_texts()


def frame_of(page, name: str):
    """The frame of the shop's page whose address says this."""
    page.wait_for_function(
        "name => [...document.querySelectorAll('iframe')].some((f) => f.src.includes(name))", arg=name
    )
    handle = page.locator(f"iframe[src*='{name}']")
    return handle.content_frame


def sign_in(page):
    page.get_by_label("E-mail").fill("ana@demo.example")
    page.get_by_label("Password").fill("demo-ana-4321")
    page.get_by_role("button", name="Sign in").click()
    page.locator("[data-link=online]").wait_for()


def test_a_visitor_chats_with_an_agent_and_no_word_is_lost(new_page, server):
    with shop_for(server.url) as shop:
        visitor = new_page(f"{shop.url}/", locale="en-GB")
        console = new_page(f"{server.url}/auth/sign-in", locale="en-GB")
        sign_in(console)

        frame_of(visitor, "launcher.html").get_by_role("button").click()
        window = frame_of(visitor, "ChatClient.aspx")
        window.get_by_label("Your name").fill("Zoé Martin")
        window.get_by_role("button", name="Start chat").click()
        window.get_by_text("You are next", exact=True).wait_for()

        console.get_by_role("button", name="Available", exact=True).click()
        console.get_by_role("button", name="Accept").click()
        window.get_by_text("Ana Duval joined the chat").first.wait_for()
        pane = console.locator("[data-log]").locator("xpath=ancestor::*[.//textarea][1]")
        said = converse(window, pane, range(LINES // 2))

        visitor.reload()
        window = frame_of(visitor, "ChatClient.aspx")
        window.get_by_text(said[-1], exact=True).wait_for()
        said += converse(window, pane, range(LINES // 2, LINES))

        for log in (window, pane):
            assert [text for text in texts(log) if text in said] == said
        console.keyboard.press("Alt+e")
        console.get_by_role("dialog").get_by_role("button", name="End chat").click()
        window.get_by_text("Ana Duval ended the chat.").first.wait_for()

        with visitor.context.expect_page() as opened:
            window.get_by_role("button", name="Read transcript").click()
        transcript = opened.value
        transcript.wait_for_load_state()
        everything = transcript.locator("body").inner_text()
        positions = [everything.index(text) for text in said]
        assert positions == sorted(positions)
        with visitor.expect_download() as download:
            window.get_by_role("button", name="Download").click()
        stored = download.value.path().read_text("utf-8")
        assert [line for line in said if line not in stored] == []
        wrap_up(console)


def converse(window, pane, numbers) -> list[str]:
    """Line by line in turns; each side has seen the other's line before it goes on."""
    said = []
    for n in numbers:
        for side, other, text in ((window, pane, f"question {n:02}."), (pane, window, f"answer {n:02}.")):
            box = side.locator("[data-draft]")
            box.fill(text)
            box.press("Enter")
            other.get_by_text(text, exact=True).wait_for()
            said.append(text)
    return said


def wrap_up(console):
    """Choose how it ended; the pane goes away."""
    console.get_by_label("Outcome").select_option(label="Question answered")
    console.get_by_role("button", name="Save and close").click()
    console.locator("[data-log]").wait_for(state="detached")
