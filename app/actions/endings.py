"""The customer's end of a chat, with some seconds to take it back (rule R19 of docs/rules.md).

The wish stands on the contact and as a timer, so the end comes from any process, whatever happens to the page.
"""

from datetime import timedelta

from sqlalchemy import update

from .. import clock
from ..errors import Ended
from ..models import ChatSession, Contact
from ..models.contact import ENDED
from ..models.timer import CUSTOMER_ENDING
from ..realtime import audience
from ..realtime.events import ContactChanged
from ..transaction import Transaction, transaction
from . import places
from .audit import CUSTOMER, record
from .contacts import finish
from .lines import lock_contact
from .matching import match_skill
from .timers import arm, disarm

ENDING_SECONDS = 10


def begin_ending(contact_id: int) -> Contact:
    """The customer wants to end: it happens in ten seconds. A second time, or after the end, changes nothing."""
    with transaction() as tx:
        contact = lock_contact(tx, contact_id)
        if contact.state != ENDED and contact.ending_at is None:
            contact.ending_at = clock.now() + timedelta(seconds=ENDING_SECONDS)
            arm(tx, CUSTOMER_ENDING, contact, contact.ending_at)
            record(tx, CUSTOMER, contact, "ending", None, clock.iso(contact.ending_at))
            _tell(tx, contact)
    return contact


def take_back_ending(contact_id: int) -> Contact:
    """The chat goes on. Nothing changes where nothing was ending; raises ``Ended`` when it is too late."""
    with transaction() as tx:
        contact = lock_contact(tx, contact_id)
        if contact.state == ENDED:
            raise Ended()
        if contact.ending_at is not None:
            record(tx, CUSTOMER, contact, "ending", clock.iso(contact.ending_at), None)
            contact.ending_at = None
            disarm(tx, CUSTOMER_ENDING, contact.id)
            # Whoever presses a button is there.
            seen = update(ChatSession).where(ChatSession.contact_id == contact.id).values(last_seen_at=clock.now())
            tx.session.execute(seen)
            _tell(tx, contact)
            skill_id = contact.skill_id
            tx.then(lambda: match_skill(skill_id))
    return contact


def end_at_once(contact_id: int) -> Contact:
    """The customer ends it without a way back; one that has ended already stays as it is."""
    with transaction() as tx:
        contact = lock_contact(tx, contact_id)
        if contact.state != ENDED:
            _finish(tx, contact)
    return contact


def fire_ending(contact_id: int) -> None:
    """The seconds are over: end it, if it is still ending; one that was taken back and begun again has longer."""
    with transaction() as tx:
        contact = lock_contact(tx, contact_id)
        if contact is None or contact.state == ENDED or contact.ending_at is None:
            disarm(tx, CUSTOMER_ENDING, contact_id)
        elif contact.ending_at > clock.now():
            arm(tx, CUSTOMER_ENDING, contact, contact.ending_at)
        else:
            _finish(tx, contact)


def _finish(tx: Transaction, contact: Contact) -> None:
    finish(tx, contact, "customer_left" if contact.waiting else "customer_ended", CUSTOMER)


def _tell(tx: Transaction, contact: Contact) -> None:
    tx.announce(audience.customer(contact.id), ContactChanged(contact=contact.id))
    places.moved(contact.skill_id)
