"""A crowd under load: the two ways to send, and what the server took for it.

*Closed* keeps eight unacknowledged at each customer and finds the peak; *open* sends at the intended moments whatever
happens and counts latency from there, so a server that stalls can't hide it.
"""

import random
import time

from .ground import Broken, cpu_seconds
from .people import AGENT, TEXT, Agent, Book, Customer
from .wire import Loop

PIPELINE = 8
SETTLE_SECONDS = 20


class Crowd:
    """Customers and agents of one server, connected; with ``loud``, the first agent's customers write long texts."""

    def __init__(self, server, agents: int | None = None, loud: str = ""):
        self.server = server
        server.crowds += 1
        self.book = Book(server.crowds)
        self.loop = Loop()
        staff = server.agents[:agents]
        self.people = [each for agent in staff for each in agent["customers"]]
        self.loud = len(staff[0]["customers"]) if loud else 0
        self.book.measured_from = self.loud
        self.agents = [
            Agent(server.port, agent, self.book, small=bool(loud) and not n) for n, agent in enumerate(staff)
        ]
        self.customers = [
            Customer(server.port, each, n, self.book, loud if n < self.loud else TEXT)
            for n, each in enumerate(self.people)
        ]
        try:
            self.loop.open([*self.agents, *self.customers])
        except Broken as error:
            raise Broken(f"{error}; the server said:\n{server.log()[-3000:]}") from error
        self.random = random.Random(7)
        self.stalled: Agent | None = None

    def saturate(self, seconds: float, warm_up: float = 1.0) -> dict:
        """Closed loop: the rate at which messages were acknowledged and read by both."""
        now = time.perf_counter()
        for customer in self.customers:
            customer.pipelining = True
            customer.send(b"".join([customer.frame(now) for _ in range(PIPELINE)]))
        self._turn_until(now + warm_up)
        meter = Meter(self)
        self._turn_until(time.perf_counter() + seconds)
        figures = meter.read()
        for customer in self.customers:
            customer.pipelining = False
        self.settle()
        return figures

    def pace(self, rate: float, seconds: float, loud_part: float = 0) -> dict:
        """Open loop at ``rate`` messages a second, at random moments (seed fixed); latencies in milliseconds."""
        self.book.acked_after.clear()
        self.book.read_after.clear()
        meter = Meter(self)
        due = time.perf_counter()
        end = due + seconds
        while due < end:
            due += self.random.expovariate(rate)
            self._turn_until(due)
            loud = self.random.random() < loud_part
            customer = self.customers[self.random.randrange(*((self.loud,) if loud else (self.loud, len(self.people))))]
            customer.send(customer.frame(due))
        figures = meter.read()
        if not self.stalled:
            self.settle()
        return {**figures, "ack": spread(self.book.acked_after), "delivery": spread(self.book.read_after)}

    def settle(self) -> None:
        """Wait until nothing is under way. Raises ``Broken`` when a message was lost or refused."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while self.book.complete < len(self.book.marks):
            self.loop.turn(0.05)
            if self.book.refused:
                raise Broken(f"{len(self.book.refused)} messages were refused, the first with {self.book.refused[0]}")
            if time.monotonic() > deadline:
                raise Broken(f"{len(self.book.marks) - self.book.complete} of {len(self.book.marks)} were lost")

    def _turn_until(self, moment: float) -> None:
        while (left := moment - time.perf_counter()) > 0:
            self.loop.turn(left)

    def idle(self, seconds: float) -> None:
        """Nobody says anything."""
        self._turn_until(time.perf_counter() + seconds)

    def stall(self) -> None:
        """From now on the first agent reads nothing."""
        self.stalled = self.agents[0]
        self.loop.ignore(self.stalled)

    def catch_up(self) -> int:
        """It reads again, and comes back if it was closed; returns the code it was closed with, else 0."""
        agent, self.stalled = self.stalled, None
        self.loop.watch(agent)
        deadline = time.monotonic() + SETTLE_SECONDS
        while not agent.closed and self.book.complete < len(self.book.marks) and time.monotonic() < deadline:
            self.loop.turn(0.05)
        if agent.closed:
            self._note_read()
            back = self.agents[0] = Agent(self.server.port, self.server.agents[0], self.book)
            back.last = agent.last
            self.loop.open([back])
        self.settle()
        return agent.close_code

    def _note_read(self) -> None:
        """Write down how far each customer's line has been read by the agent: where a new connection begins."""
        for person in self.people:
            person["read"] = person.get("seq", 0)
        for number, owner in enumerate(self.book.owners):
            self.people[owner]["read"] += bool(self.book.marks[number] & AGENT)

    def close(self) -> None:
        """Everybody hangs up; a later crowd goes on from here."""
        self.loop.close()
        for owner in self.book.owners:
            person = self.people[owner]
            person["seq"] = person.get("seq", 0) + 1
        for person in self.people:
            person.pop("read", None)


class Meter:
    """Messages, and processor time of the server and of ourselves, from now to ``read``."""

    def __init__(self, crowd: Crowd):
        self.crowd = crowd
        self.begun, self.complete = time.perf_counter(), crowd.book.complete
        self.server, self.own = cpu_seconds(crowd.server.pid), time.process_time()

    def read(self) -> dict:
        """Rate per second; shares of one core in per cent; the server's microseconds per message."""
        seconds = time.perf_counter() - self.begun
        messages = self.crowd.book.complete - self.complete
        busy, own = cpu_seconds(self.crowd.server.pid) - self.server, time.process_time() - self.own
        return {
            "rate": round(messages / seconds),
            "server_cpu": round(100 * busy / seconds),
            "generator_cpu": round(100 * own / seconds),
            "server_us": round(1e6 * busy / max(1, messages), 1),
        }


def spread(seconds: list[float]) -> dict:
    """Median, 99th percentile and worst, in milliseconds."""
    ordered = sorted(seconds)
    places = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {name: round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * p))], 2) for name, p in places.items()}
