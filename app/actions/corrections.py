"""The same start or message again with other contents (rule R23): the answer was lost, and the form was corrected."""

from sqlalchemy import or_, select

from ..errors import Invalid
from ..models import ChatSession, Contact, Message
from ..realtime import audience
from ..realtime.events import ContactChanged
from ..tokens import hashed, random_token
from ..transaction import Transaction
from .arrivals import Arrival
from .audit import CUSTOMER, record
from .contacts import finish
from .lines import CUSTOMER as BY_CUSTOMER
from .lines import agent_sender, lock_contact

DETAILS = {"customer_name": "name", "customer_email": "email", "customer_phone": "phone", "parameters": "parameters"}


def begun_before(tx: Transaction, tenant_id: int, start_key: str, token: str) -> ChatSession | None:
    """What this key has begun already. Raises ``Invalid`` when its token is another one: then the key is of another
    entry, or the secret has changed since."""
    chat = tx.session.scalar(
        select(ChatSession).where(ChatSession.tenant_id == tenant_id, ChatSession.start_key == start_key)
    )
    if chat is not None and chat.token_hash != hashed(token):
        raise Invalid(field="Idempotency-Key")
    return chat


def begin_anew(tx: Transaction, chat: ChatSession, arrival: Arrival, takes: bool) -> bool:
    """May the repeated start become a contact of its own? Then the one before is over, and its key and token are free.

    Only in place of what is over, or what nobody has answered or written to, and while the entry ``takes`` chats: the
    script decides by the answers, so it must see the right ones. Else the contact goes on, and its details say what the
    customer says now.
    """
    if chat.told == arrival.told:
        return False
    contact = lock_contact(tx, chat.contact_id)
    replaces = not contact.open or (contact.waiting and _untouched(tx, contact))
    if not (takes and replaces):
        if contact.open:
            _correct(tx, contact, arrival)
            chat.told = arrival.told
        return False
    if contact.open:
        finish(tx, contact, "customer_left", CUSTOMER)
    chat.start_key, chat.token_hash, chat.identity_nonce = random_token(), hashed(random_token()), None
    tx.session.flush()  # before the next one takes them
    return True


def _untouched(tx: Transaction, contact: Contact) -> bool:
    people = or_(Message.sender == BY_CUSTOMER, Message.sender.startswith(agent_sender("")))
    spoken = select(Message.seq).where(Message.contact_id == contact.id, people).limit(1)
    return tx.session.scalar(spoken) is None


def _correct(tx: Transaction, contact: Contact, arrival: Arrival) -> None:
    for column, name in DETAILS.items():
        before, now = getattr(contact, column), getattr(arrival, name)
        verified = contact.verified_id is not None and name in ("name", "email")
        if before != now and not verified:
            setattr(contact, column, now)
            record(tx, CUSTOMER, contact, column, _words(before), _words(now))
    tx.announce(audience.agent(contact.agent_id) if contact.agent_id else [], ContactChanged(contact=contact.id))


def _words(value: str | list[dict]) -> str:
    return value if isinstance(value, str) else ", ".join(parameter["value"] for parameter in value)
