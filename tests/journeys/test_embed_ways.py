"""Ways of opening the window without the loader (the case's number is in the name)."""

import pytest
from playwright.sync_api import expect

from tests.journeys.embedding import VERSIONS, Books, html, snippet, state, write
from tests.journeys.host_site import CLASSIC_POC, POC

pytestmark = pytest.mark.browser

FEATURES = "location=no,height=630,width=410,menubar=no,status=no"
NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
  get() { throw new DOMException("denied", "SecurityError"); }});
window.open = () => null;"""
OVERFLOW = "() => document.documentElement.scrollWidth - innerWidth"


def address(poc: str, more: str = "") -> str:
    return f"{{chat}}/inContact/ChatClient/ChatClient.aspx?poc={poc}&bu=4600001{more}"


def opener(poc: str, name: str = "icPatronChatWin", features: str = FEATURES, more: str = "") -> str:
    """A link of the classic pop-up snippet."""
    call = f"window.open('{address(poc, more)}', '{name}', '{features}', true); return false;"
    return html(f'<a href="#" onclick="{call}">Chat</a>')


def clicked(page):
    """The window that the page's link opens."""
    with page.context.expect_page() as opening:
        page.get_by_text("Chat", exact=True).click()
    window = opening.value
    state(window, "start")
    return window


def begin(window, text: str = "First words", name: str | None = "Mika"):
    if name:
        window.locator("[name=name]").fill(name)
    window.locator("[data-start] [type=submit]").click()
    state(window, "waiting")
    write(window, text)


@pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)
def test_w1_w8_a_second_click_finds_the_same_window_and_its_chat(new_page, site, server, poc):
    page = new_page(site.put("/", opener(poc)))
    window = clicked(page)
    assert window.evaluate("[innerWidth, innerHeight, name]") == [410, 630, "icPatronChatWin"]
    begin(window)
    page.get_by_text("Chat", exact=True).click()
    expect(window.get_by_text("First words")).to_be_visible()
    state(window, "waiting")
    assert len(page.context.pages) == 2
    assert Books(server).ask("SELECT count(*) FROM contact WHERE customer_name = 'Mika' AND state <> 'ENDED'") != [(0,)]


WINDOWS = {
    "W2 a typing error in the features": ("icPatronChatWin", "location=no,height=630,width=410,menubar=no,status-no"),
    "W3 small, another name": ("chatWindow", "width=475,height=400"),
    "W3 tall, a blank one": ("_blank", "width=500,height=922"),
    "W3 as narrow as can be": ("chatWindow", "width=320,height=400"),
}


@pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)
@pytest.mark.parametrize(("name", "features"), WINDOWS.values(), ids=WINDOWS)
def test_every_window_fits(new_page, site, name, features, poc):
    page = new_page(site.put("/", opener(poc, name, features)))
    window = clicked(page)
    assert window.evaluate(OVERFLOW) == 0
    begin(window)
    assert window.evaluate(OVERFLOW) == 0
    expect(window.locator("[data-draft]")).to_be_in_viewport()


def test_w4_the_page_itself_stays_where_it_is(new_page, site):
    page = new_page(site.put("/", opener(POC)))
    clicked(page)
    assert page.url == site.url + "/"


@pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)
def test_w5_without_referrer_and_opener_the_chat_starts(new_page, site, poc):
    link = f'<a href="{address(poc, "&P1=Ada&P2=King+Lovelace")}" target="_blank" rel="noreferrer">Chat</a>'
    page = new_page(site.put("/", html(link)))
    window = clicked(page)
    assert window.evaluate("[window.opener, document.referrer]") == [None, ""]
    if poc == CLASSIC_POC:  # the form of the other one does not ask again for what the page has told
        expect(window.locator("[name=name]")).to_have_value("Ada King Lovelace")
    begin(window, name=None)


def test_w6_a_window_that_is_used_again_goes_on_with_the_chat(new_page, site):
    page = new_page(site.put("/", html(f'<a href="{address(POC)}" target="new">Chat</a>')))
    window = clicked(page)
    begin(window)
    page.get_by_text("Chat", exact=True).click()
    expect(window.get_by_text("First words")).to_be_visible()
    assert len(page.context.pages) == 2


@pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)
def test_w7_a_web_view_without_pop_ups_and_storage_has_the_whole_chat(new_page, server, poc):
    phone = {"viewport": {"width": 390, "height": 700}, "is_mobile": True, "has_touch": True}
    page = new_page(**phone)
    page.add_init_script(NO_STORAGE)
    page.goto(address(poc).replace("{chat}", server.url))
    state(page, "start")
    begin(page)
    page.locator("[data-end-ask]").click()
    page.locator("dialog [data-end]").click()
    expect(page.locator("#window[data-state=ending], #window[data-state=ended]")).to_have_count(1)


def test_w9_the_link_for_phones_and_the_embed_lead_to_the_same_point_of_contact(new_page, site, server):
    page = new_page(site.put("/", html(f'<a href="{address(POC)}" target="_blank">Chat</a>' + snippet())))
    begin(clicked(page))
    assert page.locator(".button-iframe-wrap iframe").get_attribute("src").count(POC) == 1
    guid = "SELECT guid FROM point_of_contact WHERE id = (SELECT point_of_contact_id FROM contact ORDER BY id DESC)"
    assert Books(server).ask(guid) == [(POC,)]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        pytest.param("P1=Ada&P2=King+Lovelace&P3=ada%40company.example&P4=555", "Ada King Lovelace", id="U7"),
        pytest.param("p1=&p2=Lovelace&p3=&p4=&p5=x", "Lovelace", id="U8"),
        pytest.param("p1=Anne Marie&p2=O'Neil&p3=o'neil@shop.example", "Anne Marie O'Neil", id="U9"),
        pytest.param("p1=100%&p2=sure", "100% sure", id="U9 broken encoding"),
        pytest.param("P1=Ada&p1=Other", "Ada", id="U13"),
        pytest.param("p1=FirstName&p2=Last+name", "", id="P2"),
    ],
)
def test_values_of_the_address_stand_in_the_form(new_page, server, query, name):
    classic = VERSIONS["V1"]
    page = new_page(f"{address(classic).replace('{chat}', server.url)}&{query}")
    state(page, "start")
    expect(page.locator("[name=name]")).to_have_value(name)


def test_u15_the_page_s_own_link_is_never_rewritten(new_page, site):
    link = address(POC, "&P1=A+B&Guid=")
    page = new_page(site.put("/", html(f'<a href="{link}">Chat</a>' + snippet())))
    expect(page.locator(".button-iframe-wrap")).to_be_visible()
    assert page.get_by_text("Chat", exact=True).get_attribute("href") == link.replace("{chat}", site.chat)
