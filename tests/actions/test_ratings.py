"""The customer's opinion: asked after a chat with somebody, said once."""

import pytest
from sqlalchemy import select

from app.actions import contacts
from app.actions.audit import CUSTOMER
from app.actions.ratings import rate
from app.errors import Forbidden, Invalid, Stale, TooLong
from app.extensions import db
from app.models import AuditEntry, Rating
from tests.cast import Cast

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(inside):
    return Cast(rating_enabled=True)


def over(cast):
    return contacts.end_contact(cast.talking().id, "customer_ended", CUSTOMER)


def test_it_is_stored_once_and_the_same_again_changes_nothing(cast):
    contact = over(cast)
    assert rate(contact.id, 4, " Quick. ")[1] is True
    assert rate(contact.id, 4, "Quick.")[1] is False
    for other in ((5, "Quick."), (4, "Slow.")):
        with pytest.raises(Stale):
            rate(contact.id, *other)
    row = db.session.scalar(select(Rating))
    assert (row.contact_id, row.score, row.comment) == (contact.id, 4, "Quick.")
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.attribute == "rating"))
    assert (entry.actor_kind, entry.changed_value) == ("customer", "4")


@pytest.mark.parametrize(
    ("score", "comment", "error", "field"),
    [
        (0, "", Invalid, "score"),
        (6, "", Invalid, "score"),
        (True, "", Invalid, "score"),
        ("5", "", Invalid, "score"),
        (4.0, "", Invalid, "score"),
        (None, "", Invalid, "score"),
        (5, None, Invalid, "comment"),
        (5, "a\x00", Invalid, "comment"),
        (5, "x" * 1001, TooLong, "comment"),
    ],
)
def test_a_rating_out_of_form_is_told_with_its_field(cast, score, comment, error, field):
    with pytest.raises(error) as refused:
        rate(over(cast).id, score, comment)
    assert refused.value.field == field


def test_a_chat_that_goes_on_is_not_rated_yet(cast):
    with pytest.raises(Stale):
        rate(cast.talking().id, 5, "")


def test_who_left_before_anybody_came_is_not_asked(cast):
    contact = contacts.end_contact(cast.arrive().id, "customer_left", CUSTOMER)
    with pytest.raises(Forbidden):
        rate(contact.id, 5, "")


class TestSkillThatDoesNotAsk:
    @pytest.fixture
    def cast(self, inside):
        return Cast()

    def test_nobody_is_asked(self, cast):
        with pytest.raises(Forbidden):
            rate(over(cast).id, 5, "")
