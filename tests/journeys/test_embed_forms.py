"""Every form in which pages put the chat on themselves, every value of its options (the case's number is the id)."""

import pytest
from playwright.sync_api import expect

from app.customer.loader import loader_text
from tests.house import ROOT
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
    options,
    snippet,
    started,
    state,
)
from tests.journeys.host_site import CLASSIC_POC, POC
from tests.services import until

pytestmark = pytest.mark.browser

INJECTED = (
    "<script>const s = document.createElement('script'); s.id = 'ours'; s.onload = () => {then};"
    "s.src = '{chat}/inContact/ChatClient/js/embed.min.js'; document.head.append(s);</script>"
)
SPACED = """<script type = "text/javascript" src = '{chat}/inContact/ChatClient/js/embed.min.js' ></script>"""
LEFT_OVERS = "[document.querySelectorAll('iframe').length, document.adoptedStyleSheets.length, sessionStorage.length]"


def call(poc: str) -> str:
    return f"<script>{init(poc)}</script>"


FORMS = {
    "E1 script and init in the body": lambda poc: html(SCRIPT + call(poc) + "<p>more</p>" * 2000),
    "E2 spaces and single quotes": lambda poc: html(SPACED + call(poc)),
    "E3 script in the head, init in the body": lambda poc: html(call(poc), SCRIPT),
    "E3 both in the head": lambda poc: html("", SCRIPT + call(poc)),
    "E4 at the end, in a div": lambda poc: html(f'<div class="foot">{SCRIPT}{call(poc)}</div>'),
    "E5 own globals, old meta": lambda poc: html(
        f"<script>var $ = 7, open = 1, chat = 2, widgets = 3, main = 4, view = 5;</script>{SCRIPT}{call(poc)}",
        '<meta http-equiv="X-UA-Compatible" content="IE=edge">',
    ),
    "E8 injected": lambda poc: html(INJECTED.replace("{then}", f"{{ {init(poc)} }}")),
    "E12 quirks mode": lambda poc: SCRIPT + call(poc),
    "script and init twice": lambda poc: html(SCRIPT * 2 + call(poc) * 2),
    "script with crossorigin": lambda poc: html(SCRIPT.replace("></", " crossorigin></") + call(poc)),
}


@pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_way_of_putting_the_snippet_there_gives_one_button(new_page, site, form, poc):
    page = new_page(site.put("/", form(poc)), viewport={"width": 1000, "height": 700})
    expect(launcher(page)).to_be_visible()
    box = launcher(page).bounding_box()
    assert box["y"] + box["height"] == 680
    launcher(page).click()
    opened(page)
    assert page.locator(WRAPPER).count() == 1
    assert page.locator("iframe").count() == 2


def test_e5_nothing_of_the_page_is_changed(new_page, site):
    page = new_page(site.put("/", FORMS["E5 own globals, old meta"](POC)))
    expect(launcher(page)).to_be_visible()
    assert page.evaluate("[$, open, chat, widgets, main, view]") == [7, 1, 2, 3, 4, 5]
    own = page.evaluate("Object.getOwnPropertyNames(window).filter((name) => /icPatron|clavardage/i.test(name))")
    assert own == ["icPatronChat"]


def test_e6_a_snippet_in_a_comment_does_nothing_and_the_link_works(new_page, site, server):
    link = f'<a href="{server.url}/inContact/ChatClient/ChatClient.aspx?poc={CLASSIC_POC}">Chat</a>'
    page = new_page(site.put("/", html(f"<!-- {snippet()} -->{link}")))
    assert page.evaluate("[typeof icPatronChat, document.querySelectorAll('iframe').length]") == ["undefined", 0]
    page.get_by_text("Chat", exact=True).click()
    state(page, "start")
    expect(page.locator("#window")).to_have_attribute("data-poc", CLASSIC_POC)


def test_e7_an_embed_and_a_link_with_another_poc_are_two_contacts(new_page, site, server):
    link = f'<a href="{server.url}/inContact/ChatClient/ChatClient.aspx?poc={CLASSIC_POC}" target="_blank">Other</a>'
    page = new_page(site.put("/", html(link + snippet())))
    started(page)
    with page.context.expect_page() as opening:
        page.get_by_text("Other").click()
    other = opening.value
    state(other, "start")
    other.locator("[name=name]").fill("Mika")
    other.locator("[data-start] [type=submit]").click()
    state(other, "waiting")
    rows = Books(server).ask("SELECT point_of_contact_id FROM contact WHERE state <> 'ENDED' ORDER BY id DESC LIMIT 2")
    assert len(set(rows)) == 2
    state(chat(page), "waiting")


def test_e8_a_script_that_is_taken_away_without_init_leaves_nothing(new_page, site):
    page = new_page(site.put("/", html(INJECTED.replace("{then}", "window.loaded = true"))))
    until(lambda: page.evaluate("window.loaded"), 10, "the script")
    page.evaluate("document.getElementById('ours').remove()")
    assert page.evaluate(LEFT_OVERS) == [0, 0, 0]
    assert page.evaluate("document.documentElement.children.length") == 2


def test_e8_what_a_component_takes_away_stays_away_until_it_calls_again(new_page, site):
    page = new_page(site.put("/", html(snippet())))
    expect(launcher(page)).to_be_visible()
    page.evaluate(f"document.querySelector('{WRAPPER}').remove()")
    page.evaluate("new Promise((done) => setTimeout(done))")
    expect(page.locator("iframe")).to_have_count(0)
    page.evaluate(init().replace("{chat}", site.chat))
    launcher(page).click()
    opened(page)
    assert page.locator("iframe").count() == 2


def test_e9_a_chat_is_found_again_beyond_a_page_without_the_snippet(new_page, site):
    page = new_page(site.put("/", html(snippet())))
    started(page)
    page.goto(site.put("/bare", html("")))
    expect(page.locator("iframe")).to_have_count(0)
    page.goto(site.url + "/")
    expect(page.locator("#chat-div-wrap")).to_be_visible()
    state(chat(page), "waiting")


@pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)
def test_e10_the_page_s_own_button_toggles_and_gets_the_focus_back(new_page, site, poc):
    own = '<button id="own">Talk to us</button>'
    wire = "own.addEventListener('click', () => icPatronChat.setStateWindowToggle())"
    page = new_page(site.put("/", html(own + snippet(poc, wire))))
    expect(launcher(page)).to_be_visible()
    page.locator("#own").press("Enter")
    opened(page)
    expect(chat(page).locator("[name=name]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#own")).to_be_focused()
    page.locator("#own").press("Enter")
    expect(page.locator(CHAT)).to_be_visible()
    page.evaluate("icPatronChat.setStateWindowToggle()")
    expect(page.locator(CHAT)).to_be_hidden()


def test_e11_a_z_index_that_the_page_writes_is_kept(new_page, site):
    cover = '<div id="cover" style="position:fixed;inset:0;z-index:2147483600;background:#fff">over all</div>'
    page = new_page(site.put("/", html(cover + snippet())))
    page.evaluate("icPatronChat.open()")
    opened(page)
    window = chat(page)
    window.locator("[name=name]").fill("Mika")
    window.locator("[name=name]").press("Enter")
    state(window, "waiting")
    page.evaluate("document.getElementById('chat-div-wrap').style.zIndex = 2147483647")
    page.set_viewport_size({"width": 900, "height": 650})
    assert page.evaluate("getComputedStyle(document.getElementById('chat-div-wrap')).zIndex") == "2147483647"
    window.locator("[data-minimise]").click()  # nothing lies over it
    expect(page.locator("#chat-div-wrap")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.getElementById('chat-div-wrap')).zIndex") == "2147483647"


HOSTS = {
    "O1 a full origin": "'{chat}'",
    "O2 put together": "['http:', '', location.hostname + ':' + '{chat}'.split(':')[2]].join('/')",
    "O3 capitals": "'{chat}'.toUpperCase()",
    "O4 a slash at the end": "'{chat}/'",
    "O4 a path and spaces": "' {chat}/inContact/ '",
}


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_every_form_of_the_host_is_made_right(new_page, site, host):
    page = new_page(site.put("/", html(SCRIPT + f"<script>icPatronChat.init({options(host=host)})</script>")))
    launcher(page).click()
    opened(page)


def test_o4_without_a_scheme_https_is_taken(new_page, site):
    page = new_page()
    asked = []
    page.route("https://chat.example/**", lambda route: (asked.append(route.request.url), route.fulfill(body="")))
    page.goto(site.put("/", html(SCRIPT + f"<script>{init(host=repr('chat.example'))}</script>")))
    until(lambda: page.evaluate("1") and asked, 10, "the request")
    assert asked[0].startswith("https://chat.example/inContact/ChatClient/launcher.html?")


def test_o4_on_a_page_with_https_the_frame_has_https(new_page):
    page = new_page()
    asked = []
    page.route("https://chat.example/**", lambda route: (asked.append(route.request.url), route.fulfill(body="")))
    page.route("https://shop.example/", lambda route: route.fulfill(body=html(""), content_type="text/html"))
    page.goto("https://shop.example/")
    page.evaluate(loader_text(ROOT / "app/static"))
    page.evaluate(init(host="'http://chat.example'"))
    until(lambda: page.evaluate("1") and asked, 10, "the request")
    assert asked[0].startswith("https://")


BUS = {"O5 a number": "4600001", "O6 digits": "'4600001'", "O7 missing": "undefined", "O7 empty": "''"}


@pytest.mark.parametrize("bus", BUS.values(), ids=BUS)
def test_every_form_of_the_bus_number_is_taken(new_page, site, bus):
    page = new_page(site.put("/", html(snippet(bus=bus))))
    launcher(page).click()
    opened(page)


def test_o9_comments_odd_spacing_and_unknown_options_do_not_matter(new_page, site):
    call = (
        "icPatronChat . init ( { /* ours */ 'serverHost' :'{chat}' , bus_no\n:4600001, // the number\n"
        f"poc :\"{POC.upper()}\" , params : [ ] , theme: 'dark', color: {{}} }} )"
    )
    page = new_page(site.put("/", html(SCRIPT + f"<script>{call}</script>")))
    launcher(page).click()
    opened(page)


WRONG = {
    "O4 no host": ("{serverHost: ':', poc: '%s'}", "serverHost"),
    "O4 a scheme that is none of ours": ("{serverHost: 'javascript://x', poc: '%s'}", "serverHost"),
    "O7 another number": ("{serverHost: '{chat}', bus_no: 1, poc: '%s'}", "not_found"),
    "O7 no number": ("{serverHost: '{chat}', bus_no: 'x', poc: '%s'}", "bus_no"),
    "O8 no GUID": ("{serverHost: '{chat}', poc: 'nonsense%s'}", "poc"),
    "O8 unknown": ("{serverHost: '{chat}', poc: '00000000-0000-4000-8000-000000000000'}", "not_found"),
    "no options": ("undefined", "serverHost"),
    "null": ("null", "internal"),
    "an option that throws": ("{get serverHost() { throw new Error('x') }}", "internal"),
}


@pytest.mark.parametrize(("given", "code"), WRONG.values(), ids=WRONG)
def test_a_wrong_snippet_harms_nobody_and_warns_once(new_page, site, given, code):
    page = new_page()
    warnings = []
    page.on("console", lambda message: warnings.append(message.text))
    given = given.replace("%s", POC)
    page.goto(site.put("/", html(SCRIPT + f"<script>icPatronChat.init({given}); window.after = true</script>")))
    until(lambda: page.evaluate("true") and warnings, 10, "the warning")
    assert warnings == [f"icPatronChat: {code}"]
    assert page.evaluate("window.after")
    expect(page.locator("iframe")).to_have_count(0)
    page.evaluate("icPatronChat.setStateWindowToggle(); icPatronChat.open(); icPatronChat.end()")
    assert warnings == [f"icPatronChat: {code}"]


@pytest.mark.parametrize(
    ("given", "values", "name"),
    [
        pytest.param(
            "['Ada', 'Lovelace', 'ada@example.org', '555-5555']",
            ["Ada", "Lovelace", "ada@example.org", "555-5555"],
            "Ada Lovelace",
            id="P1",
        ),
        pytest.param("['FirstName', 'Last name', '', '']", ["FirstName", "Last name", "", ""], "", id="P2"),
        pytest.param("['Ada', '', '', 555-555-5555]", ["Ada", "", "", "-5555"], "Ada", id="P3"),
        pytest.param(
            "[{name: 'FirstName', value: 'Ada'}, {name: 'LastName', value: 'King'}, {name: 'Phone', value: 12}]",
            ["Ada", "King", "12"],
            "Ada King",
            id="P4",
        ),
        pytest.param("['eyJ.x/y+z==']", ["eyJ.x/y+z=="], "eyJ.x/y+z==", id="P5"),
        pytest.param("['', '', '', navigator.language]", ["", "", "", "en-US"], "", id="P6"),
        pytest.param("[null, undefined, 'third']", ["", "", "third"], "", id="P7"),
        pytest.param("undefined", [], "", id="P8 missing"),
        pytest.param("[]", [], "", id="P8 empty"),
        pytest.param("'no array'", [], "", id="P8 no array"),
        pytest.param("Array.from({length: 12}, (_, n) => n)", list("012345678"), "0 1", id="P9"),
        pytest.param("['', '<b>\"x\"</b>\\n😀 שלום']", ["", '<b>"x"</b>\n😀 שלום'], None, id="P10"),
        pytest.param("['', {get value() { throw 1 }}, 'x']", ["", "", "x"], "", id="P10 a value that throws"),
        pytest.param("['', 'x'.repeat(1200)]", ["", "x" * 1000], "", id="P10 cut"),
    ],
)
def test_params_reach_the_script_in_their_places(new_page, site, server, given, values, name):
    page = new_page(site.put("/", html(snippet(CLASSIC_POC, params=given))), locale="en-US")
    launcher(page).click()
    opened(page)
    window = chat(page)
    if name is not None:
        expect(window.locator("[name=name]")).to_have_value(name)
    window.locator("[name=name]").fill("Mika")
    window.locator("[data-start] [type=submit]").click()
    state(window, "waiting")
    parameters = Books(server).parameters()
    assert [parameter["value"] for parameter in parameters] == values
    if "FirstName'" in given and "name:" in given:
        assert [parameter["name"] for parameter in parameters] == ["FirstName", "LastName", "Phone"]
    assert any(p.get("cut") for p in parameters) == ("repeat" in given)


def test_the_classes_of_the_contract_stand_on_the_page(new_page, site):
    page = new_page(site.put("/", html(snippet())))
    started(page)
    for selector in (WRAPPER, BUTTON, CHAT, "#chat-div-wrap"):
        assert page.locator(selector).count() == 1
    assert page.locator(f"{BUTTON} > iframe").count() == 1
    assert page.locator(f"{CHAT} > iframe").count() == 1
