"""What a chat takes along to the next page of the site: the lines nobody has looked at, the words being typed."""

import pytest
from playwright.sync_api import expect

from tests.journeys.embedding import (
    BUTTON,
    CHAT,
    SCRIPT,
    VERSIONS,
    answered,
    chat,
    heard,
    html,
    init,
    listen,
    snippet,
    started,
    state,
    write,
)
from tests.journeys.windows import holds

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)

NO_STORAGE_IN_FRAMES = """if (window !== top) for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); }});"""


@pytest.fixture(params=["kept by the frame", "kept by the page"])
def visitor(request, new_page):
    """A page whose frames may, or may not, touch their storage."""
    page = new_page()
    if request.param == "kept by the page":
        page.add_init_script(NO_STORAGE_IN_FRAMES)
    return page


@pytest.fixture
def minimised(visitor, site, server, poc):
    """A chat with an agent whose window the customer has put away: the page, the agent and the contact."""
    visitor.goto(site.put("/", html(snippet(poc))))
    window = started(visitor)
    contact = int(window.locator("[data-log]").get_attribute("data-contact"))
    agent = answered(server, contact, poc)
    agent.subscribe(contact)
    state(window, "active")
    agent.write(contact, "Seen")
    expect(window.get_by_text("Seen", exact=True)).to_be_visible()
    window.locator("[data-minimise]").click()
    expect(visitor.locator(CHAT)).to_be_hidden()
    yield visitor, agent, contact
    agent.post(f"/agent/contacts/{contact}/ending")
    agent.post(f"/agent/contacts/{contact}/wrap-up")
    agent.live.close()


def unread(page, count: int):
    """So many lines nobody has looked at, on the title of the page and on the button."""
    expect(page).to_have_title(f"({count}) Site" if count else "Site")
    badge = page.frame_locator(f"{BUTTON} iframe").locator("[data-badge]")
    if count:
        expect(badge).to_be_visible()
        expect(badge.locator("[data-count]")).to_have_text(str(count))
    else:
        expect(badge).to_be_hidden()


@both
def test_the_next_page_counts_on_where_the_last_one_was_left(minimised, site, poc):
    page, agent, contact = minimised
    agent.write(contact, "One")
    agent.write(contact, "Two")
    unread(page, 2)
    listening = f"<script>{listen('message')}</script>"
    page.goto(site.put("/next", html(SCRIPT + listening + f"<script>{init(poc)}</script>")))
    state(chat(page), "active")
    unread(page, 2)
    agent.write(contact, "Three")
    unread(page, 3)
    page.reload()
    unread(page, 3)
    assert heard(page, "message") == []  # they are told once, when they come
    page.evaluate("icPatronChat.open()")
    unread(page, 0)
    page.evaluate("icPatronChat.close()")
    page.goto(site.url + "/")
    state(chat(page), "active")
    agent.write(contact, "Four")
    unread(page, 1)


@both
def test_a_chat_that_the_agent_ends_behind_the_customer_s_back_counts_as_one(minimised, site, poc):
    page, agent, contact = minimised
    unread(page, 0)
    agent.post(f"/agent/contacts/{contact}/ending")
    unread(page, 1)
    page.reload()
    state(chat(page), "ended")
    unread(page, 1)
    page.evaluate("icPatronChat.open()")
    unread(page, 0)


def test_an_end_of_the_customer_s_own_is_no_news(new_page, site):
    page = new_page(site.put("/", html(snippet())))
    window = started(page)
    window.locator("[data-minimise]").click()
    page.evaluate("icPatronChat.end()")
    expect(window.locator("#window[data-state=ending], #window[data-state=ended]")).to_have_count(1)
    state(window, "ended", 30)
    unread(page, 0)


@both
def test_words_being_typed_come_along_to_the_next_page(request, visitor, site, poc):
    visitor.goto(site.put("/", html(snippet(poc))))
    window = started(visitor)
    write(window, "Sent")
    window.locator("[data-draft]").press_sequentially("Half a sent")
    if "by the page" in request.node.name:  # it hears of each letter a moment after it was typed
        holds(visitor, "Object.values(sessionStorage).some((kept) => kept.includes('Half a sent'))")
    said = []
    visitor.on("request", lambda request: said.append(request.url))
    visitor.goto(site.put("/next", html(snippet(poc, "icPatronChat.open();"))))
    expect(chat(visitor).locator("[data-draft]")).to_have_value("Half a sent")
    visitor.reload()  # nobody has typed since
    draft = chat(visitor).locator("[data-draft]")
    expect(draft).to_have_value("Half a sent")
    draft.press_sequentially("ence")
    draft.press("Enter")
    expect(chat(visitor).locator(".message--own [data-slot=text]")).to_have_text(["Sent", "Half a sentence"])
    visitor.reload()
    expect(chat(visitor).locator(".message--own")).to_have_count(2)
    expect(chat(visitor).locator("[data-draft]")).to_have_value("")
    assert not [url for url in said if "Half" in url]


def test_a_page_that_has_kept_the_token_alone_finds_the_chat_again(new_page, site):
    page = new_page()
    page.add_init_script(NO_STORAGE_IN_FRAMES)
    page.goto(site.put("/", html(snippet())))
    write(started(page), "Before the loader was changed")
    page.evaluate("""() => { const [key] = Object.keys(sessionStorage);
      sessionStorage.setItem(key, JSON.parse(sessionStorage.getItem(key)).token); }""")
    page.reload()
    expect(chat(page).get_by_text("Before the loader was changed")).to_be_attached()
