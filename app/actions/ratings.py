"""What the customer thought of a chat: said once, after its end."""

from sqlalchemy import select

from .. import clock
from ..errors import Forbidden, Invalid, Stale, TooLong
from ..models import Contact, Rating, Skill
from ..models.contact import ENDED
from ..texts import storable
from ..transaction import transaction
from .audit import CUSTOMER, record
from .lines import lock_contact

COMMENT_LIMIT = 1000


def may_rate(contact: Contact, skill: Skill) -> bool:
    """Is this customer asked? Only after a chat with somebody, and where the skill wants to know."""
    return contact.state == ENDED and contact.answered_at is not None and skill.rating_enabled


def rate(contact_id: int, score: object, comment: object) -> tuple[Contact, bool]:
    """Store 1 (very bad) to 5 (very good) with a comment; and whether it is new. The same again changes nothing.

    Raises ``Invalid`` or ``TooLong`` (field score or comment), ``Forbidden`` where nobody is asked, ``Stale`` before
    the end and for a second opinion.
    """
    if not isinstance(score, int) or isinstance(score, bool) or score not in range(1, 6):
        raise Invalid(field="score")
    if not isinstance(comment, str) or not storable(comment):
        raise Invalid(field="comment")
    comment = comment.strip()
    if len(comment) > COMMENT_LIMIT:
        raise TooLong(field="comment")
    with transaction() as tx:
        contact = lock_contact(tx, contact_id)
        if contact.state != ENDED:
            raise Stale()
        if not may_rate(contact, tx.session.get(Skill, contact.skill_id)):
            raise Forbidden()
        before = tx.session.scalar(select(Rating).where(Rating.contact_id == contact.id))
        if before is not None:
            if (before.score, before.comment) != (score, comment):
                raise Stale()
            return contact, False
        values = {"score": score, "comment": comment, "at": clock.now()}
        tx.session.add(Rating(tenant_id=contact.tenant_id, contact_id=contact.id, **values))
        record(tx, CUSTOMER, contact, "rating", None, score)
    return contact, True
