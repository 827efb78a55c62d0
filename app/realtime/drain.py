"""How a process says goodbye: everybody hears 1012, accepted work is finished, and the process is gone."""

import _thread
import json
import logging
import random
import signal
import sys
import threading
import time
from collections.abc import Callable

from .connection import RESTART
from .keeper import keeper

RETRY_MS = 5000
GOODBYE_SECONDS = 1.0  # for the closing handshakes; a peer that does not answer is cut
FINISH_SECONDS = 4.0  # for all; below the graceful time-out, after which the process would be killed
_BREATH = 50  # sockets told between two chances for the others

log = logging.getLogger(__name__)


class Drain:
    """The one drain of this process.

    ``when_draining`` callables run first: they let go of requests that wait (long polls, event streams).
    ``before_exit`` callables run last, when no socket can bring new work: the message log commits what it
    accepted. None of them may raise; what they raise is logged.
    """

    def __init__(self):
        self._started = False
        self._over = threading.Event()
        self._when_draining: list[Callable[[], None]] = []
        self._before_exit: list[Callable[[], None]] = []

    def when_draining(self, call: Callable[[], None]) -> None:
        """Register a callable for the start of the drain."""
        self._when_draining.append(call)

    def before_exit(self, call: Callable[[], None]) -> None:
        """Register a callable for the end of the drain."""
        self._before_exit.append(call)

    @property
    def draining(self) -> bool:
        """True from the first signal on: readiness answers 503, and a socket that still opens gets 1012."""
        return keeper.draining

    def begin(self, work: Callable[[], None]) -> None:
        """Start ``work``, which calls ``run``, in the background; a second call does nothing."""
        if self._started:
            return
        self._started = keeper.draining = True
        # Thread.start() waits for the new thread, which gevent forbids where signals are handled.
        _thread.start_new_thread(work, ())

    def run(self) -> None:
        """Drain and return when all is done, after at most GOODBYE_SECONDS and what the callables need."""
        self._started = keeper.draining = True
        begun = time.monotonic()
        try:
            _call_all(self._when_draining)
            told = say_goodbye()
            while len(keeper) and time.monotonic() - begun < GOODBYE_SECONDS + 0.5:
                time.sleep(0.02)
            _call_all(self._before_exit)
            log.info("drained: %d sockets told, %d left, %.2f s", told, len(keeper), time.monotonic() - begun)
        finally:
            self._over.set()

    def wait(self, timeout: float = FINISH_SECONDS) -> None:
        """Let the drain end, if one has begun; at most ``timeout`` seconds."""
        if self._started and not self._over.wait(timeout):
            log.error("the drain did not end within %.1f s", timeout)


def say_goodbye() -> int:
    """Tell every socket ``bye`` and close it with 1012; returns how many.

    The time after which each one may come back is random, so that they do not all come back at once.
    """
    told = 0
    for ws in keeper.sockets():
        if not ws.connected:
            continue
        retry_ms = random.randint(0, RETRY_MS)  # noqa: S311 (spreads load, hides nothing)
        bye = {"t": "bye", "code": RESTART, "retry_ms": retry_ms}
        ws.push_text(json.dumps(bye, separators=(",", ":")))
        ws.leave(RESTART, "restart", GOODBYE_SECONDS)
        told += 1
        if told % _BREATH == 0:
            time.sleep(0)
    return told


def _call_all(calls: list[Callable[[], None]]) -> None:
    for call in calls:
        try:
            call()
        except Exception:  # the next one may be the message log
            log.exception("a part of the drain failed")


drain = Drain()


def arm(worker) -> None:
    """Let SIGTERM, SIGINT and SIGQUIT drain this gevent worker of gunicorn; for ``post_worker_init``.

    All three, because gunicorn's master passes Ctrl-C on as SIGQUIT, which would end the worker at once.
    ``worker.requests_open`` is the number of requests under way, kept by the hooks around them.
    """

    def leave() -> None:
        drain.run()
        worker.alive = False  # not before: readiness must be heard to answer 503
        # Gunicorn looks once a second only, and waits for idle connections, too. What is under way may still end,
        # within the graceful time.
        while worker.requests_open:
            time.sleep(0.02)
        sys.exit(0)  # gevent hands it to the main greenlet, as gunicorn's own quick stop does

    def on_signal(_number: int, _frame: object) -> None:
        drain.begin(leave)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, on_signal)
