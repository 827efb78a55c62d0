"""Shifts: the lease frees what a vanished agent held, and planned states begin when the contacts are done."""

from datetime import timedelta

import pytest

from app import clock
from app.actions import contacts
from app.actions.agent_sessions import begin_shift, end_shift, prolong_leases, set_state
from app.actions.audit import CUSTOMER, actor
from app.actions.offers import accept_offer
from app.actions.places import place_of
from app.actions.presence import see_customers
from app.actions.sweeper import fire_due_timers, match_left_over
from app.errors import Invalid, Stale
from app.extensions import db
from app.models import AgentSession, AuditEntry, Timer
from tests.cast import Cast, Listener

pytestmark = pytest.mark.both_databases


def test_a_shift_begins_unavailable_and_only_once(cast):
    first = begin_shift(cast.user("ana"))
    assert first.state == "Unavailable"
    assert begin_shift(cast.user("ana")).id == first.id


def test_a_closed_laptop_frees_the_contact_within_the_lease(cast, app):
    contact = cast.talking()
    customer = Listener(app, f"customer-{contact.id}")
    agent = Listener(app, f"agent-{cast.user('ana').id}")
    later = cast.arrive()
    clock.turn(timedelta(seconds=46))
    see_customers([later.id])
    fire_due_timers()
    contact = cast.again(contact)
    assert (contact.state, contact.agent_id) == ("QUEUED", None)
    assert place_of(contact) == 1
    assert cast.lines(contact)[-1].kind == "requeued"
    assert "ContactLost" in agent.kinds()
    assert any(getattr(event, "kind", "") == "requeued" for event in customer.heard)
    assert cast.seats("ana") == 0
    assert db.session.query(AgentSession).one().end_cause == "network_lost"


def test_an_agent_who_was_heard_keeps_the_contact(cast):
    contact = cast.talking()
    clock.turn(timedelta(seconds=40))
    prolong_leases({cast.user("ana").id: 3.0})
    clock.turn(timedelta(seconds=40))
    fire_due_timers()
    assert cast.again(contact).state == "ACTIVE"
    clock.turn(timedelta(seconds=3))
    fire_due_timers()
    assert cast.again(contact).state == "QUEUED"


def test_who_comes_back_in_the_last_moment_of_the_lease_keeps_the_contact(cast):
    contact = cast.talking()
    clock.turn(timedelta(seconds=44))
    begin_shift(cast.user("ana"))  # what a console does that connects again
    clock.turn(timedelta(seconds=2))
    fire_due_timers()
    assert cast.again(contact).state == "ACTIVE"
    clock.turn(timedelta(seconds=44))
    fire_due_timers()
    assert cast.again(contact).state == "QUEUED"


def test_an_open_offer_of_a_vanished_agent_returns_without_blame(cast):
    contact = cast.arrive()
    cast.work("ana")
    cast.work("ben")
    clock.turn(timedelta(seconds=30))
    prolong_leases({cast.user("ben").id: 0})
    see_customers([contact.id])
    # The lease of 45 s and the offer's deadline fall together; whichever fires first, the contact must come free.
    clock.turn(timedelta(seconds=16))
    see_customers([contact.id])
    fire_due_timers()
    match_left_over()
    assert cast.offer("ben").contact_id == contact.id


def test_the_colleague_gets_the_whole_log(cast):
    contact = cast.talking()
    before = len(cast.lines(contact))
    cast.work("ben")
    clock.turn(timedelta(seconds=30))
    prolong_leases({cast.user("ben").id: 0})
    clock.turn(timedelta(seconds=20))
    see_customers([contact.id])
    fire_due_timers()
    match_left_over()
    contact = accept_offer(cast.offer("ben").id, cast.user("ben"))
    kinds = [line.kind for line in cast.lines(contact)]
    assert kinds[before - 1 :] == ["joined", "requeued", "joined"]
    assert [line.seq for line in cast.lines(contact)] == list(range(1, len(kinds) + 1))


def test_unavailable_while_talking_is_planned_and_begins_when_the_last_contact_is_done(cast):
    contact = cast.talking()
    shift = set_state(cast.user("ana"), "Unavailable", "Lunch")
    assert (shift.state, shift.next_state) == ("Available", "Unavailable")
    contacts.end_contact(contact.id, "agent_ended", actor(cast.user("ana")), agent=cast.user("ana"))
    shift = cast.again(shift)
    assert (shift.state, shift.reason, shift.next_state) == ("Unavailable", "Lunch", None)


def test_nobody_signs_out_of_running_contacts_by_accident(cast):
    contact = cast.talking()
    assert end_shift(cast.user("ana")) is False
    assert cast.again(contact).state == "ACTIVE"
    assert end_shift(cast.user("ana"), requeue=True) is True
    assert cast.again(contact).state == "QUEUED"


def test_signing_out_of_nothing_is_fine(cast):
    assert end_shift(cast.user("ana")) is True


@pytest.mark.parametrize("state", ["available", "Refused", "", "Working"])
def test_an_unknown_state_is_refused(cast, state):
    begin_shift(cast.user("ana"))
    with pytest.raises(Invalid):
        set_state(cast.user("ana"), state)


def test_a_state_needs_a_shift(cast):
    with pytest.raises(Stale):
        set_state(cast.user("ana"), "Available")


def test_every_change_of_state_says_who_caused_it(cast):
    cast.work("ana")
    entry = db.session.query(AuditEntry).filter_by(entity="agent_session").order_by(AuditEntry.id.desc()).first()
    assert (entry.actor_name, entry.previous_value, entry.changed_value) == ("Ana", "Unavailable", "Available")


def test_a_vanished_agents_wrap_up_is_closed(inside):
    cast = Cast(post_contact="wrap_up", wrap_up_seconds=300)
    contact = cast.talking()
    contacts.end_contact(contact.id, "customer_ended", CUSTOMER)
    assert cast.seats("ana") == 1
    clock.turn(timedelta(seconds=50))
    fire_due_timers()
    contact = cast.again(contact)
    assert contact.wrap_up_agent_id is None
    assert cast.seats("ana") == 0
    assert db.session.query(Timer).count() == 0
