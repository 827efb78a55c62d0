"""The customers' places in the queues: told when they change, at most once a second per skill.

A place is a hint, never a fact that anything depends on; so which skills moved is kept in memory only.
"""

from datetime import timedelta

from sqlalchemy import func, or_, select

from .. import clock
from ..extensions import db
from ..models import ChatSession, Contact
from ..models.contact import OFFERED, QUEUED
from ..realtime import audience
from ..realtime.events import QueuePlaceChanged
from ..transaction import publish

PASS_OVER = timedelta(seconds=30)  # rule R7
TOLD = 1000  # those further back hear their place when they come nearer, or when they ask

_moved: set[int] = set()


def moved(skill_id: int) -> None:
    """Somebody came into this skill's queue or left it."""
    _moved.add(skill_id)


def look_again() -> None:
    """Who lost the link is no longer counted; nobody announces that, so it is looked at now and then."""
    _moved.update(db.session.scalars(select(Contact.skill_id).where(Contact.state == QUEUED).distinct()))
    db.session.rollback()


def _counted():
    """The matcher passes over customers without a link (rule R7), so nobody waits behind them."""
    return (ChatSession.last_seen_at > clock.now() - PASS_OVER,)


def place_of(contact: Contact) -> int | None:
    """1 is next; None when the contact does not wait in a queue."""
    if contact.state == OFFERED:
        return 1
    if contact.state != QUEUED:
        return None
    earlier = or_(
        Contact.queued_at < contact.queued_at,
        (Contact.queued_at == contact.queued_at) & (Contact.id < contact.id),
    )
    ahead = db.session.scalar(
        select(func.count())
        .select_from(Contact)
        .join(ChatSession, ChatSession.contact_id == Contact.id)
        .where(Contact.skill_id == contact.skill_id, Contact.state == QUEUED, earlier, *_counted())
    )
    return ahead + 1


def announce_places() -> None:
    """Tell the places of every skill that moved since the last call."""
    while _moved:
        skill_id = _moved.pop()
        waiting = (
            select(Contact.id)
            .join(ChatSession, ChatSession.contact_id == Contact.id)
            .where(Contact.skill_id == skill_id, Contact.state == QUEUED, *_counted())
            .order_by(Contact.queued_at, Contact.id)
            .limit(TOLD)
        )
        ids = list(db.session.scalars(waiting))
        db.session.rollback()
        publish([(audience.customer(i), QueuePlaceChanged(n, contact=i)) for n, i in enumerate(ids, 1)])
