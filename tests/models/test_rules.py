"""What the database itself refuses, and the state machine."""

import itertools

import pytest
from sqlalchemy.exc import IntegrityError

from app import clock
from app.models import Contact, Seat, SkillAssignment, User
from app.models.contact import MOVES, STATES, may_move
from app.models.user import initials
from app.transaction import transaction
from tests.cast import OUTSIDE_GUID, cast, inside

__all__ = ["cast", "inside"]
ALLOWED = {
    ("PREQUEUE", "QUEUED"), ("PREQUEUE", "ENDED"), ("QUEUED", "OFFERED"), ("QUEUED", "ENDED"),
    ("OFFERED", "ACTIVE"), ("OFFERED", "QUEUED"), ("OFFERED", "ENDED"), ("ACTIVE", "ACTIVE"),
    ("ACTIVE", "QUEUED"), ("ACTIVE", "PREQUEUE"), ("ACTIVE", "ENDED"),
}  # fmt: skip


def test_the_state_machine_allows_exactly_the_life_cycle():
    assert set(MOVES) == set(STATES)
    for pair in itertools.product(STATES, repeat=2):
        assert may_move(*pair) == (pair in ALLOWED), pair


@pytest.mark.parametrize(
    ("name", "letters"), [("Ana Duval", "AD"), ("Ana", "A"), ("Ana de la Cruz", "AC"), ("  ", ""), ("佐藤 花", "佐花")]
)
def test_initials(name, letters):
    assert initials(name) == letters


def refused(change):
    with pytest.raises(IntegrityError), transaction() as tx:
        change(tx.session)


@pytest.mark.both_databases
class TestTheDatabaseRefuses:
    """Each of these would be a broken promise."""

    def test_two_seats_for_one_contact(self, cast):
        contact = cast.talking()
        refused(lambda s: s.add(Seat(tenant_id=1, user_id=cast.user("ben").id, n=9, contact_id=contact.id)))

    def test_an_active_contact_without_an_agent(self, cast):
        contact = cast.talking()
        refused(lambda s: setattr(s.get(Contact, contact.id), "agent_id", None))

    def test_a_waiting_contact_with_an_agent(self, cast):
        contact, ana = cast.arrive(), cast.user("ana").id
        refused(lambda s: setattr(s.get(Contact, contact.id), "agent_id", ana))

    def test_a_state_that_does_not_exist(self, cast):
        contact = cast.arrive()
        refused(lambda s: setattr(s.get(Contact, contact.id), "state", "LOST"))

    def test_an_end_without_a_time_and_a_time_without_an_end(self, cast):
        contact = cast.arrive()
        refused(lambda s: setattr(s.get(Contact, contact.id), "state", "ENDED"))
        refused(lambda s: setattr(s.get(Contact, contact.id), "ended_at", clock.now()))

    def test_a_contact_that_points_into_another_tenant(self, cast):
        contact, foreign = cast.arrive(), cast.poc(OUTSIDE_GUID).id
        refused(lambda s: setattr(s.get(Contact, contact.id), "point_of_contact_id", foreign))

    def test_an_assignment_across_tenants(self, cast):
        olga, ana = cast.user("olga"), cast.user("ana")
        skill = cast.skill().id
        row = SkillAssignment(tenant_id=olga.tenant_id, user_id=ana.id, skill_id=skill, proficiency=1)
        refused(lambda s: s.add(row))

    @pytest.mark.parametrize("capacity", [0, 13, -1])
    def test_a_capacity_out_of_range(self, cast, capacity):
        ana = cast.user("ana").id
        refused(lambda s: setattr(s.get(User, ana), "capacity", capacity))

    def test_a_second_shift_or_a_second_pending_offer(self, cast):
        cast.arrive()
        cast.work("ana")
        offer = cast.offer("ana")
        columns = {c.name: getattr(offer, c.name) for c in offer.__table__.columns if c.name != "id"}
        other = cast.arrive().id
        refused(lambda s: s.add(type(offer)(**columns)))
        refused(lambda s: s.add(type(offer)(**columns | {"contact_id": other})))
