"""The sockets open in this process, and the one thread that pings them and ends what lingers."""

import _thread
import logging
import threading
import time
from typing import Protocol

TICK_SECONDS = 0.25
_BREATH = 200  # sockets looked after between two chances for everybody else

log = logging.getLogger(__name__)


class Kept(Protocol):
    """A socket as the keeper sees it."""

    due: float

    def keep(self, now: float) -> None:
        """Do what is due at ``now`` (monotonic seconds) and set ``due`` anew; never wait."""


class Keeper:
    """Registry and clock of the open sockets.

    One thread (greenlet) serves them all, since a timer per socket costs three times as much; it runs only
    while a socket is open.
    """

    def __init__(self, tick: float = TICK_SECONDS):
        self.draining = False
        self._tick = tick
        self._sockets: set[Kept] = set()
        self._lock = threading.Lock()
        self._running = False

    def add(self, ws: Kept) -> None:
        """Look after ``ws`` from now on."""
        with self._lock:
            self._sockets.add(ws)
            start, self._running = not self._running, True
        if start:
            _thread.start_new_thread(self._run, ())  # Thread.start() would wait for it

    def discard(self, ws: Kept) -> None:
        """``ws`` is gone; saying so twice is harmless."""
        with self._lock:
            self._sockets.discard(ws)

    def sockets(self) -> list[Kept]:
        """The open sockets, those that are still saying goodbye included."""
        with self._lock:
            return list(self._sockets)

    def __len__(self) -> int:
        return len(self._sockets)

    def _run(self) -> None:
        while True:
            time.sleep(self._tick)
            with self._lock:
                if not self._sockets:
                    self._running = False
                    return
            self._round(time.monotonic())

    def _round(self, now: float) -> None:
        served = 0
        for ws in self.sockets():
            if ws.due > now:
                continue
            try:
                ws.keep(now)
            except Exception:  # one socket's trouble must not end the pings of all others
                log.exception("keeping a socket failed")
                self.discard(ws)
            served += 1
            if served % _BREATH == 0:
                time.sleep(0)


keeper = Keeper()
