"""What a waiting customer is told: place, honest estimate, and the script's message with its numbers."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from app import clock
from app.actions import contacts, places, starts
from app.actions.arrivals import Arrival
from app.actions.audit import CUSTOMER
from app.actions.places import announce_places, queue_news
from app.extensions import db
from app.models import ChatProfile, Contact, PointOfContact, RoutingScript
from app.tokens import random_token
from app.transaction import transaction
from tests.cast import Listener

pytestmark = pytest.mark.both_databases
MESSAGE = "{customer_name}: %q ahead, %t in all, %w"


def say(cast, text, *, screen, interface=2):
    """The script's queue message, and a profile with or without the screen for it."""
    with transaction() as tx:
        poc = tx.session.get(PointOfContact, cast.poc().id)
        profile = ChatProfile(tenant_id=poc.tenant_id, name="Window", interface=interface, waiting_enabled=screen)
        tx.session.add(profile)
        tx.session.flush()
        poc.chat_profile_id = profile.id
        step = {"step": "queue_message", "text": {"en": text, "fr": f"FR {text}"}}
        steps = {"start": [{"step": "request_agent"}, step, {"step": "text", "text": {"en": "100%q"}}]}
        tx.session.get(RoutingScript, poc.routing_script_id).steps = steps


def arrive(cast, language="en"):
    return starts.start_contact(cast.poc(), random_token(), Arrival("Zoe", [], language, "", 2))[0]


def picked_up(cast, *minutes_ago, **more):
    """Contacts of the skill that were answered so long ago."""
    moment = clock.now()
    with transaction() as tx:
        for minutes in minutes_ago:
            at = moment - timedelta(minutes=minutes)
            tx.session.add(
                Contact(
                    tenant_id=cast.poc().tenant_id,
                    point_of_contact_id=cast.poc().id,
                    default_skill_id=cast.skill().id,
                    language="en",
                    state="ENDED",
                    created_at=at - timedelta(minutes=1),
                    answered_at=at,
                    ended_at=moment,
                    end_reason="agent_ended",
                    priority_initial=0,
                    priority_acceleration=1,
                    priority_maximum=1000,
                    **{"skill_id": cast.skill().id, **more},
                )
            )


def told(cast, contact):
    return queue_news(cast.again(contact), "en")


def test_the_estimate_grows_with_the_place(cast):
    picked_up(cast, 50, 40, 30, 20, 10)
    first, second = arrive(cast), arrive(cast)
    assert [told(cast, one).wait_minutes for one in (first, second)] == [[5, 15], [10, 30]]


def test_too_few_pick_ups_of_this_skill_in_this_hour_say_nothing(cast):
    picked_up(cast, 61, 50, 40, 30, 20)
    picked_up(cast, 10, 12, skill_id=cast.skill("Repairs").id)
    picked_up(cast, 10, 12, left_message=True)
    contact = arrive(cast)
    assert told(cast, contact).frame() == {"t": "queue", "contact": contact.id, "place": 1, "wait_minutes": None}


def test_with_a_queue_screen_the_message_stays_out_of_the_log_and_tells_what_stands_now(cast):
    say(cast, MESSAGE, screen=True)
    first, second = arrive(cast), arrive(cast)
    assert [line.text for line in cast.lines(second)] == ["100%q"]
    assert cast.again(second).queue_message == "Zoe: %q ahead, %t in all, %w"
    assert told(cast, second).queue_message == "Zoe: 1 ahead, 2 in all"
    contacts.end_contact(first.id, "customer_left", CUSTOMER)
    picked_up(cast, 5, 4, 3, 2, 1)
    assert told(cast, second).queue_message == "Zoe: 0 ahead, 1 in all, about 1 to 2 minutes"


def test_a_message_that_tells_nothing_but_the_wait_is_taken_back_when_nobody_knows_it_any_more(cast):
    say(cast, "Estimated wait: %w.", screen=True)
    picked_up(cast, 58, 40, 30, 20, 10)
    contact = arrive(cast)
    assert told(cast, contact).frame()["queue_message"] == "Estimated wait: about 5 to 15 minutes."
    clock.turn(timedelta(minutes=5))
    assert told(cast, contact).frame()["queue_message"] == ""


def test_without_a_queue_screen_a_message_that_has_nothing_to_tell_makes_no_line(cast):
    say(cast, "Estimated wait: %w.", screen=False)
    assert [line.text for line in cast.lines(arrive(cast))] == ["100%q"]


@pytest.mark.parametrize(("screen", "interface"), [(False, 2), (True, 1), (False, 1)])
def test_without_a_queue_screen_the_message_is_a_line_with_the_numbers_of_that_moment(cast, screen, interface):
    say(cast, MESSAGE, screen=screen, interface=interface)
    picked_up(cast, 5, 5, 5, 5, 5)
    arrive(cast)
    contact = arrive(cast)
    assert [line.text for line in cast.lines(contact)] == ["Zoe: 1 ahead, 2 in all, about 1 minute", "100%q"]
    assert cast.again(contact).queue_message == ""


def test_places_are_told_with_estimate_and_message_in_each_readers_language(cast, app):
    say(cast, "%q", screen=True)
    picked_up(cast, 50, 40, 30, 20, 10)
    first, second = arrive(cast), arrive(cast, "fr")
    ear = Listener(app, f"customer-{first.id}", f"customer-{second.id}")
    announce_places()
    assert [event.frame() for event in ear.heard] == [
        {"t": "queue", "contact": first.id, "place": 1, "wait_minutes": [5, 15], "queue_message": "0"},
        {"t": "queue", "contact": second.id, "place": 2, "wait_minutes": [10, 30], "queue_message": "FR 1"},
    ]


def test_telling_places_asks_the_database_as_often_for_many_as_for_one(cast):
    say(cast, MESSAGE, screen=True)
    asked = []

    def listener(*args):
        asked.append(args[2])

    counts = []
    for more in (1, 20):
        for _ in range(more):
            arrive(cast)
        places.moved(cast.skill().id)
        db.session.rollback()
        event.listen(db.engine, "before_cursor_execute", listener)
        announce_places()
        event.remove(db.engine, "before_cursor_execute", listener)
        counts.append(len(asked))
        asked.clear()
    assert counts[0] == counts[1] <= 3


def test_an_offer_says_next_and_leaves_the_rest_as_it_was(cast, app):
    contact = arrive(cast)
    ear = Listener(app, f"customer-{contact.id}")
    cast.work("ana")
    frames = [event.frame() for event in ear.heard]
    assert frames == [{"t": "queue", "contact": contact.id, "place": 1}]
