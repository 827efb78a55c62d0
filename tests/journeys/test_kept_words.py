"""No word is lost, sent too early, or sent twice: drafts without storage, input methods, a page that knows better."""

import pytest
from playwright.sync_api import expect

from tests.journeys.embedding import CHAT, Books, chat, html, launcher, opened, snippet
from tests.journeys.forms import FORM, ask
from tests.journeys.host_site import CLASSIC_POC
from tests.journeys.test_embed_ways import NO_STORAGE
from tests.journeys.windows import Window

pytestmark = pytest.mark.browser

# A key while an input method puts a word together.
COMPOSING = """(element, key) => element.dispatchEvent(
  new KeyboardEvent("keydown", { key, isComposing: true, bubbles: true, cancelable: true }))"""
TWICE = "form => { form.requestSubmit(); form.requestSubmit(); }"


def test_a_draft_survives_an_end_that_is_taken_back_in_a_browser_that_keeps_nothing(new_page, server, idle, poc):
    page = new_page()
    page.add_init_script(NO_STORAGE)
    window = Window(page, server, poc)
    window.start()
    page.locator("[data-draft]").fill("Half a sen")
    window.end()
    window.be("ending")
    page.locator("[data-undo]").click()
    window.be("waiting")
    expect(page.locator("[data-draft]")).to_have_value("Half a sen")
    page.keyboard.press("End")
    page.keyboard.type("tence")
    page.keyboard.press("Enter")
    window.sent(1)
    window.end()
    page.locator("[data-undo]").click()
    window.be("waiting")
    expect(page.locator("[data-draft]")).to_have_value("")  # what was sent is no draft any more
    window.leave()


def test_enter_that_picks_a_word_of_an_input_method_sends_nothing(new_page, server, idle, poc):
    window = Window(new_page(), server, poc)
    window.start()
    draft = window.page.locator("[data-draft]")
    draft.fill("日本")
    assert draft.evaluate(COMPOSING, "Enter") is True  # it is left to the input method
    expect(draft).to_have_value("日本")
    draft.press_sequentially("語")
    draft.press("Enter")
    window.sent(1)
    expect(window.page.locator(".message--own .bubble")).to_have_text("日本語")
    window.leave()


def test_escape_that_leaves_an_input_method_does_not_close_the_window(new_page, site):
    page = new_page(site.put("/", html(snippet(CLASSIC_POC))))
    launcher(page).click()
    opened(page)
    name = chat(page).locator("[name=name]")
    name.evaluate(COMPOSING, "Escape")
    name.fill("Mika")  # what it would have told the page has been told by now
    expect(page.locator(CHAT)).to_be_visible()
    name.press("Escape")
    expect(page.locator(CHAT)).to_be_hidden()


@pytest.fixture
def books(server):
    """The server's database; its modern window asks one field of every type."""
    found = Books(server)
    before = found.ask("SELECT pre_chat_fields FROM chat_profile WHERE interface = 2")[0][0]
    ask(found, FORM)
    yield found
    found.change("UPDATE chat_profile SET pre_chat_fields = ? WHERE interface = 2", before)


def test_what_the_page_knows_does_not_overwrite_what_the_customer_typed(new_page, site, books):
    page = new_page(site.put("/", html(snippet())))
    launcher(page).click()
    opened(page)
    form = chat(page).locator("[data-start]")
    form.locator("[name=name]").fill("Typed here")
    form.locator("[name=topic]").select_option("lamp")
    form.locator("[name=news]").uncheck()
    details = "{name: 'Of the page', phone: '12345', fields: {topic: 'order', news: 'yes'}}"
    page.evaluate(f"icPatronChat.setCustomer({details})")
    expect(form.locator("[name=phone]")).to_have_value("12345")
    expect(form.locator("[name=name]")).to_have_value("Typed here")
    expect(form.locator("[name=topic]")).to_have_value("lamp")
    expect(form.locator("[name=news]")).not_to_be_checked()


def test_what_was_typed_before_a_reload_is_not_overwritten_either(new_page, site, books):
    page = new_page(site.put("/", html(snippet(after="icPatronChat.setCustomer({name: 'Of the page', phone: '123'})"))))
    launcher(page).click()
    opened(page)
    form = chat(page).locator("[data-start]")
    expect(form.locator("[name=name]")).to_have_value("Of the page")
    form.locator("[name=name]").fill("Typed here")
    page.reload()
    launcher(page).click()
    opened(page)
    expect(form.locator("[name=phone]")).to_have_value("123")
    expect(form.locator("[name=name]")).to_have_value("Typed here")


def test_a_form_sent_twice_at_once_is_asked_once(new_page, server, idle, poc):
    window = Window(new_page(), server, poc)
    starts = []
    window.page.on("request", lambda request: request.url.endswith("/contacts") and starts.append(request.url))
    window.page.locator("[data-start] [name=name]").fill("Mika")
    window.page.locator("[data-start]").evaluate(TWICE)
    window.be("waiting")
    window.write("Once")
    window.sent(1)
    assert len(starts) == 1
    window.leave()


def test_a_form_that_failed_can_be_sent_again(new_page, server, idle, poc):
    window = Window(new_page(allow=["503"]), server, poc)
    window.page.route("**/contacts", lambda route: route.fulfill(status=503, body="away"), times=1)
    window.page.locator("[data-start] [name=name]").fill("Mika")
    window.page.keyboard.press("Enter")
    expect(window.page.locator("[data-start-error]")).to_be_visible()
    window.page.keyboard.press("Enter")
    window.be("waiting")
    window.leave()
