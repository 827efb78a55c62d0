"""A contact's beginning and its end."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from .. import clock
from ..errors import Closed, Forbidden, Invalid, Unavailable
from ..models import ChatSession, Contact, Offer, PointOfContact, Skill, User
from ..models.contact import ACTIVE, ENDED, OFFERED, PREQUEUE, QUEUED
from ..models.message import ENDED as ENDED_LINE
from ..models.message import TEXT
from ..models.offer import PENDING, WITHDRAWN
from ..models.timer import CUSTOMER_ENDING, OFFER_DEADLINE
from ..realtime import audience
from ..realtime.events import ContactChanged, OfferDecided
from ..routing.hours import is_open
from ..routing.script import Said, walk
from ..tokens import derived_token, hashed, valid_cid
from ..transaction import Transaction, transaction
from . import places, shift_state, wrap_up
from .audit import CUSTOMER, SYSTEM, Actor, record
from .audit import SCRIPT as SCRIPT_ACTS
from .identity import Identity, settled
from .lines import SCRIPT, add_line, lock_contact
from .matching import match_agent, match_skill
from .moves import move
from .seats import give_back_seat
from .timers import disarm

QUEUE_MESSAGE_LIMIT = 1000  # characters, as the column
ROLE = {"user": "agent"}  # what the audit calls a user is the agent to the customer


@dataclass(frozen=True)
class Arrival:
    """What the customer's page tells when a chat starts. ``parameters`` are up to nine {"name", "value"} in places."""

    name: str
    parameters: list[dict]
    language: str
    page_url: str
    interface: int
    email: str = ""
    phone: str = ""
    identity: Identity | None = None


def start_contact(poc: PointOfContact, start_key: str, arrival: Arrival) -> tuple[Contact, str, bool]:
    """Open a contact for a customer and queue it; returns the contact, its bearer token, and whether it is new.

    The same ``start_key`` (the page's idempotency key) again gives the same contact and the same token, so a page that
    did not hear the answer can ask again, also when it has closed meanwhile. Raises ``Unavailable``,
    ``Closed`` (rule R16) and ``Invalid``.
    """
    if not valid_cid(start_key):
        raise Invalid(field="Idempotency-Key")
    token = derived_token(current_app.config["SECRET_KEY"], "chat", poc.guid, start_key)
    poc_id = poc.id
    try:
        return _start(poc_id, start_key, token, arrival)
    except IntegrityError:  # the same click twice at one moment: by now the other one stands
        return _start(poc_id, start_key, token, arrival)


def _start(poc_id: int, start_key: str, token: str, arrival: Arrival) -> tuple[Contact, str, bool]:
    with transaction() as tx:
        poc = tx.session.get(PointOfContact, poc_id)
        contact = begun_before(tx, poc.tenant_id, start_key, token)
        if contact is not None:
            return contact, token, False
        if not poc.active:
            raise Unavailable()
        if not is_open(poc.effective_hours, clock.now()):
            raise Closed()
        arrival = settled(tx, poc.tenant_id, arrival)
        contact = open_contact(tx, poc, arrival)
        hand_over_token(tx, contact, start_key, token, arrival)
        _run_start(tx, contact, poc)
    return contact, token, True


def begun_before(tx: Transaction, tenant_id: int, start_key: str, token: str) -> Contact | None:
    """The contact that this key has begun already. Raises ``Invalid`` when its token is another one: then the key is
    of another entry, or the secret has changed since."""
    chat = tx.session.scalar(
        select(ChatSession).where(ChatSession.tenant_id == tenant_id, ChatSession.start_key == start_key)
    )
    if chat is None:
        return None
    if chat.token_hash != hashed(token):
        raise Invalid(field="Idempotency-Key")
    return tx.session.get(Contact, chat.contact_id)


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
    tx.session.add(contact)
    tx.session.flush()
    contact.master_contact_id = contact.id
    record(tx, CUSTOMER, contact, "state", None, PREQUEUE)
    return contact


def hand_over_token(tx: Transaction, contact: Contact, start_key: str, token: str, arrival: Arrival) -> None:
    """The customer's handle on the contact; of the token only the hash is kept."""
    tx.session.add(
        ChatSession(
            tenant_id=contact.tenant_id,
            contact_id=contact.id,
            token_hash=hashed(token),
            start_key=start_key,
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
