"""Messages under way, by their number, and the customers and agents who send and read them.

Each message is to be acknowledged once and read once by both readers, in order: anything else breaks the run.
"""

import time
from array import array

from .ground import Broken
from .wire import Peer, masked

ACK, CUSTOMER, AGENT = 1, 2, 4
ALL = ACK | CUSTOMER | AGENT
TEXT = "Bonjour, where is my order? It left your warehouse on Monday, I was told. "
CID = b'"cid":"bench-'
CROWD, DIGITS = 4, 8  # a cid is "bench-", the crowd's number and the message's


class Book:
    """What became of each message, by its number."""

    def __init__(self, crowd: int):
        self.prefix = b"%04d" % crowd
        self.marks = bytearray()
        self.owners = array("l")
        self.intended = array("d")
        self.complete = 0
        self.acked_after: list[float] = []
        self.read_after: list[float] = []
        self.refused: list[str] = []
        self.measured_from = 0  # latencies of customers with a lower index are not kept

    def next(self, owner: int, intended: float) -> int:
        """A new message of this customer."""
        self.marks.append(0)
        self.owners.append(owner)
        self.intended.append(intended)
        return len(self.marks) - 1

    def mark(self, number: int, what: int) -> None:
        """It was acknowledged, or read by one of the two. Raises ``Broken`` for one that comes twice."""
        marks = self.marks[number]
        if marks & what:
            raise Broken(f"message {number} came twice")
        marks |= what
        self.marks[number] = marks
        if self.owners[number] < self.measured_from:
            pass
        elif what == AGENT:
            self.read_after.append(time.perf_counter() - self.intended[number])
        elif what == ACK:
            self.acked_after.append(time.perf_counter() - self.intended[number])
        if marks == ALL:
            self.complete += 1


class Customer(Peer):
    """Sends; hears acknowledgements and its own lines."""

    def __init__(self, port: int, person: dict, index: int, book: Book, text: str = TEXT):
        subs = [{"contact": person["contact"], "after": person.get("seq", 0)}]
        super().__init__(port, "/live/customer", {"token": person["token"], "subs": subs})
        before = f'{{"t":"send","contact":{person["contact"]},"cid":"bench-'.encode()
        after = f'","text":"{text}"}}'.encode()
        before += book.prefix
        frame = masked(before + b"0" * DIGITS + after)
        at = frame.index(before) + len(before)
        self.before, self.after = frame[:at], frame[at + DIGITS :]
        self.index, self.book = index, book
        self.last = -1
        self.pipelining = False
        self.due = 0

    def frame(self, intended: float) -> bytes:
        """The next message, numbered."""
        return self.before + b"%08d" % self.book.next(self.index, intended) + self.after

    def hear(self, data: bytes, start: int, stop: int) -> None:
        """An acknowledgement or a line."""
        kind = data[start + 6 : start + 9]
        if kind == b"ack":
            self.book.mark(number_in(data, start, stop), ACK)
            self.due += 1
        elif kind == b'ev"':
            number = number_in(data, start, stop)
            if number <= self.last:
                raise Broken(f"message {number} was overtaken by {self.last}")
            self.last = number
            self.book.mark(number, CUSTOMER)
        elif kind == b"nac":
            self.book.refused.append(data[start:stop].decode())
        else:
            super().hear(data, start, stop)

    def heard(self) -> None:
        """What was acknowledged is followed up at once, in one call."""
        if self.due and self.pipelining:
            now = time.perf_counter()
            self.send(b"".join([self.frame(now) for _ in range(self.due)]))
        self.due = 0


class Agent(Peer):
    """Reads the lines of its contacts."""

    def __init__(self, port: int, person: dict, book: Book, small: bool = False):
        subs = [
            {"contact": each["contact"], "after": each.get("read", each.get("seq", 0))} for each in person["customers"]
        ]
        super().__init__(port, "/live/agent", {"token": person["token"], "subs": subs}, person["cookie"], small)
        self.book = book
        self.last: dict[int, int] = {}

    def hear(self, data: bytes, start: int, stop: int) -> None:
        """A line."""
        if data[start + 6 : start + 9] != b'ev"':
            super().hear(data, start, stop)
            return
        number = number_in(data, start, stop)
        owner = self.book.owners[number]
        if number <= self.last.get(owner, -1):
            raise Broken(f"message {number} was overtaken at the agent")
        self.last[owner] = number
        self.book.mark(number, AGENT)


def number_in(data: bytes, start: int, stop: int) -> int:
    """The message's number out of its cid."""
    at = data.find(CID, start, stop) + len(CID) + CROWD
    return int(data[at : at + DIGITS])
