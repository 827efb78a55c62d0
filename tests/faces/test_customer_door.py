"""The customer's door over HTTP: bearer token only, clear refusals, no cookie, nothing before the click."""

import json

import pytest

from app.actions import contacts
from app.actions.audit import CUSTOMER
from app.actions.offers import accept_offer
from app.extensions import db
from app.models import Contact, Skill
from app.tokens import random_token
from app.transaction import transaction
from tests.cast import GUID, OUTSIDE_GUID, cast, inside

__all__ = ["cast", "inside"]


class Door:
    """A customer's page, as far as it asks."""

    def __init__(self, client, guid=GUID, name="Zoe", key=None, **body):
        self.client = client
        self.key = key or random_token()
        self.answer = client.post(
            f"/chat/{guid}/contacts", json={"name": name, **body}, headers={"Idempotency-Key": self.key}
        )
        self.token = self.answer.get_json().get("token")

    def ask(self, method, path, headers=None, **options):
        """A request with the token."""
        return self.client.open(
            path, method=method, headers={"Authorization": f"Bearer {self.token}", **(headers or {})}, **options
        )

    def write(self, text="hello", cid=None):
        """A line over HTTP."""
        return self.ask("POST", "/chat/messages", {"Idempotency-Key": cid or random_token()}, json={"text": text})


@pytest.fixture
def door(cast, client):
    return Door(client)


def test_the_click_makes_a_contact_and_no_cookie(cast, client):
    door = Door(
        client, params=["A", None, {"name": "Email", "value": "a@b"}, -5555, "x" * 1500, "6", "7", "8", "9", "10"]
    )
    assert door.answer.status_code == 201
    assert "Set-Cookie" not in door.answer.headers
    contact = db.session.query(Contact).one()
    values = [parameter["value"] for parameter in contact.parameters]
    assert values == ["A", "", "a@b", "-5555", "x" * 1000, "6", "7", "8", "9"]
    assert contact.parameters[2]["name"] == "Email"
    assert contact.parameters[4]["cut"] is True


def test_the_pages_before_the_click_make_nothing(cast, client):
    for path in (
        f"/inContact/ChatClient/ChatClient.aspx?poc={GUID}&bu=1",
        f"/INCONTACT/chatclient/Launcher.html?poc={GUID}&bu=1",
        f"/looks/{GUID}.css",
        "/inContact/ChatClient/js/embed.min.js",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "Set-Cookie" not in answer.headers, path
        answer.close()
    assert db.session.query(Contact).count() == 0


def test_the_same_start_again_is_the_same_chat(cast, client):
    first = Door(client)
    again = Door(client, key=first.key)
    assert again.answer.status_code == 200
    assert again.token == first.token
    assert db.session.query(Contact).count() == 1


@pytest.mark.parametrize("guid", ["00000000-0000-4000-8000-0000000000ff", "nonsense", "%00", "' OR 1=1"])
def test_an_unknown_entry_is_not_found(cast, client, guid):
    answer = client.post(f"/chat/{guid}/contacts", json={}, headers={"Idempotency-Key": random_token()})
    assert answer.status_code == 404
    assert answer.get_json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": 5}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "a\x00"}, "name"),
    ],
)
def test_a_name_out_of_form_is_told_with_its_field(cast, client, body, field):
    answer = client.post(
        f"/chat/{GUID}/contacts", data=json.dumps(body), content_type="application/json",
        headers={"Idempotency-Key": random_token(), "Accept-Language": "en"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert answer.get_json()["error"]["field"] == field


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"{", b"\xff", b'"text"', b"[" * 60_000])
def test_a_body_that_is_no_object_is_invalid(cast, client, data):
    answer = client.post(
        f"/chat/{GUID}/contacts",
        data=data,
        content_type="application/json",
        headers={"Idempotency-Key": random_token()},
    )
    assert answer.status_code == 422


def test_a_huge_body_is_refused(cast, client):
    answer = client.post(
        f"/chat/{GUID}/contacts", json={"name": "x" * 100_000}, headers={"Idempotency-Key": random_token()}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:8000.evil.example"])
def test_another_site_cannot_start_a_chat(cast, client, origin):
    headers = {"Idempotency-Key": random_token(), "Origin": origin}
    answer = client.post(f"/chat/{GUID}/contacts", json={"name": "Zoe"}, headers=headers)
    assert answer.status_code == 403


def test_too_many_starts_of_one_address_have_to_wait(cast, client, app, monkeypatch):
    monkeypatch.setattr(app.extensions["chat_rate"], "allowed", 2)
    codes = [Door(client).answer.status_code for _ in range(3)]
    assert codes == [201, 201, 429]


def test_how_the_chat_stands_from_start_to_end(cast, client):
    door = Door(client)
    snapshot = door.ask("GET", "/chat/contact").get_json()
    assert (snapshot["state"], snapshot["place"], snapshot["agent"]) == ("waiting", 1, None)
    second = Door(client)
    assert second.ask("GET", "/chat/contact").get_json()["place"] == 2
    cast.work("ana")
    accept_offer(cast.offer("ana").id, cast.user("ana"))
    snapshot = door.ask("GET", "/chat/contact").get_json()
    assert (snapshot["state"], snapshot["agent"]["name"]) == ("active", "Ana")
    assert second.ask("GET", "/chat/contact").get_json()["place"] == 1
    assert door.ask("POST", "/chat/ending", json={"now": True}).get_json()["end_reason"] == "customer_ended"
    assert door.ask("POST", "/chat/ending", json={"now": True}).status_code == 200
    assert second.ask("POST", "/chat/ending", json={"now": True}).get_json()["end_reason"] == "customer_left"


@pytest.mark.parametrize("token", ["", "x" * 40, "é" * 20, "a" * 5000])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/chat/contact"), ("POST", "/chat/messages"), ("GET", "/chat/events"), ("POST", "/chat/ending"),
     ("POST", "/chat/typing")],
)  # fmt: skip
def test_a_wrong_token_opens_nothing(cast, client, door, token, method, path):
    answer = client.open(path, method=method, json={"text": "x"}, headers={"Authorization": f"Bearer {token}".encode()})
    assert answer.status_code == 401
    assert answer.get_json()["error"]["code"] == "sign_in_needed"


def test_a_token_dies_fifteen_minutes_after_the_end(cast, client, door):
    from datetime import timedelta

    from app import clock

    door.ask("POST", "/chat/ending", json={"now": True})
    clock.turn(timedelta(minutes=14))
    assert door.ask("GET", "/chat/contact").status_code == 200
    clock.turn(timedelta(minutes=2))
    assert door.ask("GET", "/chat/contact").status_code == 401


def test_a_line_is_created_once(door):
    cid = random_token()
    first, second = door.write("hello", cid), door.write("hello", cid)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json()["seq"] == second.get_json()["seq"]
    conflict = door.write("other", cid)
    assert (conflict.status_code, conflict.get_json()["error"]["code"]) == (409, "cid_conflict")


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [("", 422, "invalid"), ("x" * 4001, 422, "too_long"), (None, 422, "invalid"), ({"a": 1}, 422, "invalid")],
)
def test_a_line_out_of_form_is_told_why(door, text, status, code):
    answer = door.write(text)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)
    assert answer.get_json()["error"]["message"]


def test_a_line_after_the_end_is_told_so(door):
    door.ask("POST", "/chat/ending", json={"now": True})
    assert door.write().get_json()["error"]["code"] == "ended"


def test_writing_too_fast_over_http_has_to_wait_as_on_the_socket(door):
    answers = [door.write(f"line {n}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert answers[-1].get_json()["error"]["retry_ms"] > 0


def test_events_behind_a_cursor(door):
    numbers = [door.write(f"line {n}").get_json()["seq"] for n in range(3)]
    answer = door.ask("GET", f"/chat/events?after={numbers[0]}&wait=0").get_json()
    assert [event["seq"] for event in answer["events"]] == numbers[1:]
    assert answer["epoch"]
    assert door.ask("GET", f"/chat/events?after={numbers[-1]}&wait=0").get_json()["events"] == []


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=1&wait=9e9", "after=" + "9" * 40, "wait=²"])
def test_a_cursor_out_of_form_is_invalid(door, query):
    assert door.ask("GET", f"/chat/events?{query}").status_code == 422


def test_a_stream_says_where_it_stands(door):
    door.write("hello")
    answer = door.ask("GET", "/chat/events?after=0", {"Accept": "text/event-stream"})
    assert answer.content_type.startswith("text/event-stream")
    chunks = answer.response
    said = "".join(next(chunks) if isinstance(next_part, str) else next_part.decode() for next_part in _take(chunks, 3))
    answer.close()
    assert "retry:" in said
    assert 'data: {"t":"ev"' in said


def _take(chunks, count):
    return [next(chunks) for _ in range(count)]


def test_the_transcript_is_a_form_post_with_the_token_and_never_a_link(door, client):
    door.write("<b>hello</b> https://a.example/?x=1&y=2")
    page = client.post("/chat/transcript", data={"token": door.token})
    assert page.status_code == 200
    assert b"&lt;b&gt;hello" in page.data
    assert b"<b>hello" not in page.data
    text = client.post("/chat/transcript", data={"token": door.token, "format": "text"})
    assert "attachment" in text.headers["Content-Disposition"]
    assert "<b>hello</b>" in text.get_data(as_text=True)
    assert client.get(f"/chat/transcript?token={door.token}").status_code == 405
    assert client.post("/chat/transcript", data={"token": "x" * 40}).status_code in (303, 401)


def test_a_skill_without_transcripts_gives_none(cast, door, client):
    with transaction() as tx:
        for skill in tx.session.query(Skill):
            skill.transcript_available = False
    assert client.post("/chat/transcript", data={"token": door.token}).status_code == 403


def test_one_customers_token_never_shows_another_chat(cast, client):
    mine, other, outside = Door(client), Door(client), Door(client, guid=OUTSIDE_GUID)
    mine.write("mine")
    for stranger in (other, outside):
        assert "mine" not in stranger.ask("GET", "/chat/events?after=0&wait=0").get_data(as_text=True)


def test_an_error_speaks_the_readers_language(cast, client):
    contact = contacts.end_contact(cast.arrive().id, "customer_left", CUSTOMER)
    assert contact.state == "ENDED"
    door = Door(client)
    door.ask("POST", "/chat/ending", json={"now": True})
    answer = door.ask(
        "POST", "/chat/messages", {"Idempotency-Key": random_token(), "Accept-Language": "fr-CA"}, json={"text": "x"}
    )
    assert answer.get_json()["error"]["message"] != "This chat has ended."


def test_inactive_points_of_contact_say_so(cast, client):
    with transaction() as tx:
        tx.session.merge(cast.poc()).active = False
    assert Door(client).answer.status_code == 404
    page = client.get(f"/inContact/ChatClient/ChatClient.aspx?poc={GUID}")
    assert page.status_code == 404
