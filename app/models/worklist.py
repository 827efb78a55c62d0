"""What one agent has before them: contacts in hand, offers to decide, the running shift. One query each."""

from sqlalchemy import Row, func, select

from ..extensions import db
from .agent_session import AVAILABLE, AgentSession
from .contact import ACTIVE, WAITING, Contact
from .message import TEXT, Message
from .offer import PENDING, Offer
from .point_of_contact import PointOfContact
from .seat import Seat
from .skill import Skill, SkillAssignment
from .user import User


def contacts_in_hand(user: User) -> list[Row]:
    """Active contacts and open wrap-ups, oldest first. ``waiting_since``: the first words not yet answered, or none."""
    mine = ((Contact.agent_id == user.id) & (Contact.state == ACTIVE)) | (Contact.wrap_up_agent_id == user.id)
    return db.session.execute(
        select(
            Contact.id,
            Contact.customer_name,
            Contact.language,
            Contact.last_seq,
            Contact.answered_at,
            Contact.wrap_up_started_at,
            Skill.name.label("skill"),
            _waiting_since().label("waiting_since"),
        )
        .join(Skill, Skill.id == Contact.skill_id)
        .where(Contact.tenant_id == user.tenant_id, mine)
        .order_by(Contact.answered_at, Contact.id)
    ).all()


def _waiting_since():
    """Both halves walk the log's key from one end and stop at the first fit, however long the chat is."""
    answered = (
        select(Message.seq)
        .where(Message.contact_id == Contact.id, Message.kind == TEXT, Message.sender.startswith("agent:"))
        .order_by(Message.seq.desc())
        .limit(1)
        .correlate(Contact)
        .scalar_subquery()
    )
    return (
        select(Message.at)
        .where(
            Message.contact_id == Contact.id,
            Message.kind == TEXT,
            Message.sender == "customer",
            Message.seq > func.coalesce(answered, 0),
        )
        .order_by(Message.seq)
        .limit(1)
        .correlate(Contact)
        .scalar_subquery()
    )


def free_now(moment) -> tuple:
    """Conditions on AgentSession: here, available, no next state, no offer pending, a seat left."""
    pending = select(Offer.id).where(Offer.user_id == AgentSession.user_id, Offer.state == PENDING)
    seat = select(Seat.n).where(Seat.user_id == AgentSession.user_id, Seat.contact_id.is_(None))
    return (
        AgentSession.ended_at.is_(None),
        AgentSession.state == AVAILABLE,
        AgentSession.next_state.is_(None),
        AgentSession.lease_until > moment,
        ~pending.exists(),
        seat.exists(),
    )


def skills_to_hand_to(contact: Contact, moment) -> list[Row]:
    """Other active skills of the tenant by name: ``free``, users who could take a contact of it now; ``waiting``."""
    serves = (SkillAssignment.skill_id == Skill.id, AgentSession.user_id != contact.agent_id)
    free = (
        select(func.count())
        .select_from(SkillAssignment)
        .join(AgentSession, AgentSession.user_id == SkillAssignment.user_id)
        .where(*serves, *free_now(moment))
        .scalar_subquery()
    )
    waiting = select(func.count()).where(Contact.skill_id == Skill.id, Contact.state.in_(WAITING)).scalar_subquery()
    others = (Skill.tenant_id == contact.tenant_id, Skill.active, Skill.id != contact.skill_id)
    columns = (Skill.id, Skill.name, Skill.notes, free.label("free"), waiting.label("waiting"))
    return db.session.execute(select(*columns).where(*others).order_by(Skill.name)).all()


def offers_to_decide(user: User) -> list[Row]:
    """The pending offers, with all that the agent needs to decide."""
    return db.session.execute(
        select(
            Offer.id,
            Offer.offered_at,
            Offer.deadline_at,
            Offer.reason,
            Contact.id.label("contact_id"),
            Contact.customer_name,
            Contact.language,
            Contact.queued_at,
            Skill.name.label("skill"),
            PointOfContact.name.label("point_of_contact"),
        )
        .join(Contact, Contact.id == Offer.contact_id)
        .join(Skill, Skill.id == Contact.skill_id)
        .join(PointOfContact, PointOfContact.id == Contact.point_of_contact_id)
        .where(Offer.user_id == user.id, Offer.state == PENDING)
        .order_by(Offer.offered_at)
    ).all()


def running_shift(user: User) -> AgentSession | None:
    """The shift the user is on, if any."""
    return db.session.scalar(
        select(AgentSession).where(AgentSession.user_id == user.id, AgentSession.ended_at.is_(None))
    )
