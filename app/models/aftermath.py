"""What the customer's page is told of a chat besides its lines. One small query each."""

from sqlalchemy import Row, select

from ..extensions import db
from .chat_session import ChatSession
from .contact import Contact
from .message import BY_SYSTEM, ENDED, TEXT, Message
from .rating import Rating


def chat_of(contact: Contact) -> ChatSession:
    """The customer's session of a contact; every contact has one."""
    return db.session.scalar(select(ChatSession).where(ChatSession.contact_id == contact.id))


def score_of(contact: Contact) -> int | None:
    """What the customer gave, 1 to 5; None before they did."""
    return db.session.scalar(select(Rating.score).where(Rating.contact_id == contact.id))


def ended_by(contact: Contact) -> str | None:
    """``customer``, ``agent`` or ``system`` (a script counts as that), as the contact's end line says; None while open.

    Not to be read from the reason: who was away for too long has "left", and yet the system ended it.
    """
    if contact.open:
        return None
    end = select(Message.data).where(Message.contact_id == contact.id, Message.kind == ENDED)
    data = db.session.scalar(end.order_by(Message.seq.desc()).limit(1)) or {}
    return data["by"] if data.get("by") in ("customer", "agent") else "system"


def last_spoken(contact: Contact) -> Row | None:
    """Sender and moment (`sender`, `at`) of the newest text by a person or a script; None where nobody has spoken."""
    texts = (Message.contact_id == contact.id, Message.kind == TEXT, Message.sender != BY_SYSTEM)
    newest = select(Message.sender, Message.at).where(*texts).order_by(Message.seq.desc()).limit(1)
    return db.session.execute(newest).one_or_none()
