"""Windows that speak without being asked, or listen to what is not for them: nobody hears them, nobody tells them."""

import pytest
from playwright.sync_api import expect

from tests.journeys.embedding import BUTTON, CHAT, chat, heard, html, launcher, listen, opened, snippet, started, state
from tests.journeys.host_site import CLASSIC_POC, POC, Site
from tests.journeys.windows import holds

pytestmark = pytest.mark.browser

FRAME = "{{chat}}/inContact/ChatClient/{page}?poc={poc}&bu=4600001&frame=1&from={origin}"
# What came to a page so far; it is made before anything can come.
EAR = "<script>window.told = []; addEventListener('message', ({data}) => told.push(data?.type ?? data));</script>"
# In a window of ours: counts what has come, after all that was there before has heard it.
COUNT = """() => {
  if (!("came" in window)) addEventListener("message", () => { window.came += 1; });
  window.came = 0;
}"""
NOT_DELIVERED = "Failed to execute 'postMessage'"


@pytest.fixture
def foreign(server):
    """A site of somebody else, on an origin of its own."""
    with Site(server.url) as site:
        yield site


def inside(page, selector: str):
    """The frame of this element."""
    return page.locator(selector).element_handle().content_frame()


def took(page, selector: str, address: str):
    """This frame is led to a foreign page; its own window stays the same."""
    page.locator(selector).evaluate("(frame, address) => { frame.contentWindow.location = address; }", address)
    expect(page.frame_locator(selector).get_by_role("heading", name="Site", exact=True)).to_be_attached()
    return inside(page, selector)


def only_ours(page, frame=None) -> None:
    """Whatever had been sent to this page has come by now, and nothing came but the word of the test itself."""
    holds(frame or page, "told.includes('the last word')")
    assert (frame or page).evaluate("told") == ["the last word"]


@pytest.mark.parametrize("page_name", ["ChatClient.aspx", "launcher.html"])
def test_a_page_of_another_origin_than_the_address_of_the_frame_says_hears_nothing(new_page, site, foreign, page_name):
    address = FRAME.format(page=page_name, poc=CLASSIC_POC, origin=foreign.url)
    page = new_page(site.put("/", html(f'{EAR}<iframe src="{address}" height="600"></iframe>')), allow=[NOT_DELIVERED])
    frame = page.frame_locator("iframe")
    if page_name == "launcher.html":
        frame.locator("[data-launcher]").click()
    else:
        state(frame, "start")
        frame.locator("[name=name]").fill("Mika")
        frame.locator("[data-start] [type=submit]").click()
        state(frame, "waiting")
        frame.locator("[data-minimise]").click()
    inside(page, "iframe").evaluate("parent.postMessage('the last word', '*')")
    only_ours(page)


def test_a_token_that_cannot_be_kept_is_told_to_the_named_page_alone(new_page, site, foreign):
    address = FRAME.format(page="ChatClient.aspx", poc=CLASSIC_POC, origin=foreign.url)
    page = new_page(allow=[NOT_DELIVERED])
    page.add_init_script("if (self !== top) Storage.prototype.setItem = () => { throw new DOMException('full'); };")
    page.goto(site.put("/", html(f'{EAR}<iframe src="{address}" height="600"></iframe>')))
    frame = page.frame_locator("iframe")
    state(frame, "start")
    frame.locator("[data-start] [type=submit]").click()
    state(frame, "waiting")
    inside(page, "iframe").evaluate("parent.postMessage('the last word', '*')")
    only_ours(page)


SPEAK = """(type) => {
  const detail = {
    customer: {details: {name: "Forged"}}, setup: {customer: {name: "Forged"}, params: ["Forged"]},
    shown: {focus: true}, hidden: {}, end: {},
  }[type];
  const frame = top.document.querySelector("iframe").contentWindow;
  frame.postMessage({...detail, mark: "icPatronChat", type}, "*");
}"""


def untouched(frame, window, speaking) -> None:
    """Nothing of what this window says to the frame is done there."""
    frame.evaluate(COUNT)
    words = ["setup", "customer", "hidden", "shown", "end"]
    for word in words:
        speaking.evaluate(SPEAK, word)
    holds(frame, "count => came >= count", len(words))
    expect(window.locator("[name=name]")).to_have_value("")


def test_a_frame_does_not_listen_to_a_page_of_another_origin_than_its_address_says(new_page, site, foreign):
    address = FRAME.format(page="ChatClient.aspx", poc=CLASSIC_POC, origin=foreign.url)
    page = new_page(site.put("/", html(f'<iframe src="{address}"></iframe>')), allow=[NOT_DELIVERED])
    window = page.frame_locator("iframe")
    state(window, "start")
    untouched(inside(page, "iframe"), window, page)


def test_a_frame_does_not_listen_to_another_window_of_its_page_s_origin(new_page, site):
    site.put("/beside", html(""))
    page = new_page(site.put("/", html(snippet(CLASSIC_POC) + '<iframe id="beside" src="/beside"></iframe>')))
    launcher(page).click()
    opened(page)
    frame = inside(page, f"{CHAT} iframe")
    speak = SPEAK.replace('"iframe"', f'"{CHAT} iframe"')
    frame.evaluate(COUNT)
    for word in ("customer", "end"):
        inside(page, "#beside").evaluate(speak, word)
    holds(frame, "came >= 2")
    expect(chat(page).locator("[name=name]")).to_have_value("")
    page.evaluate(speak, "customer")  # the page itself may
    expect(chat(page).locator("[name=name]")).to_have_value("Forged")


FORGE = """() => {
  const say = (type, more) => top.postMessage({mark: "icPatronChat", type, ...more}, "*");
  say("event", {name: "ended", detail: {contact: 1, by: "agent"}});
  say("unread", {count: 7});
  say("running", {running: true, contact: 1, token: "a forged token"});
  say("refused", {code: "forged"});
  say("minimise");
  say("click");
}"""
FORGED = 6


def unmoved(page, speaking, shown: bool = True) -> None:
    """Nothing of what this window says to the loader is done."""
    page.evaluate(COUNT)
    speaking.evaluate(FORGE)
    holds(page, "count => came >= count", FORGED)
    assert page.evaluate("heard") == []
    expect(page).to_have_title("Site")
    assert page.evaluate("Object.values(sessionStorage)") == []
    expect(page.locator("#chat-div-wrap")).to_have_count(0)
    expect(page.locator(BUTTON)).to_have_count(1)
    expect(page.locator(CHAT)).to_be_visible(visible=shown)


@pytest.fixture
def embedded(new_page, site):
    """A page with the open window of a point of contact, which notes whatever it is told; and a frame beside it."""
    site.put("/beside", html(""))
    after = listen("ended", "unread", "close")
    beside = '<iframe id="beside" src="/beside"></iframe>'
    page = new_page(site.put("/", html(beside + snippet(CLASSIC_POC, after))), allow=[NOT_DELIVERED])
    launcher(page).click()
    opened(page)
    return page


def test_the_loader_does_not_listen_to_the_page_nor_to_its_other_frames(embedded):
    unmoved(embedded, embedded)
    unmoved(embedded, inside(embedded, "#beside"))


def test_the_loader_does_not_listen_to_a_frame_of_ours_that_it_did_not_make(embedded, site):
    address = FRAME.format(page="ChatClient.aspx", poc=POC, origin=site.url).replace("{chat}", site.chat)
    embedded.locator("#beside").evaluate("(frame, address) => { frame.src = address; }", address)
    state(embedded.frame_locator("#beside"), "start")
    unmoved(embedded, inside(embedded, "#beside"))


@pytest.mark.parametrize("part", [BUTTON, CHAT])
def test_a_foreign_page_in_a_frame_of_ours_is_not_listened_to(embedded, foreign, part):
    frame = took(embedded, f"{part} iframe", foreign.put("/", html("")))
    unmoved(embedded, frame)


def test_a_foreign_page_in_the_frame_of_the_chat_is_told_nothing(new_page, site, foreign):
    page = new_page(site.put("/", html(snippet(CLASSIC_POC, listen("started")))), allow=[NOT_DELIVERED])
    started(page)
    holds(page, "heard.length === 1")
    frame = took(page, f"{CHAT} iframe", foreign.put("/", html("", EAR)))
    page.evaluate("icPatronChat.setCustomer({name: 'Mika'}); icPatronChat.identify('signed'); icPatronChat.end()")
    page.evaluate("icPatronChat.close(); icPatronChat.open()")
    page.evaluate(f"document.querySelector('{CHAT} iframe').contentWindow.postMessage('the last word', '*')")
    only_ours(page, frame)
    assert heard(page, "started")
