"""Offers: made to the right agent, decided once, and back in the old place when they come to nothing."""

from datetime import timedelta

import pytest

from app import clock
from app.actions import contacts
from app.actions.agent_sessions import set_state
from app.actions.audit import CUSTOMER
from app.actions.offers import accept_offer, miss_offer, refuse_offer
from app.actions.places import place_of
from app.actions.sweeper import fire_due_timers, match_left_over
from app.errors import NotFound, Stale
from tests.cast import OTHER_GUID, OUTSIDE_GUID, Listener

pytestmark = pytest.mark.both_databases


def test_a_waiting_contact_is_offered_as_soon_as_an_agent_is_available(cast):
    contact = cast.arrive()
    assert cast.offer("ana") is None
    cast.work("ana")
    assert cast.offer("ana").contact_id == contact.id
    assert cast.again(contact).state == "OFFERED"


def test_an_unavailable_agent_gets_no_offer(cast):
    cast.work("ana", "Unavailable")
    cast.arrive()
    assert cast.offer("ana") is None


def test_the_better_proficiency_gets_the_offer(cast):
    cast.work("ben")
    cast.work("ana")
    cast.arrive()
    assert cast.offer("ana") is not None
    assert cast.offer("ben") is None


def test_an_agent_without_the_skill_gets_nothing(cast):
    cast.work("sam")
    cast.arrive()
    assert cast.offer("sam") is None


def test_another_tenants_agent_gets_nothing(cast):
    cast.work("olga")
    contact = cast.arrive()
    assert cast.offer("olga") is None
    other = cast.arrive(guid=OUTSIDE_GUID)
    assert cast.offer("olga").contact_id == other.id
    assert cast.again(contact).state == "QUEUED"


def test_the_higher_priority_goes_first(cast):
    cast.arrive()
    repair = cast.arrive(guid=OTHER_GUID)
    cast.work("ben")
    assert cast.offer("ben").contact_id == repair.id


def test_equal_priority_goes_by_arrival(cast):
    first = cast.arrive()
    cast.arrive()
    cast.work("ana")
    assert cast.offer("ana").contact_id == first.id


def test_accepting_gives_the_contact_a_seat_and_a_line_and_tells_both(cast, app):
    contact = cast.arrive()
    customer = Listener(app, f"customer-{contact.id}")
    cast.work("ana")
    agent = Listener(app, f"agent-{cast.user('ana').id}")
    contact = accept_offer(cast.offer("ana").id, cast.user("ana"))
    assert (contact.state, contact.agent_id) == ("ACTIVE", cast.user("ana").id)
    assert cast.seats("ana") == 1
    line = cast.lines(contact)[-1]
    assert (line.kind, line.data["name"]) == ("joined", "Ana")
    assert "LineAdded" in customer.kinds()
    assert {"LineAdded", "ContactAssigned", "OfferDecided"} <= set(agent.kinds())


def test_accepting_twice_is_one_acceptance(cast):
    contact = cast.talking()
    offered = cast.lines(contact)
    from app.extensions import db
    from app.models import Offer

    offer = db.session.query(Offer).one()
    again = accept_offer(offer.id, cast.user("ana"))
    assert again.id == contact.id
    assert len(cast.lines(contact)) == len(offered)


def test_a_zombie_tab_cannot_accept_what_was_missed(cast):
    cast.arrive()
    cast.work("ana")
    offer = cast.offer("ana")
    miss_offer(offer.id)
    with pytest.raises(Stale):
        accept_offer(offer.id, cast.user("ana"))


def test_nobody_decides_the_offer_of_another(cast):
    cast.arrive()
    cast.work("ana")
    for stranger in ("ben", "olga"):
        with pytest.raises(NotFound):
            accept_offer(cast.offer("ana").id, cast.user(stranger))


def test_a_refused_contact_goes_back_to_its_old_place_and_the_agent_becomes_refused(cast):
    first, second = cast.arrive(), cast.arrive()
    shift = cast.work("ana")
    refuse_offer(cast.offer("ana").id, cast.user("ana"))
    assert cast.again(first).state == "QUEUED"
    assert [place_of(cast.again(c)) for c in (first, second)] == [1, 2]
    shift = cast.again(shift)
    assert (shift.state, shift.reason) == ("Unavailable", "Refused")
    assert cast.seats("ana") == 0


def test_an_unanswered_offer_is_missed_at_its_deadline_and_offered_to_a_colleague(cast):
    contact = cast.arrive()
    cast.work("ana")
    cast.work("ben")
    clock.turn(timedelta(seconds=44))
    assert fire_due_timers() == 0
    assert cast.offer("ana") is not None
    clock.turn(timedelta(seconds=2))
    from app.actions.agent_sessions import prolong_leases

    prolong_leases({cast.user("ana").id: 0, cast.user("ben").id: 0})
    from app.actions.presence import see_customers

    see_customers([contact.id])
    fire_due_timers()
    match_left_over()
    assert cast.offer("ana") is None
    assert cast.offer("ben").contact_id == contact.id


def test_a_refusing_agent_with_other_chats_goes_on_and_is_planned_to_be_refused(cast):
    cast.talking()
    cast.arrive()
    refuse_offer(cast.offer("ana").id, cast.user("ana"))
    from app.extensions import db
    from app.models import AgentSession

    shift = db.session.query(AgentSession).one()
    assert (shift.state, shift.next_state, shift.next_reason) == ("Available", "Unavailable", "Refused")
    cast.arrive()
    match_left_over()
    assert cast.offer("ana") is None


def test_one_offer_at_a_time(cast):
    cast.arrive()
    second = cast.arrive()
    cast.work("ana")
    match_left_over()
    assert cast.again(second).state == "QUEUED"


def test_no_agent_is_filled_above_their_capacity(cast):
    waiting = [cast.arrive() for _ in range(4)]
    cast.work("ana")
    for _ in range(2):
        accept_offer(cast.offer("ana").id, cast.user("ana"))
        match_left_over()
    assert cast.offer("ana") is None
    assert cast.seats("ana") == 2
    assert [cast.again(c).state for c in waiting] == ["ACTIVE", "ACTIVE", "QUEUED", "QUEUED"]


def test_a_customer_who_leaves_takes_the_offer_back_without_blame(cast):
    contact = cast.arrive()
    shift = cast.work("ana")
    contacts.end_contact(contact.id, "customer_left", CUSTOMER)
    assert cast.offer("ana") is None
    assert cast.seats("ana") == 0
    assert cast.again(shift).state == "Available"


def test_a_customer_without_a_link_is_passed_over_and_keeps_the_place(cast):
    from app.actions.agent_sessions import begin_shift, prolong_leases
    from app.actions.presence import see_customers

    gone, here = cast.arrive(), cast.arrive()
    begin_shift(cast.user("ana"))
    clock.turn(timedelta(seconds=31))
    prolong_leases({cast.user("ana").id: 0})
    see_customers([here.id])
    set_state(cast.user("ana"), "Available")
    assert cast.offer("ana").contact_id == here.id
    assert place_of(cast.again(gone)) == 1


def test_a_waiting_customer_gone_for_ten_minutes_has_left(cast):
    from app.actions.presence import end_abandoned

    contact = cast.arrive()
    clock.turn(timedelta(seconds=601))
    end_abandoned()
    assert cast.again(contact).end_reason == "customer_left"
