"""What a page may call and hear beyond the classic two functions; two points of contact on one page."""

import base64
import hashlib
import hmac
import json
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.embedding import (
    BUTTON,
    CHAT,
    SCRIPT,
    WRAPPER,
    Books,
    answered,
    chat,
    heard,
    html,
    init,
    launcher,
    listen,
    opened,
    snippet,
    started,
    state,
    write,
)
from tests.journeys.host_site import CLASSIC_POC, POC
from tests.services import until

pytestmark = pytest.mark.browser

ALL = ("ready", "open", "close", "started", "joined", "message", "ended", "unread")


def loud(page, name: str, count: int = 1) -> list:
    """Waits until the event was told that often; its details."""
    page.wait_for_function("([name, count]) => heard.filter(([n]) => n === name).length >= count", arg=[name, count])
    found = heard(page, name)
    assert len(found) == count
    return found


@pytest.mark.parametrize("poc", [POC, CLASSIC_POC], ids=["V2", "V1"])
def test_every_event_is_told_and_never_a_word_of_the_chat(new_page, site, server, poc):
    page = new_page(site.put("/", html(SCRIPT + f"<script>{listen(*ALL)}{init(poc)}</script>")))
    loud(page, "ready")
    window = started(page)
    assert heard(page, "open") == [{}]
    (begun,) = loud(page, "started")
    contact = begun["contact"]
    agent = answered(server, contact, poc)
    loud(page, "joined")
    write(window, "the customer's secret")
    assert loud(page, "message") == [{"contact": contact, "by": "customer"}]
    window.locator("[data-minimise]").click()
    loud(page, "close")
    agent.subscribe(contact)
    agent.write(contact, "the agent's secret")
    assert loud(page, "message", 2)[1] == {"contact": contact, "by": "agent"}
    assert loud(page, "unread")[-1] == {"count": 1}
    expect(page.frame_locator(f"{BUTTON} iframe").locator("[data-count]")).to_have_text("1")
    page.evaluate("icPatronChat.open()")
    page.wait_for_function("heard.some(([name, {count}]) => name === 'unread' && count === 0)")
    agent.post(f"/agent/contacts/{contact}/ending")
    assert loud(page, "ended") == [{"contact": contact, "by": "agent"}]
    assert "secret" not in json.dumps(page.evaluate("heard"))
    agent.live.close()


def test_open_and_close_say_what_they_do_and_twice_is_once(new_page, site):
    calls = listen("open", "close") + "icPatronChat.open(); icPatronChat.open();"
    page = new_page(site.put("/", html(snippet(after=calls))))
    opened(page)
    page.evaluate("icPatronChat.open(); icPatronChat.close(); icPatronChat.close()")
    expect(page.locator(CHAT)).to_be_hidden()
    page.evaluate("icPatronChat.setStateWindowToggle()")
    expect(page.locator(CHAT)).to_be_visible()
    assert [name for name, _ in page.evaluate("heard")] == ["open", "close", "open"]


def test_a_listener_that_throws_harms_nobody(new_page, site):
    bad = "icPatronChat.on('ready', () => { throw new Error('the page is broken') });"
    page = new_page(site.put("/", html(snippet(after=bad + listen("ready")))))
    loud(page, "ready")
    launcher(page).click()
    opened(page)


def test_a_listener_can_be_taken_back_and_one_that_comes_late_hears_of_ready(new_page, site):
    page = new_page(site.put("/", html(snippet(after=listen("ready", "open")))))
    loud(page, "ready")
    page.evaluate("icPatronChat.on('ready', () => { window.late = true })")
    page.wait_for_function("window.late")
    assert len(heard(page, "ready")) == 1
    page.evaluate("window.off = icPatronChat.on('close', () => heard.push(['close', {}])); off(); off()")
    page.evaluate("icPatronChat.on('open'); icPatronChat.on('open', 'no function'); icPatronChat.on()")
    page.evaluate("icPatronChat.open(); icPatronChat.close()")
    expect(page.locator(CHAT)).to_be_hidden()
    assert [name for name, _ in page.evaluate("heard")] == ["ready", "open"]


def test_end_ends_a_chat_that_runs_and_nothing_else(new_page, site, server):
    page = new_page(site.put("/", html(snippet(CLASSIC_POC, "icPatronChat.end();" + listen("ended")))))
    window = started(page)  # what was asked before there was a chat does not end a later one
    write(window, "Still here")
    page.evaluate("icPatronChat.end()")
    expect(window.locator("#window[data-state=ending], #window[data-state=ended]")).to_have_count(1)
    books = Books(server)
    query = "SELECT ending_at, ended_at FROM contact ORDER BY id DESC LIMIT 1"
    until(lambda: any(books.ask(query)[0]), 10, "the end at the server")


def test_end_right_after_init_reaches_a_chat_of_the_page_before(new_page, site, server):
    page = new_page(site.put("/", html(snippet(CLASSIC_POC))))
    started(page)
    page.goto(site.put("/bye", html(snippet(CLASSIC_POC, "icPatronChat.end()"))))
    books = Books(server)
    query = "SELECT ending_at, ended_at FROM contact ORDER BY id DESC LIMIT 1"
    until(lambda: page.evaluate("1") and any(books.ask(query)[0]), 10, "the end at the server")


DETAILS = "{name: 'Zoé Martin', email: 'zoe@shop.example', phone: 12345, fields: {order_no: 'A-17'}}"


@pytest.mark.parametrize("moment", ["before init", "before the window", "in the window"])
def test_details_that_the_page_knows_stand_in_the_form(new_page, site, moment):
    known = f"icPatronChat.setCustomer({DETAILS});"
    before, after = (known, "") if moment == "before init" else ("", known if moment == "before the window" else "")
    page = new_page(site.put("/", html(SCRIPT + f"<script>{before}{init(CLASSIC_POC)}{after}</script>")))
    launcher(page).click()
    opened(page)
    if moment == "in the window":
        page.evaluate(known)
    expect(chat(page).locator("[name=name]")).to_have_value("Zoé Martin")


def test_unread_lines_stand_before_the_title_of_the_page(new_page, site, server):
    page = new_page(site.put("/", html(snippet(CLASSIC_POC))))
    window = started(page)
    contact = int(window.locator("[data-log]").get_attribute("data-contact"))
    agent = answered(server, contact, CLASSIC_POC)
    agent.subscribe(contact)
    state(window, "active")
    window.locator("[data-minimise]").click()
    agent.write(contact, "One")
    expect(page).to_have_title("(1) Site")
    page.evaluate("document.title = 'Another page'")
    agent.write(contact, "Two")
    expect(page).to_have_title("(2) Another page")
    launcher(page).click()
    expect(page).to_have_title("Another page")


def signed(secret: str, **claims) -> str:
    body = {"sub": "customer-7", "exp": int(time.time()) + 300, "nonce": "n" * 16 + str(time.time_ns()), **claims}
    payload = base64.urlsafe_b64encode(json.dumps(body).encode()).rstrip(b"=")
    return payload.decode() + "." + hmac.new(secret.encode(), payload, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("moment", ["at once", "in the window"])
@pytest.mark.parametrize(("secret", "verified"), [("the site's secret", "customer-7"), ("another", None)])
def test_a_signed_identity_is_believed_when_the_signature_fits(new_page, site, server, moment, secret, verified):
    books = Books(server)
    books.change("UPDATE point_of_contact SET identity_secret = ? WHERE guid = ?", "the site's secret", CLASSIC_POC)
    call = f"icPatronChat.identify('{signed(secret)}')"
    page = new_page(site.put("/", html(snippet(CLASSIC_POC, call if moment == "at once" else ""))))
    launcher(page).click()
    opened(page)
    if moment == "in the window":
        page.evaluate(call)
    chat(page).locator("[name=name]").fill("Mika")
    chat(page).locator("[data-start] [type=submit]").click()
    state(chat(page), "waiting")
    assert books.ask("SELECT verified_id FROM contact ORDER BY id DESC LIMIT 1") == [(verified,)]


def two(after: str = "", second: str = CLASSIC_POC) -> str:
    return html(SCRIPT + f"<script>{init()} window.second = {init(second)} {after}</script>")


def test_two_points_of_contact_stand_side_by_side_and_are_two_chats(new_page, site, server):
    page = new_page(site.put("/", two()), viewport={"width": 1100, "height": 800})
    expect(launcher(page, 0)).to_be_visible()
    expect(launcher(page, 1)).to_be_visible()
    started(page, "First", 0)
    started(page, "Second", 1)
    expect(page.locator(CHAT).nth(0)).to_be_hidden()  # one window at a time
    assert page.locator("#chat-div-wrap").count() == 1
    rows = Books(server).ask("SELECT customer_name, point_of_contact_id FROM contact ORDER BY id DESC LIMIT 2")
    assert {name for name, _ in rows} == {"First", "Second"}
    assert len({poc for _, poc in rows}) == 2
    page.reload()
    state(chat(page, 0), "waiting")
    state(chat(page, 1), "waiting")


def test_both_go_out_into_windows_of_their_own_and_come_back(new_page, site, server):
    page = new_page(site.put("/", two()), viewport={"width": 1100, "height": 800})
    outs = []
    for number, draft in enumerate(("first", "second")):
        window = started(page, number=number)
        window.locator("[data-draft]").fill(draft)
        with page.expect_popup() as opening:
            window.locator("[data-popout]").click()
        outs.append(opening.value)
        state(window, "elsewhere")
        window.locator("[data-minimise]").click()
    for out, draft in zip(outs, ("first", "second"), strict=True):
        expect(out.locator("[data-draft]")).to_have_value(draft)
    for number, draft in enumerate(("first", "second")):
        outs[number].close()
        launcher(page, number).click()
        state(chat(page, number), "waiting")
        expect(chat(page, number).locator("[data-draft]")).to_have_value(draft)
        chat(page, number).locator("[data-minimise]").click()


def test_what_is_unread_in_both_windows_stands_as_one_sum_before_the_title(new_page, site, server):
    page = new_page(site.put("/", two()), viewport={"width": 1100, "height": 800})
    agents = []
    for number, poc in enumerate((POC, CLASSIC_POC)):
        window = started(page, "Mika", number)
        contact = int(window.locator("[data-log]").get_attribute("data-contact"))
        agents.append((answered(server, contact, poc), contact))
        agents[-1][0].subscribe(contact)
        state(window, "active")
    page.evaluate("second.close()")
    expect(page.locator(CHAT).nth(1)).to_be_hidden()
    (ana, first), (ben, second) = agents
    ana.write(first, "One")
    expect(page).to_have_title("(1) Site")
    ben.write(second, "Two")
    expect(page).to_have_title("(2) Site")
    ben.write(second, "Three")
    expect(page).to_have_title("(3) Site")
    page.evaluate("second.open()")
    expect(page).to_have_title("(1) Site")
    page.locator(WRAPPER).nth(0).evaluate("(wrapper) => wrapper.remove()")  # its unread lines go with it
    expect(page).to_have_title("Site")
    for agent, contact in agents:
        agent.post(f"/agent/contacts/{contact}/ending")
        agent.live.close()


def test_in_one_corner_the_second_button_stands_over_the_first(new_page, site, server):
    books = Books(server)
    books.change("UPDATE chat_profile SET button_position = 'BottomRight'")
    try:
        page = new_page(site.put("/", two()), viewport={"width": 1000, "height": 700})
        expect(launcher(page, 0)).to_be_visible()
        expect(launcher(page, 1)).to_be_visible()
        places = {round(launcher(page, n).bounding_box()["y"]) for n in (0, 1)}
        assert places == {624, 624 - 68}
        launcher(page, 0).click()
        opened(page)
        expect(page.locator(BUTTON).nth(1)).to_be_hidden()  # it would lie on the window
        page.evaluate("icPatronChat.setStateWindowToggle()")  # acts on the first
        expect(page.locator(BUTTON).nth(1)).to_be_visible()
        page.evaluate("second.open()")
        expect(page.locator(CHAT).nth(1)).to_be_visible()
        expect(page.locator(CHAT).nth(0)).to_be_hidden()
    finally:
        books.change("UPDATE chat_profile SET button_position = 'BottomLeft' WHERE interface = 1")


def test_a_second_point_of_contact_that_is_refused_takes_nothing_from_the_first(new_page, site):
    unknown = "00000000-0000-4000-8000-000000000000"
    page = new_page(site.put("/", two(second=unknown)))
    expect(page.locator(BUTTON)).to_have_count(1)
    launcher(page).click()
    opened(page)
