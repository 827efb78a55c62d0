"""A network or a server that is away for a while: nobody is trapped, nothing is lost, and all goes on by itself."""

import pytest
from playwright.sync_api import expect

from tests.journeys.embedding import CHAT, VERSIONS, Books, chat, html, launcher, opened, snippet
from tests.journeys.forms import closed_now, open_for
from tests.journeys.test_closed import DESK, leave, messages
from tests.journeys.test_language_menu import choose, in_language
from tests.journeys.windows import Window, answered, come_back
from tests.services import until

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("poc", VERSIONS.values(), ids=VERSIONS)
AWAY = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")


@both
def test_a_window_that_could_not_be_loaded_traps_nobody_and_comes_with_the_network(new_page, site, poc):
    page = new_page(site.put("/", html(snippet(poc))), allow=AWAY)
    expect(launcher(page)).to_be_visible()
    page.context.set_offline(True)
    launcher(page).click()
    expect(page.locator("iframe")).to_have_count(2)
    expect(page.locator(CHAT)).to_be_hidden()
    expect(launcher(page)).to_be_visible()
    page.context.set_offline(False)
    opened(page)
    expect(launcher(page)).to_be_hidden()


def test_a_window_whose_script_was_lost_is_loaded_again_by_the_next_click(new_page, site):
    page = new_page(site.put("/", html(snippet())), allow=AWAY)
    expect(launcher(page)).to_be_visible()
    page.route("**/window.js*", lambda route: route.abort())
    launcher(page).click()
    until(lambda: page.evaluate(f"document.querySelector('{CHAT}')?.over"), 20, "the end of the loading")
    page.unroute("**/window.js*")
    expect(page.locator(CHAT)).to_be_hidden()
    launcher(page).click()
    opened(page)


def test_another_language_that_cannot_be_had_leaves_the_window_as_it_is(new_page, server, idle, poc):
    window = Window(new_page(locale="en", allow=AWAY), server, poc)
    window.start()
    page = window.page
    page.locator("[data-draft]").fill("Half a sen")
    page.context.set_offline(True)
    choose(page, "fr")
    expect(page.locator("[data-language-error]")).to_have_text("We cannot reach your chat right now")
    window.clean("a language out of reach")
    page.context.set_offline(False)
    page.locator("[data-language-form] [type=submit]").click()
    in_language(page, "fr")
    window.be("waiting")
    expect(page.locator("[data-draft]")).to_have_value("Half a sen")
    window.leave()


def test_a_draft_that_moved_while_the_chat_was_ending_is_there_after_undo(new_page, server, idle, poc):
    window = Window(new_page(), server, poc)
    window.start()
    window.page.locator("[data-draft]").fill("Half a sen")
    window.end()
    window.be("ending")
    other = Window(new_page(context=window.page.context), server, poc, state="elsewhere")
    other.page.locator("[data-here]").click()
    other.be("ending")
    other.page.locator("[data-undo]").click()
    other.be("waiting")
    expect(other.page.locator("[data-draft]")).to_have_value("Half a sen")
    window.be("elsewhere")
    window.page.locator("[data-here]").click()
    window.be("waiting")
    expect(window.page.locator("[data-draft]")).to_have_value("Half a sen")
    window.leave()


def test_a_draft_that_is_called_back_before_it_had_arrived_is_not_lost(new_page, server, idle, poc):
    window = Window(new_page(allow=AWAY), server, poc)
    window.start()
    window.page.locator("[data-draft]").fill("Half a sen")
    other = Window(new_page(context=window.page.context), server, poc, state="elsewhere")
    held = []
    other.page.route("**/chat/contact", lambda route: held.append(route))
    with other.page.expect_request("**/chat/contact"):
        other.page.locator("[data-here]").click()
    window.be("elsewhere")
    window.page.locator("[data-here]").click()
    window.be("waiting")
    expect(window.page.locator("[data-draft]")).to_have_value("Half a sen")
    other.be("elsewhere")
    for route in held:
        route.abort()
    window.leave()


def test_what_was_written_on_in_another_tab_does_not_come_back_in_the_first(new_page, server, idle, poc):
    window = Window(new_page(), server, poc)
    window.start()
    window.page.locator("[data-draft]").fill("Half a sen")
    other = Window(new_page(context=window.page.context), server, poc, state="elsewhere")
    other.page.locator("[data-here]").click()
    other.be("waiting")
    other.write("tence")
    other.sent(1)
    other.page.close()
    window.page.evaluate("dispatchEvent(new Event('focus'))")
    window.be("waiting")
    expect(window.page.locator("[data-draft]")).to_have_value("")
    window.leave()


def test_what_was_being_written_when_the_end_came_unseen_stays_to_be_read(talking, agent):
    page = talking.page
    address, contact = page.url, talking.contact
    page.locator("[data-draft]").fill("Half a sen")
    page.goto("about:blank")
    agent.post(f"/agent/contacts/{contact}/ending")
    page.goto(address)
    talking.be("ended")
    expect(page.locator(".message--own[data-state=failed] [data-slot=text]")).to_have_text("Half a sen")


def test_a_server_that_was_away_is_found_again_by_itself(new_page, server, idle, poc):
    window = Window(new_page(allow=AWAY), server, poc)
    window.start()
    page = window.page
    page.route("**/chat/contact", lambda route: route.abort())
    page.reload()
    window.be("error")
    page.unroute("**/chat/contact")
    window.be("waiting")
    window.leave()


def test_a_message_that_is_left_without_a_network_goes_by_itself_later(new_page, server):
    books = Books(server)
    weekly, _ = closed_now()
    open_for(books, weekly)
    before = messages(books)
    page = Window(new_page(locale="en", allow=AWAY), server, DESK, "closed").page
    page.context.set_offline(True)
    leave(page)
    expect(page.locator("[data-leave] .form-error")).to_contain_text("You are offline.")
    page.context.set_offline(False)
    expect(page.locator("[data-left]")).to_be_visible()
    assert messages(books) == before + 1


def test_a_rating_and_a_letter_without_a_network_go_by_themselves_later(new_page, server, agent, poc):
    window = Window(new_page(locale="en", allow=AWAY), server, poc)
    window.start()
    answered(window, agent)
    window.write("Keep this")
    window.sent(1)
    agent.post(f"/agent/contacts/{window.contact}/ending")
    window.be("ended")
    page = window.page
    page.context.set_offline(True)
    page.get_by_role("radio", name="Very good").check()
    page.get_by_role("button", name="Send rating").click()
    expect(page.locator("[data-rating-error]")).to_contain_text("You are offline.")
    page.get_by_label("Your e-mail address").fill("mika@example.com")
    page.keyboard.press("Enter")
    expect(page.locator("[data-mail] [data-error]")).to_contain_text("You are offline.")
    page.context.set_offline(False)
    expect(page.locator("[data-rated]")).to_be_visible()
    expect(page.locator("[data-kept]")).to_contain_text("mika@example.com")
    assert Books(server).ask("SELECT count(*) FROM rating WHERE contact_id = ?", window.contact) == [(1,)]


def test_half_an_emoji_in_the_form_holds_nobody_back(new_page, server, idle, poc):
    window = Window(new_page(), server, poc)
    page = window.page
    page.locator("[data-start] [name=name]").evaluate("(field) => { field.value = 'Mi\\ud83dka\\0'; }")
    page.locator("[data-start] [type=submit]").click()
    window.be("waiting")
    window.leave()


def test_an_old_receipt_in_another_tab_leaves_the_new_chat_alone(new_page, server, idle, poc):
    page = new_page()
    page.context.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")  # every tab may
    window = Window(page, server, poc)
    window.start()
    other = Window(new_page(context=page.context), server, poc, state="waiting")
    window.leave()
    other.be("ended")
    window.page.locator("[data-new-chat]").click()
    window.start()
    begun = window.contact
    other.page.locator("[data-new-chat]").click()
    window.page.reload()
    window.be("waiting")
    assert window.contact == begun
    window.leave()


def test_the_chat_goes_out_of_a_pop_up_of_the_site_into_a_window_of_its_own(new_page, server, idle, poc):
    page = new_page()
    page.add_init_script("if (!window.name) window.name = 'icPatronChatWin'")
    window = Window(page, server, poc)
    window.start()
    with page.expect_popup() as opening:
        page.locator("[data-popout]").click()
    popup = opening.value
    expect(popup.locator("#window")).to_have_attribute("data-state", "waiting")
    expect(page.locator("#window")).to_have_attribute("data-state", "elsewhere")
    come_back(popup)
    window.be("waiting")
    window.leave()


def test_a_network_that_comes_back_opens_nothing_that_nobody_asked_for(new_page, site):
    page = new_page(site.put("/", html(snippet())))
    expect(launcher(page)).to_be_visible()
    page.context.set_offline(True)
    page.context.set_offline(False)
    assert page.locator("iframe").count() == 1
    launcher(page).click()
    expect(chat(page).locator("#window")).to_have_attribute("data-state", "start")
