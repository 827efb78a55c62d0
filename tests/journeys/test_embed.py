"""The loader's manners: nothing before the click, a button that keeps its corner, focus that is never lost."""

import pytest
from playwright.sync_api import expect

from tests.browsing import axe
from tests.journeys.embedding import BUTTON, CHAT, SCRIPT, chat, html, init, launcher, opened, snippet, write
from tests.journeys.host_site import CLASSIC_POC, POC, shop_for

pytestmark = pytest.mark.browser

SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach(({value}) => shifts.push(value)))
  .observe({type: "layout-shift", buffered: true});
"""
CUT = """(button) => {
  window.cut = [];
  new ResizeObserver(() => {
    const { left, right } = button.getBoundingClientRect();
    if (left < 0 || right > innerWidth) window.cut.push([left, right, innerWidth]);
  }).observe(button);
}"""
METHODS = ["init", "setStateWindowToggle", "open", "close", "end", "on", "setCustomer", "identify"]


@pytest.fixture
def shop(server):
    """The demo shop."""
    with shop_for(server.url) as serving:
        yield serving


def stored(page) -> list:
    script = "[document.cookie, localStorage.length, sessionStorage.length]"
    return [frame.evaluate(script) for frame in page.frames]


def test_nothing_is_stored_set_or_opened_before_the_click(new_page, shop):
    page = new_page()
    sockets, requests, said = [], [], []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.on("request", lambda request: requests.append(request))
    page.on("console", lambda message: said.append(message.text))
    page.goto(shop.url)
    expect(launcher(page)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert stored(page) == [["", 0, 0]] * 2
    assert page.context.cookies() == []
    assert sockets == said == []
    assert {request.method for request in requests} == {"GET"}
    assert axe(page) == []


def test_idle_it_costs_the_page_one_request_and_no_shift_of_its_layout(new_page, site):
    text = "<p>text</p>" * 50
    page = new_page()
    page.add_init_script(SHIFTS)
    requests = []
    page.on("request", lambda request: requests.append(request))
    page.goto(site.put("/", html(text + snippet() + text)))
    expect(launcher(page)).to_be_visible()
    page.wait_for_load_state("networkidle")
    main = page.main_frame
    own = [r.url for r in requests if r.frame == main and r.url not in (page.url, site.url + "/favicon.ico")]
    assert [url.partition("/inContact/ChatClient/")[2] for url in own] == ["js/embed.min.js"]
    framed = [r.url for r in requests if r.frame != main]
    assert [url for url in framed if "launcher.html" in url] == framed[:1]
    assert len(framed) == 1 + 2, framed  # a style sheet and a script, which the next page has already
    launcher(page).hover()
    expect(launcher(page)).to_have_attribute("data-wide", "")
    page.mouse.move(10, 10)
    expect(launcher(page)).not_to_have_attribute("data-wide", "")
    page.evaluate("icPatronChat.open()")
    opened(page)
    page.evaluate("icPatronChat.close()")
    expect(page.locator(CHAT)).to_be_hidden()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("shifts") == []


def test_the_layout_shift_of_a_page_is_seen_by_that_observer(new_page, site):
    page = new_page()
    page.add_init_script(SHIFTS)
    page.goto(site.put("/", html("<p>text</p>" * 50)))
    page.evaluate("document.body.prepend(Object.assign(document.createElement('h2'), {textContent: 'late'}))")
    page.wait_for_function("shifts.length > 0")


@pytest.mark.parametrize(("poc", "left"), [(POC, False), (CLASSIC_POC, True)])
def test_the_button_stands_in_the_corner_of_the_profile_whatever_the_scroll_and_size(new_page, site, poc, left):
    tall = '<script>document.body.style.setProperty("height", "4000px")</script>'
    page = new_page(site.put("/", html(tall + snippet(poc))), viewport={"width": 1000, "height": 700})
    for width, height in ((1000, 700), (700, 500), (1200, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.mouse.wheel(0, 300)
        expect(launcher(page)).to_be_visible()
        page.wait_for_function("(h) => innerHeight === h", arg=height)
        box = launcher(page).bounding_box()
        assert box["y"] + box["height"] == height - 20
        assert (box["x"], box["x"] + box["width"])[0 if left else 1] == (20 if left else width - 20)


def test_the_button_wears_the_colours_of_its_profile(new_page, site):
    page = new_page(site.put("/", html(snippet(CLASSIC_POC))))
    expect(launcher(page)).to_have_css("background-color", "rgb(59, 74, 90)")


def test_focus_goes_in_on_opening_and_back_to_the_button_on_closing(new_page, shop):
    page = new_page(shop.url)
    launcher(page).press("Enter")
    opened(page)
    expect(chat(page).locator("[name=name]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(CHAT)).to_be_hidden()
    expect(launcher(page)).to_be_focused()


def test_the_button_s_words_show_only_in_a_frame_that_has_room_for_them(new_page, site):
    page = new_page(site.put("/", html(snippet())), viewport={"width": 1000, "height": 700}, locale="fr")
    button = launcher(page)
    expect(button).to_be_visible()
    small = button.bounding_box()
    button.evaluate(CUT)
    for _ in range(3):
        button.hover()
        expect(button).to_have_attribute("data-wide", "")
        wide = button.bounding_box()
        assert wide["width"] > small["width"] + 40
        assert wide["x"] + wide["width"] == small["x"] + small["width"]
        page.mouse.move(10, 10)
        expect(button).not_to_have_attribute("data-wide", "")
        assert button.bounding_box() == small
    assert button.evaluate("() => window.cut") == []


def test_the_frames_have_names_in_the_reader_s_language(new_page, site):
    page = new_page(site.put("/", html(snippet())), locale="de")
    launcher(page).click()
    opened(page)
    titles = [page.locator(f"{part} iframe").get_attribute("title") for part in (BUTTON, CHAT)]
    assert titles[0] != "Chat button"
    assert all(titles)


def test_a_script_without_init_does_nothing(new_page, site):
    page = new_page(site.put("/", html(SCRIPT)))
    assert page.evaluate("Object.keys(icPatronChat)") == METHODS
    assert page.locator("iframe").count() == 0


def test_a_toggle_before_the_frame_is_ready_is_remembered(new_page, site):
    early = f"<script>icPatronChat.setStateWindowToggle();{init()}</script>"
    opened(new_page(site.put("/", html(SCRIPT + early))))


def test_a_running_chat_is_found_again_on_the_next_page(new_page, shop):
    page = new_page(shop.url)
    launcher(page).click()
    opened(page)
    page.keyboard.type("Mika")
    page.keyboard.press("Enter")
    expect(page.locator("#chat-div-wrap")).to_be_visible()
    write(chat(page), "Written on the first page")
    page.goto(shop.url + "/aube.html")
    expect(page.locator("#chat-div-wrap")).to_be_visible()
    expect(chat(page).get_by_text("Written on the first page")).to_be_visible()
    chat(page).locator("[data-draft]").press("Escape")
    expect(page.locator("#chat-div-wrap")).to_be_hidden()
    page.goto(shop.url + "/delivery.html")
    expect(page.locator("#chat-div-wrap")).to_be_attached()
    expect(page.locator("#chat-div-wrap")).to_be_hidden()


def test_messages_of_other_windows_and_origins_are_ignored(new_page, shop):
    page = new_page(shop.url)
    expect(launcher(page)).to_be_visible()
    page.evaluate("postMessage({mark: 'icPatronChat', type: 'click'}, '*')")
    frame = page.frames[1]
    for message in ("{mark: 'icPatronChat', type: 'constructor'}", "'text'", "null", "{mark: 'other', type: 'click'}"):
        frame.evaluate(f"parent.postMessage({message}, '*')")
    expect(page.locator(CHAT)).to_have_count(0)
    launcher(page).click()
    opened(page)
