"""How a worker ends: everybody is told, accepted work is finished, the process is gone."""

import contextlib
import json
import signal
import threading

import pytest

from app.realtime.drain import Drain
from app.realtime.keeper import keeper
from tests.realtime._client import until

pytestmark = pytest.mark.slow

SOCKETS = 200
# The promise is three seconds; the rest is for a machine that is busy with other things.
GONE_SECONDS = 10


@pytest.fixture(autouse=True)
def nothing_drains_afterwards():
    yield
    keeper.draining = False


def end_and_listen(server, clients, number):
    """Signal the server; what each client heard before its close frame, and the close frames."""
    heard, closes = [None] * len(clients), [None] * len(clients)

    def listen(share):
        for i in range(share, len(clients), 4):
            heard[i] = json.loads(clients[i].hear())
            closes[i] = clients[i].closed()

    listeners = [threading.Thread(target=listen, args=(share,)) for share in range(4)]
    server.process.send_signal(number)
    for listener in listeners:
        listener.start()
    for listener in listeners:
        listener.join(GONE_SECONDS)
    return heard, closes


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_of_200_sockets_hear_bye_and_1012_and_the_process_is_gone(start, number):
    server = start()
    clients = [server.connect(("/echo", "/stock", "/room")[i % 3]) for i in range(SOCKETS)]
    until(lambda: server.counts()["sockets"] == SOCKETS)
    heard, closes = end_and_listen(server, clients, number)
    server.process.wait(GONE_SECONDS)
    assert closes == [(1012, "restart")] * SOCKETS
    assert {(bye["t"], bye["code"]) for bye in heard} == {("bye", 1012)}
    assert all(0 <= bye["retry_ms"] <= 5000 for bye in heard)
    assert len({bye["retry_ms"] for bye in heard}) > SOCKETS // 4, "they would all come back at once"
    assert server.flushed.read_text() == "0 sockets left"
    assert "Traceback" not in server.log()
    assert "timeout" not in server.log()


def test_peers_that_do_not_answer_hold_up_nothing_for_long(start):
    server = start()
    for _ in range(20):
        server.connect("/room")
    until(lambda: server.counts()["sockets"] == 20)
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(GONE_SECONDS)
    assert server.flushed.read_text() == "0 sockets left"
    assert "timeout" not in server.log()


def test_readiness_says_503_and_a_late_socket_hears_1012_while_the_drain_lasts(start):
    server = start()
    server.connect("/room")  # does not answer: the drain lasts until it is cut
    until(lambda: server.counts()["sockets"] == 1)
    statuses, late = [], []
    assert server.http("GET", "/ready")[0] == 200
    server.process.send_signal(signal.SIGTERM)
    with contextlib.suppress(OSError):  # in the end nobody listens any more
        while True:
            statuses.append(server.http("GET", "/ready")[0])
            if statuses[-1] == 503:
                late.append(server.connect("/room").closed()[0])
    assert 503 in statuses
    assert 1012 in late
    server.process.wait(GONE_SECONDS)


def test_the_parts_of_a_drain_run_in_order_and_a_failing_one_stops_nothing():
    ran = []

    def fails():
        ran.append("fails")
        raise OSError

    drain = Drain()
    drain.before_exit(lambda: ran.append("exit"))
    drain.when_draining(fails)
    drain.when_draining(lambda: ran.append("start"))
    drain.wait(0)
    drain.run()
    drain.wait(0)
    assert ran == ["fails", "start", "exit"]


def test_a_second_signal_does_not_drain_again():
    drain, begun = Drain(), []
    for _ in range(2):
        drain.begin(lambda: begun.append(1))
    until(lambda: begun)
    assert drain.draining
    assert begun == [1]
