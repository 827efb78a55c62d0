"""Handing a running chat over inside the tenant: to another skill, with everything that was said."""

from ..errors import Forbidden, NotFound
from ..models import Contact, Skill, User
from ..models.contact import ACTIVE
from ..models.message import TRANSFERRED
from ..realtime import audience
from ..realtime.events import ContactChanged, ContactLost
from ..transaction import Transaction, transaction
from . import places, shift_state
from .audit import actor, record
from .idleness import pass_policy_on
from .lines import add_line, lock_contact
from .matching import match_agent
from .queueing import back_to_queue


def transfer_to_skill(contact_id: int, skill_id: int, user: User) -> Contact:
    """The agent who has the contact gives it to another skill's queue; the agent is free at once.

    The time of arrival is kept, so is the time-out that the contact carries, unless the tenant wants the skill of the
    moment to govern (rule R24). Raises ``Forbidden`` for who does not have it, ``NotFound`` for a skill that is not
    there or not active.
    """
    with transaction() as tx:
        contact = lock_contact(tx, contact_id)
        if contact is None or contact.state != ACTIVE or contact.agent_id != user.id:
            raise Forbidden()
        skill = tx.session.get(Skill, skill_id)
        if skill is None or skill.tenant_id != contact.tenant_id or not skill.active:
            raise NotFound()
        _hand_over(tx, contact, skill, user)
    return contact


def _hand_over(tx: Transaction, contact: Contact, skill: Skill, user: User) -> None:
    before = tx.session.get(Skill, contact.skill_id)
    record(tx, actor(user), contact, "skill", before.name, skill.name)
    add_line(tx, contact, TRANSFERRED)
    places.moved(before.id)
    contact.skill_id = skill.id
    contact.priority_initial = skill.priority_initial
    contact.priority_acceleration = skill.priority_acceleration
    contact.priority_maximum = skill.priority_maximum
    pass_policy_on(contact, skill)
    back_to_queue(tx, contact, actor(user), f"transferred to {skill.name}")
    tx.announce(audience.customer(contact.id), ContactChanged(contact=contact.id))
    tx.announce(audience.agent(user.id), ContactLost(contact=contact.id))
    shift_state.take_next_state_when_done(tx, user.id)
    user_id = user.id
    tx.then(lambda: match_agent(user_id))
