"""The chat without a script, as the server sends it: hidden fields instead of a script, and no secret in an address."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy.exc import OperationalError

from app import clock
from app.actions.offers import accept_offer
from app.customer.links import linked
from app.errors import RateLimited
from app.extensions import db
from app.models import ChatSession, Contact, Message, OpeningHours, PointOfContact, Rating, Skill
from app.tokens import random_token
from app.transaction import transaction
from tests.cast import GUID, cast, inside
from tests.links import LINKS

__all__ = ["cast", "inside"]


class Page:
    """A browser without scripts: it fills in the fields of the page it has, and posts them."""

    def __init__(self, client, told=()):
        self.client = client
        query = {"poc": GUID, "lang": "en", **dict(told)}
        self.text = client.get("/inContact/ChatClient/ChatClient.aspx", query_string=query).text
        self.answer = None

    @property
    def fields(self) -> dict:
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.text)
        return {name: unescape(value) for name, value in found}

    def post(self, path, **form):
        self.answer = self.client.post(path, data={**self.fields, **form})
        self.text = self.answer.text
        return self.answer

    def start(self, **form):
        return self.post(f"/chat/{GUID}/plain", **{"name": "Zoé", **form})

    def send(self, text, **form):
        return self.post("/chat/plain/messages", text=text, **form)

    @property
    def frame(self) -> str:
        return re.search(r'<iframe[^>]* src="([^"]+)"', self.text)[1]

    @property
    def draft(self) -> str:
        return re.search(r"<textarea[^>]*>(.*?)</textarea>", self.text, re.DOTALL)[1]


@pytest.fixture
def page(cast, client):
    return Page(client)


@pytest.fixture
def talking(page, cast):
    page.start()
    cast.work("ana")
    accept_offer(cast.offer("ana").id, cast.user("ana"))
    return page


def texts():
    db.session.rollback()
    return [row.text for row in db.session.query(Message).filter_by(kind="text").order_by(Message.seq)]


def test_the_windows_own_form_starts_a_chat_and_the_token_stands_in_no_address(page):
    assert page.start().status_code == 200
    token = page.fields["token"]
    addresses = re.findall(r'(?:href|src|action|formaction)="([^"]*)"', page.text)
    assert addresses
    assert not any(token in address for address in addresses)
    assert "Set-Cookie" not in page.answer.headers
    assert page.answer.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.text
    policy = page.answer.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "script-src" not in policy
    assert db.session.query(Contact).one().customer_name == "Zoé"


def test_the_same_form_sent_twice_is_one_chat(page):
    form = page.fields
    page.start()
    token = page.fields["token"]
    again = page.client.post(f"/chat/{GUID}/plain", data={**form, "name": "Zoé"})
    assert token in again.text
    assert db.session.query(Contact).count() == 1


def test_the_log_renews_its_own_address_and_an_old_one_is_dead(page, client):
    page.start()
    log = client.get(page.frame)
    assert log.status_code == 200
    following = re.search(r'http-equiv="refresh" content="5; url=([^"]+)"', log.text)[1]
    clock.turn(timedelta(seconds=30))
    assert client.get(following).status_code == 200
    clock.turn(timedelta(seconds=31))
    assert client.get(page.frame).status_code == 410
    assert page.fields["token"] not in log.text
    assert "frame-ancestors" in log.headers["Content-Security-Policy"]


def test_who_looks_at_the_log_is_there(page, client):
    page.start()
    clock.turn(timedelta(seconds=20))
    frame = client.post("/chat/plain", data={"token": page.fields["token"]}).text
    client.get(re.search(r'<iframe[^>]* src="([^"]+)"', frame)[1])
    db.session.rollback()
    assert clock.now() - db.session.query(ChatSession).one().last_seen_at < timedelta(seconds=5)


def test_a_line_goes_into_the_log_once_and_the_field_is_empty(page, client):
    page.start()
    old = page.fields
    page.send("Where is\r\nmy lamp?")
    assert page.draft == ""
    client.post("/chat/plain/messages", data={**old, "text": "Where is\r\nmy lamp?"})
    assert texts() == ["Where is\nmy lamp?"]


def test_another_text_from_an_old_page_is_another_line_and_only_one(page, client):
    page.start()
    old = page.fields
    page.send("first")
    for _ in range(2):
        client.post("/chat/plain/messages", data={**old, "text": "second"})
    assert texts() == ["first", "second"]


@pytest.mark.parametrize(
    ("text", "words"), [("  ", "Please fill in this field."), ("x" * 4001, "That text is too long.")]
)
def test_a_line_that_cannot_be_taken_stays_in_the_field(page, text, words):
    page.start()
    page.send(text)
    assert page.draft == text
    assert words in page.text
    assert texts() == []


def test_hostile_text_is_text(page, client):
    page.start()
    page.send('<script>alert(1)</script><img src=x onerror="a"> https://ok.example/?q="><b>')
    log = client.get(page.frame).text
    assert "<script>alert" not in log
    assert "<img src=x" not in log
    assert 'href="https://ok.example/?q="' in log


def test_lines_of_one_speaker_at_one_moment_stand_under_one_name(page, client):
    page.start()
    for text in ("One", "Two"):
        page.send(text)
    assert client.get(page.frame).text.count("message--own message--grouped") == 1


def test_the_page_shows_the_log_itself_when_asked_and_keeps_the_draft(talking):
    talking.send("hello")
    talking.post("/chat/plain", text="half a word", whole="1")
    assert "<iframe" not in talking.text
    assert "hello" in talking.text
    assert talking.draft == "half a word"
    talking.post("/chat/plain", text="half a word")
    assert "<iframe" in talking.text


def test_the_end_is_asked_for_and_what_was_being_written_waits(talking):
    talking.post("/chat/plain/ending", text="half a word")
    assert "End this chat?" in talking.text
    assert db.session.query(Contact).one().state == "ACTIVE"
    talking.post("/chat/plain")
    assert talking.draft == "half a word"
    talking.post("/chat/plain/ending", sure="1")
    assert "You ended the chat" in talking.text
    db.session.rollback()
    assert db.session.query(Contact).one().end_reason == "customer_ended"


def test_words_that_came_too_late_are_shown(talking):
    other = talking.fields
    talking.post("/chat/plain/ending", sure="1")
    late = talking.client.post("/chat/plain/messages", data={**other, "text": "one more thing"})
    assert "one more thing" in late.text
    assert "Your message could not be sent." in late.text


def test_a_rating_and_a_letter_after_the_end(talking):
    with transaction() as tx:
        for skill in tx.session.query(Skill):
            skill.rating_enabled = True
    talking.post("/chat/plain/ending", sure="1")
    talking.post("/chat/plain/rating", comment="nice")
    assert "Please choose one of the options." in talking.text
    assert "nice" in talking.text
    talking.post("/chat/plain/rating", score="5", comment="nice")
    assert "Thank you for your rating." in talking.text
    assert db.session.query(Rating).one().score == 5
    talking.post("/chat/plain/mail", email="nonsense")
    assert "valid e-mail address" in talking.text
    assert 'value="nonsense"' in talking.text
    talking.post("/chat/plain/mail", email="zoe@example.org")
    assert "We are sending the conversation to zoe@example.org." in talking.text


def test_a_token_that_ran_out_loses_nothing_that_was_written(page):
    page.start()
    answer = page.send("a long story", token=random_token())
    assert answer.status_code == 401
    assert "Your session could not be found." in page.text
    assert "a long story" in page.text
    page.start(text="a long story")
    assert page.draft == "a long story"


def test_a_start_after_a_token_that_ran_out_knows_what_the_page_told(cast, client):
    told = {"p1": "Zoé", "p2": "order & 7", "page_url": "https://a.example/lamps?x=1"}
    page = Page(client, told)
    page.start()
    page.send("a story")
    page.post("/chat/plain")
    page.send("more", token=random_token())
    page.start(text="more")
    contacts = db.session.query(Contact).order_by(Contact.id).all()
    assert [contact.page_url for contact in contacts] == [told["page_url"]] * 2
    assert contacts[0].parameters == contacts[1].parameters
    assert "order & 7" in [parameter["value"] for parameter in contacts[1].parameters]


def test_the_next_chat_knows_it_too(cast, client):
    page = Page(client, {"p2": "order & 7", "page_url": "https://a.example/lamps?x=1"})
    page.start()
    page.post("/chat/plain/ending", sure="1")
    page.text = client.get(unescape(re.search(r'class="button button--primary" href="([^"]+)"', page.text)[1])).text
    assert (page.fields["p2"], page.fields["page_url"]) == ("order & 7", "https://a.example/lamps?x=1")


def test_an_unknown_entry_is_a_page_in_words(client, cast):
    answer = client.post("/chat/00000000-0000-4000-8000-0000000000ff/plain", data={"name": "Zoé"})
    assert answer.status_code == 404
    assert "<html" in answer.text
    assert client.post("/chat/plain", data={"token": "x" * 30}).status_code in (401, 404)


def test_other_sites_cannot_post(page, client):
    page.start()
    foreign = client.post("/chat/plain", data=page.fields, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert client.post("/chat/plain", data=page.fields, headers={"Origin": "null"}).status_code == 200


@pytest.fixture
def closed(cast):
    with transaction() as tx:
        poc = tx.session.query(PointOfContact).filter_by(guid=GUID).one()
        hours = OpeningHours(tenant_id=poc.tenant_id, name="Never", timezone="Europe/Paris", weekly=[], exceptions=[])
        tx.session.add(hours)
        tx.session.flush()
        poc.opening_hours_id = hours.id


def test_while_closed_there_are_times_and_a_form_for_a_message(closed, client):
    page = Page(client)
    assert "We are closed right now" in page.text
    page.post(f"/chat/{GUID}/plain/message", name="Zoé", email="nonsense", text="Call me")
    assert page.answer.status_code == 422
    assert "valid e-mail address" in page.text
    assert "Call me" in page.text
    page.post(f"/chat/{GUID}/plain/message", name="Zoé", email="zoe@example.org", text="Call me")
    assert page.answer.status_code == 200
    assert "We will answer you at zoe@example.org." in page.text
    assert "data-left hidden" not in page.text
    assert db.session.query(Contact).one().left_message
    assert texts() == ["Call me"]


def test_a_form_that_is_sent_after_closing_time_shows_the_times_and_keeps_what_was_written(page, closed):
    page.start(text="My lamp hums")
    assert "We are closed right now" in page.text
    assert db.session.query(Contact).count() == 0
    assert ('value="Zoé"' in page.text, page.draft) == (True, "My lamp hums")


def test_who_writes_a_message_while_it_opens_gets_the_form_for_a_chat_with_all_of_it(closed, client):
    page = Page(client)
    with transaction() as tx:
        tx.session.query(PointOfContact).filter_by(guid=GUID).one().opening_hours_id = None
    page.post(f"/chat/{GUID}/plain/message", name="Zoé", email="zoe@example.org", text="Call me")
    assert page.answer.status_code == 409
    assert "We are open now." in page.text
    assert ('value="Zoé"' in page.text, page.draft) == (True, "Call me")
    page.start(text=page.draft)
    assert page.draft == "Call me"


def test_what_was_too_fast_or_came_while_the_database_was_away_can_be_sent_again(page, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("app.customer.plain.slow_down", raising(RateLimited(retry_seconds=1)))
        page.start(text="My <lamp> hums")
    assert (page.answer.status_code, page.draft) == (429, "My &lt;lamp&gt; hums")
    with monkeypatch.context() as patch:
        patch.setattr("app.customer.plain.start_contact", raising(OperationalError("x", {}, Exception())))
        page.post(f"/chat/{GUID}/plain", text="My lamp hums")
    assert (page.answer.status_code, page.draft) == (503, "My lamp hums")
    page.post(f"/chat/{GUID}/plain", text=page.draft)
    assert page.draft == "My lamp hums"
    assert db.session.query(Contact).one().customer_name == "Zoé"


def raising(error):
    def fail(*_args):
        raise error

    return fail


def test_a_form_with_a_mistake_keeps_the_draft_of_a_lost_chat(page):
    page.start(name="x" * 300, text="a long story")
    assert (page.answer.status_code, page.draft) == (422, "a long story")


def test_an_address_cannot_choose_the_key_that_begins_a_chat(page, client):
    page.text = client.get(f"/inContact/ChatClient/ChatClient.aspx?poc={GUID}&start_key={'K' * 22}").text
    assert page.fields["start_key"] != "K" * 22
    page.start()
    program = {"Idempotency-Key": "K" * 22}
    stranger = client.post(f"/chat/{GUID}/contacts", json={}, headers=program)
    assert stranger.status_code == 201


@pytest.mark.parametrize(("text", "expected"), LINKS)
def test_what_is_a_link_is_what_the_window_makes_one(text, expected):
    found = re.findall(r'<a href="([^"]+)" rel="noopener noreferrer" target="_blank" dir="ltr">', linked(text))
    assert [unescape(url) for url in found] == expected


def test_hours_kept_in_utc_say_so_in_letters(closed, client):
    with transaction() as tx:
        tx.session.query(OpeningHours).update({"timezone": "UTC"})
    page = Page(client)
    assert "(UTC)" not in page.text
    assert "UTC" in page.text
