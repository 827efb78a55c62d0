"""The floor as the database shows it at one moment, and everything in it that breaks the second promise."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import create_engine, select

from app.models import AgentSession, ChatSession, Contact, Message, Offer, Seat, SkillAssignment, User
from app.models.contact import ACTIVE, ENDED, OFFERED, QUEUED
from app.models.message import JOINED, REQUEUED
from app.models.offer import PENDING
from tests.crash.books import Violation


@dataclass
class Sample:
    """Rows as plain tuples with names, all out of one read transaction."""

    at: datetime
    contacts: list
    offers: list
    seats: list
    shifts: list
    capacity: dict[int, int]
    skills: dict[int, set[int]]
    seen: dict[int, datetime]


class Floor:
    """Reads samples. ``now`` is the server's clock."""

    def __init__(self, database_url: str, now: Callable[[], datetime]):
        # A snapshot for the whole sample, or half a transition would look like a violation.
        options = {} if database_url.startswith("sqlite") else {"isolation_level": "REPEATABLE READ"}
        self.engine = create_engine(database_url, **options)
        self.now = now

    def sample(self) -> Sample:
        """The floor at this moment."""
        with self.engine.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")

            def rows(*columns, where=True):
                return connection.execute(select(*columns).where(where)).all()

            c, o, s = Contact, Offer, AgentSession
            contacts = rows(c.id, c.state, c.agent_id, c.wrap_up_agent_id, c.skill_id)
            at = self.now()
            assigned = defaultdict(set)
            for user_id, skill_id in rows(SkillAssignment.user_id, SkillAssignment.skill_id):
                assigned[user_id].add(skill_id)
            return Sample(
                at=at,
                contacts=contacts,
                offers=rows(o.id, o.contact_id, o.user_id, o.deadline_at, where=o.state == PENDING),
                seats=rows(Seat.user_id, Seat.n, Seat.contact_id),
                shifts=rows(s.user_id, s.state, s.next_state, s.lease_until, where=s.ended_at.is_(None)),
                capacity=dict(tuple(row) for row in rows(User.id, User.capacity)),
                skills=assigned,
                seen=dict(tuple(row) for row in rows(ChatSession.contact_id, ChatSession.last_seen_at)),
            )

    def joined_lines(self) -> dict[int, list[str]]:
        """The kinds of the lines that tell of agents coming and going, contact by contact."""
        told = defaultdict(list)
        query = select(Message.contact_id, Message.kind).where(Message.kind.in_((JOINED, REQUEUED)))
        with self.engine.connect() as connection:
            for contact, kind in connection.execute(query.order_by(Message.contact_id, Message.seq)):
                told[contact].append(kind)
        return told

    def close(self):
        """Give back the connections."""
        self.engine.dispose()


def violations(sample: Sample) -> list[Violation]:
    """What must not be at any moment."""
    found = []
    holders = defaultdict(set)  # contact -> agents who have it in any way
    pending = defaultdict(list)
    seat_of = {seat.contact_id: seat.user_id for seat in sample.seats if seat.contact_id is not None}
    on_shift = {shift.user_id for shift in sample.shifts}
    for offer in sample.offers:
        pending[offer.contact_id].append(offer.user_id)
        holders[offer.contact_id].add(offer.user_id)
    for contact in sample.contacts:
        holders[contact.id] |= {a for a in (_agent(contact), contact.wrap_up_agent_id) if a is not None}
        found += _of_contact(contact, pending[contact.id], seat_of.get(contact.id), on_shift)
    held = Counter(agent for agents in holders.values() for agent in agents)
    taken = Counter(seat_of.values())
    for user_id, capacity in sample.capacity.items():
        if max(held[user_id], taken[user_id]) > capacity:
            found.append(Violation("over capacity", f"agent {user_id}: {held[user_id]} of {capacity}"))
    return found


def _agent(contact) -> int | None:
    """The agent column also remembers who had a contact that is over."""
    return contact.agent_id if contact.state == ACTIVE else None


def _of_contact(contact, offered_to: list[int], seated: int | None, on_shift: set[int]) -> list[Violation]:
    found = []
    expected = None
    if contact.state == ACTIVE:
        expected = contact.agent_id
    elif contact.state == OFFERED:
        expected = offered_to[0] if len(offered_to) == 1 else -1
    elif contact.state == ENDED:
        expected = contact.wrap_up_agent_id
    if seated != expected:
        found.append(Violation("seat", f"{contact}: offered to {offered_to}, sits at {seated}"))
    if len(offered_to) != (contact.state == OFFERED):
        found.append(Violation("offer", f"{contact}: offered to {offered_to}"))
    if expected is not None and expected not in on_shift:
        found.append(Violation("abandoned", f"{contact}: the agent is not at work"))
    return found


def twice_joined(lines: dict[int, list[str]]) -> list[Violation]:
    """Two agents on one contact: somebody joined who had not been the only one."""
    found = []
    for contact, kinds in lines.items():
        if any(pair == (JOINED, JOINED) for pair in itertools.pairwise(kinds)):
            found.append(Violation("double agent", f"contact {contact}: {kinds}"))
    return found


class Patience:
    """What may be for a while, but not for long while the server is up: one clock per thing that waits."""

    def __init__(self, seconds: float):
        self.seconds = seconds  # of the watcher's own clock
        self._since: dict[str, float] = {}

    def look(self, sample: Sample, now: float) -> list[Violation]:
        """Judge one more sample; things that stopped waiting are forgotten."""
        waiting = {**_overdue(sample), **_unmatched(sample)}
        self._since = {thing: self._since.get(thing, now) for thing in waiting}
        return [
            Violation("stranded", f"{thing} for {now - since:.1f} s: {waiting[thing]}")
            for thing, since in self._since.items()
            if now - since > self.seconds
        ]

    def forget(self):
        """The server was away: everybody's waiting begins anew."""
        self._since.clear()


def _overdue(sample: Sample) -> dict[str, str]:
    late = {f"offer {o.id}": f"due {o.deadline_at}" for o in sample.offers if o.deadline_at < sample.at}
    gone = {f"shift of {s.user_id}": str(s) for s in sample.shifts if s.lease_until < sample.at}
    return late | gone


def _unmatched(sample: Sample) -> dict[str, str]:
    """Skills where a customer who is there waits although an agent who serves it is free."""
    busy = {offer.user_id for offer in sample.offers}
    seats = {seat.user_id for seat in sample.seats if seat.contact_id is None}
    free = [
        shift.user_id
        for shift in sample.shifts
        if shift.state == "Available"
        and shift.next_state is None
        and shift.lease_until > sample.at
        and shift.user_id in seats - busy
    ]
    served = {skill for user_id in free for skill in sample.skills[user_id]}
    here = timedelta(seconds=20)
    return {
        f"contact {c.id}": f"free: {free}"
        for c in sample.contacts
        if c.state == QUEUED and c.skill_id in served and sample.at - sample.seen[c.id] < here
    }
