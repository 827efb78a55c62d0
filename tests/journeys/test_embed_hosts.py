"""Pages that make it hard: hostile styles, strict policies, no storage, small screens, pages that change themselves."""

import pytest
from playwright.sync_api import expect

from tests.browsing import Pages
from tests.journeys.embedding import (
    BUTTON,
    CHAT,
    SCRIPT,
    VERSIONS,
    WRAPPER,
    Books,
    chat,
    html,
    init,
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

NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
  get() { throw new DOMException("denied", "SecurityError"); }});"""
PHONE = {"viewport": {"width": 390, "height": 800}, "is_mobile": True, "has_touch": True}
BOX = """(selector) => { const {x, y, width, height} = document.querySelector(selector).getBoundingClientRect();
  return [x, y, width, height].map(Math.round); }"""
WIDE = {"viewport": {"width": 1000, "height": 700}}


@pytest.fixture
def books(server):
    """The server's database; what a test changed of the points of contact is as before afterwards."""
    books = Books(server)
    before = books.ask("SELECT active, allowed_origins, id FROM point_of_contact")
    phones = books.ask("SELECT show_on_phones, id FROM chat_profile")
    yield books
    for row in before:
        books.change("UPDATE point_of_contact SET active = ?, allowed_origins = ? WHERE id = ?", *row)
    for row in phones:
        books.change("UPDATE chat_profile SET show_on_phones = ? WHERE id = ?", *row)


def elsewhere(address: str) -> str:
    """The same page on another site than the chat's: there frames may touch no storage."""
    return address.replace("127.0.0.1", "localhost")


def in_corner(page, width: int = 1000, height: int = 700):
    expect(launcher(page)).to_be_visible()
    box = launcher(page).bounding_box()
    assert (round(box["x"] + box["width"]), round(box["y"] + box["height"])) == (width - 20, height - 20)


HOSTILE = {
    "wiped": "* { all: unset !important }",
    "wiped with every layer": "@layer a { * { all: revert !important } } *, *::before { all: initial !important }",
    "bare elements": "div { position: relative; transform: scale(2); margin: 40px; width: 50% } iframe { width: 10px }",
    "responsive frames": "iframe { max-width: 100% !important; height: auto !important; width: 300px !important; "
    "border: 3px solid red !important; position: absolute !important; margin: 2em !important }",
    "a body that moves": "body { transform: translateX(300px); filter: blur(1px); contain: strict; height: 50px }",
    "boxes everywhere": "* { box-sizing: border-box; margin: 0; padding: 9px; letter-spacing: 2em; float: left }",
    "a grid with gaps": "html { display: grid; gap: 90px; grid-template-columns: 1fr 1fr }",
}


@pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)
@pytest.mark.parametrize("css", HOSTILE.values(), ids=HOSTILE)
def test_hostile_styles_leave_button_and_window_usable(new_page, site, css, poc):
    page = new_page(site.put("/", html(snippet(poc), f"<style>{css}</style>")), **WIDE)
    expect(launcher(page)).to_be_visible()
    box = launcher(page).bounding_box()
    assert round(box["y"] + box["height"]) == 680
    launcher(page).click()
    opened(page)
    assert page.evaluate(BOX, CHAT) == [600 if poc == POC else 20, 40, 380, 640]
    assert page.evaluate(BOX, f"{CHAT} iframe") == page.evaluate(BOX, CHAT)
    chat(page).locator("[data-minimise]").click()
    expect(launcher(page)).to_be_visible()


def test_styles_that_come_late_are_survived_too(new_page, site):
    page = new_page(site.put("/", html(snippet())), **WIDE)
    in_corner(page)
    page.add_style_tag(content=HOSTILE["wiped"])
    page.evaluate("document.adoptedStyleSheets = []")
    page.evaluate("icPatronChat.open()")
    opened(page)
    assert page.evaluate(BOX, CHAT) == [600, 40, 380, 640]


OWN = {
    "z-index": (".button-iframe-wrap { z-index: 50 }", BUTTON, "zIndex", "50"),
    "z-index important": (".button-iframe-wrap { z-index: 51 !important }", BUTTON, "zIndex", "51"),
    "offset": (".button-iframe-wrap { bottom: 90px; right: 5px }", BUTTON, "bottom", "90px"),
    "offset important": ("div.button-iframe-wrap { bottom: 91px !important }", BUTTON, "bottom", "91px"),
    "hidden": (".button-iframe-wrap { display: none }", BUTTON, "display", "none"),
    "hidden important": (".button-iframe-wrap { display: none !important }", BUTTON, "display", "none"),
    "size of the chat": (".chat-iframe-wrap { width: 420px; height: 500px }", CHAT, "width", "420px"),
    "its corners": (".chat-iframe-wrap { border-radius: 0; bottom: 100px }", CHAT, "bottom", "100px"),
    "by the id": ("#chat-div-wrap { z-index: 77; box-shadow: none }", "#chat-div-wrap", "zIndex", "77"),
    "the wrapper": (".ie-div-position-customer-chat { display: block; position: relative; z-index: 9 }", WRAPPER,
                    "zIndex", "9"),
}  # fmt: skip


@pytest.mark.parametrize(("css", "part", "name", "value"), OWN.values(), ids=OWN)
def test_a_page_s_own_rules_for_the_public_classes_win(new_page, site, css, part, name, value):
    page = new_page(site.put("/", html(snippet(), f"<style>{css}</style>")), **WIDE)
    until(lambda: page.evaluate("document.querySelector('iframe')?.title") == "Chat button", 10, "the button")
    page.evaluate("icPatronChat.open()")
    opened(page)
    chat(page).locator("[name=name]").fill("Mika")
    chat(page).locator("[data-start] [type=submit]").click()
    state(chat(page), "waiting")
    expect(page.locator("#chat-div-wrap")).to_be_visible()
    assert page.evaluate("([s, n]) => getComputedStyle(document.querySelector(s))[n]", [part, name]) == value


POLICIES = {
    "no styles at all": "default-src 'none'; script-src 'unsafe-inline' {chat}; frame-src {chat}; style-src 'none'",
    "trusted types": "script-src 'unsafe-inline' {chat}; frame-src {chat}; style-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
}


@pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)
@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_e13_a_page_with_a_strict_policy_gets_a_styled_button_and_a_chat(new_page, site, policy, poc):
    page = new_page(site.put("/", html(snippet(poc)), policy), **WIDE)
    started(page)
    assert page.locator(CHAT).bounding_box()["width"] == 380


@pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)
def test_e12_without_a_viewport_of_its_own_a_phone_sees_everything_in_a_phone_s_size(new_page, site, poc):
    page = new_page(site.put("/", f"<html><body><p>old</p>{snippet(poc)}</body></html>"), **PHONE)
    expect(launcher(page)).to_be_visible()
    scale = page.evaluate("visualViewport.scale")
    assert scale < 0.5
    assert launcher(page).bounding_box()["height"] * scale == pytest.approx(56, abs=1)
    launcher(page).tap()
    opened(page)
    assert chat(page).locator("#window").evaluate("() => innerWidth") == pytest.approx(390, abs=2)
    assert page.evaluate(BOX, CHAT)[2] == page.evaluate("Math.round(visualViewport.width)")


@pytest.fixture
def strict_page(start_chromium):
    """Pages of a browser that keeps frames of other sites away from their storage, as Chromium's private windows do."""
    strict = start_chromium()
    pages = Pages(strict)
    yield pages
    pages.close()
    strict.close()


@pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)
def test_e15_without_third_party_storage_the_page_keeps_the_chat_for_the_tab(strict_page, site, poc):
    address = elsewhere(site.put("/", html(snippet(poc))))
    page = strict_page(address)
    window = started(page)
    assert (
        window.locator("#window").evaluate("() => { try { return localStorage.length } catch { return 'denied' } }")
        == "denied"
    )
    write(window, "Kept by the page")
    page.goto(elsewhere(site.put("/next", html(snippet(poc)))))
    expect(page.locator("#chat-div-wrap")).to_be_attached()
    page.evaluate("icPatronChat.open()")
    expect(chat(page).get_by_text("Kept by the page")).to_be_visible()


@pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)
def test_storage_that_throws_everywhere_is_survived(new_page, site, poc):
    page = new_page()
    page.add_init_script(NO_STORAGE)
    page.goto(site.put("/", html(snippet(poc))))
    write(started(page), "Without any storage")
    chat(page).locator("[data-minimise]").click()
    launcher(page).click()
    expect(chat(page).get_by_text("Without any storage")).to_be_visible()


def test_e14_a_site_that_is_not_named_sees_no_button_and_keeps_its_peace(new_page, site, books):
    books.change("UPDATE point_of_contact SET allowed_origins = ? WHERE guid = ?", f'["{site.url}"]', POC)
    address = site.put("/", html(snippet(after="window.after = true")))
    page = new_page(address)
    expect(launcher(page)).to_be_visible()
    warnings = []
    page.on("console", lambda message: warnings.append(message.text))
    page.goto(elsewhere(address))
    until(lambda: page.evaluate("window.after") and warnings, 10, "the warning")
    assert warnings == ["icPatronChat: unavailable"]
    expect(page.locator("iframe")).to_have_count(0)


def test_e14_a_frame_of_a_foreign_site_without_the_loader_stays_empty(new_page, site, books):
    books.change("UPDATE point_of_contact SET allowed_origins = ? WHERE guid = ?", f'["{site.url}"]', POC)
    frame = f'<iframe src="{{chat}}/inContact/ChatClient/ChatClient.aspx?poc={POC}"></iframe>'
    address = site.put("/", html(frame))
    page = new_page(address, allow=["frame-ancestors"])
    state(page.frame_locator("iframe"), "start")
    page.goto(elsewhere(address))
    expect(page.frame_locator("iframe").locator("#window")).to_have_count(0)


@pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)
def test_a_page_that_replaces_its_body_keeps_the_chat(new_page, site, poc):
    page = new_page(site.put("/", html(snippet(poc))))
    window = started(page)
    write(window, "Before the view changed")
    page.evaluate("history.pushState({}, '', '/next'); document.body.innerHTML = '<h1>Next view</h1>'")
    page.evaluate("document.body.replaceWith(Object.assign(document.createElement('body'), {innerHTML: 'Third'}))")
    expect(page.locator("#chat-div-wrap")).to_be_visible()
    write(window, "After the view changed")  # the same frame: it was never loaded again
    expect(window.locator(".message--own")).to_have_count(2)


def test_a_page_that_replaces_everything_gets_the_button_back_and_the_chat_in_it(new_page, site):
    page = new_page(site.put("/", html(snippet())))
    write(started(page), "Before all was replaced")
    page.evaluate("document.documentElement.innerHTML = '<head></head><body>New</body>'")
    expect(page.locator(WRAPPER)).to_have_count(1)
    expect(page.locator("#chat-div-wrap")).to_be_visible()
    expect(chat(page).get_by_text("Before all was replaced")).to_be_visible()
    chat(page).locator("[data-minimise]").click()
    expect(launcher(page)).to_be_visible()


def test_a_second_init_of_a_single_page_application_changes_the_params_only(new_page, site):
    page = new_page(site.put("/", html(snippet(CLASSIC_POC, params="['First']"))))
    expect(launcher(page)).to_be_visible()
    page.evaluate(init(CLASSIC_POC, params="['Second']").replace("{chat}", site.chat))
    launcher(page).click()
    opened(page)
    expect(chat(page).locator("[name=name]")).to_have_value("Second")
    assert page.locator("iframe").count() == 2


def test_a_phone_that_the_profile_leaves_out_sees_no_button_but_its_page_may_open_the_chat(new_page, site, books):
    books.change("UPDATE chat_profile SET show_on_phones = 0")
    page = new_page(site.put("/", html(snippet(after="icPatronChat.on('ready', () => { window.stands = true })"))))
    page.set_viewport_size({"width": 400, "height": 700})
    page.wait_for_function("window.stands")
    expect(page.locator(BUTTON)).to_be_hidden()
    page.set_viewport_size({"width": 900, "height": 700})
    expect(page.locator(BUTTON)).to_be_visible()
    page.set_viewport_size({"width": 400, "height": 700})
    expect(page.locator(BUTTON)).to_be_hidden()
    page.evaluate("icPatronChat.open()")
    opened(page)
    assert page.evaluate(BOX, CHAT) == [0, 0, 400, 700]
    chat(page).locator("[name=name]").fill("Mika")
    chat(page).locator("[data-start] [type=submit]").click()
    state(chat(page), "waiting")
    chat(page).locator("[data-minimise]").click()
    expect(page.locator(BUTTON)).to_be_visible()  # the way back to a chat that runs


def test_who_magnifies_the_page_keeps_the_button_in_the_corner_of_what_is_seen(new_page, site):
    tall = '<div style="height:3000px">tall</div>'
    page = new_page(site.put("/", html(tall + snippet())), **PHONE)
    expect(launcher(page)).to_be_visible()
    page.context.new_cdp_session(page).send("Emulation.setPageScaleFactor", {"pageScaleFactor": 2})
    page.wait_for_function("visualViewport.scale === 2")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    seen = page.evaluate(
        "[visualViewport.offsetLeft + visualViewport.width, visualViewport.offsetTop + visualViewport.height]"
    )
    x, y, width, height = page.evaluate(BOX, BUTTON)
    assert (width, height) == (36, 36)
    assert [x + width, y + height] == pytest.approx([seen[0] - 6, seen[1] - 6], abs=1)


KEYBOARD = """(height) => {
  for (const [name, value] of [["height", height], ["offsetTop", 30]])
    Object.defineProperty(visualViewport, name, {configurable: true, get: () => value});
  visualViewport.dispatchEvent(new Event("resize"));
}"""


def test_a_phone_s_keyboard_covers_neither_button_nor_window(new_page, site):
    page = new_page(site.put("/", html(snippet())), **PHONE)
    expect(launcher(page)).to_be_visible()
    page.evaluate(KEYBOARD, 420)
    x, y, width, height = page.evaluate(BOX, BUTTON)
    assert (x + width, y + height) == (390 - 12, 30 + 420 - 12)
    page.evaluate("icPatronChat.open()")
    opened(page)
    assert page.evaluate(BOX, CHAT) == [0, 30, 390, 420]
    page.evaluate(KEYBOARD, 770)
    assert page.evaluate(BOX, CHAT) == [0, 30, 390, 770]


def test_a_script_of_the_page_that_is_removed_takes_nothing_along(new_page, site):
    page = new_page(site.put("/", html(SCRIPT + f"<script id='call'>{init()}</script>")))
    expect(launcher(page)).to_be_visible()
    page.evaluate("document.querySelectorAll('script').forEach((script) => script.remove())")
    launcher(page).click()
    opened(page)
