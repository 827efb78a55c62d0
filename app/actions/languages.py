"""The language that a customer reads may change during the chat."""

from sqlalchemy import select

from ..models import ChatSession, Contact
from ..realtime import audience
from ..realtime.events import ContactChanged
from ..transaction import transaction
from .audit import CUSTOMER, record
from .lines import lock_contact


def change_language(contact_id: int, language: str) -> Contact:
    """From now on the customer reads ``language`` (one of ours); the agent is told. The same again changes nothing.

    The contact keeps the language that it began with: scripts and the history go by that one.
    """
    with transaction() as tx:
        contact = lock_contact(tx, contact_id)
        chat = tx.session.scalar(select(ChatSession).where(ChatSession.contact_id == contact_id))
        if chat.language != language:
            record(tx, CUSTOMER, contact, "language", chat.language, language)
            chat.language = language
            tx.announce(audience.readers(contact.id, contact.agent_id), ContactChanged(contact=contact.id))
    return contact
