"""Which agent for a contact, which contact for an agent (rules R2 to R4 and R21 of docs/rules.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Waiting:
    """A contact at the head of one skill's queue, as far as the decision needs it. Priorities in points."""

    contact_id: int
    queued_at: datetime
    initial: float
    acceleration: float  # points a minute
    maximum: float
    proficiency: int = 10  # of the agent who asks, for that skill
    left_message: bool = False  # nobody waits at the other end

    def priority(self, now: datetime) -> float:
        """``initial + acceleration x minutes waited``, not above the maximum."""
        minutes = max(0.0, (now - self.queued_at).total_seconds() / 60)
        return min(self.maximum, self.initial + self.acceleration * minutes)


@dataclass(frozen=True)
class FreeAgent:
    """An agent who could take one more contact."""

    user_id: int
    proficiency: int  # 1 is best
    running: int
    capacity: int
    last_offered_at: datetime | None
    refused_lately: bool = False


def best_agent(agents: Iterable[FreeAgent]) -> FreeAgent | None:
    """Who has not just refused it, then best proficiency, then least loaded, then longest without an offer, then id."""

    def order(agent: FreeAgent):
        idle_since = agent.last_offered_at.timestamp() if agent.last_offered_at else 0.0
        return (
            agent.refused_lately,
            agent.proficiency,
            agent.running / agent.capacity,
            idle_since,
            agent.user_id,
        )

    return min(agents, key=order, default=None)


def best_contact(heads: Iterable[Waiting], now: datetime) -> Waiting | None:
    """Highest priority; equal ones by arrival, then by the agent's proficiency, then by the lower contact id.

    A left message comes after every customer who waits, whatever their priorities.
    """

    def order(waiting: Waiting):
        return (
            waiting.left_message,
            -waiting.priority(now),
            waiting.queued_at,
            waiting.proficiency,
            waiting.contact_id,
        )

    return min(heads, key=order, default=None)


def why(agent: FreeAgent, candidates: int) -> str:
    """The decision in words, as supervisors read it."""
    since = f"last offer {agent.last_offered_at:%H:%M:%S} UTC" if agent.last_offered_at else "no offer yet this shift"
    return (
        f"chosen out of {candidates} free: proficiency {agent.proficiency}, "
        f"{agent.running} of {agent.capacity} contacts, {since}"
    )
