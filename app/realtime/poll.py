"""The same log and cursor without a WebSocket: long poll and server-sent events. Who waits holds no connection."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator

from .drain import drain
from .events import AccessRevoked, ContactLost, Event, LineAdded, TypingChanged, encode
from .hub import Hub
from .repair import Repairer

BACKLOG = 1000
COMMENT_SECONDS = 15.0
PAGE = 200

Rows = Callable[[int, int, int], list[LineAdded]]


class Poll:
    """One waiting request: an ear with a place in the log of one or more contacts.

    repairer: finds the lines that nobody announced.
    cursors: contact -> last number the page has. rows: reads lines (contact, after, limit) with a context of its own.
    role: whose own typing is not told back. Use it as a context manager: inside, it listens.
    """

    def __init__(
        self,
        hub: Hub,
        repairer: Repairer,
        audiences: list[str],
        cursors: dict[int, int],
        rows: Rows,
        role: str,
        sign_in: int | None = None,
    ):
        self.hub = hub
        self.repairer = repairer
        self.audiences = audiences
        self.cursors = cursors
        self.rows = rows
        self.role = role
        self.sign_in = sign_in
        self._others: deque[Event] = deque(maxlen=BACKLOG)
        self._lines = set(cursors)  # contacts whose log has moved, or may have
        self._arrived = threading.Event()
        self._since = time.monotonic()
        self.over = False

    def __enter__(self) -> "Poll":
        for audience in self.audiences:
            self.hub.join(audience, self)
        self.repairer.watch_poll(self)
        return self

    def __exit__(self, *_error: object) -> None:
        self.repairer.forget_poll(self)
        for audience in self.audiences:
            self.hub.leave(audience, self)

    def hear(self, event: Event) -> None:
        """Called by the hub. A line only says that there is something to read: the log is the truth."""
        if isinstance(event, LineAdded):
            if event.contact in self.cursors:
                self._lines.add(event.contact)
        elif self._not_for_us(event):
            return
        else:
            if isinstance(event, ContactLost):
                self.cursors.pop(event.contact, None)
            self._others.append(event)

    def _not_for_us(self, event: Event) -> bool:
        if isinstance(event, AccessRevoked):
            return event.session not in (None, self.sign_in)
        return isinstance(event, TypingChanged) and (event.by == self.role or event.contact not in self.cursors)

    def compare(self, contact: int, seq: int) -> None:
        """The log of this contact stands at ``seq``: was anything not told?"""
        if seq > self.cursors.get(contact, seq):
            self._lines.add(contact)
            self._arrived.set()

    def flush(self) -> None:
        """Wake the request."""
        self._arrived.set()

    def silent_seconds(self) -> float:
        """The page was heard when it asked."""
        return time.monotonic() - self._since

    def take(self) -> tuple[list[LineAdded], list[Event]]:
        """What there is now: lines in order behind the cursors (which move on), and other events."""
        self._arrived.clear()
        lines: list[LineAdded] = []
        while self._lines:
            contact = self._lines.pop()
            after = self.cursors.get(contact)
            if after is None:
                continue
            found = self.rows(contact, after, PAGE)
            if found:
                self.cursors[contact] = found[-1].seq
                lines += found
            if len(found) == PAGE:
                self._lines.add(contact)
                break  # one page at a time, as on the socket
        others = list(self._others)
        self._others.clear()
        return lines, others

    def wait(self, seconds: float) -> bool:
        """Wait until something arrived; False when nothing did. Always False while the process drains."""
        if drain.draining:
            self.over = True
            return False
        return self._arrived.wait(seconds)


def long_poll(poll: Poll, wait: float) -> tuple[list[LineAdded], list[Event]]:
    """What is there, or what comes within ``wait`` seconds; both lists empty when nothing does."""
    deadline = time.monotonic() + wait
    with poll:
        while True:
            lines, others = poll.take()
            left = deadline - time.monotonic()
            if lines or others or left <= 0 or poll.over:
                return lines, others
            while not poll.wait(min(left, 1.0)):
                left = deadline - time.monotonic()
                if left <= 0 or poll.over:
                    break


def event_stream(poll: Poll, seconds: float, epoch: str, still_allowed: Callable[[], bool]) -> Iterator[str]:
    """Server-sent events for at most ``seconds``; then the page asks again with its cursor."""
    end = time.monotonic() + seconds
    said = time.monotonic()
    with poll:
        yield "retry: 500\n\n"
        ready = False
        while not poll.over:
            lines, others = poll.take()
            for line in lines:
                yield f"id: {line.seq}\ndata: {line.text}\n\n"
            for event in others:
                yield f"data: {event.text}\n\n"
            if not ready and len(lines) < PAGE:
                ready = True
                subs = [{"contact": c, "seq": seq, "epoch": epoch} for c, seq in poll.cursors.items()]
                yield f"data: {encode({'t': 'ready', 'subs': subs})}\n\n"
            now = time.monotonic()
            if now > end or not still_allowed():
                return
            if lines or others:
                said = now
            elif now - said > COMMENT_SECONDS:
                said = now
                yield ": still here\n\n"
            if len(lines) < PAGE:
                poll.wait(1.0)
