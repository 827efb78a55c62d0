"""The form before a chat: every kind of field, errors in words beside it, and nothing typed that is ever lost."""

import pytest
from playwright.sync_api import expect

from tests.browsing import axe
from tests.journeys.embedding import Books, chat, html, launcher, opened, snippet
from tests.journeys.forms import ANSWERS, FORM, ask, fill
from tests.journeys.host_site import CLASSIC_POC, POC
from tests.journeys.windows import Window, lose_answer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def books(server):
    """The server's database; its modern window asks one field of every type."""
    found = Books(server)
    ask(found, FORM)
    return found


def submit(page) -> None:
    page.locator("[data-start] [type=submit]").click()


def error(page, name: str):
    return page.locator(f"[data-start] [data-field={name}] [data-error]")


def values(books) -> list[str]:
    return [parameter["value"] for parameter in books.parameters()]


def test_an_answer_of_every_kind_reaches_the_script_in_its_place(new_page, server, books):
    window = Window(new_page(), server)
    fill(window.page)
    submit(window.page)
    window.be("waiting")
    assert values(books) == ANSWERS
    assert [parameter["name"] for parameter in books.parameters()] == [field["name"] for field in FORM]
    told = books.ask("SELECT customer_name, customer_email FROM contact ORDER BY id DESC LIMIT 1")
    assert told == [("Mika", "mika@example.com")]


def test_what_is_wrong_is_told_beside_each_field_and_the_first_one_is_focused(new_page, server, books):
    window = Window(new_page(viewport={"width": 380, "height": 640}), server)
    page = window.page
    submit(page)
    expect(page.locator("[data-start-error]")).to_have_text("Please check the fields marked below.")
    expect(page.locator("[data-status]")).to_have_text("Please check the fields marked below.")
    expect(page.locator("[data-start] [name=name]")).to_be_focused()
    for name in ("name", "email", "terms"):
        expect(error(page, name)).to_have_text("Please fill in this field.")
    for name in ("topic", "urgent"):
        expect(error(page, name)).to_have_text("Please choose one of the options.")
    for name in ("phone", "words", "news"):
        expect(error(page, name)).to_be_hidden()
    assert axe(page) == []
    fill(page)
    page.locator("[data-start] [name=email]").fill("mika@example")
    page.locator("[data-start] [name=phone]").fill("call me")
    submit(page)
    email = page.locator("[data-start] [name=email]")
    expect(email).to_be_focused()
    expect(email).to_have_accessible_description(
        "For you. Please enter a valid e-mail address, such as name@example.com."
    )
    expect(error(page, "phone")).to_contain_text("digits, spaces and + - ( ) .")
    expect(error(page, "name")).to_be_hidden()
    email.fill("mika@example.com")
    expect(error(page, "email")).to_be_hidden()
    expect(email).not_to_have_attribute("aria-invalid", "true")


def test_labels_say_whether_a_field_must_be_filled_in(new_page, server, books):
    page = Window(new_page(), server).page
    expect(page.get_by_role("textbox", name="Name (required)")).to_be_visible()
    expect(page.get_by_role("textbox", name="Telephone (optional)")).to_have_attribute("autocomplete", "tel")
    expect(page.get_by_role("textbox", name="Mail (required)")).to_have_attribute("inputmode", "email")
    expect(page.get_by_role("combobox", name="Topic (required)")).to_be_visible()
    expect(page.get_by_role("radiogroup", name="How urgent? (required)")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Send me news (optional)")).to_be_checked()
    expect(page.get_by_role("link", name="house.example/privacy")).to_have_attribute("rel", "noopener noreferrer")


def test_what_the_server_finds_wrong_stands_beside_its_field(new_page, server, books):
    window = Window(new_page(allow=["422"]), server)
    fill(window.page)
    problems = [{"field": "words", "message": "Ask something else."}, {"field": "gone", "message": "Unseen."}]
    answer = {"error": {"code": "invalid", "field": "words", "message": "Ask something else."}, "errors": problems}
    window.page.route("**/contacts", lambda route: route.fulfill(status=422, json=answer), times=1)
    submit(window.page)
    expect(error(window.page, "words")).to_have_text("Ask something else.")
    expect(window.page.locator("[data-start] [name=words]")).to_be_focused()
    submit(window.page)
    window.be("waiting")
    assert values(books) == ANSWERS


def test_answers_outlive_a_dead_network_and_a_reload_until_the_chat_starts(new_page, server, books):
    window = Window(new_page(allow=["ERR_FAILED"]), server)
    page = window.page
    fill(page)
    page.locator("[data-start] [name=news]").uncheck()
    page.route("**/contacts", lambda route: route.abort())
    submit(page)
    expect(page.locator("[data-start-error]")).to_have_text("We could not start the chat. Please try again.")
    page.unroute("**/contacts")
    page.reload()
    window.be("start")
    expect(page.locator("[data-start] [name=words]")).to_have_value("Two lines\nof it")
    expect(page.locator("[data-start] [name=news]")).not_to_be_checked()
    submit(page)
    window.be("waiting")
    assert values(books) == ["no" if answer == "yes" and n == 6 else answer for n, answer in enumerate(ANSWERS)]
    assert page.evaluate(f"sessionStorage.getItem('clavardage:start:{POC}')") is None


def test_a_start_whose_answer_was_lost_is_one_chat_even_after_a_reload(new_page, server, books):
    window = Window(new_page(allow=["ERR_FAILED"]), server)
    page = window.page
    fill(page)
    before = books.ask("SELECT count(*) FROM contact")[0][0]

    lose_answer(page, "**/contacts")
    submit(page)
    expect(page.locator("[data-start-error]")).to_be_visible()
    page.reload()
    window.be("start")
    submit(page)
    window.be("waiting")
    assert books.ask("SELECT count(*) FROM contact")[0][0] == before + 1


def test_a_start_that_is_corrected_after_its_answer_was_lost_is_the_corrected_one(new_page, server, books):
    window = Window(new_page(allow=["ERR_FAILED"]), server)
    page = window.page
    fill(page)

    lose_answer(page, "**/contacts")
    submit(page)
    expect(page.locator("[data-start-error]")).to_be_visible()
    page.locator("[data-start] [name=name]").fill("Mika Right")
    submit(page)
    window.be("waiting")
    newest = books.ask("SELECT customer_name, state <> 'ENDED' FROM contact ORDER BY id DESC LIMIT 2")
    assert newest == [("Mika Right", 1), ("Mika", 0)]
    window.leave()


def test_what_the_page_around_told_is_not_asked_again(new_page, site, books):
    params = "['Mika', 'mika@example.com', '555-555-5555', 'nonsense', 'now']"
    page = new_page(site.put("/", html(snippet(params=params))))
    launcher(page).click()
    opened(page)
    form = chat(page)
    for name in ("name", "email", "urgent"):
        expect(form.locator(f"[data-field={name}]")).to_be_hidden()
    for name in ("phone", "topic", "terms"):
        expect(form.locator(f"[data-field={name}]")).to_be_visible()
    form.locator("[name=topic]").select_option("lamp")
    form.locator("[name=terms]").check()
    form.locator("[data-start] [type=submit]").click()
    expect(form.locator("#window")).to_have_attribute("data-state", "waiting")
    first, mail, _, topic, urgent = values(books)[:5]
    assert [first, mail, topic, urgent] == ["Mika", "mika@example.com", "lamp", "now"]


def test_the_form_is_posted_where_no_script_runs(new_page, server, books):
    page = new_page(java_script_enabled=False, allow=["422"])
    page.goto(f"{server.url}/inContact/ChatClient/ChatClient.aspx?poc={POC}")
    submit(page)
    expect(error(page, "topic")).to_be_visible()
    expect(page.locator("[data-start] [name=email]")).to_have_attribute("aria-invalid", "true")
    fill(page)
    submit(page)
    expect(page.locator("[data-start]")).to_have_count(0)
    assert [value.replace("\r\n", "\n") for value in values(books)] == ANSWERS


def test_the_classic_window_asks_for_a_name_that_nobody_must_tell(new_page, server):
    window = Window(new_page(), server, CLASSIC_POC)
    expect(window.page.get_by_role("textbox", name="Your name (optional)")).to_be_focused()
    submit(window.page)
    window.be("waiting")


@pytest.mark.parametrize("options", [{"locale": "ar"}, {"locale": "en", "forced_colors": "active"}])
def test_nine_fields_fit_into_320_px_with_huge_text(new_page, server, books, options):
    page = Window(new_page(viewport={"width": 320, "height": 568}, **options), server).page
    page.locator("[data-text-size]").click()
    assert page.evaluate("document.documentElement.dataset.text") == "huge"
    submit(page)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    boxes = [control.bounding_box() for control in page.locator("[data-start] :is(label, .field-input):visible").all()]
    assert [box for box in boxes if box["x"] < 0 or box["x"] + box["width"] > 320] == []


def test_without_network_the_start_says_so_and_goes_by_itself_later(new_page, server, books):
    page = new_page(allow=["ERR_INTERNET_DISCONNECTED"])
    window = Window(page, server)
    fill(page)
    before = books.ask("SELECT count(*) FROM contact")[0][0]
    page.context.set_offline(True)
    submit(page)
    expect(page.locator("[data-start-error]")).to_contain_text("You are offline.")
    page.context.set_offline(False)
    window.be("waiting")
    assert books.ask("SELECT count(*) FROM contact")[0][0] == before + 1
    # A network that comes and goes later starts nothing.
    page.context.set_offline(True)
    page.context.set_offline(False)
    window.leave()
    assert books.ask("SELECT count(*) FROM contact")[0][0] == before + 1
