"""Messages left while nobody is there (rule R21 of docs/rules.md): a contact whose customer does not wait for it."""

from flask import current_app
from sqlalchemy.exc import IntegrityError

from .. import clock
from ..errors import Invalid, Open, Refused, Unavailable
from ..models import Contact, PointOfContact
from ..models.contact import QUEUED
from ..models.message import TEXT
from ..routing.hours import is_open
from ..tokens import derived_token, hashed, valid_cid
from ..transaction import Transaction, transaction
from .arrivals import Arrival
from .audit import SYSTEM
from .corrections import begun_before
from .lines import CUSTOMER, add_line
from .matching import match_skill
from .moves import move
from .starts import hand_over_token, open_contact


def leave_message(poc: PointOfContact, key: str, arrival: Arrival, text: str) -> tuple[Contact, bool]:
    """A contact for the entry's skill with ``text`` (checked by the caller) as its first line; and whether it is new.

    The same ``key`` again gives the same contact, open or closed; with other contents it is another message (rule R23),
    for somebody may have read the first one. Raises ``Open``, ``Unavailable`` (switched
    off), ``Refused`` (this skill takes no messages) and ``Invalid``.
    """
    if not valid_cid(key):
        raise Invalid(field="Idempotency-Key")
    told = hashed(arrival.told + text)
    try:
        return _leave(poc.id, key, told, arrival, text)
    except IntegrityError:  # the same message twice at one moment: by now the other one stands
        return _leave(poc.id, key, told, arrival, text)


def _leave(poc_id: int, key: str, told: str, arrival: Arrival, text: str) -> tuple[Contact, bool]:
    with transaction() as tx:
        poc = tx.session.get(PointOfContact, poc_id)
        chat = begun_before(tx, poc.tenant_id, key, _token(poc, key))
        if chat is not None and chat.told != told:
            key = hashed(f"{key} {told}")
            chat = begun_before(tx, poc.tenant_id, key, _token(poc, key))
        if chat is not None:
            return tx.session.get(Contact, chat.contact_id), False
        if not poc.active:
            raise Unavailable()
        if not poc.default_skill.messages_when_closed:
            raise Refused()
        if is_open(poc.effective_hours, clock.now()):
            raise Open()
        contact = open_contact(tx, poc, arrival)
        hand_over_token(tx, contact, key, _token(poc, key), arrival, told)
        _queue(tx, contact, text)
    return contact, True


def _token(poc: PointOfContact, key: str) -> str:
    """Nobody is given it: there is no way back into a message. It only tells a repeat from another use of the key."""
    return derived_token(current_app.config["SECRET_KEY"], "message", poc.guid, key)


def _queue(tx: Transaction, contact: Contact, text: str) -> None:
    contact.left_message = True
    # Below every live chat; that it comes last is the matcher's rule, this only says the same in numbers.
    contact.priority_initial = contact.priority_acceleration = contact.priority_maximum = 0
    contact.queued_at = clock.now()
    move(tx, contact, QUEUED, SYSTEM, "message left while closed")
    add_line(tx, contact, TEXT, sender=CUSTOMER, name=contact.customer_name, text=text)
    skill_id = contact.skill_id
    tx.then(lambda: match_skill(skill_id))
