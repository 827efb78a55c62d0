"""The lives of an embedded chat, both versions: no doubled contact, no lost line, no exception in the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.embedding import (
    CHAT,
    VERSIONS,
    Books,
    answered,
    chat,
    html,
    launcher,
    opened,
    snippet,
    started,
    state,
    write,
)
from tests.journeys.host_site import CLASSIC_POC, POC
from tests.services import until

pytestmark = pytest.mark.browser

AWAY = """(hidden) => {
  Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
  Object.defineProperty(document, "visibilityState", {configurable: true, get: () => hidden ? "hidden" : "visible"});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
both = pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)


@pytest.fixture
def books(server):
    """The server's database; points of contact and profiles are as before afterwards."""
    books = Books(server)
    points = books.ask("SELECT active, chat_profile_id, id FROM point_of_contact")
    yield books
    for row in points:
        books.change("UPDATE point_of_contact SET active = ?, chat_profile_id = ? WHERE id = ?", *row)


def contacts(books) -> int:
    return books.ask("SELECT count(*) FROM contact")[0][0]


def lines(window, *texts):
    """Exactly these lines of the customer stand in the log, in this order."""
    own = window.locator(".message--own [data-slot=text]")
    expect(own).to_have_text(list(texts))


def over(window):
    expect(window.locator("#window[data-state=ending], #window[data-state=ended]")).to_have_count(1)


@both
def test_load_open_chat_end(new_page, site, books, poc):
    before = contacts(books)
    page = new_page(site.put("/", html(snippet(poc))))
    window = started(page)
    write(window, "Hello")
    window.locator("[data-end-ask]").click()
    window.locator("dialog [data-end]").click()
    over(window)
    lines(window, "Hello")
    page.keyboard.press("Escape")
    expect(launcher(page)).to_be_focused()
    assert contacts(books) == before + 1


@both
def test_open_close_open_and_no_contact_yet(new_page, site, books, poc):
    before = contacts(books)
    page = new_page(site.put("/", html(snippet(poc))))
    for _ in range(3):
        launcher(page).click()
        opened(page)
        chat(page).locator("[data-minimise]").click()
        expect(page.locator(CHAT)).to_be_hidden()
        expect(launcher(page)).to_be_focused()
    assert page.locator("iframe").count() == 2
    assert contacts(books) == before


@both
def test_reload_and_next_page_in_the_chat(new_page, site, books, poc):
    page = new_page(site.put("/", html(snippet(poc))))
    window = started(page)
    write(window, "One")
    page.reload()
    write(chat(page), "Two")
    page.goto(site.put("/next", html(snippet(poc))))
    write(chat(page), "Three")
    before = contacts(books)
    lines(chat(page), "One", "Two", "Three")
    assert contacts(books) == before


@both
def test_a_second_tab_shows_the_same_chat(new_page, site, books, poc):
    page = new_page(site.put("/", html(snippet(poc))))
    write(started(page), "In the first tab")
    before = contacts(books)
    second = new_page(site.url + "/", context=page.context)
    second.evaluate("icPatronChat.open()")
    window = chat(second)
    expect(window.locator("#window")).to_have_attribute("data-state", "elsewhere")
    window.locator("[data-here]").click()
    write(window, "In the second tab")
    lines(window, "In the first tab", "In the second tab")
    state(chat(page), "elsewhere")
    assert contacts(books) == before


@both
def test_a_window_of_its_own_and_back(new_page, site, books, poc):
    page = new_page(site.put("/", html(snippet(poc))))
    window = started(page)
    write(window, "In the page")
    before = contacts(books)
    with page.context.expect_page() as opening:
        window.locator("[data-popout]").click()
    popup = opening.value
    state(popup, "waiting")
    write(popup, "In the pop-up")
    state(window, "elsewhere")
    window.locator("[data-minimise]").click()  # the rest of the page can be read meanwhile
    expect(page.locator(CHAT)).to_be_hidden()
    popup.close()
    expect(page.locator(CHAT)).to_be_visible()
    lines(window, "In the page", "In the pop-up")
    assert contacts(books) == before


@both
def test_a_network_that_is_gone_for_a_while(new_page, site, books, poc):
    page = new_page(site.put("/", html(snippet(poc))), allow=["ERR_INTERNET_DISCONNECTED", "WebSocket"])
    window = started(page)
    write(window, "Before")
    page.context.set_offline(True)
    window.locator("[data-draft]").fill("Meanwhile")
    window.locator("[data-draft]").press("Enter")
    expect(window.get_by_text("Meanwhile")).to_be_visible()
    page.context.set_offline(False)
    expect(window.locator(".message--own[data-state=sent]")).to_have_count(2, timeout=30_000)
    lines(window, "Before", "Meanwhile")


@both
def test_the_back_button_finds_the_chat(new_page, site, poc):
    page = new_page(site.put("/", html(snippet(poc))))
    write(started(page), "Before")
    page.goto(site.put("/bare", html("elsewhere")))
    page.go_back()
    state(chat(page), "waiting")
    lines(chat(page), "Before")


BACK = "addEventListener('pageshow', (event) => { window.back = event.persisted })"


@both
def test_a_page_out_of_the_browser_s_page_cache_goes_on(start_chromium, new_page, site, books, poc):
    caching = start_chromium(ignore_default_args=["--disable-back-forward-cache"])
    try:
        context = caching.new_context()
        new_page.allowed.append(re.compile("Page entered Back-Forward Cache"))
        new_page.watch(context)
        page = new_page(site.put("/", html(snippet(poc))), context=context)
        write(started(page), "Before")
        page.evaluate(BACK)
        page.goto(site.put("/bare", html("elsewhere")))
        # Playwright's own contexts do not follow a page out of the cache: the protocol below it does.
        cdp = context.new_cdp_session(page)

        def ask(script: str):
            return cdp.send("Runtime.evaluate", {"expression": script})["result"].get("value")

        ask("history.back()")
        until(lambda: ask("window.back") is True, 20, "the page out of the cache")
        assert ask("document.getElementById('chat-div-wrap').checkVisibility()") is True
        ask("icPatronChat.end()")  # only a window that lives hears it and tells the server
        query = "SELECT ending_at, ended_at FROM contact ORDER BY id DESC LIMIT 1"
        until(lambda: any(books.ask(query)[0]), 20, "the end at the server")
        context.close()
        new_page.contexts.remove(context)
    finally:
        caching.close()


@both
def test_a_host_page_out_of_view_counts_what_comes_and_shows_it_in_its_title(new_page, site, server, books, poc):
    page = new_page(site.put("/", html(snippet(poc))))
    window = started(page)
    contact = int(window.locator("[data-log]").get_attribute("data-contact"))
    agent = answered(server, contact, poc)
    state(window, "active")
    agent.subscribe(contact)
    frame = next(frame for frame in page.frames if "ChatClient.aspx" in frame.url)
    frame.evaluate(AWAY, True)
    agent.write(contact, "While you were away")
    expect(window.get_by_text("While you were away")).to_be_attached()
    badge = page.frame_locator(".button-iframe-wrap iframe").locator("[data-count]")
    expect(badge).to_have_text("1")
    frame.evaluate(AWAY, False)
    expect(badge).to_have_text("0")
    agent.become("Unavailable")
    agent.post(f"/agent/contacts/{contact}/ending")
    state(window, "ended")
    agent.live.close()


@both
def test_switched_off_during_a_chat_the_chat_goes_on_and_no_new_one_starts(new_page, site, books, poc):
    page = new_page(site.put("/", html(snippet(poc))))
    write(started(page), "Before")
    books.change("UPDATE point_of_contact SET active = 0 WHERE guid = ?", poc)
    page.reload()
    expect(page.locator("#chat-div-wrap")).to_be_visible()
    write(chat(page), "After")
    lines(chat(page), "Before", "After")
    stranger = new_page(site.url + "/")
    expect(stranger.locator("iframe")).to_have_count(0)


def test_switched_off_during_a_chat_whose_token_the_page_keeps(new_page, site, books):
    page = new_page(site.put("/", html(snippet())).replace("127.0.0.1", "localhost"))
    write(started(page), "Before")
    books.change("UPDATE point_of_contact SET active = 0 WHERE guid = ?", POC)
    page.reload()
    expect(page.locator("#chat-div-wrap")).to_be_attached()
    page.evaluate("icPatronChat.open()")
    lines(chat(page), "Before")


@both
def test_a_profile_that_changes_during_a_chat(new_page, site, books, poc):
    page = new_page(site.put("/", html(snippet(poc))), viewport={"width": 1000, "height": 700})
    write(started(page), "In the old look")
    other = {POC: 1, CLASSIC_POC: 2}[poc]
    ((profile,), *_) = books.ask("SELECT id FROM chat_profile WHERE interface = ?", other)
    books.change("UPDATE point_of_contact SET chat_profile_id = ? WHERE guid = ?", profile, poc)
    before = contacts(books)
    write(chat(page), "Still in the old look")
    page.reload()
    expect(page.locator("#chat-div-wrap")).to_be_visible()
    expect(chat(page).locator(f"body.window-page--v{other}")).to_have_count(1)
    lines(chat(page), "In the old look", "Still in the old look")
    assert contacts(books) == before


@both
def test_a_customer_who_leaves_while_waiting(new_page, site, books, poc):
    page = new_page(site.put("/", html(snippet(poc))))
    window = started(page)
    window.locator("[data-end-ask]").click()
    window.locator("dialog [data-end]").click()
    over(window)
    query = "SELECT ending_at, ended_at FROM contact ORDER BY id DESC LIMIT 1"
    until(lambda: any(books.ask(query)[0]), 10, "the end at the server")


def test_two_points_of_contact_in_two_tabs(new_page, site, books):
    page = new_page(site.put("/", html(snippet(POC))))
    second = new_page(site.put("/other", html(snippet(CLASSIC_POC))), context=page.context)
    write(started(page), "To the shop")
    write(started(second), "About an order")
    lines(chat(page), "To the shop")
    lines(chat(second), "About an order")
    rows = books.ask("SELECT point_of_contact_id FROM contact ORDER BY id DESC LIMIT 2")
    assert len(set(rows)) == 2
