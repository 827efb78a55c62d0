"""Back to the queue, the one way there for what was offered or active; the time of arrival is kept, so is the place."""

from sqlalchemy import update

from .. import clock
from ..models import ChatSession, Contact
from ..models.contact import QUEUED
from ..transaction import Transaction
from . import places
from .audit import Actor
from .matching import match_skill
from .moves import move
from .seats import give_back_seat


def back_to_queue(tx: Transaction, contact: Contact, by: Actor, reason: str) -> None:
    """The seat is free and the contact waits again. ``contact`` must be locked.

    Its customer counts as present: links are only noted for those who wait, and nobody may be passed over for that.
    """
    give_back_seat(tx, contact.id)
    contact.agent_id = None
    move(tx, contact, QUEUED, by, reason)
    tx.session.execute(update(ChatSession).where(ChatSession.contact_id == contact.id).values(last_seen_at=clock.now()))
    places.moved(contact.skill_id)
    skill_id = contact.skill_id
    tx.then(lambda: match_skill(skill_id))
