"""Lines that an action itself adds to a contact's log, inside its own transaction."""

from .. import clock
from ..models import Contact, Message, User
from ..models.message import BY_CUSTOMER, BY_SCRIPT, BY_SYSTEM
from ..realtime import audience
from ..realtime.events import LineAdded
from ..tokens import random_token
from ..transaction import Transaction

CUSTOMER, SCRIPT, SYSTEM = BY_CUSTOMER, BY_SCRIPT, BY_SYSTEM


def agent_sender(user_id: int) -> str:
    """The sender of an agent's lines."""
    return f"agent:{user_id}"


def sender_role(sender: str) -> str:
    """``customer``, ``agent``, ``script`` or ``system``: what readers are told about who speaks."""
    return sender.partition(":")[0]


def sender_agent(sender: str) -> int | None:
    """The user id of the agent who speaks; None for everybody else."""
    role, _, number = sender.partition(":")
    return int(number) if role == "agent" else None


def lock_contact(tx: Transaction, contact_id: int) -> Contact | None:
    """The contact with its row locked until the commit (on SQLite the whole write transaction is the lock)."""
    return tx.session.get(Contact, contact_id, with_for_update=True, populate_existing=True)


def add_line(
    tx: Transaction,
    contact: Contact,
    kind: str,
    *,
    sender: str = SYSTEM,
    name: str = "",
    text: str = "",
    data: dict | None = None,
    readers: list[str] | None = None,
) -> LineAdded:
    """Give the next number to a line and announce it. ``contact`` must be locked by :func:`lock_contact`.

    ``readers`` are the audiences that hear it; by default those who have the contact now.
    """
    at = clock.now()
    contact.last_seq += 1
    row = Message(
        tenant_id=contact.tenant_id,
        contact_id=contact.id,
        seq=contact.last_seq,
        kind=kind,
        sender=sender,
        name=name,
        cid=random_token(),
        text=text,
        data=data,
        at=at,
    )
    tx.session.add(row)
    event = line_event(row)
    tx.announce(readers if readers is not None else audience.readers(contact.id, contact.agent_id), event)
    return event


def line_event(row: Message) -> LineAdded:
    """The event, and so the frame, of one stored line. Also takes a Core row with the same names."""
    return LineAdded(
        row.seq,
        row.kind,
        sender_role(row.sender),
        row.name,
        row.cid,
        row.text,
        row.data,
        clock.iso(row.at),
        sender_agent(row.sender),
        contact=row.contact_id,
    )


def joined_data(user: User) -> dict:
    """What the line "joined" tells about the agent."""
    return {"name": user.display_name, "initials": user.initials}
