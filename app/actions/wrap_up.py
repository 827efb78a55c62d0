"""After-contact work: the agent's share of a contact that is over for the customer. The seat stays taken meanwhile."""

from datetime import timedelta

from sqlalchemy import select

from .. import clock
from ..errors import Forbidden, Invalid
from ..models import AgentSession, Contact, Disposition, Skill, SkillDisposition, User
from ..models.timer import WRAP_UP_DEADLINE
from ..realtime import audience
from ..realtime.events import ContactAssigned
from ..transaction import Transaction, transaction
from . import shift_state
from .audit import Actor, actor, record
from .lines import lock_contact
from .matching import match_agent
from .seats import give_back_seat
from .timers import arm, disarm

NOTES_LIMIT = 1000


def begin(tx: Transaction, contact: Contact, agent_id: int) -> None:
    """Called when an active contact ends: either the agent owes a wrap-up now, or the seat is free at once."""
    skill = tx.session.get(Skill, contact.skill_id)
    here = tx.session.scalar(
        select(AgentSession.id).where(AgentSession.user_id == agent_id, AgentSession.ended_at.is_(None))
    )
    if skill.post_contact == "none" or here is None:
        _close(tx, contact, agent_id)
        return
    moment = clock.now()
    contact.wrap_up_agent_id = agent_id
    contact.wrap_up_started_at = moment
    if not skill.disposition_required:
        arm(tx, WRAP_UP_DEADLINE, contact, moment + timedelta(seconds=skill.wrap_up_seconds))
    tx.announce(audience.agent(agent_id), ContactAssigned(contact=contact.id))


def complete_wrap_up(contact_id: int, agent: User, disposition_id: int | None, notes: str) -> Contact:
    """Store how the contact ended and free the seat. A second time with the wrap-up done changes nothing.

    Raises ``Forbidden`` when it is not this agent's, ``Invalid`` for a disposition missing or not of this skill.
    """
    notes = notes.strip()
    if len(notes) > NOTES_LIMIT:
        raise Invalid(field="notes")
    with transaction() as tx:
        contact = lock_contact(tx, contact_id)
        if contact.wrap_up_agent_id is None and contact.agent_id == agent.id and contact.wrapped_up_at is not None:
            return contact
        if contact.wrap_up_agent_id != agent.id:
            raise Forbidden()
        _choose(tx, contact, disposition_id, notes, actor(agent))
        _close(tx, contact, agent.id)
    return contact


def _choose(tx: Transaction, contact: Contact, disposition_id: int | None, notes: str, by: Actor) -> None:
    skill = tx.session.get(Skill, contact.skill_id)
    chosen = None
    if disposition_id is not None:
        chosen = tx.session.scalar(
            select(Disposition)
            .join(SkillDisposition, SkillDisposition.disposition_id == Disposition.id)
            .where(SkillDisposition.skill_id == skill.id, Disposition.id == disposition_id, Disposition.active)
        )
        if chosen is None:
            raise Invalid(field="disposition_id")
    elif skill.disposition_required:
        raise Invalid(field="disposition_id")
    if chosen is not None:
        contact.disposition_id = chosen.id
        record(tx, by, contact, "disposition", None, chosen.name)
    contact.disposition_notes = notes


def expire_wrap_up(contact_id: int) -> None:
    """The wrap-up time is over: free the seat without a disposition."""
    with transaction() as tx:
        contact = lock_contact(tx, contact_id)
        if contact is not None and contact.wrap_up_agent_id is not None:
            _close(tx, contact, contact.wrap_up_agent_id)
        else:
            disarm(tx, WRAP_UP_DEADLINE, contact_id)


def abandon(tx: Transaction, contact: Contact) -> None:
    """The agent is gone: their wrap-up ends without a disposition."""
    _close(tx, contact, contact.wrap_up_agent_id)


def _close(tx: Transaction, contact: Contact, agent_id: int) -> None:
    contact.wrap_up_agent_id = None
    contact.wrapped_up_at = clock.now()
    disarm(tx, WRAP_UP_DEADLINE, contact.id)
    give_back_seat(tx, contact.id)
    shift_state.take_next_state_when_done(tx, agent_id)
    tx.announce(audience.agent(agent_id), ContactAssigned(contact=contact.id))
    tx.then(lambda: match_agent(agent_id))
