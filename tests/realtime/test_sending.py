"""The order of one sender's words, and readers who lost what they read."""

import time
from types import SimpleNamespace

import pytest

from app.realtime import sending
from app.realtime.door import Subscription
from app.realtime.events import LineAdded
from app.realtime.frames import FrameParser
from app.realtime.limits import Bucket, TypingGate, network_of
from app.realtime.live import LiveSession
from app.realtime.repair import PAGE, Repairer
from app.realtime.sending import Sending, Turns

ONE, TWO, THREE = ("1" * 16, "2" * 16, "3" * 16)


class Door:
    """Takes everything, or refuses; remembers the order."""

    role, user_id, sign_in = "agent", 5, None

    def __init__(self):
        self.taken = []

    def post(self, contact, cid, text, reply):
        self.taken.append(cid)


class Outcome:
    """As the message log settles it."""

    def __init__(self, cid, error=None):
        self.entry = type("Entry", (), {"contact_id": 7, "cid": cid})
        self.error, self.seq, self.at_text, self.dup = error, 1, "", False


class Busy:
    code, retry_seconds = "busy", 1


@pytest.fixture
def sender():
    said = []
    sender = Sending(Door(), said.append, lambda: None)
    sender.bucket, sender.said = Bucket(100, 100), said
    return sender


def send(sender, cid):
    sender.take({"contact": 7, "cid": cid, "text": "x"}, {7})


def test_what_was_written_after_a_busy_word_waits_for_it(sender):
    for cid in (ONE, TWO):
        send(sender, cid)
    sender.settle(Outcome(ONE, Busy))
    sender.settle(Outcome(TWO, Busy))
    sender.door.taken.clear()
    for cid in (TWO, THREE, ONE):
        send(sender, cid)
    assert sender.door.taken == [ONE]
    sender.settle(Outcome(ONE))
    for cid in (THREE, TWO):
        send(sender, cid)
    sender.settle(Outcome(TWO))
    send(sender, THREE)
    assert sender.door.taken == [ONE, TWO, THREE]
    refused = [frame["code"] for frame in sender.said if isinstance(frame, dict)]
    assert refused == ["busy", "busy", "rate_limited", "rate_limited", "rate_limited"]


def test_another_contact_does_not_wait(sender):
    send(sender, ONE)
    sender.settle(Outcome(ONE, Busy))
    sender.take({"contact": 8, "cid": TWO, "text": "x"}, {7, 8})
    assert sender.door.taken == [ONE, TWO]


def test_a_turn_that_nobody_takes_is_given_up(monkeypatch):
    turns = Turns()
    turns.keep(7, ONE)
    assert turns.before(7, TWO)
    monkeypatch.setattr(sending, "TURN_SECONDS", -1)
    assert not turns.before(7, TWO)


def test_typing_goes_off_whenever_it_went_on():
    gate = TypingGate()
    told = [gate.passes(7, on) for on in (True, False) * 5]
    assert told[:6] == [True] * 6
    assert sum(told[6:]) % 2 == 0


class Reader:
    """A session as the repairer sees it."""

    def __init__(self, lines):
        self.door = Door()
        self.lines, self.sent, self.lost = lines, [], []
        self.subscriptions = {}

    def subscribe(self, after=0):
        subscription = Subscription(7, after)
        self.subscriptions[7] = subscription
        return subscription

    def rows(self, subscription):
        return [line for line in self.lines if line.seq > subscription.cursor][:PAGE]

    def push_line(self, subscription, line):
        subscription.cursor = line.seq
        self.sent.append(line.seq)

    def lose(self, contact):
        self.lost.append(contact)
        self.subscriptions.pop(contact)

    def gone(self):
        return False

    def crowded(self):
        return False

    def flush(self):
        pass


def log(length):
    return [LineAdded(n, "text", "customer", "", str(n) * 16, "x", None, "", contact=7) for n in range(1, length + 1)]


def repairer(standing):
    return Repairer(lambda ids: dict.fromkeys(ids, standing), lambda ids: set(ids), 1)


def test_a_lost_contact_is_replayed_no_further():
    reader, repair = Reader(log(450)), repairer((450, {5}))
    subscription = reader.subscribe()
    repair.replay(reader, subscription, pages=1)
    del reader.subscriptions[7]
    repair.replay(reader, subscription)
    assert reader.sent == list(range(1, PAGE + 1))


def test_a_contact_that_is_lost_while_the_database_answers_is_told_no_more():
    reader, repair = Reader(log(450)), repairer((450, {5}))
    subscription = reader.subscribe()
    rows = reader.rows

    def lost_meanwhile(asked):
        del reader.subscriptions[7]
        return rows(asked)

    reader.rows = lost_meanwhile
    repair.replay(reader, subscription)
    assert reader.sent == []


def test_a_hung_page_is_silent_although_its_browser_answers_pings():
    now = time.monotonic()
    hidden = SimpleNamespace(ws=SimpleNamespace(heard_at=now, spoke_at=now - 70))
    hung = SimpleNamespace(ws=SimpleNamespace(heard_at=now, spoke_at=now - 200))
    assert LiveSession.silent_seconds(hidden) < 45 < LiveSession.silent_seconds(hung)


def test_a_second_subscription_takes_the_place_of_the_first():
    reader, repair = Reader(log(450)), repairer((450, {5}))
    first = reader.subscribe()
    repair.replay(reader, first, pages=1)
    second = reader.subscribe(after=PAGE)
    repair.replay(reader, second)
    repair.replay(reader, first)
    assert reader.sent == list(range(1, 451))


def test_the_poll_takes_a_contact_from_a_reader_who_lost_it_unheard():
    reader, repair = Reader(log(1)), repairer((2, {6}))
    reader.subscribe(after=1).live = True
    repair.watch(reader)
    repair.poll()
    assert reader.lost == [7]


def test_the_poll_repairs_a_holder_and_leaves_a_current_one_alone():
    reader, repair = Reader(log(2)), repairer((2, {5}))
    subscription = reader.subscribe(after=1)
    subscription.live = True
    repair.watch(reader)
    repair.poll()
    assert (reader.lost, subscription.live) == ([], False)


def test_empty_fragments_do_not_pile_up():
    parser = FrameParser(1024)
    parser.feed(b"\x01\x80\x00\x00\x00\x00")
    for _ in range(1000):
        parser.feed(b"\x00\x80\x00\x00\x00\x00")
    assert parser._parts == []


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("unix:", "unix:"),
        (None, ""),
    ],
)
def test_who_owns_a_network_is_counted_as_one(address, counted):
    assert network_of(address) == counted
