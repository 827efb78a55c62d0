"""The customer's window in Chromium, state by state, in both widgets: what is shown, spoken, focused and kept."""

import pytest
from playwright.sync_api import expect

from tests.browsing import axe
from tests.journeys.host_site import POC
from tests.journeys.windows import END_NOW, Window, answered

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("options", [{"locale": "en"}, {"locale": "ar", "color_scheme": "dark"}], ids=["en", "ar dark"])
def test_a_chat_from_the_form_to_the_receipt_with_nothing_to_object_to_in_any_state(
    new_page, server, agent, poc, options
):
    agent.become("Unavailable")
    window = Window(new_page(viewport={"width": 380, "height": 640}, **options), server, poc)
    page = window.page
    if poc == POC:  # in the classic window nothing need be told
        page.locator("[data-start] [type=submit]").click()
        expect(page.locator("[name=name]")).to_be_focused()
        expect(page.locator("[name=name]")).to_have_attribute("aria-invalid", "true")
        window.clean("form with an error")
    window.start()
    expect(page.locator("[data-draft]")).to_be_focused()
    expect(page.locator("[data-ahead]")).not_to_be_empty()
    window.clean("waiting")
    window.write("Written while waiting")
    window.sent(1)
    agent.become("Available")
    answered(window, agent)
    expect(page.locator("[data-status]")).not_to_be_empty()
    assert agent.write(window.contact, "Good morning")["t"] == "ack"
    expect(page.locator(".message--agent .bubble")).to_have_text("Good morning")
    window.clean("active")
    page.locator("[data-end-ask]").click()
    window.clean("the question before the end")
    page.keyboard.press("Escape")
    window.be("active")
    window.leave()
    expect(page.locator("[data-ended-title]")).to_be_focused()
    window.clean("ended")


def test_both_sides_see_the_other_typing_and_every_line_once(new_page, server, agent, poc):
    window = Window(new_page(), server, poc)
    window.start()
    answered(window, agent)
    page = window.page
    agent.live.say({"t": "typing", "contact": window.contact, "on": True})
    expect(page.locator("[data-typing]")).to_be_visible()
    expect(page.locator("[data-status]")).to_contain_text("is typing")
    page.locator("[data-draft]").press_sequentially("I am")
    assert agent.live.wait_for(lambda frame: frame["t"] == "typing")["on"] is True
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("here")
    page.keyboard.press("Enter")
    window.sent(1)
    expect(page.locator(".message--own .bubble")).to_have_text("I am\nhere")
    assert agent.write(window.contact, "And I am, too")["t"] == "ack"
    expect(page.locator(".message--agent")).to_have_count(1)
    expect(page.locator("[data-typing]")).to_be_hidden()
    assert [line["text"] for line in agent.live.lines() if line["by"] == "customer"] == ["I am\nhere"]
    window.leave()


def test_a_chat_and_its_draft_survive_a_reload(new_page, server, agent, poc):
    window = Window(new_page(), server, poc)
    window.start()
    answered(window, agent)
    window.write("First")
    window.sent(1)
    window.page.locator("[data-draft]").fill("Not sent yet")
    window.page.reload()
    window.be("active")
    window.sent(1)
    expect(window.page.locator("[data-draft]")).to_have_value("Not sent yet")
    window.leave()


def test_the_customer_goes_on_writing_while_the_link_is_gone(new_page, server, agent, poc):
    window = Window(new_page(allow=["ERR_INTERNET_DISCONNECTED"]), server, poc)
    window.start()
    answered(window, agent)
    window.page.context.set_offline(True)
    expect(window.page.locator("[data-banner]")).to_be_visible()
    window.write("Into the dark")
    expect(window.page.locator(".message--own[data-state=sending]")).to_have_count(1)
    window.clean("reconnecting")
    window.page.context.set_offline(False)
    window.sent(1)
    expect(window.page.locator("[data-banner]")).to_be_hidden()
    expect(window.page.locator(".message--own")).to_have_count(1)
    window.leave()


def test_the_receipt_says_who_ended_and_gives_the_whole_text(new_page, server, agent, poc):
    window = Window(new_page(), server, poc)
    window.start()
    answered(window, agent)
    window.write("<b>Keep this</b>")
    window.sent(1)
    agent.post(f"/agent/contacts/{window.contact}/ending")
    window.be("ended")
    page = window.page
    told = page.locator("[data-ended-title]").inner_text()
    assert told.endswith(" ended the chat")
    expect(page.locator("[data-kind=ended] .message-text")).to_have_text(f"{told}.")
    with page.expect_popup() as popup:
        page.locator("[data-transcript] [value=html]").click()
    expect(popup.value.locator("li")).to_contain_text(["<b>Keep this</b>"])
    assert axe(popup.value) == []
    with page.expect_download() as download:
        page.locator("[data-transcript] [value=text]").click()
    assert ": \u2068<b>Keep this</b>\u2069\n" in download.value.path().read_text("utf-8")
    page.reload()
    window.be("ended")
    page.locator("[data-new-chat]").click()
    window.be("start")
    page.reload()
    window.be("start")


def test_a_start_that_is_refused_explains_itself_and_keeps_what_was_typed(new_page, server):
    window = Window(new_page(allow=["422", "503"]), server)
    answer = {"error": {"code": "invalid", "field": "name", "message": "Another name, please."}}
    window.page.route("**/contacts", lambda route: route.fulfill(status=422, json=answer), times=1)
    window.page.locator("[name=name]").fill("Mika")
    window.page.keyboard.press("Enter")
    expect(window.page.locator("[data-field=name] [data-error]")).to_have_text("Another name, please.")
    expect(window.page.locator("[name=name]")).to_have_value("Mika")
    window.page.route("**/contacts", lambda route: route.fulfill(status=503, body="away"), times=1)
    window.page.keyboard.press("Enter")
    expect(window.page.locator("[data-start-error]")).to_be_visible()
    window.clean("start failed")
    window.page.keyboard.press("Enter")
    window.be("waiting")
    window.leave()


def test_a_chat_that_cannot_be_reached_offers_one_way_on(new_page, server):
    window = Window(new_page(allow=["503"]), server)
    window.start()
    window.page.route("**/chat/contact", lambda route: route.fulfill(status=503, body="away"), times=1)
    window.page.reload()
    window.be("error")
    window.clean("error")
    window.page.locator("[data-reload]").click()
    window.be("waiting")
    window.leave()


def test_a_token_that_leads_nowhere_gives_a_new_form(new_page, server):
    window = Window(new_page(allow=["401"]), server)
    window.page.evaluate(f"localStorage.setItem('clavardage:{POC}', JSON.stringify({{token: 'x'.repeat(22)}}))")
    window.page.reload()
    window.be("start")
    assert window.page.evaluate(f"localStorage.getItem('clavardage:{POC}')") is None


def test_words_of_a_chat_that_is_lost_are_seen_and_stand_in_the_next_one(new_page, server, poc):
    window = Window(new_page(allow=["401"]), server, poc)
    window.start()
    page = window.page
    page.locator("[data-draft]").fill("Half a sentence")
    token = page.locator("[data-token]").input_value()
    lost = f"{{token: 'x'.repeat(22), contact: {window.contact}}}"
    page.evaluate(f"localStorage.setItem('clavardage:{poc}', JSON.stringify({lost}))")
    page.reload()
    window.be("start")
    page.evaluate(END_NOW, token)  # nobody is to be offered it
    expect(page.locator("[data-carried]")).to_contain_text("Half a sentence")
    window.clean("words of a lost chat")
    page.reload()
    window.be("start")
    expect(page.locator("[data-carried]")).to_contain_text("Half a sentence")
    page.locator("[data-start] [name=name]").fill("Mika")
    page.locator("[data-start] [type=submit]").click()
    window.be("waiting")
    expect(page.locator("[data-draft]")).to_have_value("Half a sentence")
    expect(page.locator("[data-carried]")).to_be_hidden()
    window.leave()
    page.reload()
    window.be("ended")
    page.locator("[data-new-chat]").click()
    window.be("start")
    expect(page.locator("[data-carried]")).to_be_hidden()


def test_half_a_sign_and_nul_do_not_hold_back_the_rest_of_a_line(new_page, server, poc):
    window = Window(new_page(), server, poc)
    window.start()
    window.page.locator("[data-draft]").evaluate("(field) => (field.value = 'a\\ud83d b\\u0000c')")
    window.page.locator("[data-draft]").press("Enter")
    window.sent(1)
    expect(window.page.locator(".message--own .bubble")).to_have_text("a\ufffd bc")
    window.leave()


def test_a_browser_without_storage_chats_all_the_same(new_page, server):
    page = new_page()
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name,"
        "{get() { throw new DOMException('no', 'SecurityError') }})"
    )
    window = Window(page, server)
    window.start()
    window.write("Without storage")
    window.sent(1)
    window.leave()


@pytest.mark.parametrize("options", [{}, {"forced_colors": "active"}, {"reduced_motion": "reduce"}])
def test_nothing_is_cut_off_at_320_px_with_huge_text(new_page, server, poc, options):
    page = new_page(viewport={"width": 320, "height": 568}, **options)
    window = Window(page, server, poc)
    for _ in ("huge", "small", "regular", "huge"):
        page.locator("[data-text-size]").click()
    assert page.evaluate("document.documentElement.dataset.text") == "huge"
    window.clean("form")
    window.start()
    window.write("W" * 60)
    window.sent(1)
    window.clean("waiting")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    small = [
        box
        for target in page.locator("button:visible, textarea:visible").all()
        if (box := target.bounding_box()) and (box["width"] < 44 or box["height"] < 40 or box["x"] < 0)
    ]
    assert small == []
    window.leave()


def test_choices_are_kept_for_the_next_visit(new_page, server):
    window = Window(new_page(), server)
    window.page.locator("[data-contrast]").click()
    window.page.locator("[data-sound]").click()
    expect(window.page.locator("[data-sound]")).to_have_attribute("aria-label", "Sound off")
    window.clean("high contrast")
    window.page.reload()
    window.be("start")
    assert window.page.evaluate("document.documentElement.dataset.contrast") == "more"
    expect(window.page.locator("[data-sound]")).to_have_attribute("aria-label", "Sound off")


@pytest.mark.parametrize("locale", ["en", "ar", "ja"])
def test_the_header_keeps_its_height_from_the_form_to_the_receipt_at_320_px(new_page, server, agent, poc, locale):
    page = new_page(viewport={"width": 320, "height": 568}, locale=locale)
    window = Window(page, server, poc)
    if locale == "ja":
        page.locator("[data-text-size]").click()  # huge
    bar, heights = page.locator(".window-bar"), []
    heights.append(bar.bounding_box()["height"])
    window.start()
    heights.append(bar.bounding_box()["height"])
    answered(window, agent)
    heights.append(bar.bounding_box()["height"])
    if locale == "en":
        expect(page.get_by_role("button", name="End chat")).to_be_visible()
    window.leave()
    heights.append(bar.bounding_box()["height"])
    assert set(heights) == {heights[0]}
    assert page.locator("[data-title]").evaluate("title => title.getClientRects().length") == 1
    if locale == "en":
        expect(page.locator("[data-kind=ended] .message-text")).to_have_text("You ended the chat.")


def test_without_scripts_the_form_stands_there_and_nothing_dead(new_page, server, poc):
    page = new_page(java_script_enabled=False)
    page.goto(f"{server.url}/inContact/ChatClient/ChatClient.aspx?poc={poc}")
    expect(page.locator("[data-view=start]")).to_be_visible()
    expect(page.locator("button:visible")).to_have_count(2)
    expect(page.locator("button:visible")).to_have_text(["Start chat", "Change language"])
