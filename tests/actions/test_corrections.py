"""The same start or message again with other contents (rule R23): nothing that was corrected is lost."""

from dataclasses import replace

import pytest

from app.actions import starts
from app.actions.arrivals import Arrival
from app.actions.audit import CUSTOMER
from app.actions.contacts import end_contact
from app.actions.left_messages import leave_message
from app.actions.messages import Speaker, post_and_wait
from app.actions.offers import accept_offer
from app.errors import Invalid
from app.extensions import db
from app.models import AuditEntry, Contact, RoutingScript
from app.tokens import random_token
from app.transaction import transaction
from tests.actions.test_closed import NEVER, keep
from tests.cast import OTHER_GUID

pytestmark = pytest.mark.both_databases
WRONG = Arrival("Zoe", [{"name": "team", "value": "Nobody"}], "fr", "https://a.example/", 2, "zoe@a.exampel", "555 1")
RIGHT = replace(WRONG, parameters=[{"name": "team", "value": "Repairs"}], email="zoe@a.example")


def start(cast, key, arrival):
    contact, token, new = starts.start_contact(cast.poc(), key, arrival)
    return contact.id, token, new


def fetched(contact_id) -> Contact:
    db.session.rollback()
    return db.session.get(Contact, contact_id)


def written(contact_id) -> dict:
    """{attribute: (before, after)} of what the audit says of a contact."""
    entries = db.session.query(AuditEntry).filter_by(entity="contact", entity_id=contact_id)
    return {entry.attribute: (entry.previous_value, entry.changed_value) for entry in entries}


def answer(cast, name="ana"):
    cast.work(name)
    offer = cast.offer(name)
    accept_offer(offer.id, cast.user(name))
    return offer.contact_id


def test_what_still_waits_begins_anew_and_the_script_sees_the_right_answers(cast):
    with transaction() as tx:
        steps = {"start": [{"step": "text", "text": {"en": "To {p1}"}}, {"step": "request_agent", "skill": "Default"}]}
        tx.session.get(RoutingScript, cast.poc().routing_script_id).steps = steps
    key = random_token()
    first, token, _ = start(cast, key, WRONG)
    second, same, new = start(cast, key, RIGHT)
    assert (second != first, same == token, new) == (True, True, True)
    assert [line.text for line in cast.lines(fetched(second))] == ["To Repairs"]
    assert (fetched(first).state, fetched(first).end_reason) == ("ENDED", "customer_left")
    assert written(first)["begun_anew"] == (None, str(second))
    assert start(cast, key, RIGHT) == (second, token, False)
    assert answer(cast) == second


def test_there_and_back_again_is_the_last_one_that_counts(cast):
    key = random_token()
    start(cast, key, WRONG)
    start(cast, key, RIGHT)
    last, _, new = start(cast, key, WRONG)
    assert new
    assert [contact.id for contact in db.session.query(Contact).filter_by(state="QUEUED")] == [last]


def test_what_is_being_offered_begins_anew_and_the_agent_has_the_right_one(cast):
    cast.work("ana")
    key = random_token()
    first, _, _ = start(cast, key, WRONG)
    assert cast.offer("ana").contact_id == first
    second, _, _ = start(cast, key, RIGHT)
    assert cast.offer("ana").contact_id == second
    assert cast.seats("ana") == 1


def test_what_was_answered_goes_on_with_its_details_corrected(cast):
    key = random_token()
    first, token, _ = start(cast, key, WRONG)
    answer(cast)
    assert start(cast, key, RIGHT) == (first, token, False)
    contact = fetched(first)
    assert (contact.state, contact.customer_email, contact.parameters) == ("ACTIVE", RIGHT.email, RIGHT.parameters)
    assert written(first)["customer_email"] == (WRONG.email, RIGHT.email)
    assert written(first)["parameters"] == ("Nobody", "Repairs")
    assert "customer_name" not in written(first)


def test_what_the_customer_wrote_into_goes_on_too(cast):
    key = random_token()
    first, token, _ = start(cast, key, WRONG)
    post_and_wait(first, random_token(), "Hello?", Speaker(None, "Zoe"))
    assert start(cast, key, RIGHT) == (first, token, False)
    assert fetched(first).customer_email == RIGHT.email


def test_a_chat_that_began_before_it_closed_is_corrected_and_not_thrown_away(cast):
    key = random_token()
    first, token, _ = start(cast, key, WRONG)
    keep(cast, NEVER)
    assert start(cast, key, RIGHT) == (first, token, False)
    assert (fetched(first).state, fetched(first).customer_email) == ("QUEUED", RIGHT.email)


def test_over_a_chat_that_has_ended_other_answers_begin_a_new_one_and_the_same_do_not(cast):
    key = random_token()
    first, token, _ = start(cast, key, WRONG)
    end_contact(first, "customer_left", CUSTOMER)
    assert start(cast, key, WRONG) == (first, token, False)
    second, same, new = start(cast, key, RIGHT)
    assert (second != first, same, new) == (True, token, True)


def test_a_key_of_another_entry_corrects_nothing(cast):
    key = random_token()
    first, _, _ = start(cast, key, WRONG)
    with pytest.raises(Invalid):
        starts.start_contact(cast.poc(OTHER_GUID), key, RIGHT)
    assert fetched(first).state == "QUEUED"


def test_a_left_message_with_other_words_is_another_message(cast):
    keep(cast, NEVER)
    key = random_token()

    def leave(arrival, text):
        contact, new = leave_message(cast.poc(), key, arrival, text)
        return contact.id, new

    first, _ = leave(WRONG, "Call me.")
    second, new = leave(WRONG, "Call me tomorrow.")
    third, newer = leave(RIGHT, "Call me tomorrow.")
    assert (new, newer) == (True, True)
    assert len({first, second, third}) == 3
    assert leave(WRONG, "Call me tomorrow.") == (second, False)
    assert leave(WRONG, "Call me.") == (first, False)
    assert [[line.text for line in cast.lines(fetched(one))] for one in (first, second)] == [
        ["Call me."],
        ["Call me tomorrow."],
    ]
