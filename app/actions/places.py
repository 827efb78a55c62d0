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
from ..routing.estimate import WINDOW, median_gap, wait_minutes
from ..transaction import publish
from .queue_words import message_filled

PASS_OVER = timedelta(seconds=30)  # rule R7
TOLD = 1000  # those further back hear their place when they come nearer, or when they ask
PICK_UPS = 200  # the newest ones; more would not make the median any truer
# Who had waited longer when they were picked up does not count: so the rows are found by when they came.
LONGEST_WAIT = timedelta(hours=4)

_moved: set[int] = set()


def moved(skill_id: int) -> None:
    """Somebody came into this skill's queue or left it."""
    _moved.add(skill_id)


def look_again() -> None:
    """Who lost the link is no longer counted; nobody announces that, so it is looked at now and then."""
    _moved.update(db.session.scalars(select(Contact.skill_id).where(Contact.state == QUEUED).distinct()))
    db.session.rollback()


def _in_line(skill_id: int) -> tuple:
    """Conditions of those who wait in a line: the matcher passes over customers without a link (rule R7) and those who
    are about to leave (rule R19), and left messages come after everybody (rule R21), so nobody waits behind them."""
    return (
        Contact.skill_id == skill_id,
        Contact.state == QUEUED,
        Contact.ending_at.is_(None),
        Contact.left_message.is_(False),
        ChatSession.last_seen_at > clock.now() - PASS_OVER,
    )


def _count(*conditions) -> int:
    joined = select(func.count()).select_from(Contact).join(ChatSession, ChatSession.contact_id == Contact.id)
    return db.session.scalar(joined.where(*conditions))


def place_of(contact: Contact) -> int | None:
    """1 is next; None when the contact does not wait in a queue."""
    if contact.state == OFFERED:
        return 1
    if contact.state != QUEUED or contact.left_message:
        return None
    earlier = or_(
        Contact.queued_at < contact.queued_at,
        (Contact.queued_at == contact.queued_at) & (Contact.id < contact.id),
    )
    return _count(*_in_line(contact.skill_id), earlier) + 1


def queue_news(contact: Contact, language: str) -> QueuePlaceChanged | None:
    """What a waiting customer is told now, in the language they read; None when they do not wait in a queue."""
    place = place_of(contact)
    if place is None:
        return None
    wait = wait_minutes(place - 1, _pick_up_gap(contact.skill_id))
    message = _filled(contact, contact.queue_message, language, place, wait)
    return QueuePlaceChanged(place, wait, message, contact=contact.id)


def filled_now(contact: Contact, message: str, language: str) -> str:
    """A queue message with its marks as they stand for this contact; nothing is counted that it does not tell."""
    if "%" not in message:
        return message
    place = place_of(contact) or 1
    wait = wait_minutes(place - 1, _pick_up_gap(contact.skill_id)) if "%w" in message else None
    return _filled(contact, message, language, place, wait)


def _filled(contact: Contact, message: str, language: str, place: int, wait: list[int] | None) -> str | None:
    total = _count(*_in_line(contact.skill_id)) if "%t" in message else 0
    return message_filled(message, language, place - 1, total, wait)


def _pick_up_gap(skill_id: int) -> float | None:
    """Seconds between two pick-ups of the skill within the last hour; None with too few of them."""
    moment = clock.now()
    picked_up = (
        select(Contact.answered_at)
        .where(
            Contact.skill_id == skill_id,
            Contact.created_at > moment - WINDOW - LONGEST_WAIT,
            Contact.answered_at > moment - WINDOW,
            Contact.left_message.is_(False),
        )
        .order_by(Contact.answered_at.desc())
        .limit(PICK_UPS)
    )
    return median_gap(db.session.scalars(picked_up))


def announce_places() -> None:
    """Tell the places of every skill that moved since the last call: for each one question who waits, one how long."""
    while _moved:
        skill_id = _moved.pop()
        line = (
            select(Contact.id, Contact.queue_message, ChatSession.language)
            .join(ChatSession, ChatSession.contact_id == Contact.id)
            .where(*_in_line(skill_id))
            .order_by(Contact.queued_at, Contact.id)
            .limit(TOLD)
        )
        rows = db.session.execute(line).all()
        gap = _pick_up_gap(skill_id) if rows else None
        total = len(rows) if len(rows) < TOLD else _count(*_in_line(skill_id))
        db.session.rollback()
        news = []
        for place, row in enumerate(rows, 1):
            wait = wait_minutes(place - 1, gap)
            message = message_filled(row.queue_message, row.language, place - 1, total, wait)
            news.append((audience.customer(row.id), QueuePlaceChanged(place, wait, message, contact=row.id)))
        publish(news)
