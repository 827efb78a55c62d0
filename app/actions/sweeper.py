"""What has to happen although nobody asks: deadlines, left-over matches, leases, places. Any process may run it.

Everything here is repeated until it is done, so a process that dies in the middle costs time and nothing else.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable

from flask import Flask

from ..database import DATABASE_ERRORS
from ..errors import Busy, ClavardageError
from ..models.timer import AGENT_LEASE, CUSTOMER_ENDING, CUSTOMER_IDLE, OFFER_DEADLINE, WRAP_UP_DEADLINE
from ..realtime.hub import Hub
from .agent_sessions import check_lease, prolong_leases
from .endings import fire_ending
from .idleness import look_at_quiet
from .mail import deliver_due, letters_due
from .matching import match_skill, skills_to_match
from .offers import miss_offer
from .places import announce_places, look_again
from .presence import end_abandoned, see_customers
from .timers import claim_due
from .wrap_up import expire_wrap_up

log = logging.getLogger(__name__)

FIRE: dict[str, Callable[[int], None]] = {
    OFFER_DEADLINE: miss_offer,
    WRAP_UP_DEADLINE: expire_wrap_up,
    AGENT_LEASE: check_lease,
    CUSTOMER_ENDING: fire_ending,
    CUSTOMER_IDLE: look_at_quiet,
}


def fire_due_timers(kinds: Iterable[str] = tuple(FIRE)) -> int:
    """Fire every due deadline of these kinds; returns how many. One that fails waits for its claim's end."""
    fired = 0
    while due := claim_due(kinds):
        for kind, subject_id in due:
            try:
                FIRE[kind](subject_id)
            except (Busy, *DATABASE_ERRORS):  # this one comes again when its claim has run out
                log.info("timer %s of %s put off", kind, subject_id)
            except Exception:
                log.exception("timer %s of %s failed", kind, subject_id)
        fired += len(due)
    return fired


def match_left_over() -> None:
    """Bring together whoever waits while somebody able is free."""
    for skill_id in skills_to_match():
        match_skill(skill_id)


class Sweeper:
    """The thread that does it, once every ``seconds``."""

    BEAT_SECONDS = 5.0
    ABANDONED_SECONDS = 20.0

    def __init__(self, app: Flask, hub: Hub, seconds: float):
        self.app = app
        self.hub = hub
        self.seconds = seconds
        self._stopped = threading.Event()
        self._next: dict[str, float] = {}
        self._beating_since = self._beaten_at = time.monotonic()
        self._postman: threading.Thread | None = None

    def start(self) -> None:
        """Begin; to be called in the process that serves."""
        threading.Thread(target=self._sweep_on, name="sweeper", daemon=True).start()

    def stop(self) -> None:
        """No further sweep begins."""
        self._stopped.set()

    def _sweep_on(self) -> None:
        while not self._stopped.wait(self.seconds):
            self.sweep()

    def sweep(self) -> None:
        """One round. A part that fails is logged and tried again next time; the others still run."""
        self._do("beat", self.BEAT_SECONDS, self._beat)
        self._do("timers", 0, lambda: fire_due_timers(self._trusted()))
        self._do("matches", 0, match_left_over)
        self._do("places", 1.0, announce_places)
        self._do("abandoned", self.ABANDONED_SECONDS, end_abandoned)
        self._do("look again", self.BEAT_SECONDS, look_again)
        self._do("mail", 1.0, self._send_postman)

    def _do(self, name: str, every: float, work: Callable) -> None:
        now = time.monotonic()
        if now < self._next.get(name, 0):
            return
        self._next[name] = now + every
        try:
            with self.app.app_context():
                work()
        except (ClavardageError, *DATABASE_ERRORS) as error:  # away or busy: the next round tries again
            log.warning("sweep: %s put off", name, extra={"reason": type(error).__name__})
        except Exception:
            log.exception("sweep: %s failed", name)

    def _send_postman(self) -> None:
        """Letters in a thread of their own: a slow mail server must not hold up the deadlines."""
        if (self._postman is None or not self._postman.is_alive()) and letters_due():
            round_ = ("letters", 0, deliver_due)
            self._postman = threading.Thread(target=self._do, args=round_, name="postman", daemon=True)
            self._postman.start()

    def _trusted(self) -> Iterable[str]:
        """After a start, or a time without the database, agents get a whole lease to be heard before any is gone."""
        now, lease = time.monotonic(), self.app.config["LEASE_SECONDS"]
        if now - self._beaten_at > 2 * self.BEAT_SECONDS + self.seconds:
            self._beating_since = now
        waited = now - self._beating_since
        return [kind for kind in FIRE if kind != AGENT_LEASE or waited > lease]

    def _beat(self) -> None:
        """Who is connected to this process right now: agents' leases go on, waiting customers count as present."""
        agents, customers = {}, []
        for audience in self.hub.audiences():
            kind, _, number = audience.rpartition("-")
            if kind == "agent":
                agents[int(number)] = self.hub.silent_seconds(audience)
            elif kind == "customer":
                customers.append(int(number))
        prolong_leases({user: silent for user, silent in agents.items() if silent is not None})
        see_customers(customers)
        self._beaten_at = time.monotonic()
