"""The customer's door while it is closed: opening times, and a message instead of a chat."""

from datetime import datetime, timedelta

import pytest

from app import clock
from app.actions.offers import accept_offer
from app.extensions import db
from app.models import ChatSession, Contact, OpeningHours, PointOfContact
from app.tokens import random_token
from app.transaction import transaction
from tests.cast import GUID, cast, inside
from tests.faces.test_customer_door import Door

__all__ = ["cast", "inside"]
MESSAGE = {"name": "Zoe", "email": "zoe@a.example", "text": "Please call me."}


@pytest.fixture
def closed(cast):
    """The entry is open tomorrow from nine to ten in Paris, and at no other time."""
    tomorrow = (clock.now() + timedelta(days=1)).date()
    with transaction() as tx:
        poc = tx.session.get(PointOfContact, cast.poc().id)
        times = {"date": tomorrow.isoformat(), "intervals": [{"from": "09:00", "to": "10:00"}]}
        hours = OpeningHours(
            tenant_id=poc.tenant_id, name="Office", timezone="Europe/Paris", weekly=[], exceptions=[times]
        )
        tx.session.add(hours)
        tx.session.flush()
        poc.opening_hours_id = hours.id
    return tomorrow


def leave(client, key=None, guid=GUID, headers=None, **body):
    headers = {"Idempotency-Key": key or random_token(), "Accept-Language": "en", **(headers or {})}
    return client.post(f"/chat/{guid}/messages", json={**MESSAGE, **body}, headers=headers)


def test_always_open_has_no_times(cast, client):
    answer = client.get(f"/chat/{GUID}/hours")
    assert (answer.status_code, answer.get_json()) == (200, {"open": True, "changes_at": None, "days": []})
    assert "Set-Cookie" not in answer.headers


def test_the_times_of_seven_days_stand_in_utc(closed, client):
    answer = client.get(f"/chat/{GUID}/hours").get_json()
    assert answer["open"] is False
    assert len(answer["days"]) == 7
    (day,) = [day for day in answer["days"] if day["ranges"]]
    assert day["date"] == closed.isoformat()
    ((start, end),) = day["ranges"]
    assert answer["changes_at"] == start
    assert datetime.fromisoformat(end) - datetime.fromisoformat(start) == timedelta(hours=1)


def test_an_entry_that_is_unknown_or_switched_off_has_no_times(cast, client):
    assert client.get("/chat/nonsense/hours").status_code == 404
    with transaction() as tx:
        tx.session.get(PointOfContact, cast.poc().id).active = False
    assert client.get(f"/chat/{GUID}/hours").status_code == 404


def test_closed_a_start_is_refused_in_words_and_a_known_one_is_answered(cast, client, request):
    door = Door(client)
    request.getfixturevalue("closed")
    refused = Door(client).answer
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "closed")
    again = Door(client, key=door.key)
    assert (again.answer.status_code, again.token) == (200, door.token)


def test_a_message_is_left_and_gives_no_token(closed, cast, client):
    key = random_token()
    first, again = leave(client, key, phone="+33 1 23"), leave(client, key, phone="+33 1 23")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json() == {"contact": db.session.query(Contact).one().id}
    assert "Set-Cookie" not in first.headers
    cast.work("ana")
    contact = accept_offer(cast.offer("ana").id, cast.user("ana"))
    assert (contact.customer_email, contact.customer_phone) == ("zoe@a.example", "+33 1 23")
    assert cast.lines(contact)[0].text == "Please call me."


def test_a_message_needs_no_name_and_keeps_what_the_page_told(closed, client):
    assert leave(client, name="", params=["7"], locale="fr-CA", page_url="https://a.example/").status_code == 201
    contact = db.session.query(Contact).one()
    assert (contact.customer_name, contact.language, contact.page_url) == ("", "fr", "https://a.example/")
    assert contact.parameters == [{"name": "", "value": "7"}]
    assert db.session.query(ChatSession).one().language == "fr"


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"email": "", "text": " "}, ["email", "text"]),
        ({"email": "zoe", "phone": "call me", "text": "x" * 4001}, ["email", "phone", "text"]),
        ({"email": 5, "phone": [], "text": {}, "name": {}}, ["name", "email", "phone", "text"]),
        ({"name": "x" * 256}, ["name"]),
        ({"text": "a\x00"}, ["text"]),
        ({"text": None, "phone": None, "name": None}, ["text"]),
    ],
)
def test_everything_that_is_wrong_is_told_at_once(closed, client, body, codes):
    answer = leave(client, **body)
    assert answer.status_code == 422
    told = answer.get_json()
    assert [error["field"] for error in told["errors"]] == codes
    assert told["error"]["field"] == codes[0]
    assert all(error["message"] for error in told["errors"])
    assert db.session.query(Contact).count() == 0


def test_while_open_a_chat_would_do(cast, client):
    answer = leave(client)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "open")


def test_messages_are_counted_like_starts(closed, client, app, monkeypatch):
    monkeypatch.setattr(app.extensions["chat_rate"], "allowed", 2)
    assert [leave(client).status_code for _ in range(3)] == [201, 201, 429]


def test_another_site_leaves_no_message(closed, client):
    assert leave(client, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_message_without_a_key_or_an_entry_goes_nowhere(closed, client):
    assert leave(client, key="short").status_code == 422
    assert leave(client, guid="nonsense").status_code == 404
