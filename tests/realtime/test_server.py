"""The socket server class under gunicorn's gevent worker, with clients that may misbehave."""

import contextlib
import json
import socket
import threading

import pytest

from app.realtime.server import ConnectionClosed, Server
from tests.realtime._client import masked, until

pytestmark = pytest.mark.slow


def test_what_is_sent_comes_back_on_a_live_route_and_on_a_route_of_flask_sock(server):
    for path in ("/echo", "/stock"):
        client = server.connect(path)
        for text in ("", "é", "x" * 16000):
            client.text(text)
            assert client.hear() == text
        client.raw(masked(0x82, b"\x00\xff"))
        assert client.frame() == (2, b"\x00\xff")


def test_frames_that_come_in_one_packet_with_the_request_are_heard(server):
    client = server.connect(early=masked(0x81, b"early") + masked(0x81, b"bird"))
    assert [client.hear(), client.hear()] == ["early", "bird"]


def test_a_ping_is_answered_with_its_payload_even_inside_a_fragmented_message(server):
    client = server.connect()
    client.raw(masked(0x01, b"a") + masked(0x89, b"still there?") + masked(0x80, b"b"))
    assert client.frame() == (10, b"still there?")
    assert client.hear() == "ab"


def test_the_handler_of_a_live_route_runs_outside_of_every_flask_context(server):
    client = server.connect("/asking", headers={"X-Agent": "7"})
    client.text("?")
    assert json.loads(client.hear()) == {"app": False, "request": False, "agent": "7"}


def test_waiting_with_a_time_limit_ends_with_nothing_and_the_socket_goes_on(server):
    client = server.connect("/patient")
    assert [client.hear(), client.hear()] == ["nothing", "nothing"]
    client.text("on")
    assert client.hear() == "on"


# How sockets end.


@pytest.mark.parametrize("path", ["/echo", "/stock"])
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (masked(0x81, length=16 * 1024 + 1), 1009),
        (masked(0x01, b"x" * 9000) + masked(0x80, length=9000), 1009),
        (masked(0x81, b"\xff"), 1007),
        (masked(0x01, b"\xce") + masked(0x00, b"\x00"), 1007),
        (masked(0xC1, b"x"), 1002),
        (b"\x81\x01x", 1002),
        (masked(0x80, b"x"), 1002),
        (masked(0x88, b"\x03"), 1002),
    ],
)
def test_a_bad_frame_is_answered_with_its_close_code(server, path, data, code):
    client = server.connect(path)
    client.raw(data)
    assert client.closed()[0] == code
    assert client.clean


def test_what_was_said_before_a_bad_frame_is_still_heard(server):
    client = server.connect()
    client.raw(masked(0x81, b"one") + masked(0x81, b"two") + masked(0xC1))
    assert [client.hear(), client.hear()] == ["one", "two"]
    assert client.closed()[0] == 1002


def test_a_close_frame_arrives_though_the_peer_goes_on_sending(server):
    client = server.connect()
    client.raw(masked(0x81, length=20000) + b"x" * 300_000)
    assert client.closed()[0] == 1009
    assert client.clean, "a reset can overtake the close frame"


@pytest.mark.parametrize("path", ["/echo", "/stock"])
@pytest.mark.parametrize("code", [1000, 1001, 4999])
def test_a_close_by_the_peer_is_answered_with_its_code(server, path, code):
    client = server.connect(path)
    client.text("last words")
    client.raw(masked(0x88, code.to_bytes(2, "big") + b"bye"))
    assert client.hear() == "last words"
    assert client.closed(answer=False) == (code, "")


def test_a_close_without_code_is_answered_without_code(server):
    client = server.connect()
    client.raw(masked(0x88))
    assert client.frame() == (8, b"")


def test_a_close_by_us_is_delivered_with_its_reason(server):
    client = server.connect("/closing/4003")
    client.text("x")
    assert client.closed() == (4003, "as asked")
    assert client.clean


def test_a_peer_that_never_answers_our_close_is_left_after_the_linger(server):
    client = server.connect("/closing/4003")
    client.text("x")
    assert client.closed(answer=False) == (4003, "as asked")
    until(lambda: server.counts()["sockets"] == 0)


def test_a_reset_connection_ends_its_handler_without_a_word_in_the_log(server):
    for path in ("/echo", "/stock", "/room"):
        client = server.connect(path)
        client.text("x")
        client.reset()
    until(lambda: server.counts()["sockets"] == 0)


@pytest.mark.parametrize("path", ["/failing", "/stock/failing"])
def test_a_handler_with_a_bug_closes_with_1011_and_leaves_a_traceback(start, path):
    server = start()
    client = server.connect(path)
    client.text("x")
    assert client.closed()[0] == 1011
    assert "ValueError: planted" in until(server.log)


# Load and dead peers. Who only reads answers no ping: where that is not the point, none is sent.


def test_a_flood_is_held_back_by_tcp_while_the_handler_is_busy(start):
    server = start()
    client = server.connect("/busy")
    client.text("first")
    before = server.counts()["rss"]
    client.sock.setblocking(False)
    sent, quiet, frame = 0, 0, masked(0x81, b"x" * 9994)
    rest = b""
    while quiet < 50 and sent < 60_000_000:
        try:
            rest = rest or frame
            done = client.sock.send(rest)
            rest, sent, quiet = rest[done:], sent + done, 0
        except BlockingIOError:
            quiet += 1
            server.http("GET", "/ready")
    assert sent < 30_000_000
    assert server.counts()["rss"] - before < 4_000_000
    server.http("POST", "/go")
    client.sock.setblocking(True)
    client.raw(rest)
    until(lambda: server.counts()["received"] == (sent + len(rest)) // len(frame))


@pytest.mark.parametrize("opening", [b"", masked(0xC1)], ids=["open", "closing"])
def test_a_peer_that_floods_leaves_the_others_their_turn(server, opening):
    client = server.connect()
    client.raw(opening)
    over = threading.Event()

    def flood():
        with contextlib.suppress(OSError):
            while not over.is_set():
                client.sock.sendall(masked(0x89) * 50_000)

    def swallow():
        with contextlib.suppress(OSError):
            while client.sock.recv(1 << 20):
                pass

    threads = [threading.Thread(target=flood), threading.Thread(target=swallow)]
    for thread in threads:
        thread.start()
    answers = [server.http("GET", "/ready")[0] for _ in range(10)]
    over.set()
    client.shut()
    for thread in threads:
        thread.join()
    assert answers == [200] * 10


def test_a_stalled_reader_is_closed_and_nobody_else_waits_for_it(start):
    server = start({"outbox_limit": 200_000, "ping_interval": 600})
    stalled = server.connect("/room", receive_buffer=4096)
    others = [server.connect("/room") for _ in range(3)]
    until(lambda: server.counts()["room"] == 4)
    said = 0
    while server.counts()["room"] == 4:
        server.http("POST", "/room?size=10000&times=5")
        said += 5
        for other in others:
            assert [len(other.hear()) for _ in range(5)] == [10000] * 5
    assert said * 10000 > 200_000
    assert stalled.closed()[0] in (1013, 1006)
    until(lambda: server.counts()["sockets"] == 3)
    assert server.counts()["waiting"] == 0
    assert "Traceback" not in server.log()


def test_a_stalled_reader_that_wakes_up_in_time_is_told_1013(start):
    server = start({"outbox_limit": 200_000, "ping_interval": 600})
    stalled = server.connect("/room", receive_buffer=4096)
    until(lambda: server.counts()["room"] == 1)
    while server.counts()["waiting"] == 0:
        server.http("POST", "/room?size=10000&times=20")
    server.http("POST", "/room?size=10000&times=100")
    assert stalled.closed()[0] == 1013


def test_a_reader_without_progress_is_closed_in_time_below_the_byte_limit(start):
    server = start({"outbox_stall": 0.3, "ping_interval": 600})
    server.connect("/room", receive_buffer=4096)
    until(lambda: server.counts()["room"] == 1)
    while server.counts()["waiting"] == 0 and server.counts()["room"]:
        server.http("POST", "/room?size=10000&times=20")
    until(lambda: server.counts()["sockets"] == 0)


def test_a_peer_that_answers_pings_stays_and_a_dead_one_is_closed(start):
    server = start({"ping_interval": 0.2, "pong_wait": 3})
    dead, alive = server.connect("/room"), server.connect("/room")
    until(lambda: server.counts()["sockets"] == 2)
    pings = 0
    while server.counts()["sockets"] == 2 or pings < 3:
        assert alive.frame() == (9, b"")
        alive.raw(masked(0x8A))
        pings += 1
    assert server.counts()["sockets"] == 1
    assert dead.closed()[0] == 1006
    alive.text("x")
    assert alive.frame()[0] == 9


def test_no_more_than_32_decoded_messages_wait_for_the_handler():
    ours, theirs = socket.socketpair()
    environ = {
        "gunicorn.socket": ours,
        "HTTP_UPGRADE": "websocket",
        "HTTP_CONNECTION": "Upgrade",
        "HTTP_SEC_WEBSOCKET_VERSION": "13",
        "HTTP_SEC_WEBSOCKET_KEY": "AAECAwQFBgcICQoLDA0ODw==",
    }
    with ours, theirs:
        ws = Server(environ, origins=())
        theirs.sendall(b"".join(masked(0x81, b"%d" % number) for number in range(100)))
        for number in range(100):
            assert ws.receive() == str(number)
            assert len(ws._inbox) < 32
        theirs.close()
        with pytest.raises(ConnectionClosed):
            ws.receive()
        ws.finish()
