"""A contact's beginning: the click."""

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from .. import clock
from ..errors import Busy, Closed, Invalid, Unavailable
from ..extensions import db
from ..models import ChatSession, Contact, PointOfContact, Skill
from ..models.contact import PREQUEUE, QUEUED
from ..models.message import TEXT
from ..routing.hours import is_open
from ..routing.script import Said, walk
from ..tokens import derived_token, hashed, valid_cid
from ..transaction import Transaction, transaction
from . import places
from .arrivals import Arrival
from .audit import CUSTOMER, record
from .audit import SCRIPT as SCRIPT_ACTS
from .corrections import Raced, anew, begun_before, give_way
from .identity import settled
from .idleness import give_policy
from .lines import SCRIPT, add_line
from .matching import match_skill
from .moves import move

TRIES = 5  # of a start that others with the same key are faster than
QUEUE_MESSAGE_LIMIT = 1000  # characters, as the column


def start_contact(poc: PointOfContact, start_key: str, arrival: Arrival) -> tuple[Contact, str, bool]:
    """Open a contact for a customer and queue it; returns the contact, its bearer token, and whether it is new.

    The same ``start_key`` (the page's idempotency key) again gives the same token, so a page that did not hear the
    answer can ask again, also when it has closed meanwhile; with other answers than before, see rule R23. Raises
    ``Unavailable``, ``Closed`` (rule R16), ``Invalid`` and ``Busy``.
    """
    if not valid_cid(start_key):
        raise Invalid(field="Idempotency-Key")
    token = derived_token(current_app.config["SECRET_KEY"], "chat", poc.guid, start_key)
    poc_id = poc.id
    for _ in range(TRIES):
        try:
            return _start(poc_id, start_key, token, arrival)
        except (IntegrityError, Raced):  # the same click several times at one moment: by now another one stands
            db.session.rollback()
    raise Busy(retry_seconds=1)


def _start(poc_id: int, start_key: str, token: str, arrival: Arrival) -> tuple[Contact, str, bool]:
    with transaction() as tx:
        poc = tx.session.get(PointOfContact, poc_id)
        takes = poc.active and is_open(poc.effective_hours, clock.now())
        chat, told = begun_before(tx, poc.tenant_id, start_key, token), arrival.told
        if chat is not None:
            again = anew(tx, chat, arrival, takes)
            if again is None:
                return tx.session.get(Contact, chat.contact_id), token, False
            arrival = again
        if not poc.active:
            raise Unavailable()
        if not takes:
            raise Closed()
        if chat is not None:
            give_way(tx, chat, arrival)
        known = settled(tx, poc.tenant_id, arrival)
        contact = open_contact(tx, poc, known)
        hand_over_token(tx, contact, start_key, token, known, told)
        if chat is not None:
            record(tx, CUSTOMER, tx.session.get(Contact, chat.contact_id), "begun_anew", None, contact.id)
        _run_start(tx, contact, poc)
    return contact, token, True


def open_contact(tx: Transaction, poc: PointOfContact, arrival: Arrival) -> Contact:
    """A new contact of the point of contact's skill, not queued yet."""
    skill = poc.default_skill
    contact = Contact(
        tenant_id=poc.tenant_id,
        point_of_contact_id=poc.id,
        default_skill_id=skill.id,
        skill_id=skill.id,
        state=PREQUEUE,
        version=0,
        last_seq=0,
        customer_name=arrival.name,
        customer_email=arrival.email,
        customer_phone=arrival.phone,
        verified_id=arrival.identity.sub if arrival.identity else None,
        parameters=arrival.parameters,
        language=arrival.language,
        page_url=arrival.page_url,
        priority_initial=skill.priority_initial,
        priority_acceleration=skill.priority_acceleration,
        priority_maximum=skill.priority_maximum,
        created_at=clock.now(),
    )
    give_policy(contact, poc)
    tx.session.add(contact)
    tx.session.flush()
    contact.master_contact_id = contact.id
    record(tx, CUSTOMER, contact, "state", None, PREQUEUE)
    return contact


def hand_over_token(tx: Transaction, contact: Contact, start_key: str, token: str, arrival: Arrival, told: str) -> None:
    """The customer's handle on the contact; of the token only the hash is kept. ``told``: of the arrival as sent."""
    tx.session.add(
        ChatSession(
            tenant_id=contact.tenant_id,
            contact_id=contact.id,
            token_hash=hashed(token),
            start_key=start_key,
            told=told,
            interface=arrival.interface,
            language=arrival.language,
            identity_nonce=arrival.identity.nonce if arrival.identity else None,
            created_at=clock.now(),
            last_seen_at=clock.now(),
        )
    )


def _run_start(tx: Transaction, contact: Contact, poc: PointOfContact) -> None:
    result = walk(poc.routing_script.steps, "start", contact.language, variables(contact))
    if result.skill and result.skill != "Default":
        named = tx.session.scalar(select(Skill).where(Skill.tenant_id == poc.tenant_id, Skill.name == result.skill))
        # A skill that is gone must not strand the customer: the default one takes them (rule R5).
        contact.skill_id = named.id if named else contact.skill_id
    contact.queued_at = clock.now()
    move(tx, contact, QUEUED, SCRIPT_ACTS)
    for said in result.said:  # now, because a queue message may tell the place
        _say(tx, contact, poc, said)
    places.moved(contact.skill_id)
    skill_id = contact.skill_id
    tx.then(lambda: match_skill(skill_id))


def _say(tx: Transaction, contact: Contact, poc: PointOfContact, said: Said) -> None:
    profile, text = poc.chat_profile, said.text
    if said.queue_message:
        if profile is not None and profile.interface == 2 and profile.waiting_enabled:
            contact.queue_message = text[:QUEUE_MESSAGE_LIMIT]  # its marks are filled whenever it is read
            return
        text = places.filled_now(contact, text, contact.language)
    if not text:  # all of it would have told a wait that nobody knows
        return
    add_line(tx, contact, TEXT, sender=SCRIPT, text=text)


def variables(contact: Contact) -> dict[str, str]:
    """What a script's text may name in braces."""
    named = {f"p{n}": str(p.get("value", "")) for n, p in enumerate(contact.parameters, 1)}
    return {
        "customer_name": contact.customer_name,
        "language": contact.language,
        "contact_id": str(contact.id),
        **named,
    }
