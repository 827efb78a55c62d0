"""Outside the opening hours: no chat begins, a message may be left, and customers who wait always go first."""

from datetime import timedelta

import pytest

from app import clock
from app.actions import contacts, starts
from app.actions.agent_sessions import prolong_leases
from app.actions.arrivals import Arrival
from app.actions.audit import actor
from app.actions.left_messages import leave_message
from app.actions.offers import accept_offer, refuse_offer
from app.actions.places import place_of
from app.actions.presence import end_abandoned
from app.actions.sweeper import match_left_over
from app.errors import Closed, Invalid, Open, Unavailable
from app.extensions import db
from app.models import Contact, OpeningHours, PointOfContact, RoutingScript, Skill
from app.tokens import random_token
from app.transaction import transaction
from tests.cast import GUID, OTHER_GUID

pytestmark = pytest.mark.both_databases
ARRIVAL = Arrival("Zoe", [{"name": "order", "value": "7"}], "fr", "https://a.example/", 2, "zoe@a.example", "555 1")
NEVER, ALWAYS = [], [{"day": day, "from": "00:00", "to": "24:00"} for day in range(7)]


def keep(cast, weekly, *, of="skill", guid=GUID):
    """Give the skill of an entry, or the entry itself, these opening hours."""
    with transaction() as tx:
        poc = tx.session.get(PointOfContact, cast.poc(guid).id)
        hours = OpeningHours(tenant_id=poc.tenant_id, name=random_token(), weekly=weekly, exceptions=[])
        tx.session.add(hours)
        tx.session.flush()
        owner = poc if of == "entry" else tx.session.get(Skill, poc.default_skill_id)
        owner.opening_hours_id = hours.id


def leave(cast, key=None, arrival=ARRIVAL, guid=GUID, text="Please call me."):
    return leave_message(cast.poc(guid), key or random_token(), arrival, text)[0]


def test_closed_no_chat_begins_but_one_that_began_is_still_answered(cast):
    key = random_token()
    contact, token, _ = starts.start_contact(cast.poc(), key, ARRIVAL)
    keep(cast, NEVER)
    assert starts.start_contact(cast.poc(), key, ARRIVAL) == (contact, token, False)
    with pytest.raises(Closed):
        cast.arrive()
    assert db.session.query(Contact).count() == 1


@pytest.mark.parametrize(("skill", "entry", "opened"), [(NEVER, ALWAYS, True), (ALWAYS, NEVER, False)])
def test_the_entrys_own_hours_go_before_the_skills(cast, skill, entry, opened):
    keep(cast, skill)
    keep(cast, entry, of="entry")
    if opened:
        assert cast.arrive().state == "QUEUED"
    else:
        with pytest.raises(Closed):
            cast.arrive()


def test_the_doors_open_and_close_by_the_clock(cast):
    moment = clock.now() + timedelta(minutes=30)
    later = moment + timedelta(hours=1)
    times = {"day": moment.weekday(), "from": f"{moment:%H:%M}", "to": f"{later:%H:%M}"}
    keep(cast, [times])
    with pytest.raises(Closed):
        cast.arrive()
    clock.turn(timedelta(minutes=31))
    assert cast.arrive().state == "QUEUED"
    clock.turn(timedelta(minutes=61))
    with pytest.raises(Closed):
        cast.arrive()


def test_a_message_becomes_a_contact_with_its_text_as_the_first_line(cast):
    keep(cast, NEVER)
    contact = leave(cast)
    assert (contact.state, contact.left_message, contact.language) == ("QUEUED", True, "fr")
    assert (contact.customer_name, contact.customer_email, contact.customer_phone) == ("Zoe", "zoe@a.example", "555 1")
    assert contact.parameters == ARRIVAL.parameters
    (line,) = cast.lines(contact)
    assert (line.seq, line.kind, line.sender, line.name, line.text) == (1, "text", "customer", "Zoe", "Please call me.")


def test_the_same_message_again_is_the_same_contact_also_when_it_has_opened(cast):
    keep(cast, NEVER)
    key = random_token()
    contact = leave(cast, key)
    keep(cast, ALWAYS)
    assert leave_message(cast.poc(), key, ARRIVAL, "Please call me.") == (contact, False)
    with pytest.raises(Open):
        leave(cast)
    assert len(cast.lines(contact)) == 1


def test_a_key_is_good_for_a_message_or_for_a_chat_not_for_both(cast):
    started, left = random_token(), random_token()
    starts.start_contact(cast.poc(), started, ARRIVAL)
    keep(cast, NEVER)
    leave(cast, left)
    for again in (
        lambda: starts.start_contact(cast.poc(), left, ARRIVAL),
        lambda: leave(cast, started),
        lambda: leave(cast, left, guid=OTHER_GUID),
        lambda: leave(cast, "short"),
    ):
        with pytest.raises(Invalid):
            again()


def test_a_skill_or_an_entry_may_take_no_messages(cast):
    keep(cast, NEVER)
    with transaction() as tx:
        tx.session.get(Skill, cast.skill().id).messages_when_closed = False
    with pytest.raises(Unavailable):
        leave(cast)
    with transaction() as tx:
        tx.session.get(Skill, cast.skill().id).messages_when_closed = True
        tx.session.get(PointOfContact, cast.poc().id).active = False
    with pytest.raises(Unavailable):
        leave(cast)


def test_a_customer_who_waits_goes_first_whatever_the_priorities(cast):
    keep(cast, NEVER, guid=OTHER_GUID)
    keep(cast, NEVER)
    old = [leave(cast), leave(cast, guid=OTHER_GUID)]
    clock.turn(timedelta(hours=8))
    keep(cast, ALWAYS)
    with transaction() as tx:
        tx.session.get(Skill, cast.skill().id).priority_acceleration = 0
    customer = cast.arrive()
    assert place_of(customer) == 1
    cast.work("ben")
    assert cast.offer("ben").contact_id == customer.id
    accept_offer(cast.offer("ben").id, cast.user("ben"))
    match_left_over()
    assert cast.offer("ben").contact_id in [contact.id for contact in old]


def test_a_message_waits_for_ever_without_a_link_and_is_read_and_ended_like_a_chat(cast):
    keep(cast, NEVER)
    contact = leave(cast)
    clock.turn(timedelta(days=3))
    end_abandoned()
    contacts.end_abandoned(contact.id, clock.now())
    assert cast.again(contact).state == "QUEUED"
    cast.work("ana")
    accepted = accept_offer(cast.offer("ana").id, cast.user("ana"))
    assert (accepted.id, accepted.agent_id) == (contact.id, cast.user("ana").id)
    contacts.end_contact(contact.id, "agent_ended", actor(cast.user("ana")), agent=cast.user("ana"))
    assert [line.kind for line in cast.lines(contact)] == ["text", "joined", "ended"]
    assert cast.seats("ana") == 0


def test_an_agent_who_is_free_hears_of_a_message_at_once_and_may_refuse_it(cast):
    keep(cast, NEVER)
    cast.work("ana")
    contact = leave(cast)
    assert cast.offer("ana").contact_id == contact.id
    refuse_offer(cast.offer("ana").id, cast.user("ana"))
    assert cast.again(contact).state == "QUEUED"
    cast.work("ben")
    assert cast.offer("ben").contact_id == contact.id


def test_messages_count_in_nobodys_place_and_have_none(cast):
    keep(cast, NEVER)
    message = leave(cast)
    keep(cast, ALWAYS)
    customers = [cast.arrive(), cast.arrive()]
    assert [place_of(cast.again(one)) for one in (message, *customers)] == [None, 1, 2]


def test_nobody_is_greeted_by_the_script_in_a_message(cast):
    with transaction() as tx:
        script = tx.session.get(RoutingScript, cast.poc().routing_script_id)
        script.steps = {**script.steps, "on_answer": [{"step": "text", "text": {"en": "{FIRST} is here"}}]}
    keep(cast, NEVER)
    contact = leave(cast)
    cast.work("ana")
    accept_offer(cast.offer("ana").id, cast.user("ana"))
    assert [line.sender for line in cast.lines(contact)] == ["customer", "system"]


def test_a_customer_who_is_gone_lets_a_message_go_first(cast):
    keep(cast, NEVER)
    message = leave(cast)
    keep(cast, ALWAYS)
    gone = cast.arrive()
    cast.work("ana", "Unavailable")
    clock.turn(timedelta(seconds=31))
    prolong_leases({cast.user("ana").id: 0})
    cast.work("ana")
    assert cast.offer("ana").contact_id == message.id
    assert cast.again(gone).state == "QUEUED"


def test_messages_do_not_stand_in_the_way_of_ending_chats_whose_customer_is_gone(cast):
    keep(cast, NEVER)
    leave(cast)
    keep(cast, ALWAYS)
    gone = cast.arrive()
    clock.turn(timedelta(seconds=601))
    end_abandoned(limit=1)
    assert cast.again(gone).end_reason == "customer_left"
