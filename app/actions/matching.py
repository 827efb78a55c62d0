"""Bringing waiting contacts and free agents together. The decision is in routing/matcher.py; here it is carried out.

Any process may do it at any time: the contact's row and the agent's shift are locked and looked at again before the
offer is written, and unique keys stand behind that.
"""

from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from .. import clock
from ..extensions import db
from ..models import AgentSession, ChatSession, Contact, Offer, Seat, Skill, SkillAssignment, User
from ..models.contact import OFFERED, QUEUED
from ..models.offer import ACCEPTED, MISSED, PENDING, REFUSED
from ..models.timer import OFFER_DEADLINE
from ..models.worklist import free_now
from ..realtime import audience
from ..realtime.events import ContactOffered, QueuePlaceChanged
from ..routing.matcher import FreeAgent, Waiting, best_agent, best_contact, why
from ..transaction import Transaction, transaction
from . import places
from .audit import SYSTEM
from .lines import lock_contact
from .moves import move
from .seats import take_seat
from .timers import arm

# Who refused a contact is not asked again this long while another is free; who had it and gave it away, not at all.
NOT_AGAIN = timedelta(seconds=60)
TRIES = 200  # offers in one call; the sweeper goes on with the rest


def match_skill(skill_id: int) -> None:
    """Offer what waits in this skill while there is an agent who can take it."""
    _repeat(lambda tx: _free_agent_for_head(tx, skill_id))


def match_agent(user_id: int) -> None:
    """Offer this agent the most urgent contact of all skills they serve, if they are free."""
    _repeat(lambda tx: user_id)


def _repeat(who) -> None:
    for _ in range(TRIES):
        try:
            with transaction() as tx:
                user_id = who(tx)
                if user_id is None or not _offer_best(tx, user_id):
                    return
        except IntegrityError:
            return  # another process gave the same contact or agent away first; the sweeper looks again


def skills_to_match() -> list[int]:
    """Skills in which somebody waits while somebody able is free: work for the sweeper."""
    session = db.session()
    moment = clock.now()
    waiting = select(Contact.skill_id).where(Contact.state == QUEUED, Contact.ending_at.is_(None)).distinct()
    free = (
        select(SkillAssignment.skill_id)
        .join(AgentSession, AgentSession.user_id == SkillAssignment.user_id)
        .where(*free_now(moment), SkillAssignment.skill_id.in_(waiting))
        .distinct()
    )
    found = list(session.scalars(free))
    session.rollback()
    return found


def _head(tx: Transaction, skill_id: int, moment) -> Contact | None:
    """The contact that has waited longest in a skill, leaving out customers who are not there or about to leave.

    Where no customer waits it is the oldest left message, for which nobody needs to be there (rule R21).
    """
    waiting = (
        select(Contact)
        .where(Contact.skill_id == skill_id, Contact.state == QUEUED, Contact.ending_at.is_(None))
        .order_by(Contact.queued_at, Contact.id)
        .limit(1)
    )
    here = (Contact.left_message.is_(False), ChatSession.last_seen_at > moment - places.PASS_OVER)
    customer = tx.session.scalar(waiting.join(ChatSession, ChatSession.contact_id == Contact.id).where(*here))
    return customer or tx.session.scalar(waiting.where(Contact.left_message))


def _free_agent_for_head(tx: Transaction, skill_id: int) -> int | None:
    moment = clock.now()
    contact = _head(tx, skill_id, moment)
    if contact is None:
        return None
    chosen = best_agent(_candidates(tx, contact, moment))
    return chosen.user_id if chosen else None


def _candidates(tx: Transaction, contact: Contact, moment) -> list[FreeAgent]:
    running = (
        select(func.count()).where(Seat.user_id == AgentSession.user_id, Seat.contact_id.is_not(None)).scalar_subquery()
    )
    seats = select(func.count()).where(Seat.user_id == AgentSession.user_id).scalar_subquery()
    rows = tx.session.execute(
        select(AgentSession.user_id, SkillAssignment.proficiency, running, seats, AgentSession.last_offered_at)
        .join(SkillAssignment, SkillAssignment.user_id == AgentSession.user_id)
        .where(SkillAssignment.skill_id == contact.skill_id, *free_now(moment))
    )
    refused = set(
        tx.session.scalars(
            select(Offer.user_id).where(
                Offer.contact_id == contact.id,
                or_(
                    Offer.state == ACCEPTED,
                    Offer.state.in_((REFUSED, MISSED)) & (Offer.decided_at > moment - NOT_AGAIN),
                ),
            )
        )
    )
    return [FreeAgent(*row, refused_lately=row.user_id in refused) for row in rows]


def _offer_best(tx: Transaction, user_id: int) -> bool:
    """Offer the agent the best contact for them; False if there is none or the agent is not free after all."""
    moment = clock.now()
    served = tx.session.execute(
        select(SkillAssignment.skill_id, SkillAssignment.proficiency)
        .join(Skill, Skill.id == SkillAssignment.skill_id)
        .where(SkillAssignment.user_id == user_id)
    ).all()
    heads = []
    for skill_id, proficiency in served:
        contact = _head(tx, skill_id, moment)
        if contact is not None:
            heads.append(_as_waiting(contact, proficiency))
    best = best_contact(heads, moment)
    if best is None:
        return False
    contact = lock_contact(tx, best.contact_id)
    shift = tx.session.scalar(
        select(AgentSession)
        .where(AgentSession.user_id == user_id, *free_now(moment))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if contact.state != QUEUED or contact.ending_at is not None or shift is None:
        return False
    return _offer(tx, contact, shift, moment)


def _as_waiting(contact: Contact, proficiency: int) -> Waiting:
    return Waiting(
        contact.id,
        contact.queued_at,
        contact.priority_initial,
        contact.priority_acceleration,
        contact.priority_maximum,
        proficiency,
        contact.left_message,
    )


def _offer(tx: Transaction, contact: Contact, shift: AgentSession, moment) -> bool:
    candidates = _candidates(tx, contact, moment)
    chosen = next((agent for agent in candidates if agent.user_id == shift.user_id), None)
    if chosen is None or not take_seat(tx, shift.user_id, contact.id):
        return False
    user = tx.session.get(User, shift.user_id)
    reason = why(chosen, len(candidates))
    move(tx, contact, OFFERED, SYSTEM, reason)
    shift.last_offered_at = moment
    offer = Offer(
        tenant_id=contact.tenant_id,
        contact_id=contact.id,
        contact_version=contact.version,
        user_id=user.id,
        agent_session_id=shift.id,
        state=PENDING,
        offered_at=moment,
        deadline_at=moment + timedelta(seconds=user.refusal_seconds),
        reason=reason,
    )
    tx.session.add(offer)
    tx.session.flush()
    arm(tx, OFFER_DEADLINE, offer, offer.deadline_at)
    tx.announce(audience.agent(user.id), ContactOffered(contact=contact.id))
    tx.announce(audience.customer(contact.id), QueuePlaceChanged(1, contact=contact.id))
    places.moved(contact.skill_id)
    return True
