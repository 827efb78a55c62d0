"""The one way in which a contact changes its state: allowed by the life cycle, counted, and written down."""

from ..errors import Stale
from ..models import Contact
from ..models.contact import may_move
from ..transaction import Transaction
from .audit import Actor, record


def move(tx: Transaction, contact: Contact, to: str, by: Actor, reason: str = "") -> None:
    """Put a locked contact into another state. The version moves on, so whatever was decided on the old one is stale.

    Raises ``Stale`` for a move that the life cycle does not know.
    """
    if not may_move(contact.state, to):
        raise Stale()
    record(tx, by, contact, "state", contact.state, to, reason)
    contact.state = to
    contact.version += 1
