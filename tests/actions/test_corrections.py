"""The same start or message again with other contents (rule R23): nothing that was corrected is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from app import clock
from app.actions import starts
from app.actions.agent_sessions import end_shift
from app.actions.arrivals import Arrival
from app.actions.audit import CUSTOMER
from app.actions.contacts import end_contact
from app.actions.identity import Identity
from app.actions.left_messages import leave_message
from app.actions.messages import Speaker, post_and_wait
from app.actions.offers import accept_offer
from app.actions.presence import end_abandoned
from app.errors import Closed, Invalid
from app.extensions import db
from app.models import AuditEntry, ChatSession, Contact, PointOfContact, RoutingScript
from app.tokens import random_token
from app.transaction import transaction
from tests.actions.test_closed import NEVER, keep
from tests.cast import OTHER_GUID, Listener

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
    assert start(cast, key, RIGHT) == (first, token, False)
    entries = db.session.query(AuditEntry).filter_by(entity_id=first, attribute="customer_email").count()
    assert entries == 1, "what was corrected once is what the customer says now"


@pytest.mark.parametrize("field", ["name", "email", "phone", "parameters", "language"])
def test_each_thing_that_a_customer_says_of_themselves_counts(cast, field):
    other = {"name": "Zoé", "email": "z@a.example", "phone": "555 2", "parameters": [], "language": "de"}[field]
    key = random_token()
    first, _, _ = start(cast, key, WRONG)
    second, _, new = start(cast, key, replace(WRONG, **{field: other}))
    assert (new, second != first) == (True, True)


def test_the_agent_and_the_customer_hear_of_a_correction(cast, app):
    key = random_token()
    first, _, _ = start(cast, key, WRONG)
    answer(cast)
    ears = Listener(app, f"agent-{cast.user('ana').id}"), Listener(app, f"customer-{first}")
    start(cast, key, replace(RIGHT, language="de"))
    assert [ear.kinds() for ear in ears] == [["ContactChanged"], ["ContactChanged"]]
    assert db.session.query(ChatSession).filter_by(contact_id=first).one().language == "de"
    assert fetched(first).language == "fr"


def test_whoever_is_about_to_decide_hears_of_a_correction_too(cast, app):
    cast.work("ana")
    key = random_token()
    first, _, _ = start(cast, key, WRONG)
    post_and_wait(first, random_token(), "Hello?", Speaker(None, "Zoe"))
    ear = Listener(app, f"agent-{cast.user('ana').id}")
    start(cast, key, RIGHT)
    assert (fetched(first).state, "ContactChanged" in ear.kinds()) == ("OFFERED", True)


def test_what_an_agent_had_and_lost_before_a_word_was_said_goes_on(cast):
    key = random_token()
    first, token, _ = start(cast, key, WRONG)
    answer(cast)
    end_shift(cast.user("ana"), requeue=True)
    assert fetched(first).state == "QUEUED"
    assert start(cast, key, RIGHT) == (first, token, False)


def test_what_an_agent_wrote_into_and_gave_back_goes_on(cast):
    key = random_token()
    first, token, _ = start(cast, key, WRONG)
    answer(cast)
    post_and_wait(first, random_token(), "Hello", Speaker(cast.user("ana").id, "Ana"))
    end_shift(cast.user("ana"), requeue=True)
    with transaction() as tx:
        tx.session.get(Contact, first).answered_at = None
    assert start(cast, key, RIGHT) == (first, token, False)


# Whom the site has verified (rule R18).

SIGNED = Identity("customer-7", "nonce-1", "Zoe of the site", "zoe@site.example")


def verified() -> list[tuple[int, str]]:
    db.session.rollback()
    return [(one.id, one.verified_id) for one in db.session.query(Contact).order_by(Contact.id) if one.verified_id]


def test_a_corrected_chat_stays_verified_by_the_same_signature(cast):
    key = random_token()
    first, _, _ = start(cast, key, replace(WRONG, identity=SIGNED))
    second, _, _ = start(cast, key, replace(RIGHT, identity=SIGNED))
    assert verified() == [(first, "customer-7"), (second, "customer-7")]
    third, _, _ = start(cast, random_token(), replace(RIGHT, identity=SIGNED))
    assert third not in dict(verified())


def test_it_stays_verified_although_the_signature_has_run_out(cast):
    key = random_token()
    start(cast, key, replace(WRONG, identity=SIGNED))
    second, _, new = start(cast, key, RIGHT)
    assert (new, dict(verified()).get(second)) == (True, "customer-7")
    assert (fetched(second).customer_name, fetched(second).customer_email) == (SIGNED.name, SIGNED.email)
    same, _, newer = start(cast, key, RIGHT)
    assert (same, newer) == (second, False)


def test_a_signature_verifies_no_second_chat_after_the_first_has_ended(cast):
    key = random_token()
    first, _, _ = start(cast, key, replace(WRONG, identity=SIGNED))
    answer(cast)
    end_contact(first, "customer_ended", CUSTOMER)
    second, _, new = start(cast, key, replace(RIGHT, identity=SIGNED))
    third, _, _ = start(cast, random_token(), replace(RIGHT, identity=SIGNED))
    assert (new, [number for number, _ in verified()]) == (True, [first])
    assert len({first, second, third}) == 3


def test_a_signature_that_comes_with_the_second_try_verifies(cast):
    key = random_token()
    start(cast, key, WRONG)
    second, _, new = start(cast, key, replace(WRONG, identity=SIGNED))
    assert (new, verified()) == (True, [(second, "customer-7")])


def test_a_running_chats_verified_name_cannot_be_typed_over(cast):
    key = random_token()
    first, _, _ = start(cast, key, replace(WRONG, identity=SIGNED))
    answer(cast)
    start(cast, key, replace(RIGHT, name="Somebody else"))
    assert (fetched(first).customer_name, fetched(first).customer_email) == (SIGNED.name, SIGNED.email)
    assert fetched(first).parameters == RIGHT.parameters


def test_many_corrections_at_one_moment_are_one_chat(cast, app):
    key = random_token()
    start(cast, key, WRONG)
    guid, gate = cast.poc().guid, threading.Barrier(4)

    def again(n):
        with app.app_context():
            gate.wait()
            try:
                poc = db.session.query(PointOfContact).filter_by(guid=guid).one()
                return starts.start_contact(poc, key, replace(RIGHT, phone=f"555 {n}"))[0].id
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(again, range(4)))) == 4
    db.session.rollback()
    assert db.session.query(Contact).filter_by(state="QUEUED").count() == 1


def test_a_chat_that_died_unheard_begins_anew_when_its_start_comes_again(cast):
    key = random_token()
    first, token, _ = start(cast, key, WRONG)
    clock.turn(timedelta(minutes=35))
    end_abandoned()
    assert fetched(first).end_reason == "customer_left"
    second, same, new = start(cast, key, WRONG)
    assert (second != first, same, new) == (True, token, True)


def test_a_chat_that_is_out_of_reach_begins_anew(cast):
    key = random_token()
    first, _, _ = start(cast, key, WRONG)
    answer(cast)
    end_contact(first, "customer_ended", CUSTOMER)
    assert start(cast, key, WRONG)[0] == first
    clock.turn(timedelta(minutes=16))
    second, _, new = start(cast, key, WRONG)
    assert (second != first, new) == (True, True)


def test_over_what_has_ended_nothing_begins_while_closed(cast):
    key = random_token()
    first, _, _ = start(cast, key, WRONG)
    end_contact(first, "customer_left", CUSTOMER)
    keep(cast, NEVER)
    with pytest.raises(Closed):
        start(cast, key, RIGHT)


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
