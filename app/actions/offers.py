"""Deciding an offer: accepted, refused, missed, or lost with the agent. Compare-and-set, so a zombie tab is refused."""

from sqlalchemy import select

from .. import clock
from ..errors import NotFound, Stale
from ..models import Contact, Offer, PointOfContact, User
from ..models.agent_session import REFUSED as REFUSED_REASON
from ..models.contact import ACTIVE, OFFERED
from ..models.message import JOINED, TEXT
from ..models.offer import ACCEPTED, LOST, MISSED, PENDING, REFUSED
from ..models.timer import OFFER_DEADLINE
from ..realtime import audience
from ..realtime.events import ContactAssigned, ContactChanged, OfferDecided
from ..routing.script import walk
from ..transaction import Transaction, transaction
from . import places, shift_state
from .audit import SYSTEM, actor, record
from .idleness import watch
from .lines import SCRIPT, add_line, joined_data, lock_contact
from .moves import move
from .queueing import back_to_queue
from .starts import variables
from .timers import disarm


def accept_offer(offer_id: int, user: User) -> Contact:
    """The agent takes the contact. Accepting twice gives the contact again; raises ``Stale`` when it has moved on."""
    with transaction() as tx:
        offer = _own(tx, offer_id, user)
        contact = lock_contact(tx, offer.contact_id)
        tx.session.refresh(offer, with_for_update=True)
        if offer.state == ACCEPTED and contact.state == ACTIVE and contact.agent_id == user.id:
            return contact
        if offer.state != PENDING or contact.state != OFFERED or contact.version != offer.contact_version:
            raise Stale()
        _decide(tx, offer, ACCEPTED)
        contact.agent_id = user.id
        move(tx, contact, ACTIVE, actor(user))
        contact.answered_at = contact.answered_at or clock.now()
        record(tx, actor(user), contact, "agent", None, user.display_name, offer.reason)
        add_line(tx, contact, JOINED, name=user.display_name, data=joined_data(user))
        if not contact.left_message:  # nobody is there to be greeted
            _greet(tx, contact, user)
        watch(tx, contact)
        tx.announce(audience.customer(contact.id), ContactChanged(contact=contact.id))
        tx.announce(audience.agent(user.id), ContactAssigned(contact=contact.id))
        places.moved(contact.skill_id)
    return contact


def _greet(tx: Transaction, contact: Contact, user: User) -> None:
    poc = tx.session.get(PointOfContact, contact.point_of_contact_id)
    known = {**variables(contact), "FIRST": user.display_name.partition(" ")[0], "AGENTID": str(user.id)}
    for text in walk(poc.routing_script.steps, "on_answer", contact.language, known).lines:
        add_line(tx, contact, TEXT, sender=SCRIPT, text=text)


def refuse_offer(offer_id: int, user: User) -> None:
    """The agent says no. Raises ``Stale`` when the offer was decided before."""
    with transaction() as tx:
        offer = _own(tx, offer_id, user)
        if not _give_back(tx, offer, REFUSED):
            raise Stale()


def miss_offer(offer_id: int) -> None:
    """The deadline passed without an answer; an offer decided before is left alone."""
    with transaction() as tx:
        offer = tx.session.get(Offer, offer_id)
        if offer is None or not _give_back(tx, offer, MISSED):
            disarm(tx, OFFER_DEADLINE, offer_id)


def lose_offer(tx: Transaction, offer: Offer) -> None:
    """The agent is gone: their offer goes back without blame."""
    _give_back(tx, offer, LOST)


def _own(tx: Transaction, offer_id: int, user: User) -> Offer:
    offer = tx.session.scalar(select(Offer).where(Offer.id == offer_id, Offer.user_id == user.id))
    if offer is None:
        raise NotFound()
    return offer


def _give_back(tx: Transaction, offer: Offer, how: str) -> bool:
    """Contact back to its old place in the queue, seat free; refused and missed also change the agent's state."""
    contact = lock_contact(tx, offer.contact_id)
    tx.session.refresh(offer, with_for_update=True)
    if offer.state != PENDING:
        return False
    _decide(tx, offer, how)
    by = actor(tx.session.get(User, offer.user_id)) if how == REFUSED else SYSTEM
    back_to_queue(tx, contact, by, f"offer {how}")
    shift = shift_state.open_shift(tx, offer.user_id)
    if shift is not None and how in (REFUSED, MISSED):
        shift_state.become_unavailable(tx, shift, REFUSED_REASON, by)
    return True


def _decide(tx: Transaction, offer: Offer, how: str) -> None:
    offer.state = how
    offer.decided_at = clock.now()
    disarm(tx, OFFER_DEADLINE, offer.id)
    tx.announce(audience.agent(offer.user_id), OfferDecided(contact=offer.contact_id))
