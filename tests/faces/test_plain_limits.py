"""What is too fast without a script: refused in words, counted apart, and nothing that was written is lost."""

import pytest

from app.extensions import db
from app.models import Contact, Message, Skill
from app.transaction import transaction
from tests.cast import GUID, cast, inside
from tests.faces.test_customer_door import Door
from tests.faces.test_plain import Page, closed, page, talking

__all__ = ["cast", "closed", "inside", "page", "talking"]


@pytest.fixture
def allowed(app, monkeypatch):
    """Only so many of this rate within a minute."""
    return lambda rate, number: monkeypatch.setattr(app.extensions[rate], "allowed", number)


def in_words(answer) -> bool:
    """A page for customers: no JSON, no way to the staff's pages."""
    return (
        answer.content_type.startswith("text/html") and "sign-in" not in answer.text and 'class="notice' in answer.text
    )


def test_lines_that_come_too_fast_stay_in_the_field(page, app, monkeypatch):
    monkeypatch.setattr(app.extensions["message_rate"], "burst", 2)
    page.start()
    for text in ("one", "two", "three"):
        page.send(text)
    assert "That was too fast." in page.text
    assert page.draft == "three"
    assert [line.text for line in db.session.query(Message).filter_by(sender="customer")] == ["one", "two"]


def test_messages_left_too_fast_come_back_whole(closed, allowed, client):
    allowed("chat_rate", 1)
    page = Page(client)
    written = {"name": "Zoé", "email": "zoe@a.example", "text": "Call me"}
    page.post(f"/chat/{GUID}/plain/message", **written)
    page = Page(client)
    page.post(f"/chat/{GUID}/plain/message", **written)
    assert (page.answer.status_code, page.draft) == (429, "Call me")
    assert in_words(page.answer)
    assert (page.fields["name"], page.fields["email"]) == ("Zoé", "zoe@a.example")
    assert int(page.answer.headers["Retry-After"]) > 0
    assert db.session.query(Contact).count() == 1


def test_a_transcript_asked_for_too_often_is_one_click_away(talking, allowed):
    allowed("transcript_rate", 2)
    for _ in range(3):
        kept = talking.client.post("/chat/transcript", data=talking.fields)
    assert kept.status_code == 429
    assert in_words(kept)
    assert f'name="token" value="{talking.fields["token"]}"' in kept.text


def test_a_link_opened_too_often_is_one_click_away_and_takes_nothing_from_the_customer(cast, client, allowed):
    allowed("transcript_rate", 2)
    door = Door(client)
    url = door.ask("POST", "/chat/transcript/link", json={"zone": "Asia/Tokyo", "locale": "en"}).get_json()["url"]
    answers = [client.get(url) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert in_words(answers[2])
    assert 'method="get"' in answers[2].text
    assert 'name="zone" value="Asia/Tokyo"' in answers[2].text
    assert answers[2].headers["Cache-Control"] == "no-store"
    assert client.post("/chat/transcript", data={"token": door.token}).status_code == 200


def test_what_is_not_offered_or_over_or_broken_is_a_page_for_customers(talking, client, monkeypatch):
    refused = [client.post("/chat/transcript", data={"token": "x" * 40})]
    with monkeypatch.context() as patch:
        patch.setattr("app.customer.transcripts.all_lines", lambda _contact: 1 / 0)
        refused.append(client.post("/chat/transcript", data=talking.fields))
    with transaction() as tx:
        for skill in tx.session.query(Skill):
            skill.transcript_available = False
    refused.append(client.post("/chat/transcript", data=talking.fields))
    assert [answer.status_code for answer in refused] == [401, 500, 403]
    assert all(in_words(answer) for answer in refused)
