"""Sequences that once ended badly; each stands here so that it never does again."""

from datetime import timedelta

import pytest

from app import clock
from app.actions import contacts, sign_in, starts
from app.actions.agent_sessions import set_state
from app.actions.arrivals import Arrival
from app.actions.audit import CUSTOMER
from app.actions.places import place_of
from app.actions.presence import see_customers
from app.actions.sweeper import Sweeper
from app.errors import Invalid
from app.models.timer import AGENT_LEASE
from app.tokens import random_token
from tests.cast import OTHER_GUID

pytestmark = pytest.mark.both_databases
ARRIVAL = Arrival("Zoe", [], "en", "", 2)


def test_a_planned_state_begins_when_the_customer_takes_the_offer_back(cast):
    contact = cast.arrive()
    shift = cast.work("ana")
    set_state(cast.user("ana"), "Unavailable", "Lunch")
    assert cast.again(shift).state == "Available"
    contacts.end_contact(contact.id, "customer_left", CUSTOMER)
    assert (cast.again(shift).state, cast.again(shift).reason) == ("Unavailable", "Lunch")


def test_a_start_key_of_another_entry_is_refused_and_gives_no_dead_token(cast):
    key = random_token()
    starts.start_contact(cast.poc(), key, ARRIVAL)
    with pytest.raises(Invalid):
        starts.start_contact(cast.poc(OTHER_GUID), key, ARRIVAL)


def test_nobody_waits_behind_customers_who_are_gone(cast):
    for _ in range(3):
        cast.arrive()
    clock.turn(timedelta(seconds=31))
    here = cast.arrive()
    assert place_of(here) == 1
    clock.turn(timedelta(seconds=20))
    see_customers([here.id])
    assert place_of(cast.again(here)) == 1


def test_an_agent_who_takes_a_sign_in_while_the_password_changes_does_not_get_in(cast, monkeypatch):
    def slow_check(password_hash, password):
        sign_in.change_password(cast.user("ana").email, "quite another one")
        return True

    monkeypatch.setattr(sign_in, "password_fits", slow_check)
    monkeypatch.setattr(sign_in, "hash_password", lambda password: "new hash")
    assert sign_in.sign_in(cast.user("ana").email, "x", "") is None


def test_a_process_that_has_not_listened_for_a_lease_judges_no_agent(cast, app):
    sweeper = Sweeper(app, app.extensions["hub"], 0.5)
    assert AGENT_LEASE not in sweeper._trusted()
    sweeper._beating_since -= app.config["LEASE_SECONDS"] + 1
    assert AGENT_LEASE in sweeper._trusted()
    sweeper._beaten_at -= 60  # the database was away
    assert AGENT_LEASE not in sweeper._trusted()


def test_a_busy_batch_takes_what_waits_behind_it_along(cast, app, monkeypatch):
    from sqlalchemy.exc import OperationalError

    from app.actions.message_batch import Entry
    from app.actions.message_log import MessageLog
    from tests.cast import Settled

    contact = cast.talking()
    log = MessageLog(app, app.extensions["gate"], app.extensions["bus"])
    replies = [Settled() for _ in range(3)]
    entries = [Entry(contact.id, "customer", None, "Zoe", random_token(), "x", reply) for reply in replies]
    log._waiting.extend(entries[1:])

    def away(_entries):
        raise OperationalError("BEGIN", None, Exception("locked"))

    monkeypatch.setattr(log, "_store", away)
    log._commit(entries[:1])
    assert [reply.outcome.error.code for reply in replies] == ["busy"] * 3
