"""The customer's end and its way back: fired by any process, never twice, never after it was taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.actions import contacts, matching
from app.actions.audit import actor
from app.actions.endings import begin_ending, end_at_once, fire_ending, take_back_ending
from app.actions.lines import lock_contact
from app.actions.matching import match_skill, skills_to_match
from app.actions.offers import accept_offer, refuse_offer
from app.actions.places import place_of
from app.actions.sweeper import fire_due_timers, match_left_over
from app.actions.timers import claim_due
from app.errors import Ended
from app.extensions import db
from app.models import AuditEntry, Timer
from app.models.timer import CUSTOMER_ENDING, OFFER_DEADLINE
from tests.cast import Listener

pytestmark = pytest.mark.both_databases


def wait(seconds):
    clock.turn(timedelta(seconds=seconds))


def ends(cast, contact):
    return [line.data["reason"] for line in cast.lines(contact) if line.kind == "ended"]


def timers():
    db.session.rollback()
    return list(db.session.scalars(select(Timer).where(Timer.kind == CUSTOMER_ENDING)))


def test_it_ends_ten_seconds_later_although_the_page_is_gone(cast, app):
    contact = cast.talking()
    begin_ending(contact.id)
    wait(9)
    fire_due_timers()
    assert cast.again(contact).state == "ACTIVE"
    ear = Listener(app, f"customer-{contact.id}")
    wait(2)
    fire_due_timers()
    assert ends(cast, contact) == ["customer_ended"]
    assert cast.again(contact).ending_at is None
    assert timers() == []
    assert ear.kinds() == ["LineAdded", "ContactChanged"]


def test_who_waits_has_left(cast):
    contact = cast.arrive()
    begin_ending(contact.id)
    wait(11)
    fire_due_timers()
    assert ends(cast, contact) == ["customer_left"]


def test_pressing_again_gives_no_longer_time(cast):
    contact = cast.talking()
    first = begin_ending(contact.id).ending_at
    wait(5)
    assert begin_ending(contact.id).ending_at == first
    assert len(timers()) == 1


def test_taken_back_it_goes_on_as_if_nothing_had_been(cast, app):
    contact = cast.talking()
    begin_ending(contact.id)
    ear = Listener(app, f"customer-{contact.id}")
    take_back_ending(contact.id)
    take_back_ending(contact.id)
    assert ear.kinds() == ["ContactChanged"]
    wait(60)
    fire_due_timers([CUSTOMER_ENDING])
    assert cast.again(contact).state == "ACTIVE"
    assert timers() == []


def test_a_timer_in_hand_of_another_process_does_not_end_a_chat_that_was_taken_back(cast):
    contact = cast.talking()
    begin_ending(contact.id)
    wait(11)
    assert claim_due([CUSTOMER_ENDING]) == [(CUSTOMER_ENDING, contact.id)]
    take_back_ending(contact.id)
    fire_ending(contact.id)
    assert cast.again(contact).state == "ACTIVE"


def test_a_timer_in_hand_leaves_the_next_end_its_ten_seconds(cast):
    contact = cast.talking()
    begin_ending(contact.id)
    wait(11)
    claim_due([CUSTOMER_ENDING])
    take_back_ending(contact.id)
    begin_ending(contact.id)
    fire_ending(contact.id)
    assert cast.again(contact).state == "ACTIVE"
    wait(11)
    fire_due_timers([CUSTOMER_ENDING])
    assert cast.again(contact).state == "ENDED"


def test_a_process_that_dies_with_the_timer_leaves_it_to_another(cast):
    contact = cast.talking()
    begin_ending(contact.id)
    wait(11)
    claim_due([CUSTOMER_ENDING])
    fire_due_timers([CUSTOMER_ENDING])
    assert cast.again(contact).state == "ACTIVE"
    wait(31)
    fire_due_timers([CUSTOMER_ENDING])
    assert cast.again(contact).state == "ENDED"


def test_after_the_end_there_is_no_way_back(cast):
    contact = cast.talking()
    begin_ending(contact.id)
    contacts.end_contact(contact.id, "agent_ended", actor(cast.user("ana")), agent=cast.user("ana"))
    with pytest.raises(Ended):
        take_back_ending(contact.id)
    assert timers() == []
    wait(11)
    fire_due_timers([CUSTOMER_ENDING])
    assert ends(cast, contact) == ["agent_ended"]
    assert begin_ending(contact.id).ending_at is None


def test_who_is_about_to_leave_is_offered_to_nobody_and_keeps_the_place(cast):
    leaving, behind = cast.arrive(), cast.arrive()
    begin_ending(leaving.id)
    assert place_of(cast.again(behind)) == 1
    cast.work("ana")
    assert cast.offer("ana").contact_id == behind.id
    cast.work("ben")
    match_left_over()
    match_skill(cast.skill().id)
    assert cast.offer("ben") is None
    take_back_ending(leaving.id)
    assert cast.offer("ben").contact_id == leaving.id


def test_who_takes_the_end_back_is_there_and_is_offered_at_once(cast):
    contact = cast.arrive()
    wait(25)
    begin_ending(contact.id)
    wait(9)  # without a link for longer than a waiting customer may be
    cast.work("ana")
    take_back_ending(contact.id)
    assert cast.offer("ana").contact_id == contact.id


def test_an_end_begun_while_a_match_was_being_made_is_respected(cast, monkeypatch):
    contact = cast.arrive()

    def begun_meanwhile(tx, contact_id):
        locked = lock_contact(tx, contact_id)
        locked.ending_at = clock.now() + timedelta(seconds=10)
        return locked

    monkeypatch.setattr(matching, "lock_contact", begun_meanwhile)
    cast.work("ana")
    assert cast.offer("ana") is None
    assert cast.again(contact).state == "QUEUED"
    assert cast.seats("ana") == 0


@pytest.mark.parametrize("given_back", ["refused", "missed"])
def test_a_contact_about_to_end_whose_offer_comes_back_is_offered_to_nobody_else(cast, given_back):
    contact = cast.arrive()
    cast.work("ana")
    if given_back == "missed":
        wait(40)
    begin_ending(contact.id)
    if given_back == "refused":
        refuse_offer(cast.offer("ana").id, cast.user("ana"))
    else:
        wait(6)
        fire_due_timers([OFFER_DEADLINE])
    assert cast.again(contact).state == "QUEUED"
    cast.work("ben")
    match_left_over()
    match_skill(cast.skill().id)
    assert (cast.offer("ana"), cast.offer("ben")) == (None, None)
    assert skills_to_match() == []
    wait(11)
    fire_due_timers([CUSTOMER_ENDING])
    assert ends(cast, contact) == ["customer_left"]


def test_an_offer_stands_until_the_end_withdraws_it(cast):
    contact = cast.arrive()
    shift = cast.work("ana")
    begin_ending(contact.id)
    assert cast.offer("ana").contact_id == contact.id
    wait(11)
    fire_due_timers([CUSTOMER_ENDING])
    assert cast.offer("ana") is None
    assert cast.seats("ana") == 0
    assert cast.again(shift).state == "Available"
    assert ends(cast, contact) == ["customer_left"]


def test_an_agent_may_accept_meanwhile_and_the_end_still_comes(cast):
    contact = cast.arrive()
    cast.work("ana")
    begin_ending(contact.id)
    accept_offer(cast.offer("ana").id, cast.user("ana"))
    wait(11)
    fire_due_timers([CUSTOMER_ENDING])
    assert ends(cast, contact) == ["customer_ended"]


def test_at_once_is_at_once(cast):
    waiting, talking = cast.arrive(), cast.arrive()
    begin_ending(waiting.id)
    end_at_once(waiting.id)
    end_at_once(waiting.id)
    cast.work("ana")
    accept_offer(cast.offer("ana").id, cast.user("ana"))
    end_at_once(talking.id)
    assert (ends(cast, waiting), ends(cast, talking)) == (["customer_left"], ["customer_ended"])
    assert timers() == []


def test_the_audit_tells_of_wish_and_change_of_mind(cast):
    contact = cast.talking()
    due = clock.iso(begin_ending(contact.id).ending_at)
    take_back_ending(contact.id)
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.attribute == "ending").order_by(AuditEntry.id))
    told = [(entry.actor_kind, entry.previous_value, entry.changed_value) for entry in entries]
    assert told == [("customer", None, due), ("customer", due, None)]
