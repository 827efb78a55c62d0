"""The console: one page, and the fragments it asks for again when the socket tells that they changed."""

from datetime import timedelta

from flask import render_template

from .. import clock
from ..access import allowed, contact_of_agent, epoch, signed_in_user
from ..actions.agent_sessions import begin_shift
from ..models import Contact, User
from ..models.worklist import contacts_in_hand, offers_to_decide, running_shift
from . import blueprint
from .details import details_part, language_name
from .strings import console_strings


@blueprint.get("/")
@allowed("agent")
def console():
    """The whole page. Opening it begins the shift, in state Unavailable."""
    user = signed_in_user()
    if running_shift(user) is None:
        begin_shift(user)
    return render_template(
        "agent/console.html",
        strings=console_strings(),
        **contacts_part(user),
        **offers_part(user),
        **state_part(user),
    )


@blueprint.get("/contacts")
@allowed("agent")
def contacts():
    """The list of contacts in hand."""
    return render_template("agent/_contacts.html", **contacts_part(signed_in_user()))


@blueprint.get("/offers")
@allowed("agent")
def offers():
    """The offers to decide."""
    return render_template("agent/_offers.html", **offers_part(signed_in_user()))


@blueprint.get("/state")
@allowed("agent")
def state():
    """The state switch."""
    return render_template("agent/_state.html", **state_part(signed_in_user()))


@blueprint.get("/contacts/<int:contact_id>")
@allowed("agent")
def conversation(contact_id: int):
    """One contact's pane. The page inserts it once; while it lives it is never rendered again."""
    contact = contact_of_agent(contact_id, signed_in_user())
    return render_template("agent/_conversation.html", epoch=epoch(), **conversation_part(contact))


@blueprint.get("/contacts/<int:contact_id>/details")
@allowed("agent")
def details(contact_id: int):
    """What is known about one contact."""
    return render_template("agent/_details.html", **details_part(contact_of_agent(contact_id, signed_in_user())))


def contacts_part(user: User) -> dict:
    """What the list of contacts needs."""
    return {"contacts": contacts_in_hand(user)}


def offers_part(user: User) -> dict:
    """What the offers need; ``now`` lets the page correct its own clock."""
    found = offers_to_decide(user)
    languages = {offer.id: language_name(offer.language) for offer in found}
    return {"offers": found, "languages": languages, "now": clock.iso(clock.now())}


def state_part(user: User) -> dict:
    """What the state switch needs."""
    return {"shift": running_shift(user)}


def conversation_part(contact: Contact, **more) -> dict:
    """What a pane needs: the contact, and the after-contact work when the agent owes it."""
    skill = contact.skill
    owed = contact.wrap_up_agent_id is not None
    due_at = None
    if owed and not skill.disposition_required:
        due_at = clock.iso(contact.wrap_up_started_at + timedelta(seconds=skill.wrap_up_seconds))
    dispositions = [one for one in skill.dispositions if one.active] if owed else []
    return {"contact": contact, "owed": owed, "due_at": due_at, "dispositions": dispositions, **more}
