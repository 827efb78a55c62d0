"""The end of a chat at the customer's door: undo, thank-you, rating."""

from datetime import timedelta

import pytest

from app import clock
from app.actions import contacts
from app.actions.audit import actor
from app.actions.offers import accept_offer
from app.actions.sweeper import Sweeper, fire_due_timers
from app.extensions import db
from app.models import Skill
from app.transaction import transaction
from tests.cast import cast, inside
from tests.faces.test_customer_door import Door

__all__ = ["cast", "inside"]
ENDING = "/chat/ending"


@pytest.fixture
def door(cast, client):
    return Door(client)


@pytest.fixture
def talking(cast, door):
    """A chat that Ana has accepted."""
    cast.work("ana")
    accept_offer(cast.offer("ana").id, cast.user("ana"))
    return door


def skill_says(cast, **values):
    with transaction() as tx:
        skill = tx.session.get(Skill, cast.skill().id)
        for name, value in values.items():
            setattr(skill, name, value)


def seen(door):
    db.session.rollback()
    return door.ask("GET", "/chat/contact").get_json()


def test_an_end_counts_down_and_can_be_taken_back(talking):
    answer = talking.ask("POST", ENDING).get_json()
    assert (answer["state"], answer["end_reason"], answer["end_by"]) == ("ending", None, None)
    assert 9 < answer["ending_seconds"] <= 10
    assert answer["agent"]["name"] == "Ana"
    clock.turn(timedelta(seconds=4))
    assert 5 < talking.ask("POST", ENDING, json={}).get_json()["ending_seconds"] <= 6
    answer = talking.ask("DELETE", ENDING)
    assert answer.status_code == 200
    assert (answer.get_json()["state"], answer.get_json()["ending_seconds"]) == ("active", None)
    assert talking.write().status_code == 201


def test_the_time_is_over_when_it_is_over(talking):
    talking.ask("POST", ENDING)
    clock.turn(timedelta(seconds=11))
    assert seen(talking)["ending_seconds"] == 0
    fire_due_timers()
    after = seen(talking)
    assert (after["state"], after["end_reason"], after["end_by"]) == ("ended", "customer_ended", "customer")
    late = talking.ask("DELETE", ENDING)
    assert (late.status_code, late.get_json()["error"]["code"]) == (409, "ended")
    assert talking.ask("POST", ENDING).get_json()["state"] == "ended"


def test_a_sweep_ends_it_without_anybody_asking(talking, app):
    talking.ask("POST", ENDING)
    clock.turn(timedelta(seconds=11))
    Sweeper(app, app.extensions["hub"], 0.5).sweep()
    assert seen(talking)["state"] == "ended"


def test_at_once_for_who_has_made_up_their_mind(talking):
    answer = talking.ask("POST", ENDING, json={"now": True}).get_json()
    assert (answer["state"], answer["ending_seconds"], answer["end_by"]) == ("ended", None, "customer")


@pytest.mark.parametrize("body", [{"now": "yes"}, {"now": 1}, {}])
def test_only_a_plain_yes_is_at_once(talking, body):
    assert talking.ask("POST", ENDING, json=body).get_json()["state"] == "ending"


@pytest.mark.parametrize(("method", "path"), [("POST", ENDING), ("DELETE", ENDING), ("POST", "/chat/rating")])
def test_neither_a_stranger_nor_another_site_may(talking, client, method, path):
    assert client.open(path, method=method, json={}).status_code == 401
    assert talking.ask(method, path, {"Origin": "https://evil.example"}, json={}).status_code == 403


def test_the_receipt_says_who_ended_it(cast, talking):
    contact_id = seen(talking)["contact"]
    contacts.end_contact(contact_id, "agent_ended", actor(cast.user("ana")), agent=cast.user("ana"))
    after = seen(talking)
    assert (after["end_by"], after["end_reason"]) == ("agent", "agent_ended")


def test_who_was_away_too_long_was_ended_by_the_system(cast, door):
    clock.turn(timedelta(seconds=601))
    contacts.end_abandoned(door.answer.get_json()["contact"], clock.now())
    after = seen(door)
    assert (after["end_by"], after["end_reason"]) == ("system", "customer_left")


def test_thanks_come_after_the_end_in_the_readers_language(cast, client):
    skill_says(
        cast,
        thank_you_enabled=True,
        thank_you_text={"en": "Thanks", "fr": "Merci"},
        thank_you_link_text={"en": "Shop"},
        thank_you_url="https://shop.example/",
    )
    door = Door(client, locale="fr")
    assert seen(door)["thank_you"] is None
    door.ask("POST", ENDING, json={"now": True})
    assert seen(door)["thank_you"] == {"text": "Merci", "link": {"text": "Shop", "url": "https://shop.example/"}}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"thank_you_text": {"en": "Thanks"}}, {"text": "Thanks", "link": None}),
        ({"thank_you_text": {"en": "Thanks"}, "thank_you_url": "javascript:x"}, {"text": "Thanks", "link": None}),
        ({"thank_you_url": "https://a.example"}, {"text": "", "link": {"text": "https://a.example", "url": "https://a.example"}}),
        ({}, None),
        ({"thank_you_text": {"en": "Thanks"}, "thank_you_enabled": False}, None),
    ],
)  # fmt: skip
def test_thanks_without_link_or_words(cast, door, values, expected):
    skill_says(cast, **{"thank_you_enabled": True, **values})
    assert door.ask("POST", ENDING, json={"now": True}).get_json()["thank_you"] == expected


def test_a_rating_is_asked_for_and_taken_once(cast, talking):
    skill_says(cast, rating_enabled=True)
    early = talking.ask("POST", "/chat/rating", json={"score": 5, "comment": ""})
    assert (early.status_code, early.get_json()["error"]["code"]) == (409, "stale")
    assert seen(talking)["rating"] == {"asked": False, "score": None}
    assert talking.ask("POST", ENDING, json={"now": True}).get_json()["rating"] == {"asked": True, "score": None}
    codes = [
        talking.ask("POST", "/chat/rating", json=body).status_code
        for body in ({"score": 5, "comment": "Thanks"}, {"score": 5, "comment": "Thanks"}, {"score": 1}, {"score": "5"})
    ]
    assert codes == [201, 200, 409, 422]
    assert seen(talking)["rating"] == {"asked": True, "score": 5}


def test_where_nobody_asks_nobody_rates(talking):
    talking.ask("POST", ENDING, json={"now": True})
    assert talking.ask("POST", "/chat/rating", json={"score": 5}).status_code == 403
