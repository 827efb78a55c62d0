"""The customer chooses another language: the page comes again in it, and nothing that was written is lost."""

import pytest
from playwright.sync_api import expect

from app.customer.language import OWN_NAMES
from tests.browsing import axe
from tests.journeys.embedding import CHAT, Books, chat, html, launcher, opened, snippet
from tests.journeys.host_site import CLASSIC_POC, POC
from tests.journeys.windows import Window

pytestmark = pytest.mark.browser


def choose(page, language: str) -> None:
    page.locator("[data-language-open]").click()
    page.locator("[data-language]").select_option(language)


def in_language(page, language: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_every_language_stands_there_in_its_own_words(new_page, server, poc):
    window = Window(new_page(viewport={"width": 320, "height": 568}), server, poc)
    page = window.page
    page.locator("[data-text-size]").click()
    page.locator("[data-language-open]").click()
    expect(page.locator("[data-language]")).to_be_focused()
    options = page.locator("[data-language] option").all()
    assert [(option.get_attribute("value"), option.inner_text()) for option in options] == list(OWN_NAMES.items())
    assert {option.get_attribute("lang") for option in options} == {code.replace("_", "-") for code in OWN_NAMES}
    window.clean("language")
    page.keyboard.press("Escape")
    expect(page.locator("[data-language-dialog]")).to_be_hidden()
    expect(page.locator("[data-language-open]")).to_be_focused()


def test_the_form_comes_again_in_the_chosen_language_with_its_draft(new_page, server, poc):
    window = Window(new_page(locale="en"), server, poc)
    page = window.page
    page.locator("[data-start] [name=name]").fill("Mika")
    choose(page, "ar")
    in_language(page, "ar")
    window.be("start")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("[data-start] [name=name]")).to_have_value("Mika")
    expect(page.locator("[data-language]")).to_have_value("ar")
    assert axe(page) == []
    page.goto(f"{server.url}/inContact/ChatClient/ChatClient.aspx?poc={poc}&LANG=fr")
    in_language(page, "ar")
    window.be("start")


def test_during_a_chat_its_draft_stays_and_the_server_is_told(new_page, server):
    window = Window(new_page(locale="en"), server, CLASSIC_POC)
    window.start()
    window.write("Already said")
    window.sent(1)
    window.page.locator("[data-draft]").fill("Not sent yet")
    choose(window.page, "fr")
    in_language(window.page, "fr")
    window.be("waiting")
    window.sent(1)
    expect(window.page.locator("[data-draft]")).to_have_value("Not sent yet")
    told = Books(server).ask("SELECT language FROM chat_session WHERE contact_id = ?", window.contact)
    assert told == [("fr",)]
    window.leave()


def test_a_language_on_the_way_through_the_list_is_not_chosen(new_page, server):
    page = Window(new_page(locale="en"), server).page
    page.locator("[data-language-open]").click()
    page.keyboard.press("f")
    expect(page.locator("[data-language]")).not_to_have_value("en")
    in_language(page, "en")
    page.locator("[data-language-close]").click()
    expect(page.locator("[data-language]")).to_have_value("en")
    page.locator("[data-language-open]").click()
    page.keyboard.type("fr")
    expect(page.locator("[data-language]")).to_have_value("fr")
    page.keyboard.press("Enter")
    in_language(page, "fr")


def test_a_framed_window_stays_the_one_of_its_page(new_page, site):
    page = new_page(site.put("/", html(snippet(params="['Mika']"))), locale="en")
    launcher(page).click()
    opened(page)
    window = chat(page)
    before = page.locator(f"{CHAT} iframe").element_handle().content_frame().url
    window.locator("[data-language-open]").click()
    page.keyboard.press("Escape")
    expect(page.locator(CHAT)).to_be_visible()
    window.locator("[data-language-open]").click()
    window.locator("[data-language]").select_option("ja")
    expect(window.locator("html")).to_have_attribute("lang", "ja")
    opened(page)
    after = page.locator(f"{CHAT} iframe").element_handle().content_frame().url
    assert after == f"{before}&lang=ja"
    window.locator("[data-minimise]").click()
    expect(page.locator(CHAT)).to_be_hidden()


def test_who_closes_the_menu_before_the_page_was_found_keeps_the_language(new_page, server):
    window = Window(new_page(locale="en"), server, POC)
    page, held = window.page, []
    page.route("**/ChatClient.aspx*lang=fr*", lambda route: held.append(route))
    page.locator("[data-language-open]").click()
    with page.expect_request("**/ChatClient.aspx*lang=fr*"):
        page.locator("[data-language]").select_option("fr")
    page.locator("[data-language-close]").click()
    with page.expect_response("**/ChatClient.aspx*lang=fr*"):
        held[0].continue_()
    assert page.evaluate("fetch('/health/live').then(() => localStorage.getItem('clavardage:choice:language'))") is None
    in_language(page, "en")


def test_where_no_script_runs_the_language_is_a_form(new_page, server):
    page = new_page(java_script_enabled=False, locale="en")
    page.goto(f"{server.url}/inContact/ChatClient/ChatClient.aspx?poc={POC}&P2=Duval")
    page.locator("[data-start] [name=name]").fill("Mika")
    page.get_by_role("combobox", name="Language").select_option("fr")
    page.get_by_role("button", name="Change language").click()
    in_language(page, "fr")
    expect(page.locator("[data-start] [name=p2]")).to_have_value("Duval")
    expect(page.locator("[data-start] [name=name]")).to_have_value("Mika")
    page.get_by_role("combobox", name="Langue").select_option("ar")
    page.get_by_role("button", name="Changer de langue").click()
    in_language(page, "ar")
    expect(page.locator("[data-start] [name=name]")).to_have_value("Mika")
