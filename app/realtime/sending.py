"""What one socket sends: its rate, what is under way, and the order of one sender's words."""

import time
from collections.abc import Callable

from .door import Door
from .events import ack
from .limits import Bucket

IN_FLIGHT = 32  # our own clients keep to 8
FLOOD_RETRY_MS = 500
TURN_RETRY_MS = 300
TURN_SECONDS = 15.0
TURNS = 64
LONGEST_ECHO = 64


class Turns:
    """A text that may be sent again keeps its turn: what the same sender wrote after it is told to wait.

    Without this, a text refused as busy would be stored behind its successors that were already on their way. A turn
    that nobody takes within 15 s is given up.
    """

    __slots__ = ("_since", "_waiting")

    def __init__(self):
        self._waiting: dict[int, list[str]] = {}
        self._since: dict[int, float] = {}

    def before(self, contact: int, cid: str) -> bool:
        """Must another text of this contact come first? Then this one waits behind it from now on."""
        waiting = self._waiting.get(contact)
        if not waiting:
            return False
        if time.monotonic() - self._since[contact] > TURN_SECONDS:
            del self._waiting[contact]
            return False
        if waiting[0] == cid:
            return False
        self.keep(contact, cid)
        return True

    def keep(self, contact: int, cid: str) -> None:
        """This text was refused for now and will come again."""
        waiting = self._waiting.setdefault(contact, [])
        if not waiting:
            self._since[contact] = time.monotonic()
        if cid not in waiting and len(waiting) < TURNS:
            waiting.append(cid)

    def settled(self, contact: int, cid: str) -> None:
        """This text stands, or never will."""
        waiting = self._waiting.get(contact)
        if waiting and cid in waiting:
            waiting.remove(cid)
            self._since[contact] = time.monotonic()


class Sending:
    """The sends of one socket. ``push`` takes a frame or its JSON text, ``flush`` sends what was pushed."""

    def __init__(self, door: Door, push: Callable[[dict | str], None], flush: Callable[[], None]):
        self.door = door
        self.push = push
        self.flush = flush
        self.bucket = Bucket(1, 1)
        self.under_way = 0
        self.turns = Turns()

    def take(self, frame: dict, subscribed) -> None:
        """One ``send`` frame: into the message log, or answered at once. ``subscribed``: the contacts it may name."""
        contact, cid = frame.get("contact"), frame.get("cid")
        if type(contact) is not int or type(cid) is not str:
            self._refuse(contact, cid, "invalid")
        elif contact not in subscribed:
            self._refuse(contact, cid, "forbidden")
        elif self.turns.before(contact, cid):
            self._refuse(contact, cid, "rate_limited", TURN_RETRY_MS)
        elif self.under_way >= IN_FLIGHT:
            self._refuse(contact, cid, "rate_limited", FLOOD_RETRY_MS)
        elif wait := self.bucket.take():
            self._refuse(contact, cid, "rate_limited", int(wait * 1000) + 1)
        else:
            self.under_way += 1
            refused = self.door.post(contact, cid, frame.get("text"), self)
            if refused:
                self.under_way -= 1
                self._refuse(contact, cid, refused)

    def settle(self, outcome) -> None:
        """The message log's answer: after the commit, or a refusal. Flushed with the announcements."""
        self.under_way -= 1
        entry = outcome.entry
        if outcome.error is not None:
            retry_ms = int(1000 * (outcome.error.retry_seconds or 0))
            self._nack(entry.contact_id, entry.cid, outcome.error.code, retry_ms)
            return
        self.turns.settled(entry.contact_id, entry.cid)
        self.push(ack(entry.contact_id, entry.cid, outcome.seq, outcome.at_text, outcome.dup))

    def _refuse(self, contact, cid, code: str, retry_ms: int = 0) -> None:
        self._nack(contact, cid, code, retry_ms)
        self.flush()

    def _nack(self, contact, cid, code: str, retry_ms: int) -> None:
        # Only what has the right form is said back: anything else may not even be text.
        well_formed = isinstance(cid, str) and cid.isascii() and len(cid) <= LONGEST_ECHO
        number = contact if type(contact) is int else None
        if number is not None and well_formed:
            (self.turns.keep if retry_ms else self.turns.settled)(number, cid)
        frame = {"t": "nack", "contact": number, "cid": cid if well_formed else None, "code": code}
        self.push({**frame, "retry_ms": retry_ms} if retry_ms else frame)
