"""A contact's end."""

from datetime import datetime

from sqlalchemy import select

from .. import clock
from ..errors import Forbidden
from ..models import ChatSession, Contact, Offer, User
from ..models.contact import ACTIVE, ENDED, OFFERED, PREQUEUE, QUEUED
from ..models.message import ENDED as ENDED_LINE
from ..models.offer import PENDING, WITHDRAWN
from ..models.timer import CUSTOMER_ENDING, CUSTOMER_IDLE, OFFER_DEADLINE
from ..realtime import audience
from ..realtime.events import ContactChanged, OfferDecided
from ..transaction import Transaction, transaction
from . import places, shift_state, wrap_up
from .audit import SYSTEM, Actor
from .lines import add_line, lock_contact
from .matching import match_agent
from .moves import move
from .seats import give_back_seat
from .timers import disarm

ROLE = {"user": "agent"}  # what the audit calls a user is the agent to the customer


def end_contact(contact_id: int, reason: str, by: Actor, *, agent: User | None = None) -> Contact:
    """End a contact for good. ``agent`` is given when an agent ends it: it must be theirs, and with them.

    Ending one that has ended already changes nothing (the customer and the agent may press at the same time).
    Raises ``Forbidden`` for an agent who no longer has it.
    """
    with transaction() as tx:
        contact = lock_contact(tx, contact_id)
        if agent is not None and contact.agent_id != agent.id:
            raise Forbidden()
        if contact.state != ENDED:
            finish(tx, contact, reason, by)
    return contact


def finish(tx: Transaction, contact: Contact, reason: str, by: Actor) -> None:
    """End a locked contact that has not ended, whatever state it is in; nothing of it stays armed."""
    was, agent_id = contact.state, contact.agent_id
    move(tx, contact, ENDED, by, reason)
    contact.ended_at = clock.now()
    contact.end_reason = reason
    if contact.ending_at is not None:
        contact.ending_at = None
        disarm(tx, CUSTOMER_ENDING, contact.id)
    disarm(tx, CUSTOMER_IDLE, contact.id)
    add_line(tx, contact, ENDED_LINE, data={"reason": reason, "by": ROLE.get(by.kind, by.kind), "name": by.name})
    tx.announce(audience.customer(contact.id), ContactChanged(contact=contact.id))
    if was == OFFERED:
        _withdraw_offer(tx, contact)
    elif was == ACTIVE:
        wrap_up.begin(tx, contact, agent_id)
    places.moved(contact.skill_id)


def _withdraw_offer(tx: Transaction, contact: Contact) -> None:
    offer = tx.session.scalar(
        select(Offer).where(Offer.contact_id == contact.id, Offer.state == PENDING).with_for_update()
    )
    offer.state = WITHDRAWN
    offer.decided_at = clock.now()
    disarm(tx, OFFER_DEADLINE, offer.id)
    user_id = give_back_seat(tx, contact.id)
    tx.announce(audience.agent(offer.user_id), OfferDecided(contact=contact.id))
    shift_state.take_next_state_when_done(tx, offer.user_id)
    if user_id is not None:
        tx.then(lambda: match_agent(user_id))


def end_abandoned(contact_id: int, unseen_since: datetime) -> None:
    """End a waiting contact whose customer has not been seen since then; one that came back or was answered stays."""
    with transaction() as tx:
        contact = lock_contact(tx, contact_id)
        chat = tx.session.scalar(select(ChatSession).where(ChatSession.contact_id == contact_id))
        if contact.state in (PREQUEUE, QUEUED) and not contact.left_message and chat.last_seen_at < unseen_since:
            finish(tx, contact, "customer_left", SYSTEM)
