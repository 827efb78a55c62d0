"""The message log: numbered without holes, repeatable, told after the commit, and calm when the database is not."""

import pytest
from sqlalchemy import event

from app.actions import contacts
from app.actions.audit import CUSTOMER
from app.actions.message_log import MessageLog
from app.actions.messages import Speaker, checked_text, post_and_wait, post_message
from app.errors import CidConflict, Ended, Forbidden, Invalid, TooLong
from app.extensions import db
from app.models import Contact, Message
from app.tokens import random_token
from tests.cast import Listener, Settled
from tests.services import until

pytestmark = pytest.mark.both_databases
CUSTOMER_SPEAKS = Speaker(None, "Zoe")


def post(contact, text="hello", cid=None, speaker=CUSTOMER_SPEAKS):
    reply = Settled()
    post_message(contact.id, cid or random_token(), text, reply, speaker)
    return reply


def test_lines_are_numbered_without_holes(cast):
    contact = cast.talking()
    start = contact.last_seq
    numbers = [post(contact, f"line {n}").outcome.seq for n in range(20)]
    assert numbers == list(range(start + 1, start + 21))
    assert cast.again(contact).last_seq == numbers[-1]


def test_the_same_id_again_is_answered_with_the_stored_line(cast):
    contact, cid = cast.talking(), random_token()
    first = post(contact, "once", cid).outcome
    second = post(contact, "once", cid).outcome
    assert (second.seq, second.dup, second.error) == (first.seq, True, None)
    assert second.at == first.at
    assert [line.text for line in cast.lines(contact)].count("once") == 1


def test_the_same_id_with_another_text_is_refused_and_the_stored_one_stands(cast):
    contact, cid = cast.talking(), random_token()
    post(contact, "once", cid)
    assert isinstance(post(contact, "twice", cid).outcome.error, CidConflict)
    assert "twice" not in [line.text for line in cast.lines(contact)]


def test_the_same_id_of_two_senders_is_two_lines(cast):
    contact, cid = cast.talking(), random_token()
    ana = cast.user("ana")
    one = post(contact, "mine", cid).outcome
    two = post(contact, "yours", cid, Speaker(ana.id, ana.display_name)).outcome
    assert (one.error, two.error) == (None, None)
    assert two.seq == one.seq + 1


def test_repeats_inside_one_batch_are_one_line(cast, app):
    contact, cid = cast.talking(), random_token()
    log = app.extensions["message_log"]
    from app.actions.message_batch import Entry

    replies = [Settled() for _ in range(3)]
    log._commit([Entry(contact.id, "customer", None, "Zoe", cid, "same", reply) for reply in replies])
    assert len({reply.outcome.seq for reply in replies}) == 1
    assert [reply.outcome.dup for reply in replies] == [False, True, True]


def test_a_batch_over_many_contacts_numbers_each_by_itself(cast, app):
    from app.actions.message_batch import Entry

    some = [cast.arrive() for _ in range(4)]
    replies = [(contact, Settled()) for _ in range(3) for contact in some]
    app.extensions["message_log"]._commit(
        [Entry(c.id, "customer", None, "Zoe", random_token(), "hi", reply) for c, reply in replies]
    )
    for contact in some:
        assert [line.seq for line in cast.lines(contact)] == [1, 2, 3]


def test_only_the_agent_who_has_the_contact_may_write(cast):
    contact = cast.talking("ana")
    for name in ("ben", "olga"):
        stranger = cast.user(name)
        assert isinstance(post(contact, speaker=Speaker(stranger.id, name)).outcome.error, Forbidden)
    assert isinstance(post(Contact(id=10**9)).outcome.error, Forbidden)


def test_nobody_writes_into_an_ended_contact_but_a_repeat_is_still_answered(cast):
    contact, cid = cast.talking(), random_token()
    stored = post(contact, "last", cid).outcome
    contacts.end_contact(contact.id, "customer_ended", CUSTOMER)
    assert isinstance(post(contact).outcome.error, Ended)
    assert post(contact, "last", cid).outcome.seq == stored.seq


def test_a_line_is_told_to_its_readers_after_it_stands_and_to_nobody_else(cast, app):
    contact, other = cast.talking(), cast.arrive()
    customer = Listener(app, f"customer-{contact.id}")
    agent = Listener(app, f"agent-{cast.user('ana').id}")
    outsiders = Listener(app, f"customer-{other.id}", f"agent-{cast.user('ben').id}", f"agent-{cast.user('olga').id}")
    reply = post(contact, "secret")
    assert [event.text_ for event in customer.heard] == ["secret"]
    assert [event.seq for event in agent.heard] == [reply.outcome.seq]
    assert outsiders.heard == []


def test_a_refused_line_is_told_to_nobody(cast, app):
    contact = cast.talking()
    ear = Listener(app, f"customer-{contact.id}")
    cid = random_token()
    post(contact, "once", cid)
    post(contact, "once", cid)
    post(contact, "twice", cid)
    assert len(ear.heard) == 1


def test_nothing_is_acknowledged_or_told_before_the_commit(cast, app):
    contact = cast.talking()
    ear = Listener(app, f"customer-{contact.id}")
    at_commit = []
    reply = Settled()

    def look(*_args):
        at_commit.append((len(reply.outcomes), len(ear.heard)))

    event.listen(db.engine, "commit", look)
    try:
        post_message(contact.id, random_token(), "hello", reply, CUSTOMER_SPEAKS)
    finally:
        event.remove(db.engine, "commit", look)
    assert at_commit == [(0, 0)]
    assert len(reply.outcomes) == len(ear.heard) == 1


def test_a_poisoned_entry_does_not_take_the_others_with_it(cast, app):
    from app.actions.message_batch import Entry

    contact = cast.talking()
    good, bad = Settled(), Settled()
    app.extensions["message_log"]._commit(
        [
            Entry(contact.id, "customer", None, "Zoe", random_token(), "fine", good),
            Entry(contact.id, None, None, "Zoe", random_token(), "no sender: against the schema", bad),
        ]
    )
    assert good.outcome.error is None
    assert bad.outcome.error is not None
    assert cast.lines(contact)[-1].text == "fine"


@pytest.mark.parametrize("text", ["", "   \n", None, 5, ["a"], "a\x00b", "\ud800"])
def test_what_cannot_be_stored_is_invalid(text):
    with pytest.raises(Invalid):
        checked_text(text, 4000)


def test_a_line_break_of_a_form_counts_as_one_character():
    assert checked_text("a\r\n" * 2000, 4000) == "a\n" * 2000
    with pytest.raises(TooLong):
        checked_text("a\r\n" * 2000 + "b", 4000)


def test_a_long_text_is_too_long_and_the_longest_is_stored(cast):
    contact = cast.talking()
    with pytest.raises(TooLong):
        post(contact, "x" * 4001)
    longest = "😀" * 4000
    post(contact, longest)
    assert cast.lines(contact)[-1].text == longest


@pytest.mark.parametrize("cid", ["short", "", "x" * 65, "with space in the id", "ümlaut-in-the-identifier", None, 7])
def test_an_id_out_of_form_is_invalid(cast, cid):
    contact = cast.talking()
    with pytest.raises(Invalid):
        post_message(contact.id, cid, "hello", Settled(), CUSTOMER_SPEAKS)


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "'; DROP TABLE message; --",
    "مرحبا",
    "\u202eabc",
    "a\u0301",
    "%s %(x)s",
    "\\u0000",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_text(cast, text):
    contact = cast.talking()
    post(contact, text)
    assert cast.lines(contact)[-1].text == text


def test_a_waiting_caller_gets_the_outcome_or_the_error(cast):
    contact = cast.talking()
    assert post_and_wait(contact.id, random_token(), "hello", CUSTOMER_SPEAKS).seq == contact.last_seq + 1
    contacts.end_contact(contact.id, "customer_ended", CUSTOMER)
    with pytest.raises(Ended):
        post_and_wait(contact.id, random_token(), "hello", CUSTOMER_SPEAKS)


def test_what_arrives_during_a_commit_is_committed_as_one(cast, app):
    contact = cast.talking()
    log = MessageLog(app, app.extensions["gate"], app.extensions["bus"])
    commits = []

    def committed(connection):
        commits.append(connection)

    event.listen(db.engine, "commit", committed)
    replies = [Settled() for _ in range(40)]
    from app.actions.message_batch import Entry

    entries = [Entry(contact.id, "customer", None, "Zoe", random_token(), f"{n}", r) for n, r in enumerate(replies)]
    log._waiting.extend(entries[:-1])
    log.start()
    try:
        log.submit(entries[-1])
        until(lambda: all(reply.outcomes for reply in replies), 10, "every outcome")
        assert log.drain(5)
    finally:
        event.remove(db.engine, "commit", committed)
    db.session.rollback()
    assert [int(line.text) for line in cast.lines(contact) if line.kind == "text"] == list(range(40))
    assert len(commits) <= 2


def test_the_message_table_itself_refuses_a_second_line_of_the_same_id(cast):
    from sqlalchemy.exc import IntegrityError

    from app.transaction import transaction

    contact = cast.talking()
    post(contact, "once", cid := random_token())
    line = cast.lines(contact)[-1]
    copy = {c.name: getattr(line, c.name) for c in Message.__table__.columns} | {"seq": line.seq + 1}
    assert copy["cid"] == cid
    with pytest.raises(IntegrityError), transaction() as tx:
        tx.session.add(Message(**copy))
