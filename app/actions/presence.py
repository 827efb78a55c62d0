"""Customers who wait: seen again, or gone for so long that their chat is over."""

from datetime import timedelta

from sqlalchemy import select, update

from .. import clock
from ..extensions import db
from ..models import ChatSession, Contact
from ..models.contact import PREQUEUE, QUEUED, WAITING
from ..transaction import transaction
from . import contacts

GONE = timedelta(seconds=600)  # rule R7
CHUNK = 500


def see_customers(contact_ids: list[int]) -> None:
    """These customers have a link right now. Only those who wait are written down: the matcher asks for nobody else."""
    waiting = select(Contact.id).where(Contact.state.in_(WAITING))
    for start in range(0, len(contact_ids), CHUNK):
        some = sorted(contact_ids[start : start + CHUNK])
        with transaction() as tx:
            tx.session.execute(
                update(ChatSession)
                .where(ChatSession.contact_id.in_(some), ChatSession.contact_id.in_(waiting))
                .values(last_seen_at=clock.now())
                .execution_options(synchronize_session=False)
            )


def end_abandoned(limit: int = 100) -> None:
    """End the waiting chats whose customer has had no link for ten minutes; a left message needs none (rule R21)."""
    unseen_since = clock.now() - GONE
    gone = (
        select(Contact.id)
        .join(ChatSession, ChatSession.contact_id == Contact.id)
        .where(
            Contact.state.in_((PREQUEUE, QUEUED)),
            Contact.left_message.is_(False),
            ChatSession.last_seen_at < unseen_since,
        )
        .limit(limit)
    )
    ids = list(db.session.scalars(gone))
    db.session.rollback()
    for contact_id in ids:
        contacts.end_abandoned(contact_id, unseen_since)
