"""What an administrator reads: the nouns of a tenant with their counts, and the record of its contacts."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from ..extensions import db
from .audit_entry import AuditEntry
from .chat_profile import ChatProfile
from .contact import ACTIVE, ENDED, WAITING, Contact
from .message import TEXT, Message
from .offer import PENDING, Offer
from .point_of_contact import PointOfContact
from .skill import Skill, SkillAssignment
from .user import User

PAGE = 50


def counts(tenant_id: int) -> dict[str, int]:
    """How many of each noun the tenant has, and how its contacts stand."""
    found = {
        name: db.session.scalar(select(func.count()).select_from(model).where(model.tenant_id == tenant_id))
        for name, model in (("skills", Skill), ("points_of_contact", PointOfContact), ("chat_profiles", ChatProfile))
    }
    states = dict(
        db.session.execute(
            select(Contact.state, func.count()).where(Contact.tenant_id == tenant_id).group_by(Contact.state)
        ).all()
    )
    found["waiting"] = sum(states.get(state, 0) for state in WAITING)
    found["active"] = states.get(ACTIVE, 0)
    found["ended"] = states.get(ENDED, 0)
    return found


def skills(tenant_id: int) -> list[Row]:
    """Every skill with how many users serve it, points of contact lead to it, and customers wait in it now."""
    users = select(func.count()).where(SkillAssignment.skill_id == Skill.id).scalar_subquery()
    entries = select(func.count()).where(PointOfContact.default_skill_id == Skill.id).scalar_subquery()
    waiting = select(func.count()).where(Contact.skill_id == Skill.id, Contact.state.in_(WAITING)).scalar_subquery()
    return db.session.execute(
        select(Skill, users.label("users"), entries.label("entries"), waiting.label("waiting"))
        .where(Skill.tenant_id == tenant_id)
        .options(selectinload(Skill.dispositions))
        .order_by(Skill.name)
    ).all()


def points_of_contact(tenant_id: int) -> list[PointOfContact]:
    """Every entry with its skill, script and profile."""
    related = (PointOfContact.default_skill, PointOfContact.routing_script, PointOfContact.chat_profile)
    return list(
        db.session.scalars(
            select(PointOfContact)
            .where(PointOfContact.tenant_id == tenant_id)
            .options(*(joinedload(one) for one in related))
            .order_by(PointOfContact.name)
        )
    )


def point_of_contact(tenant_id: int, poc_id: int) -> PointOfContact | None:
    """One of the organisation's own entries."""
    return db.session.scalar(
        select(PointOfContact).where(PointOfContact.tenant_id == tenant_id, PointOfContact.id == poc_id)
    )


def all_skills(tenant_id: int) -> list[Skill]:
    """Every skill by name."""
    return list(db.session.scalars(select(Skill).where(Skill.tenant_id == tenant_id).order_by(Skill.name)))


def served_skills(tenant_id: int) -> set[int]:
    """The ids of the skills that some active user serves."""
    served = select(SkillAssignment.skill_id).join(User, User.id == SkillAssignment.user_id)
    return set(db.session.scalars(served.where(SkillAssignment.tenant_id == tenant_id, User.active)))


def chat_profiles(tenant_id: int) -> list[Row]:
    """Every profile with the number of points of contact that wear it."""
    entries = select(func.count()).where(PointOfContact.chat_profile_id == ChatProfile.id).scalar_subquery()
    return db.session.execute(
        select(ChatProfile, entries.label("entries"))
        .where(ChatProfile.tenant_id == tenant_id)
        .order_by(ChatProfile.name)
    ).all()


def contacts(tenant_id: int, *, state: str = "", name: str = "", before: int | None = None) -> tuple[list[Row], int]:
    """One page of contacts, newest first, below the id ``before``; and how many fit the filters in all.

    ``state`` is open, ended or empty for both; ``name`` is part of the customer's name.
    """
    fits = [Contact.tenant_id == tenant_id]
    if state:
        fits.append(Contact.state == ENDED if state == "ended" else Contact.state != ENDED)
    if name:
        fits.append(Contact.customer_name.icontains(name, autoescape=True))
    total = db.session.scalar(select(func.count()).select_from(Contact).where(*fits))
    agent = aliased(User)
    page = (
        select(
            Contact,
            Skill.name.label("skill"),
            PointOfContact.name.label("point_of_contact"),
            agent.display_name.label("agent"),
        )
        .join(Skill, Skill.id == Contact.skill_id)
        .join(PointOfContact, PointOfContact.id == Contact.point_of_contact_id)
        .outerjoin(agent, agent.id == Contact.agent_id)
        .where(*fits, *([Contact.id < before] if before else []))
        .order_by(Contact.id.desc())
        .limit(PAGE + 1)
    )
    return db.session.execute(page).all(), total


class Step(NamedTuple):
    """One thing that happened to a contact. ``what`` is state, offer or another attribute's name."""

    at: datetime
    what: str
    previous: str | None
    changed: str | None
    who: str
    reason: str


def timeline(contact: Contact) -> list[Step]:
    """Everything that happened to a contact besides its lines, oldest first: audit entries and offers."""
    entries = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.tenant_id == contact.tenant_id,
            AuditEntry.entity == "contact",
            AuditEntry.entity_id == contact.id,
        )
        .order_by(AuditEntry.id)
    )
    steps = [
        Step(e.at, e.attribute, e.previous_value, e.changed_value, e.actor_name or e.actor_kind, e.reason)
        for e in entries
    ]
    offers = db.session.scalars(select(Offer).where(Offer.contact_id == contact.id).options(joinedload(Offer.user)))
    for offer in offers:
        steps.append(Step(offer.offered_at, "offer", None, PENDING, offer.user.display_name, offer.reason))
        if offer.decided_at is not None:
            steps.append(Step(offer.decided_at, "offer", PENDING, offer.state, offer.user.display_name, ""))
    return sorted(steps, key=lambda step: step.at)


def lines(contact: Contact) -> list[Message]:
    """The whole log of one contact, in order."""
    return list(db.session.scalars(select(Message).where(Message.contact_id == contact.id).order_by(Message.seq)))


def spoken_lines(contact: Contact) -> int:
    """How many lines people wrote."""
    return db.session.scalar(
        select(func.count()).where(
            Message.contact_id == contact.id,
            Message.kind == TEXT,
            (Message.sender == "customer") | Message.sender.startswith("agent:"),
        )
    )
