"""What the customer's page is told while it waits."""

import pytest

from app.actions.offers import accept_offer
from app.models import ChatProfile, Contact, PointOfContact
from app.transaction import transaction
from tests.actions.test_waiting import picked_up, say
from tests.cast import cast, inside
from tests.faces.test_customer_door import Door

__all__ = ["cast", "inside"]


@pytest.fixture
def screen(cast):
    """A profile with a queue screen, and a script that speaks on it."""
    say(cast, "%q/%t %w", screen=True)
    picked_up(cast, 50, 40, 30, 20, 10)


def seen(door):
    return door.ask("GET", "/chat/contact").get_json()


def test_place_estimate_and_message_until_somebody_is_there(cast, screen, client):
    Door(client)
    door = Door(client, locale="en")
    waiting = seen(door)
    assert (waiting["place"], waiting["wait_minutes"]) == (2, [10, 30])
    assert waiting["queue_message"] == "1/2 about 10 to 30 minutes"
    assert waiting["left_message"] is False
    for name in ("ana", "ben"):
        cast.work(name)
        accept_offer(cast.offer(name).id, cast.user(name))
    active = seen(door)
    assert (active["state"], active["place"]) == ("active", None)
    assert (active["wait_minutes"], active["queue_message"]) == (None, "")


def test_without_a_screen_there_is_no_message_and_without_pick_ups_no_estimate(cast, client):
    waiting = seen(Door(client))
    assert (waiting["place"], waiting["wait_minutes"], waiting["queue_message"]) == (1, None, "")


def test_a_screen_that_is_switched_off_leaves_the_message_of_those_who_wait_alone(cast, screen, client):
    door = Door(client)
    with transaction() as tx:
        profile = tx.session.get(ChatProfile, tx.session.get(PointOfContact, cast.poc().id).chat_profile_id)
        profile.waiting_enabled = False
    assert seen(door)["queue_message"].startswith("0/1")
    later = Door(client)
    assert seen(later)["queue_message"] == ""
    contact_id = later.answer.get_json()["contact"]
    with transaction() as tx:
        assert tx.session.get(Contact, contact_id).queue_message == ""
