"""The messaging time-out: whose it is, when it warns, when it closes, and everything that begins it anew."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app import clock
from app.actions.agent_sessions import end_shift, prolong_leases
from app.actions.idleness import seconds_to_close, stir
from app.actions.messages import Speaker, post_and_wait
from app.actions.offers import accept_offer
from app.actions.sweeper import fire_due_timers
from app.actions.transfers import transfer_to_skill
from app.errors import Forbidden, NotFound
from app.extensions import db
from app.models import AuditEntry, ChatSession, Contact, PointOfContact, RoutingScript, Skill, Tenant, Timer
from app.models.tenant import CURRENT, ENTRY
from app.models.timer import CUSTOMER_IDLE
from app.tokens import random_token
from app.transaction import transaction
from tests.actions.test_closed import NEVER, keep, leave
from tests.cast import GUID, OUTSIDE_GUID, Listener

pytestmark = pytest.mark.both_databases


def give(cast, name, **values):
    """Set a skill's time-out."""
    with transaction() as tx:
        skill = tx.session.get(Skill, cast.skill(name).id)
        for field, value in {"idle_enabled": True, **values}.items():
            setattr(skill, field, value)


def follow(cast, what, of="tenant"):
    """Whose time-out governs, for the tenant or for the entry."""
    with transaction() as tx:
        poc = tx.session.get(PointOfContact, cast.poc().id)
        (poc if of == "entry" else tx.session.get(Tenant, poc.tenant_id)).timeout_follows = what


def pass_time(cast, seconds):
    """Time goes by in steps of at most a minute, as the sweeper would see it; everybody's link stands."""
    while seconds > 0:
        clock.turn(timedelta(seconds=min(60, seconds)))
        seconds -= 60
        prolong_leases({cast.user(name).id: 0 for name in ("ana", "ben")})
        fire_due_timers()


def say(contact, text, agent=None):
    speaker = Speaker(agent.id, agent.display_name) if agent else Speaker(None, "Zoe")
    post_and_wait(contact.id, random_token(), text, speaker)


def texts(cast, contact):
    return [(line.sender, line.text) for line in cast.lines(contact) if line.kind == "text" and line.sender == "system"]


def waits(contact) -> bool:
    db.session.rollback()
    return db.session.query(Timer).filter_by(kind=CUSTOMER_IDLE, subject_id=contact.id).one_or_none() is not None


@pytest.fixture
def running(cast):
    """A chat whose entry closes after 600 + 60 s; the agent has spoken last."""
    give(cast, "Shop")
    contact = cast.talking()
    say(contact, "How can I help?", cast.user("ana"))
    return contact


def test_the_warning_and_then_the_end_with_its_reason(cast, running):
    pass_time(cast, 599)
    assert texts(cast, running) == []
    pass_time(cast, 1)
    ((sender, warning),) = texts(cast, running)
    assert (sender, warning) == ("system", "Are you still there? Ending in 60 seconds")
    assert 59 < seconds_to_close(cast.again(running)) <= 60
    pass_time(cast, 59)
    assert cast.again(running).state == "ACTIVE"
    pass_time(cast, 1)
    ended = cast.again(running)
    assert (ended.state, ended.end_reason, cast.seats("ana")) == ("ENDED", "customer_idle", 0)
    assert texts(cast, running)[1][1] == "The chat was closed because nothing was written for a while."
    assert [line.data for line in cast.lines(running) if line.kind == "ended"] == [
        {"reason": "customer_idle", "by": "system", "name": ""}
    ]
    assert not waits(running)
    assert {"idle_warned", "idle_closed"} <= {entry.attribute for entry in db.session.query(AuditEntry)}


def test_its_own_words_come_in_the_customers_language(cast):
    give(cast, "Shop", idle_warning={"en": "{seconds} left", "fr": "Reste {seconds} s"}, idle_closing={"en": "Bye"})
    contact = cast.talking()
    say(contact, "Hi", cast.user("ana"))
    with transaction() as tx:
        tx.session.query(ChatSession).one().language = "fr"
    pass_time(cast, 660)
    assert [text for _, text in texts(cast, contact)] == ["Reste 60 s", "Bye"]


def test_while_the_agent_owes_an_answer_nothing_happens(cast, running):
    say(running, "My lamp hums")
    pass_time(cast, 5000)
    assert (texts(cast, running), cast.again(running).state) == ([], "ACTIVE")
    say(running, "Since when?", cast.user("ana"))
    pass_time(cast, 599)
    assert texts(cast, running) == []
    pass_time(cast, 1)
    assert len(texts(cast, running)) == 1


@pytest.mark.parametrize("how", ["line", "stir", "agent"])
def test_a_sign_of_life_takes_the_warning_back(cast, running, app, how):
    pass_time(cast, 600)
    pass_time(cast, 30)
    customer = Listener(app, f"customer-{running.id}")
    if how == "line":
        say(running, "Yes!")
    elif how == "agent":
        say(running, "Hello?", cast.user("ana"))
    else:
        stir(running.id)
        assert customer.kinds() == ["ContactChanged"]
    assert seconds_to_close(cast.again(running)) is None
    pass_time(cast, 540)
    assert (cast.again(running).state, len(texts(cast, running))) == ("ACTIVE", 1)
    pass_time(cast, 60)
    assert len(texts(cast, running)) == (1 if how == "line" else 2)


def test_a_second_warning_needs_a_second_silence(cast, running):
    pass_time(cast, 600)
    stir(running.id)
    pass_time(cast, 600)
    assert len(texts(cast, running)) == 2
    pass_time(cast, 60)
    assert cast.again(running).end_reason == "customer_idle"


def test_it_never_runs_while_a_customer_waits_or_after_the_end(cast):
    give(cast, "Shop", idle_seconds=30)
    contact = cast.arrive()
    assert not waits(contact)
    cast.work("ana")
    accept_offer(cast.offer("ana").id, cast.user("ana"))
    assert waits(contact)
    say(contact, "Hi", cast.user("ana"))
    end_shift(cast.user("ana"), requeue=True)
    pass_time(cast, 120)
    assert (cast.again(contact).state, texts(cast, contact), waits(contact)) == ("QUEUED", [], False)


def test_a_left_message_is_never_closed_for_silence(cast):
    give(cast, "Shop", idle_seconds=30)
    keep(cast, NEVER)
    contact = leave(cast)
    cast.work("ana")
    accept_offer(cast.offer("ana").id, cast.user("ana"))
    say(contact, "An answer", cast.user("ana"))
    pass_time(cast, 300)
    assert (cast.again(contact).state, waits(contact)) == ("ACTIVE", False)


def test_a_jump_of_the_clock_warns_once_and_closes_nobody_unwarned(cast, running):
    clock.turn(timedelta(hours=1))
    prolong_leases({cast.user("ana").id: 0})
    fire_due_timers()
    fire_due_timers()
    assert (cast.again(running).state, len(texts(cast, running))) == ("ACTIVE", 1)


# The rule of the product, both ways.


def through(cast, first, second):
    """A chat that enters at a skill ``first``, is handed to ``second`` and answered there; the agent speaks last."""
    for name, seconds in (("Shop", first), ("Repairs", second)):
        give(cast, name, idle_enabled=seconds is not None, idle_seconds=seconds or 600)
    contact = cast.talking("ana")
    transfer_to_skill(contact.id, cast.skill("Repairs").id, cast.user("ana"))
    cast.work("ben")
    accept_offer(cast.offer("ben").id, cast.user("ben"))
    say(contact, "Repairs here", cast.user("ben"))
    return contact


@pytest.mark.parametrize(
    ("first", "second", "entry", "current"),
    [(None, 600, None, 600), (600, None, 600, None), (600, 120, 600, 120), (None, None, None, None)],
)
@pytest.mark.parametrize("follows", [ENTRY, CURRENT])
def test_the_default_skill_of_the_entry_governs_unless_the_tenant_says_otherwise(
    cast, first, second, entry, current, follows
):
    follow(cast, follows)
    contact = through(cast, first, second)
    expected = entry if follows == ENTRY else current
    assert waits(contact) == (expected is not None)
    if expected is None:
        pass_time(cast, 3000)
        assert (cast.again(contact).state, texts(cast, contact)) == ("ACTIVE", [])
        return
    pass_time(cast, expected - 1)
    assert texts(cast, contact) == []
    pass_time(cast, 1)
    assert len(texts(cast, contact)) == 1
    pass_time(cast, 60)
    assert cast.again(contact).end_reason == "customer_idle"


def test_the_worked_example_of_the_rule(cast):
    """Default_Chat_No_Agent without a time-out, then a skill with 600 s: they never apply."""
    with transaction() as tx:
        tx.session.get(Skill, cast.skill("Shop").id).name = "Default_Chat_No_Agent"
        script = tx.session.get(RoutingScript, cast.poc().routing_script_id)
        script.steps = {"start": [{"step": "request_agent", "skill": "Repairs"}]}  # a script is the same case
    give(cast, "Repairs", idle_seconds=600)
    contact = cast.arrive()
    assert cast.again(contact).skill_id == cast.skill("Repairs").id
    cast.work("ben")
    accept_offer(cast.offer("ben").id, cast.user("ben"))
    say(contact, "Hello", cast.user("ben"))
    pass_time(cast, 3000)
    assert (cast.again(contact).state, texts(cast, contact)) == ("ACTIVE", [])


@pytest.mark.parametrize("of", [(CURRENT, ENTRY, None), (ENTRY, CURRENT, 120)])
def test_an_entry_may_differ_from_its_tenant(cast, of):
    tenant, entry, seconds = of
    follow(cast, tenant)
    follow(cast, entry, of="entry")
    contact = through(cast, None, 120)
    assert waits(contact) == (seconds is not None)


def test_a_later_edit_of_the_skill_does_not_reach_a_running_chat(cast, running):
    give(cast, "Shop", idle_seconds=30)
    pass_time(cast, 599)
    assert texts(cast, running) == []
    give(cast, "Shop", idle_enabled=False)
    pass_time(cast, 1)
    assert len(texts(cast, running)) == 1


# Handing over to a skill.


def test_a_chat_handed_to_a_skill_keeps_its_arrival_its_log_and_frees_its_agent(cast, app):
    contact = cast.talking("ana")
    arrived = contact.queued_at
    customer = Listener(app, f"customer-{contact.id}")
    transfer_to_skill(contact.id, cast.skill("Repairs").id, cast.user("ana"))
    moved = cast.again(contact)
    assert (moved.state, moved.agent_id, moved.queued_at) == ("QUEUED", None, arrived)
    assert (moved.skill_id, moved.default_skill_id) == (cast.skill("Repairs").id, cast.skill("Shop").id)
    assert moved.priority_initial == 5
    assert cast.seats("ana") == 0
    assert [line.kind for line in cast.lines(contact)] == ["joined", "transferred"]
    assert {"LineAdded", "ContactChanged"} <= set(customer.kinds())


def test_only_who_has_the_chat_hands_it_over_and_only_inside_the_tenant(cast):
    contact = cast.talking("ana")
    outside = db.session.query(Skill).filter_by(tenant_id=cast.poc(OUTSIDE_GUID).tenant_id).first().id
    with pytest.raises(Forbidden):
        transfer_to_skill(contact.id, cast.skill("Repairs").id, cast.user("ben"))
    for skill_id in (outside, 999_999):
        with pytest.raises(NotFound):
            transfer_to_skill(contact.id, skill_id, cast.user("ana"))
    with transaction() as tx:
        tx.session.get(Skill, cast.skill("Repairs").id).active = False
    with pytest.raises(NotFound):
        transfer_to_skill(contact.id, cast.skill("Repairs").id, cast.user("ana"))
    assert cast.again(contact).state == "ACTIVE"


def test_who_gave_a_chat_away_is_asked_last(cast):
    give(cast, "Shop", idle_enabled=False)
    contact = cast.talking("ana")
    cast.work("ben")
    transfer_to_skill(contact.id, cast.skill("Shop").id, cast.user("ana"))
    assert cast.offer("ana") is None
    assert cast.offer("ben").contact_id == contact.id


def test_a_point_of_contact_takes_no_other_word_for_whose_time_out_governs(cast):
    with pytest.raises(IntegrityError), transaction() as tx:
        tx.session.query(PointOfContact).filter_by(guid=GUID).one().timeout_follows = "nobody"
    assert db.session.query(Contact).count() == 0
