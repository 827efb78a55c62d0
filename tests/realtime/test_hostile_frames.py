"""10,000 nearly right frames on real conversations: no exception, nothing leaked, nothing accepted is lost."""

import json
import random

import psutil
import pytest
from simple_websocket import ConnectionClosed

from tests.people import Agent, Customer, new_cid
from tests.services import until

pytestmark = pytest.mark.slow
FRAMES = 10_000
ODD = [
    None,
    True,
    -1,
    0,
    1.5,
    2**70,
    "",
    "x" * 300,
    "\u202e😀\x00",
    "\ud800",
    [],
    {},
    [[]],
    {"t": "hello"},
    "7",
    float("nan"),
]
KNOWN = ["send", "send", "send", "subscribe", "typing", "seen", "ping", "unsubscribe"]
NAMES = [
    "hello",
    "send",
    "subscribe",
    "unsubscribe",
    "typing",
    "seen",
    "ping",
    "ready",
    "ack",
    "bye",
    "__class__",
    "open",
]


@pytest.fixture(scope="module")
def server(start_server):
    """A server of its own: its log is read, its descriptors are counted."""
    return start_server(
        CLAVARDAGE_CUSTOMER_BURST="100000", CLAVARDAGE_CUSTOMER_PER_MINUTE="1000000",
        CLAVARDAGE_UNAUTHENTICATED_PER_ADDRESS="1000",
    )  # fmt: skip


def frame(chance: random.Random, contact: int) -> dict:
    """A frame with some fields right and some not."""
    right = {
        "t": chance.choice(NAMES if chance.random() < 0.05 else KNOWN),
        "contact": contact,
        "cid": new_cid(),
        "text": "hello",
        "on": True,
        "after": 10**6,  # a replay of everything a thousand times over is another test's business
        "seq": 1,
        "epoch": "",
        "token": "x" * 40,
        "subs": [{"contact": contact, "after": 0}],
    }
    # A name that is none ends the socket, so most frames keep theirs: opening another one is what takes time here.
    names = sorted(set(right) - ({"t"} if chance.random() < 0.95 else set()))
    for key in chance.sample(names, chance.randint(0, 3)):
        if chance.random() < 0.5:
            right[key] = chance.choice(ODD)
        else:
            del right[key]
    return right


def say(person, chance: random.Random, acknowledged: dict) -> None:
    """One frame; a socket that the server closed for it is opened again."""
    text = json.dumps(frame(chance, person.contact))
    if chance.random() < 0.01:
        text = text[: chance.randint(0, len(text))]
    try:
        person.live.socket.send(text)
        person.live.socket.send('{"t":"ping"}')
        while not collect(person, acknowledged):
            person.live.socket.event.wait(0.005)
            person.live.socket.event.clear()
            if not person.live.socket.connected:
                raise ConnectionClosed()
    except (ConnectionClosed, OSError):
        collect(person, acknowledged)
        person.live.socket.sock.close()
        place = max(acknowledged.values(), default=0)
        person.connect(place if isinstance(person, Customer) else {person.contact: place})


def collect(person, acknowledged: dict) -> bool:
    """Take what has been heard so far; was the answer to our ping among it?"""
    buffer, answered = person.live.socket.input_buffer, False
    while buffer:
        heard = json.loads(buffer.pop(0))
        answered |= heard["t"] == "pong"
        if heard["t"] == "ack":
            acknowledged[heard["cid"]] = heard["seq"]
    return answered


def test_ten_thousand_hostile_frames(server):
    chance = random.Random(20260301)
    agent = Agent(server.url, "ana@demo.example", "demo-ana-4321")
    agent.connect()
    agent.become("Available")
    customer = Customer(server.url)
    customer.connect()
    assert agent.accept(agent.wait_for_offer()) == 200
    agent.contact = customer.contact
    worker = psutil.Process(server.worker_pids()[0])
    before = len(worker.net_connections()), worker.num_threads()
    acknowledged: dict[str, int] = {}
    for n in range(FRAMES):
        say(customer if n % 2 else agent, chance, acknowledged)
    customer.live.close(), agent.live.close()
    last = customer.connect(after=0)
    agent.connect()
    assert customer.write("still here")["t"] == "ack"
    stored = {line["cid"]: line["seq"] for line in last.lines()}
    assert len(acknowledged) > 50
    assert {cid: stored.get(cid) for cid in acknowledged} == acknowledged
    assert sorted(stored.values()) == list(range(1, len(stored) + 1))
    until(lambda: len(worker.net_connections()) <= before[0], 60, "every socket but two to be gone")
    assert worker.num_fds() < 100  # the database pool and gevent's threads are full by now; frames were 10,000
    assert worker.num_threads() <= before[1] + 10  # gevent's pool for commits grows to ten
    assert "Traceback" not in server.log()
    customer.live.close()
    agent.live.close()
