"""The receipt in Chromium: who ended it, thanks, a rating, and every way to keep the conversation."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.embedding import Books
from tests.journeys.windows import Window, answered
from tests.services import until

pytestmark = pytest.mark.browser

MAIL = {"mail_offered": True, "email": "mika@example.org"}


class Receipt:
    """An ended chat whose server says more than the demo's skills do."""

    def __init__(self, window, agent, **facts):
        self.window, self.page, self.facts = window, window.page, {"transcript_available": True, **facts}
        window.page.route("**/chat/contact", self.answer)
        window.write("Keep this")
        window.sent(1)
        agent.post(f"/agent/contacts/{window.contact}/ending")
        window.be("ended")

    def answer(self, route):
        answer = route.fetch(max_retries=3)
        body = answer.json()
        route.fulfill(response=answer, json={**body, **(self.facts if body.get("state") == "ended" else {})})


@pytest.fixture
def ended(new_page, server, agent, poc):
    """Opens a window, talks, lets the agent end it: `ended(**facts of the snapshot)`."""

    def make(options=None, allow=(), **facts):
        window = Window(new_page(allow=allow, **(options or {})), server, poc)
        window.start()
        answered(window, agent)
        return Receipt(window, agent, **facts)

    return make


def test_thanks_lead_only_to_safe_places(ended):
    link = {"text": "Care for your lamp", "url": "https://example.org/care"}
    receipt = ended(thank_you={"text": "Thank you\nand goodbye", "link": link})
    page = receipt.page
    expect(page.locator("[data-thanks-text]")).to_have_text("Thank you\nand goodbye", use_inner_text=True)
    shown = page.get_by_role("link", name="Care for your lamp")
    assert (shown.get_attribute("href"), shown.get_attribute("rel")) == (link["url"], "noopener")
    receipt.window.clean("thanks")
    receipt.facts["thank_you"] = {"text": "Thanks", "link": {"text": "Click", "url": "javascript:alert(1)"}}
    page.reload()
    expect(page.locator("[data-thanks-text]")).to_have_text("Thanks")
    expect(page.locator("[data-thanks-link]")).to_be_hidden()


def test_a_rating_is_given_once_by_keyboard_and_thanked_for(ended):
    receipt = ended(rating={"asked": True, "score": None})
    page, sent = receipt.page, []

    def rate(route):
        sent.append(route.request.post_data_json)
        receipt.facts["rating"] = {"asked": True, "score": sent[-1]["score"]}
        route.fulfill(status=201, json={"rating": receipt.facts["rating"]})

    page.route("**/chat/rating", rate)
    group = page.get_by_role("group", name="How was this chat?")
    expect(group.get_by_role("radio")).to_have_count(5)
    expect(page.locator("[data-rating-more]")).to_be_hidden()
    page.get_by_role("radio", name="Very bad").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Bad", exact=True)).to_be_checked()
    page.get_by_label("Anything you would like to add?").fill("Too short")
    receipt.window.clean("rating")
    page.get_by_role("button", name="Send rating").click()
    expect(page.locator("[data-rated]")).to_be_focused()
    expect(page.locator("[data-rated]")).to_have_text("Thank you for your rating.")
    expect(group).to_be_hidden()
    assert sent == [{"score": 2, "comment": "Too short"}]
    page.reload()
    expect(page.locator("[data-rated]")).to_be_visible()
    expect(group).to_be_hidden()


def test_a_rating_that_is_not_saved_says_so_and_keeps_the_remark(ended):
    receipt = ended(rating={"asked": True, "score": None}, allow=["503"])
    page = receipt.page
    page.route("**/chat/rating", lambda route: route.fulfill(status=503, body="away"))
    page.get_by_role("radio", name="Very good").check()
    page.get_by_label("Anything you would like to add?").fill("Lovely")
    page.get_by_role("button", name="Send rating").click()
    expect(page.locator("[data-rating-error]")).to_have_text("We could not save your rating. Please try again.")
    expect(page.get_by_label("Anything you would like to add?")).to_have_value("Lovely")
    expect(page.get_by_role("radio", name="Very good")).to_be_checked()


def test_the_transcript_goes_by_mail_to_the_address_of_the_form_or_another_one(ended):
    receipt = ended(allow=["422", "429", "503"], **MAIL)
    page, asked, answers = receipt.page, [], [(422, "x"), (429, "x"), (429, "sent_often"), (503, "x"), (202, "")]

    def mail(route):
        asked.append(route.request.post_data_json["email"])
        status, code = answers.pop(0)
        route.fulfill(status=status, json={"error": {"code": code}} if code else {"recipient": asked[-1]})

    page.route("**/chat/mail", mail)
    field = page.get_by_label("Your e-mail address")
    expect(field).to_have_value("mika@example.org")
    field.fill("nobody")
    for told in (
        "Please enter a valid e-mail address",
        "That was too fast",
        "sent several times",
        "We could not send it",
    ):
        page.keyboard.press("Enter")
        expect(page.locator("[data-mail] [data-error]")).to_contain_text(told)
        expect(field).to_be_focused()
        expect(field).to_have_attribute("aria-invalid", "true")
        assert page.locator("#keep-error").inner_text() == field.evaluate(
            "field => document.getElementById(field.getAttribute('aria-describedby')).innerText"
        )
    receipt.window.clean("mail refused")
    field.fill("mika@example.net")
    expect(page.locator("[data-mail] [data-error]")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("[data-kept]")).to_have_text("We are sending the conversation to mika@example.net.")
    expect(page.locator("[data-status]")).to_have_text("We are sending the conversation to mika@example.net.")
    assert asked == ["nobody"] * 4 + ["mika@example.net"]


def test_a_link_is_copied_or_shown_ready_to_be_copied(ended, new_page, server):
    receipt = ended()
    page = receipt.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("[data-kept]")).to_have_text("Link copied. It works for 24 hours.")
    address = page.evaluate("navigator.clipboard.readText()")
    reader = new_page(address)
    expect(reader.locator("body")).to_contain_text("Keep this")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Copy link").click()
    field = page.locator("[data-link]")
    expect(field).to_be_focused()
    expect(field).to_have_value(re.compile(f"^{server.url}/chat/transcripts/"))
    assert page.evaluate("getSelection().toString()") == field.input_value()
    receipt.window.clean("the link shown")


def test_the_conversation_prints_and_nothing_else(ended):
    receipt = ended(**MAIL)
    page = receipt.page
    page.evaluate("window.print = () => (window.printed = true)")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed") is True
    page.emulate_media(media="print")
    expect(page.locator(".message--own .bubble")).to_be_visible()
    for hidden in (".receipt", ".tools", ".window-actions"):
        expect(page.locator(hidden)).to_be_hidden()


def test_what_the_server_does_not_offer_is_not_shown(ended):
    nothing = {"transcript_available": False, "mail_offered": False, "thank_you": None}
    receipt = ended(rating={"asked": False, "score": None}, **nothing)
    for part in ("keep", "rating", "thanks", "end-reason"):
        expect(receipt.page.locator(f"[data-{part}]")).to_be_hidden()
    expect(receipt.page.get_by_role("button", name="Start a new chat")).to_be_visible()


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_whole_receipt_can_be_read_and_used_at_320_px_with_huge_text(ended, locale):
    options = {"viewport": {"width": 320, "height": 568}, "locale": locale}
    link = {"text": "Care for your lamp", "url": "https://example.org/care"}
    receipt = ended(options, rating={"asked": True, "score": None}, thank_you={"text": "T" * 60, "link": link}, **MAIL)
    page = receipt.page
    page.locator("[data-text-size]").click()
    assert page.evaluate("document.documentElement.dataset.text") == "huge"
    reading = page.locator("[data-reading]")
    assert reading.evaluate("one => one.scrollWidth - one.clientWidth") == 0
    for target in page.locator("[data-view=ended] :is(button, a, input, label):visible").all():
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
    for part in (".message--own .bubble", "[data-ended-title]"):
        page.locator(part).scroll_into_view_if_needed()
        expect(page.locator(part)).to_be_in_viewport()


def test_what_was_being_written_when_the_chat_ended_stays_to_be_read(new_page, server, agent, poc):
    window = Window(new_page(), server, poc)
    window.start()
    answered(window, agent)
    window.page.locator("[data-draft]").fill("Half a thought")
    agent.post(f"/agent/contacts/{window.contact}/ending")
    window.be("ended")
    left = window.page.locator(".message--own[data-state=failed]")
    expect(left).to_contain_text("Half a thought")
    expect(left.locator("[data-retry]")).to_be_hidden()
    window.page.reload()
    expect(left).to_contain_text("Half a thought")
    window.page.locator("[data-new-chat]").click()
    window.be("start")


def test_a_text_that_is_too_long_stays_in_the_field_and_says_so(new_page, server, agent, poc):
    window = Window(new_page(), server, poc)
    window.start()
    answered(window, agent)
    draft, count = window.page.locator("[data-draft]"), window.page.locator("[data-count]")
    draft.fill("🙂" * 4001)
    draft.press("Enter")
    expect(count).to_have_text("That text is too long.")
    assert draft.input_value() == "🙂" * 4001
    draft.fill("🙂" * 4000)  # as the server counts
    draft.press("Enter")
    window.sent(1)
    expect(draft).to_have_value("")


def test_the_demo_rates_thanks_and_mails_without_anybody_playing_the_server(new_page, server, agent, poc):
    window = Window(new_page(), server, poc)
    window.start()
    answered(window, agent)
    window.write("Keep this")
    window.sent(1)
    agent.post(f"/agent/contacts/{window.contact}/ending")
    window.be("ended")
    page = window.page
    expect(page.locator("[data-thanks-text]")).to_be_visible()
    page.get_by_text("Very good", exact=True).click()
    page.get_by_label("Anything you would like to add?").fill("Warm light")
    page.get_by_role("button", name="Send rating").click()
    expect(page.locator("[data-rated]")).to_be_visible()
    page.locator("[data-mail] input").fill(f"mika{window.contact}@example.org")
    page.locator("[data-mail] [type=submit]").click()
    expect(page.locator("[data-kept]")).to_contain_text(f"mika{window.contact}@example.org")
    rating = "SELECT score, comment FROM rating WHERE contact_id = ?"
    assert Books(server).ask(rating, window.contact) == [(5, "Warm light")]
    letters = server.folder / "mail"
    until(lambda: any(f"mika{window.contact}@" in letter.read_text() for letter in letters.glob("*.eml")), 20)
