"""Ten thousand hostile frames and byte strings: nothing in the log, nothing left behind."""

import random

import pytest

from tests.realtime._client import masked, until

pytestmark = pytest.mark.slow

THINGS = 10_000
BACK_AT_THE_START = ("sockets", "room", "descriptors", "greenlets", "threads", "native_threads", "waiting")
PATHS = ("/echo", "/stock", "/room", "/closing/4003", "/patient", "/asking")


def odd_but_legal(dice):
    """A frame, or a few, that a socket must survive."""
    junk = dice.randbytes(dice.randrange(100))
    return dice.choice(
        [
            masked(0x89, junk),
            masked(0x8A, junk),
            masked(0x82, junk, mask=dice.randbytes(4)),
            masked(0x81),
            masked(0x81, ("\0\ufeff\u202e😀" * dice.randrange(30)).encode()),
            masked(0x01) + masked(0x89, junk) + masked(0x00, b"\xc3") + masked(0x80, b"\xa9"),
            masked(0x02, junk) + masked(0x00) * dice.randrange(20) + masked(0x80, junk),
            masked(0x81, b"x" * dice.choice([125, 126, 127, 16384])),
        ]
    )


def hostile(dice):
    """Bytes that break a rule, or just bytes."""
    junk = dice.randbytes(dice.randrange(1, 400))
    return dice.choice(
        [
            junk,
            masked(dice.randrange(256), junk),
            masked(0x81, junk),
            masked(0x01, junk) + masked(0x81, junk),
            masked(0x80, junk),
            masked(0x88, junk[:125]),
            masked(0x88, dice.randrange(65536).to_bytes(2, "big")),
            masked(0x89, b"x" * 200),
            masked(dice.choice([0x81, 0x82, 0x01]), length=dice.choice([16385, 65536, 1 << 40, (1 << 63) - 1])),
            masked(0x82, length=1 << 63),
            masked(0x81, junk)[: dice.randrange(1, 20)],
            b"\x81" + bytes([dice.randrange(128)]) + junk,
            masked(0x89) * 2000,
            masked(0x81, b"y") * 500,
            b"GET / HTTP/1.1\r\n\r\n",
        ]
    )


def end(dice, client):
    """Leave in one of the ways that clients have."""
    way = dice.randrange(4)
    if way == 0:
        client.reset()
    elif way == 1:
        client.raw(masked(0x88, b"\x03\xe8"))
        client.say_no_more()  # half a frame may be under way: then the close frame is but its payload
        client.closed()
    elif way == 2:
        client.close()
    # else: neither a word nor an end, until the test hangs up


def settle(server):
    """The counts once they no longer shrink."""
    seen = [server.counts() for _ in range(3)]
    return {name: max(count[name] for count in seen) for name in BACK_AT_THE_START}


@pytest.mark.parametrize("seed", [2026])
def test_ten_thousand_hostile_things_leave_no_trace(start, seed):
    server = start({"linger": 0.5})
    dice = random.Random(seed)
    server.connect().close()
    server.hang_up()
    before = settle(server)
    said = 0
    while said < THINGS:
        client = server.connect(dice.choice(PATHS))
        things = [odd_but_legal(dice) for _ in range(dice.randrange(12))]
        things += [hostile(dice) for _ in range(dice.randrange(1, 4))]
        for thing in things:
            client.raw(thing)
        said += len(things)
        end(dice, client)
        if len(server.clients) >= 100:
            server.hang_up()
    server.hang_up()
    until(lambda: all(server.counts()[name] <= before[name] for name in BACK_AT_THE_START))
    log = server.log()
    assert "Traceback" not in log
    assert "ERROR" not in log
    client = server.connect()
    client.text("still there?")
    assert client.hear() == "still there?"


def test_hostile_handshakes_are_refused_without_a_trace(start):
    server = start()
    dice = random.Random(7)
    server.connect().close()
    server.hang_up()
    before = settle(server)
    names = ["Sec-WebSocket-Key", "Sec-WebSocket-Version", "Origin", "Sec-WebSocket-Protocol", "Connection"]
    values = [
        "",
        "null",
        "13",
        "x" * 4000,
        "é",
        "http://[",
        "https://chat.example:99999",
        "%00",
        ",,,",
        "=" * 24,
    ]
    for _ in range(400):
        headers = {name: dice.choice(values) for name in dice.sample(names, dice.randrange(1, 4))}
        client = server.connect(dice.choice(["/echo", "/stock"]), headers=headers)
        assert client.status in (101, 400, 403, 426)
        client.close()
    server.hang_up()
    until(lambda: all(server.counts()[name] <= before[name] for name in BACK_AT_THE_START))
    assert "Traceback" not in server.log()


def test_a_hundred_sockets_leave_nothing_behind(start):
    server = start()
    server.connect().close()
    server.hang_up()
    before = settle(server)
    for number in range(100):
        client = server.connect(PATHS[number % len(PATHS)])
        if number % 2:
            client.raw(masked(0x88, b"\x03\xe8"))
    server.hang_up()
    until(lambda: all(server.counts()[name] <= before[name] for name in BACK_AT_THE_START))
