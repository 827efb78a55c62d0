"""A contact's beginning, its end, and the work after it."""

from datetime import timedelta

import pytest

from app import clock
from app.actions import contacts, starts
from app.actions.agent_sessions import prolong_leases
from app.actions.arrivals import Arrival
from app.actions.audit import CUSTOMER, actor
from app.actions.sweeper import fire_due_timers
from app.actions.wrap_up import complete_wrap_up
from app.errors import Forbidden, Invalid, Unavailable
from app.extensions import db
from app.models import ChatSession, Contact, Disposition, PointOfContact, RoutingScript
from app.tokens import hashed, random_token
from app.transaction import transaction
from tests.cast import OUTSIDE_GUID, Cast, Listener

pytestmark = pytest.mark.both_databases
ARRIVAL = Arrival("Zoe", [{"name": "FirstName", "value": "Zoe"}], "fr", "https://shop.example/", 2)


def test_the_same_start_again_gives_the_same_contact_and_token(cast):
    key = random_token()
    first, token, new = starts.start_contact(cast.poc(), key, ARRIVAL)
    again, same, newer = starts.start_contact(cast.poc(), key, ARRIVAL)
    assert (new, newer) == (True, False)
    assert (again.id, same) == (first.id, token)
    assert db.session.query(Contact).count() == 1


def test_another_start_gets_another_token(cast):
    _, one, _ = starts.start_contact(cast.poc(), random_token(), ARRIVAL)
    _, two, _ = starts.start_contact(cast.poc(), random_token(), ARRIVAL)
    assert one != two


def test_the_same_key_in_another_organisation_is_a_start_of_its_own(cast):
    key = random_token()
    here, token, _ = starts.start_contact(cast.poc(), key, ARRIVAL)
    there, other, new = starts.start_contact(cast.poc(OUTSIDE_GUID), key, ARRIVAL)
    assert new
    assert (there.tenant_id, other) != (here.tenant_id, token)
    again, same, newer = starts.start_contact(cast.poc(OUTSIDE_GUID), key, ARRIVAL)
    assert (again.id, same, newer) == (there.id, other, False)


def test_the_database_never_sees_the_token(cast):
    _, token, _ = starts.start_contact(cast.poc(), random_token(), ARRIVAL)
    chat = db.session.query(ChatSession).one()
    assert chat.token_hash == hashed(token)
    assert token not in (chat.start_key, chat.token_hash)


def test_a_start_key_out_of_form_is_refused(cast):
    with pytest.raises(Invalid):
        starts.start_contact(cast.poc(), "short", ARRIVAL)


def test_an_inactive_point_of_contact_takes_nobody_but_running_starts_go_on(cast):
    key = random_token()
    contact, _, _ = starts.start_contact(cast.poc(), key, ARRIVAL)
    with transaction() as tx:
        tx.session.get(PointOfContact, cast.poc().id).active = False
    assert starts.start_contact(cast.poc(), key, ARRIVAL)[0].id == contact.id
    with pytest.raises(Unavailable):
        starts.start_contact(cast.poc(), random_token(), ARRIVAL)


def test_the_script_greets_in_the_customers_language_and_fills_names(cast):
    steps = {
        "start": [
            {"step": "text", "text": {"en": "Hi {customer_name}", "fr": "Bonjour {customer_name} {p1} {unknown}"}},
            {"step": "request_agent", "skill": "Repairs"},
        ]
    }
    with transaction() as tx:
        tx.session.get(RoutingScript, cast.poc().routing_script_id).steps = steps
    contact, _, _ = starts.start_contact(cast.poc(), random_token(), ARRIVAL)
    assert [line.text for line in cast.lines(contact)] == ["Bonjour Zoe Zoe {unknown}"]
    assert contact.skill_id == cast.skill("Repairs").id
    assert contact.default_skill_id == cast.skill("Shop").id


def test_a_script_that_names_a_lost_skill_strands_nobody(cast):
    with transaction() as tx:
        script = tx.session.get(RoutingScript, cast.poc().routing_script_id)
        script.steps = {"start": [{"step": "request_agent", "skill": "Gone"}]}
    contact = cast.arrive()
    assert (contact.state, contact.skill_id) == ("QUEUED", cast.skill("Shop").id)


def test_either_side_ends_once(cast, app):
    contact = cast.talking()
    ear = Listener(app, f"customer-{contact.id}")
    contacts.end_contact(contact.id, "customer_ended", CUSTOMER)
    contacts.end_contact(contact.id, "agent_ended", actor(cast.user("ana")), agent=cast.user("ana"))
    contact = cast.again(contact)
    assert (contact.state, contact.end_reason) == ("ENDED", "customer_ended")
    assert [line.kind for line in cast.lines(contact)].count("ended") == 1
    assert ear.kinds().count("LineAdded") == 1


def test_an_agent_cannot_end_the_contact_of_a_colleague(cast):
    contact = cast.talking()
    with pytest.raises(Forbidden):
        contacts.end_contact(contact.id, "agent_ended", actor(cast.user("ben")), agent=cast.user("ben"))


def test_without_after_contact_work_the_seat_is_free_at_once_and_the_next_is_offered(cast):
    contact = cast.talking()
    waiting = [cast.arrive(), cast.arrive()]
    contacts.end_contact(contact.id, "customer_ended", CUSTOMER)
    assert cast.offer("ana").contact_id == waiting[0].id


class TestWrapUp:
    """After-contact work with dispositions."""

    @pytest.fixture
    def cast(self, inside):
        return Cast(post_contact="dispositions", wrap_up_seconds=60)

    @pytest.fixture
    def ended(self, cast):
        contact = cast.talking()
        return contacts.end_contact(contact.id, "customer_ended", CUSTOMER)

    def answered(self, name="Answered"):
        return db.session.query(Disposition).filter_by(name=name).order_by(Disposition.id).first().id

    def test_the_seat_stays_taken_until_it_is_done(self, cast, ended):
        assert cast.seats("ana") == 1
        contact = complete_wrap_up(ended.id, cast.user("ana"), self.answered(), " fine ")
        assert (contact.disposition.name, contact.disposition_notes) == ("Answered", "fine")
        assert cast.seats("ana") == 0

    def test_doing_it_twice_changes_nothing(self, cast, ended):
        complete_wrap_up(ended.id, cast.user("ana"), self.answered(), "fine")
        complete_wrap_up(ended.id, cast.user("ana"), None, "other")
        assert cast.again(ended).disposition_notes == "fine"

    def test_a_disposition_of_no_concern_to_the_skill_is_refused(self, cast, ended):
        for wrong in (self.answered("Unused"), 10**9):
            with pytest.raises(Invalid):
                complete_wrap_up(ended.id, cast.user("ana"), wrong, "")
        assert cast.seats("ana") == 1

    def test_nobody_wraps_up_for_another(self, cast, ended):
        with pytest.raises(Forbidden):
            complete_wrap_up(ended.id, cast.user("ben"), None, "")

    def test_the_time_is_limited(self, cast, ended):
        clock.turn(timedelta(seconds=61))
        prolong_leases({cast.user("ana").id: 0})
        fire_due_timers()
        assert cast.again(ended).wrap_up_agent_id is None
        assert cast.seats("ana") == 0


def test_a_required_disposition_is_waited_for(inside):
    cast = Cast(post_contact="dispositions", disposition_required=True, wrap_up_seconds=5)
    contact = contacts.end_contact(cast.talking().id, "customer_ended", CUSTOMER)
    clock.turn(timedelta(seconds=30))
    fire_due_timers()
    assert cast.seats("ana") == 1
    with pytest.raises(Invalid) as refused:
        complete_wrap_up(contact.id, cast.user("ana"), None, "")
    assert refused.value.field == "disposition_id"
