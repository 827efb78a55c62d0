"""Reading what a reader missed: at the opening, after a hole, and after a hint that got lost.

One thread per process reads for all sockets, so a thousand holes at once cost one connection.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable

from .door import Subscription

log = logging.getLogger(__name__)

PAGE = 200
CROWDED_SECONDS = 0.05
CHUNK = 500


class Repairer:
    """Queries of the upper floors: ``standings`` tells of many contacts which number they have reached and which users
    hold them, ``valid_sign_ins`` which of many sign-ins still stand."""

    def __init__(
        self,
        standings: Callable[[list[int]], dict[int, tuple[int, set[int]]]],
        valid_sign_ins: Callable[[list[int]], set[int]],
        poll_seconds: float,
    ):
        self.standings = standings
        self.valid_sign_ins = valid_sign_ins
        self.poll_seconds = poll_seconds
        self._wanted: queue.Queue = queue.Queue()
        self._watched: set = set()
        self._polls: set = set()
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin to work; to be called in the process that serves."""
        for work in (self._repair_on, self._poll_on):
            threading.Thread(target=work, name=f"repair-{work.__name__}", daemon=True).start()

    def stop(self) -> None:
        """Stop working."""
        self._stopped.set()
        self._wanted.put(None)

    def watch(self, session) -> None:
        """Look after this reader until :meth:`forget`."""
        self._watched.add(session)

    def forget(self, session) -> None:
        """It is gone."""
        self._watched.discard(session)

    def watch_poll(self, poll) -> None:
        """Look after a reader without a socket until :meth:`forget_poll`."""
        self._polls.add(poll)

    def forget_poll(self, poll) -> None:
        """It was answered."""
        self._polls.discard(poll)

    def request(self, session, subscription: Subscription) -> None:
        """Read for it soon. From now on until it has caught up the hub feeds it nothing."""
        if subscription.live:
            subscription.live = False
            self._wanted.put((session, subscription))

    def replay(self, session, subscription: Subscription, pages: int | None = None) -> None:
        """Send what lies behind the cursor, then let it go live; with ``pages`` the rest is left to the thread."""
        subscription.live = False
        # Another subscription may have taken its place, or the contact may be lost: then nothing more is sent.
        while not session.gone() and session.subscriptions.get(subscription.contact) is subscription:
            subscription.behind = False
            lines = session.rows(subscription)
            if session.subscriptions.get(subscription.contact) is not subscription:
                return  # replaced or lost while the database answered
            for line in lines:
                session.push_line(subscription, line)
            if len(lines) < PAGE and not subscription.behind:
                subscription.live = True
                return
            if pages is not None:
                pages -= 1
                if pages <= 0:
                    self._wanted.put((session, subscription))
                    return
            session.flush()
            if session.crowded():
                if self._wanted.empty():
                    self._stopped.wait(CROWDED_SECONDS)
                self._wanted.put((session, subscription))
                return

    def _repair_on(self) -> None:
        while not self._stopped.is_set():
            job = self._wanted.get()
            if job is None:
                return
            session, subscription = job
            try:
                self.replay(session, subscription)
                session.flush()
            except Exception as error:  # noqa: BLE001 - the database may be away: the reader waits, never skipped
                log.warning("repair failed", extra={"reason": type(error).__name__})
                self._stopped.wait(0.5)
                self._wanted.put(job)

    def _poll_on(self) -> None:
        while not self._stopped.wait(self.poll_seconds):
            try:
                self.poll()
            except Exception as error:  # noqa: BLE001 - likewise
                log.warning("hint poll failed", extra={"reason": type(error).__name__})

    def poll(self) -> None:
        """Compare every reader with the database once: whoever's hint got lost is repaired."""
        self._poll_sign_ins()
        self._poll_lines()

    def _poll_sign_ins(self) -> None:
        signed_in: dict[int, list] = {}
        for session in tuple(self._watched):
            if session.door.sign_in is not None:
                signed_in.setdefault(session.door.sign_in, []).append(session)
        if signed_in:
            for number in set(signed_in) - self.valid_sign_ins(list(signed_in)):
                for session in signed_in[number]:
                    session.revoke()

    def _poll_lines(self) -> None:
        readers: dict[int, list] = {}
        for session in tuple(self._watched):
            for subscription in tuple(session.subscriptions.values()):
                if subscription.live:
                    readers.setdefault(subscription.contact, []).append((session, subscription))
        polls: dict[int, list] = {}
        for poll in tuple(self._polls):
            for contact in tuple(poll.cursors):
                polls.setdefault(contact, []).append(poll)
        contacts = sorted({*readers, *polls})
        for start in range(0, len(contacts), CHUNK):
            for contact, (seq, holders) in self.standings(contacts[start : start + CHUNK]).items():
                for poll in polls.get(contact, ()):
                    poll.compare(contact, seq)
                for session, subscription in readers.get(contact, ()):
                    if session.door.role == "agent" and session.door.user_id not in holders:
                        session.lose(contact)
                    elif seq > subscription.cursor:
                        self.request(session, subscription)
            time.sleep(0)  # a long list must not hold up the hub
