"""An agent's state inside somebody else's transaction. The intentions of people are in agent_sessions.py."""

from sqlalchemy import select

from .. import clock
from ..models import AgentSession
from ..models.agent_session import UNAVAILABLE
from ..realtime import audience
from ..realtime.events import AgentStateChanged
from ..transaction import Transaction
from .audit import SYSTEM, Actor, record
from .seats import seats_taken


def open_shift(tx: Transaction, user_id: int) -> AgentSession | None:
    """The user's running shift, locked; None when there is none."""
    return tx.session.scalar(
        select(AgentSession)
        .where(AgentSession.user_id == user_id, AgentSession.ended_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)  # what was read before the lock may have moved on
    )


def enter(tx: Transaction, shift: AgentSession, state: str, reason: str, by: Actor) -> None:
    """Change the state now, tell the agent's consoles, and write down who or what caused it."""
    was = f"{shift.state} {shift.reason}".strip()
    shift.state, shift.reason = state, reason
    shift.next_state, shift.next_reason = None, ""
    shift.state_since = clock.now()
    record(tx, by, shift, "state", was, f"{state} {reason}".strip())
    tx.announce(audience.agent(shift.user_id), AgentStateChanged())


def plan(tx: Transaction, shift: AgentSession, state: str, reason: str) -> None:
    """Change the state as soon as the running contacts are done."""
    shift.next_state, shift.next_reason = state, reason
    tx.announce(audience.agent(shift.user_id), AgentStateChanged())


def become_unavailable(tx: Transaction, shift: AgentSession, reason: str, by: Actor) -> None:
    """At once when nothing runs, else as the next state (rules R8 and R9)."""
    if seats_taken(tx, shift.user_id):
        plan(tx, shift, UNAVAILABLE, reason)
    else:
        enter(tx, shift, UNAVAILABLE, reason, by)


def take_next_state_when_done(tx: Transaction, user_id: int) -> None:
    """A seat was given back: if it was the last, the planned state begins."""
    shift = open_shift(tx, user_id)
    if shift is not None and shift.next_state is not None and not seats_taken(tx, user_id):
        enter(tx, shift, shift.next_state, shift.next_reason, SYSTEM)
