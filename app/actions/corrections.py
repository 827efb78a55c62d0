"""The same start again (rule R23): a mere repeat, or a form that was corrected because its answer was lost."""

from dataclasses import replace

from sqlalchemy import or_, select

from .. import clock
from ..errors import Invalid
from ..models import ChatSession, Contact, Message, Offer
from ..models.aftermath import ended_by
from ..models.contact import TOKEN_LIFE_AFTER_END
from ..models.offer import PENDING
from ..realtime import audience
from ..realtime.events import ContactChanged
from ..tokens import hashed, random_token
from ..transaction import Transaction
from .arrivals import Arrival
from .audit import CUSTOMER, record
from .contacts import finish
from .identity import Identity, opened_before
from .lines import CUSTOMER as BY_CUSTOMER
from .lines import agent_sender, lock_contact

DETAILS = {"customer_name": "name", "customer_email": "email", "customer_phone": "phone", "parameters": "parameters"}


class Raced(Exception):
    """Another request with the same key was faster; asked again, it finds what that one has done."""


def begun_before(tx: Transaction, tenant_id: int, start_key: str, token: str) -> ChatSession | None:
    """What this key has begun already. Raises ``Invalid`` when its token is another one: then the key is of another
    entry, or the secret has changed since."""
    chat = tx.session.scalar(
        select(ChatSession).where(ChatSession.tenant_id == tenant_id, ChatSession.start_key == start_key)
    )
    if chat is not None and chat.token_hash != hashed(token):
        raise Invalid(field="Idempotency-Key")
    return chat


def anew(tx: Transaction, chat: ChatSession, arrival: Arrival, takes: bool) -> Arrival | None:
    """With whom to begin anew in place of what ``chat`` began; None when that one stands, or goes on corrected.

    Begun anew is what is over with other answers or without ever having been spoken in, and what still waits with
    other answers: the script decides by them, so it must see the right ones. But only while the entry ``takes`` chats.
    Raises ``Raced``.
    """
    contact = lock_contact(tx, chat.contact_id)
    start_key = chat.start_key
    tx.session.refresh(chat, with_for_update=True)
    if chat.start_key != start_key:
        raise Raced()
    same = _same(tx, chat, contact, arrival)
    if not contact.open:
        return None if same and not _died_alone(tx, contact) else arrival
    if same:
        return None
    if takes and _untouched(tx, contact):
        return _inherited(contact, chat, arrival)
    _correct(tx, contact, chat, arrival)
    return None


def give_way(tx: Transaction, chat: ChatSession, arrival: Arrival) -> None:
    """What stood before is over; its key and token are free, and so is a signed identity that goes on in the next."""
    contact = tx.session.get(Contact, chat.contact_id)
    if contact.open:
        finish(tx, contact, "customer_left", CUSTOMER)
        if arrival.identity is not None and arrival.identity.nonce == chat.identity_nonce:
            chat.identity_nonce = None
    chat.start_key, chat.token_hash = random_token(), hashed(random_token())
    tx.session.flush()  # before the next one takes them


def _same(tx: Transaction, chat: ChatSession, contact: Contact, arrival: Arrival) -> bool:
    """Does the customer say what they said before? A signature that has run out meanwhile is no correction."""
    known = arrival.identity is None or contact.verified_id is not None or opened_before(tx, chat.tenant_id, arrival)
    return chat.told == arrival.told and chat.language == arrival.language and known


def _died_alone(tx: Transaction, contact: Contact) -> bool:
    """Did it end because its page was not heard for too long, or is it out of reach by now? Nobody wants it back."""
    if contact.ended_at + TOKEN_LIFE_AFTER_END <= clock.now():
        return True
    return ended_by(contact) == "system" and contact.end_reason == "customer_left" and not _spoken(tx, contact)


def _untouched(tx: Transaction, contact: Contact) -> bool:
    return contact.waiting and contact.answered_at is None and not _spoken(tx, contact)


def _spoken(tx: Transaction, contact: Contact) -> bool:
    people = or_(Message.sender == BY_CUSTOMER, Message.sender.startswith(agent_sender("")))
    spoken = select(Message.seq).where(Message.contact_id == contact.id, people).limit(1)
    return tx.session.scalar(spoken) is not None


def _inherited(contact: Contact, chat: ChatSession, arrival: Arrival) -> Arrival:
    """Whom the site has verified stays verified, also when the signature has run out since."""
    if arrival.identity is not None or contact.verified_id is None:
        return arrival
    known = contact.customer_name, contact.customer_email
    return replace(arrival, identity=Identity(contact.verified_id, chat.identity_nonce, *known))


def _correct(tx: Transaction, contact: Contact, chat: ChatSession, arrival: Arrival) -> None:
    for column, name in DETAILS.items():
        before, now = getattr(contact, column), getattr(arrival, name)
        verified = contact.verified_id is not None and name in ("name", "email")
        if before != now and not verified:
            setattr(contact, column, now)
            record(tx, CUSTOMER, contact, column, _words(before), _words(now))
    if chat.language != arrival.language:
        record(tx, CUSTOMER, contact, "language", chat.language, arrival.language)
        chat.language = arrival.language
    chat.told = arrival.told
    tx.announce(_readers(tx, contact), ContactChanged(contact=contact.id))


def _readers(tx: Transaction, contact: Contact) -> list[str]:
    """Its customer, and the agent who has it or is about to decide on it."""
    pending = select(Offer.user_id).where(Offer.contact_id == contact.id, Offer.state == PENDING)
    return audience.readers(contact.id, contact.agent_id or tx.session.scalar(pending))


def _words(value: str | list[dict]) -> str:
    return value if isinstance(value, str) else ", ".join(parameter["value"] for parameter in value)
