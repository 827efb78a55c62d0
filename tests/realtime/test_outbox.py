"""The outbox of one socket, with plain threads; test_server.py shows the same under gevent."""

import socket
import threading

import pytest

from app.realtime.frames import encode_close, encode_text
from app.realtime.outbox import Batch, Outbox
from tests.realtime._client import until

CLOSED_AS_SLOW = encode_close(1013, "too slow")


class Counted:
    """A socket that counts the calls that write."""

    def __init__(self, sock):
        self.sock, self.calls = sock, 0

    def send(self, *arguments):
        self.calls += 1
        return self.sock.send(*arguments)

    def sendmsg(self, *arguments):
        self.calls += 1
        return self.sock.sendmsg(*arguments)

    def __getattr__(self, name):
        return getattr(self.sock, name)


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
    theirs.settimeout(10)
    yield Counted(ours), theirs
    ours.close()
    theirs.close()


@pytest.fixture
def make(pair):
    """An outbox on our side: ``make(limit=…)`` gives it and the list of codes it ended with."""
    made = []

    def make_outbox(**limits):
        ends = []
        made.append(Outbox(pair[0], ends.append, **limits))
        return made[-1], ends

    yield make_outbox
    for outbox in made:
        outbox.release()


def exactly(sock, size):
    data = bytearray()
    while len(data) < size:
        piece = sock.recv(size - len(data))
        assert piece, "the connection ended early"
        data += piece
    return bytes(data)


def rest_of(sock):
    data = bytearray()
    while piece := sock.recv(65536):
        data += piece
    return bytes(data)


def test_nothing_is_written_before_the_flush(pair, make):
    outbox, _ = make()
    outbox.push(b"a")
    assert pair[0].calls == 0
    outbox.flush()
    assert pair[1].recv(10) == b"a"


def test_many_pushes_and_one_flush_cost_one_call(pair, make):
    outbox, _ = make()
    for number in range(100):
        outbox.push(b"%02d" % number)
    outbox.flush()
    outbox.flush()
    assert pair[0].calls == 1
    assert exactly(pair[1], 200) == b"".join(b"%02d" % number for number in range(100))


def test_a_batch_flushes_each_outbox_once(pair, make):
    outbox, _ = make()
    with Batch() as batch:
        for _ in range(3):
            batch.push(outbox, b"x")
        assert pair[0].calls == 0
    assert pair[0].calls == 1
    assert exactly(pair[1], 3) == b"xxx"


def test_a_slow_peer_gets_every_byte_in_order_and_nobody_waits_for_it(pair, make):
    outbox, ends = make()
    frames = [encode_text(f"{number:06d}" * 500) for number in range(200)]
    for frame in frames:
        outbox.push(frame)
        outbox.flush()
    assert outbox.size > 0
    assert exactly(pair[1], sum(map(len, frames))) == b"".join(frames)
    until(lambda: outbox.size == 0)
    assert ends == []


def test_threads_that_push_at_once_never_mix_their_frames(pair, make):
    outbox, _ = make()
    frame = {name: encode_text(name * 3000) for name in "abcd"}

    def push(name):
        for _ in range(50):
            outbox.push(frame[name])
            outbox.flush()

    threads = [threading.Thread(target=push, args=(name,)) for name in frame]
    for thread in threads:
        thread.start()
    heard = [exactly(pair[1], len(frame["a"])) for _ in range(200)]
    for thread in threads:
        thread.join()
    assert sorted(heard) == sorted(50 * list(frame.values()))


def test_the_writer_lives_only_while_the_peer_is_behind(pair, make):
    outbox, _ = make()
    outbox.push(b"x" * 500_000)
    outbox.flush()
    assert not outbox.join(0)
    exactly(pair[1], 500_000)
    assert outbox.join(10)
    calls = pair[0].calls
    outbox.push(b"y")
    outbox.flush()
    assert pair[0].calls == calls + 1
    assert pair[1].recv(1) == b"y"


def test_a_peer_that_lets_too_much_wait_is_closed_with_1013_after_a_whole_frame(pair, make):
    outbox, ends = make(limit=300_000)
    frame = encode_text("x" * 10_000)
    while not ends:
        outbox.push(frame)
        outbox.flush()
    assert ends == [1013]
    outbox.push(frame)
    got = bytearray()
    while not got.endswith(CLOSED_AS_SLOW):
        got += pair[1].recv(65536)
    assert (len(got) - len(CLOSED_AS_SLOW)) % len(frame) == 0


def test_a_burst_above_the_limit_is_no_offence_when_the_peer_takes_it(pair, make):
    outbox, ends = make(limit=1000)
    for _ in range(5):
        outbox.push(b"x" * 900)
    outbox.flush()
    assert exactly(pair[1], 4500) == b"x" * 4500
    assert ends == []


def test_a_peer_that_takes_nothing_for_too_long_is_closed_with_1013_and_then_cut(pair, make):
    outbox, ends = make(stall=0.1)
    outbox.push(b"x" * 500_000)
    outbox.flush()
    until(lambda: ends == [1013])
    until(lambda: outbox.dead)
    assert len(rest_of(pair[1])) < 500_000


def test_a_peer_that_goes_on_reading_is_not_stalled(pair, make):
    outbox, ends = make(stall=0.5)
    outbox.push(b"x" * 900_000)
    outbox.flush()
    for _ in range(900):
        exactly(pair[1], 1000)
    until(lambda: outbox.size == 0)
    assert ends == []


def test_a_broken_connection_ends_the_outbox_with_1006(pair, make):
    outbox, ends = make()
    pair[1].close()
    outbox.push(b"x")
    outbox.flush()
    assert ends == [1006]
    outbox.push(b"y")
    assert outbox.size == 0


def test_nothing_follows_the_close_frame(pair, make):
    outbox, _ = make()
    outbox.push_last(b"close")
    outbox.push(b"late")
    outbox.push_last(b"again")
    outbox.flush()
    pair[0].shutdown(socket.SHUT_WR)
    assert rest_of(pair[1]) == b"close"


def test_killing_drops_what_waits_and_ends_the_writer(pair, make):
    outbox, ends = make()
    outbox.push(b"x" * 500_000)
    outbox.flush()
    outbox.kill()
    assert outbox.join(10)
    assert outbox.size == 0
    assert ends == []
    assert len(rest_of(pair[1])) < 500_000


def test_a_releasing_owner_finds_no_writer_left_on_its_descriptor(pair, make):
    outbox, ends = make()
    before = threading.active_count()
    outbox.push(b"x" * 500_000)
    outbox.flush()
    outbox.release()
    assert outbox.join(0)
    assert threading.active_count() <= before
    assert ends == []
