"""The loader on pages of somebody else: nothing before the click, every way of putting the snippet there, no harm."""

import json

import pytest
from playwright.sync_api import expect

from tests.browsing import axe
from tests.journeys.host_site import CLASSIC_POC, POC, Site, shop_for
from tests.services import until

pytestmark = pytest.mark.browser

SCRIPT = '<script src="{chat}/inContact/ChatClient/js/embed.min.js"></script>'
OPTIONS = "{serverHost: '{chat}', bus_no: 4600001, poc: '%s', params: %s}"
INIT = f"icPatronChat.init({OPTIONS % (POC, '[]')});"


@pytest.fixture(scope="module")
def server(start_server):
    """A server of this module's own."""
    return start_server()


@pytest.fixture
def site(server):
    """A site whose pages the test writes."""
    with Site(server.url) as serving:
        yield serving


@pytest.fixture
def shop(server):
    """The demo shop."""
    with shop_for(server.url) as serving:
        yield serving


def launcher(page):
    return page.frame_locator(".button-iframe-wrap iframe").locator("[data-launcher]")


def chat(page):
    return page.frame_locator(".chat-iframe-wrap iframe")


def opened(page):
    expect(page.locator(".chat-iframe-wrap")).to_be_visible()
    expect(chat(page).locator("#window")).to_have_attribute("data-state", "start")


def html(body: str, head: str = "") -> str:
    top = f'<!doctype html><html lang="en"><head><title>Site</title>{head}</head>'
    return f"{top}<body><main><h1>Site</h1></main>{body}</body></html>"


def params(text: str) -> str:
    return f"<script>icPatronChat.init({OPTIONS % (POC, text)});</script>"


def stored(page) -> list:
    script = "[document.cookie, localStorage.length, sessionStorage.length]"
    return [frame.evaluate(script) for frame in page.frames]


def test_nothing_is_stored_set_or_opened_before_the_click(new_page, shop):
    page = new_page()
    sockets, requests = [], []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.on("request", lambda request: requests.append(request.method))
    page.goto(shop.url)
    expect(launcher(page)).to_be_visible()
    assert stored(page) == [["", 0, 0]] * 2
    assert page.context.cookies() == []
    assert sockets == []
    assert set(requests) == {"GET"}
    assert axe(page) == []


def test_the_button_stands_in_the_corner_of_the_profile_whatever_the_scroll(new_page, site):
    tall = '<script>document.body.style.setProperty("height", "4000px")</script>'
    for poc, left in ((POC, False), (CLASSIC_POC, True)):
        init = f"<script>icPatronChat.init({OPTIONS % (poc, '[]')})</script>"
        page = new_page(site.put("/", html(tall + SCRIPT + init)), viewport={"width": 1000, "height": 700})
        page.mouse.wheel(0, 1500)
        expect(launcher(page)).to_be_visible()
        box = launcher(page).bounding_box()
        assert box["y"] + box["height"] == 680
        assert (box["x"], box["x"] + box["width"])[0 if left else 1] == (20 if left else 980)


def test_focus_goes_in_on_opening_and_back_to_the_button_on_closing(new_page, shop):
    page = new_page(shop.url)
    launcher(page).press("Enter")
    opened(page)
    expect(chat(page).locator("[name=name]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".chat-iframe-wrap")).to_be_hidden()
    expect(launcher(page)).to_be_focused()


def test_the_button_s_words_show_only_in_a_frame_that_has_room_for_them(new_page, site):
    init = f"<script>icPatronChat.init({OPTIONS % (POC, '[]')})</script>"
    page = new_page(site.put("/", html(SCRIPT + init)), viewport={"width": 1000, "height": 700}, locale="fr")
    button = launcher(page)
    expect(button).to_be_visible()
    small = button.bounding_box()["width"]
    button.evaluate(
        """(button) => {
          window.cut = [];
          new ResizeObserver(() => {
            const { left, right } = button.getBoundingClientRect();
            if (left < 0 || right > innerWidth) window.cut.push([left, right, innerWidth]);
          }).observe(button);
        }"""
    )
    for _ in range(3):
        button.hover()
        expect(button).to_have_attribute("data-wide", "")
        assert button.bounding_box()["width"] > small + 40
        page.mouse.move(10, 10)
        expect(button).not_to_have_attribute("data-wide", "")
        assert button.bounding_box()["width"] == small
    assert button.evaluate("() => window.cut") == []


@pytest.mark.parametrize(
    "page_of",
    [
        pytest.param(lambda: html(f"<script>{INIT}</script>", SCRIPT), id="script in the head, init in the body"),
        pytest.param(lambda: html("", f"{SCRIPT}<script>{INIT}</script>"), id="both in the head"),
        pytest.param(lambda: html(f"<div>{SCRIPT}<script>{INIT}</script></div>"), id="both in a div"),
        pytest.param(lambda: html(f"{SCRIPT}{SCRIPT}<script>{INIT}{INIT}</script>"), id="script and init twice"),
        pytest.param(lambda: SCRIPT + f"<script>{INIT}</script>", id="quirks mode"),
        pytest.param(
            lambda: html(
                "<script>const s = document.createElement('script');"
                "s.src = '{chat}/inContact/ChatClient/js/embed.min.js';"
                f"s.onload = () => {{ {INIT} }}; document.head.append(s);</script>"
            ),
            id="injected",
        ),
    ],
)
def test_every_way_of_putting_the_snippet_there_gives_one_button(new_page, site, page_of):
    page = new_page(site.put("/", page_of()))
    launcher(page).click()
    opened(page)
    assert page.locator(".ie-div-position-customer-chat").count() == 1
    assert page.locator("iframe").count() == 2


def test_a_script_without_init_does_nothing(new_page, site):
    page = new_page(site.put("/", html(SCRIPT)))
    assert page.evaluate("Object.keys(icPatronChat)") == ["init", "setStateWindowToggle"]
    assert page.locator("iframe").count() == 0


def test_the_page_s_own_button_toggles_and_gets_the_focus_back(new_page, site):
    own = '<button id="own">Talk to us</button>'
    wire = "<script>own.addEventListener('click', () => icPatronChat.setStateWindowToggle())</script>"
    page = new_page(site.put("/", html(own + SCRIPT + f"<script>{INIT}</script>" + wire)))
    expect(launcher(page)).to_be_visible()
    page.locator("#own").press("Enter")
    opened(page)
    expect(chat(page).locator("[name=name]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#own")).to_be_focused()


def test_a_toggle_before_the_frame_is_ready_is_remembered(new_page, site):
    early = f"<script>icPatronChat.setStateWindowToggle();{INIT}</script>"
    page = new_page(site.put("/", html(SCRIPT + early)))
    opened(page)


def test_a_page_that_forbids_every_style_gets_a_styled_button(new_page, site):
    policy = "default-src 'none'; script-src 'unsafe-inline' {chat}; frame-src {chat}; style-src 'none'"
    page = new_page(site.put("/", html(SCRIPT + f"<script>{INIT}</script>"), policy))
    launcher(page).click()
    opened(page)
    assert page.locator(".chat-iframe-wrap").bounding_box()["width"] == 380


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("{serverHost: '{chat}', bus_no: 1, poc: '{poc}'}", "not_found"),
        ("{serverHost: '{chat}', bus_no: 'x', poc: '{poc}'}", "bus_no"),
        ("{serverHost: '{chat}', poc: 'nonsense'}", "poc"),
        ("{serverHost: '{chat}', poc: '00000000-0000-4000-8000-000000000000'}", "not_found"),
        ("{serverHost: ':', poc: '{poc}'}", "serverHost"),
        ("undefined", "serverHost"),
        ("null", "internal"),
    ],
)
def test_a_wrong_snippet_harms_nobody_and_warns_once(new_page, site, options, code):
    page = new_page(allow=["404"])
    warnings = []
    options = options.replace("{poc}", POC)
    page.on("console", lambda message: message.type == "warning" and warnings.append(message.text))
    page.goto(site.put("/", html(SCRIPT + f"<script>icPatronChat.init({options});window.after = true</script>")))
    until(lambda: page.evaluate("true") and warnings, 10, "the warning")
    assert warnings == [f"icPatronChat: {code}"]
    assert page.evaluate("window.after")
    expect(page.locator("iframe")).to_have_count(0)
    page.evaluate("icPatronChat.setStateWindowToggle()")
    assert warnings == [f"icPatronChat: {code}"]


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ("['Ada', 'Lovelace', 'ada@example.org', 555-555-5555]", ["Ada", "Lovelace", "ada@example.org", "-5555"]),
        ("[null, undefined, 'third']", ["", "", "third"]),
        ("[{name: 'FirstName', value: 'Ada'}, {name: 'Phone', value: 12}]", ["Ada", "12"]),
        ("'no array'", []),
        ("Array.from({length: 12}, (_, n) => n)", list("012345678")),
        ("['<b>\"x\"\\n😀 שלום']", ['<b>"x"\n😀 שלום']),
    ],
)
def test_params_reach_the_server_as_text_in_their_places(new_page, site, given, values):
    page = new_page()
    bodies = []
    page.on("request", lambda request: request.method == "POST" and bodies.append(json.loads(request.post_data)))
    page.goto(site.put("/", html(SCRIPT + params(given))))
    launcher(page).click()
    opened(page)
    chat(page).locator("[name=name]").fill("Ada")
    page.keyboard.press("Enter")
    expect(chat(page).locator("#window")).to_have_attribute("data-state", "waiting")
    assert [param["value"] for param in bodies[0]["params"]] == values
    assert bodies[0]["page_url"] == site.url + "/"
    assert "?" not in page.frames[-1].url.split("from=")[1]


def test_a_running_chat_is_found_again_on_the_next_page(new_page, shop):
    page = new_page(shop.url)
    launcher(page).click()
    opened(page)
    page.keyboard.type("Mika")
    page.keyboard.press("Enter")
    expect(page.locator("#chat-div-wrap")).to_be_visible()
    page.keyboard.type("Written on the first page")
    page.keyboard.press("Enter")
    expect(chat(page).locator(".message--own[data-state=sent]")).to_have_count(1)
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
    frame.evaluate("parent.postMessage({mark: 'icPatronChat', type: 'constructor'}, '*')")
    frame.evaluate("parent.postMessage('text', '*')")
    frame.evaluate("parent.postMessage({mark: 'other', type: 'click'}, '*')")
    expect(page.locator(".chat-iframe-wrap")).to_have_count(0)
    launcher(page).click()
    opened(page)
