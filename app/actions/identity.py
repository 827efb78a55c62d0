"""A signed identity is good for one chat: it is used up in the transaction that opens the chat."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from ..models import ChatSession
from ..transaction import Transaction


@dataclass(frozen=True)
class Identity:
    """Who the site's own server says the customer is. ``sub``: their number or name there; ``nonce``: once a chat."""

    sub: str
    nonce: str
    name: str = ""
    email: str = ""


def settled(tx: Transaction, tenant_id: int, arrival: Any) -> Any:
    """The arrival with name and address of its identity; without the identity when it has opened a chat before.

    Two chats that begin with it at the same moment: the database lets one of them have it (unique nonce), and the other
    one is begun again by its caller, and finds it used.
    """
    identity: Identity | None = arrival.identity
    if identity is None:
        return arrival
    if opened_before(tx, tenant_id, arrival):
        return replace(arrival, identity=None)
    return replace(arrival, name=identity.name or arrival.name, email=identity.email or arrival.email)


def opened_before(tx: Transaction, tenant_id: int, arrival: Any) -> bool:
    """Has the identity of this arrival opened a chat already?"""
    same = (ChatSession.tenant_id == tenant_id, ChatSession.identity_nonce == arrival.identity.nonce)
    return tx.session.scalar(select(ChatSession.id).where(*same)) is not None
