"""The message log: one writer per process gathers what arrived during the last commit and commits it as one.

Group commit is the largest single gain there is (docs/decisions.md). Statements run on the hub, the commit with its
fsync in a pool thread; acknowledgements and announcements only ever follow the commit.
"""

import logging
import threading
from collections import deque

from flask import Flask

from .. import clock
from ..database import DATABASE_ERRORS, WRITE, Gate, translated
from ..errors import Busy
from ..extensions import db
from ..models.message import TEXT
from ..realtime import audience
from ..realtime.bus import Bus
from ..realtime.events import LineAdded
from .lines import sender_role
from .message_batch import Batch, Entry, Outcome
from .message_store import store_for

log = logging.getLogger(__name__)
BATCH = 256


class MessageLog:
    """One per process. Until :meth:`start` is called (tests, command line) each entry is written by its caller."""

    def __init__(self, app: Flask, gate: Gate, bus: Bus):
        with app.app_context():
            self.engine = db.engine
        self.store = store_for(self.engine.dialect)
        self.gate = gate
        self.bus = bus
        self._waiting: deque[Entry] = deque()
        self._arrived = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to gather; to be called in the process that serves."""
        self._thread = threading.Thread(target=self._write_on, name="message-log", daemon=True)
        self._thread.start()

    def submit(self, entry: Entry) -> None:
        """Hand over one entry; its reply is settled exactly once, after the commit or the refusal."""
        if self._thread is None:
            self._commit([entry])
            return
        self._waiting.append(entry)
        self._idle.clear()
        self._arrived.set()

    def drain(self, seconds: float) -> bool:
        """Wait until everything handed over so far has been settled; False if that took longer than ``seconds``."""
        return self._idle.wait(seconds)

    def _write_on(self) -> None:
        while True:
            self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                entries = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                try:
                    self._commit(entries)
                except Exception:  # a bug in telling must not end the only writer of the process
                    log.exception("message log")
            self._idle.set()

    def _commit(self, entries: list[Entry]) -> None:
        try:
            batch = self._store(entries)
        except DATABASE_ERRORS as error:
            self._could_not(entries, error, busy=isinstance(translated(error), Busy))
        except Exception as error:
            log.exception("message log")
            self._could_not(entries, error, busy=False)
        else:
            self._tell(batch.outcomes)

    def _could_not(self, entries: list[Entry], error: Exception, busy: bool) -> None:
        """Nothing of this batch stands. Whatever happens, every entry hears of its end."""
        if not busy and len(entries) > 1:
            for entry in entries:  # one of them is poison: let the others through
                self._commit([entry])
            return
        log.warning("message log could not commit", extra={"reason": type(error).__name__})
        # What waits behind is refused, too, or a sender's second word would stand before the first.
        entries += [self._waiting.popleft() for _ in range(len(self._waiting))] if busy else []
        self._tell([Outcome(entry, error=Busy(retry_seconds=1)) for entry in entries])

    def _tell(self, outcomes: list[Outcome]) -> None:
        """Acknowledge, then announce, then let every socket send once."""
        announcements = []
        for outcome in outcomes:
            outcome.entry.reply.settle(outcome)
            if outcome.error is None and not outcome.dup:
                event = text_event(outcome)
                for ears in audience.readers(outcome.entry.contact_id, outcome.agent_id):
                    announcements.append((ears, event))
        self.bus.publish(announcements)
        for outcome in outcomes:
            outcome.entry.reply.flush()

    def _store(self, entries: list[Entry]) -> Batch:
        """One transaction for all of them."""
        with (
            self.engine.connect().execution_options(**WRITE) as connection,
            self.gate.passing(),
            connection.begin(),
        ):
            batch = Batch(
                clock.now(),
                self.store.contacts(connection, {entry.contact_id for entry in entries}),
                self.store.seen(connection, [entry.cid for entry in entries]),
            )
            for entry in entries:
                batch.judge(entry)
            if batch.rows:
                self.store.write(connection, batch.rows, batch.at, batch.last)
                self.gate.commit_durably(connection)
        return batch


def text_event(outcome: Outcome) -> LineAdded:
    """The event of one text that has just been committed."""
    entry = outcome.entry
    return LineAdded(
        outcome.seq,
        TEXT,
        sender_role(entry.sender),
        entry.name,
        entry.cid,
        entry.text,
        None,
        clock.iso(outcome.at),
        entry.agent_id,
        contact=entry.contact_id,
    )
