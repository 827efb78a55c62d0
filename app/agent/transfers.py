"""Handing a running chat to another skill: the choice, and doing it."""

from flask import render_template, request

from .. import clock
from ..access import allowed, contact_of_agent, signed_in_user
from ..actions.transfers import transfer_to_skill
from ..errors import Invalid
from ..models.worklist import skills_to_hand_to
from . import blueprint
from .contacts import foot


@blueprint.get("/contacts/<int:contact_id>/transfer")
@allowed("agent")
def choice(contact_id: int):
    """The skills that could take it, with who is free and who waits there."""
    contact = contact_of_agent(contact_id, signed_in_user())
    return render_template("agent/_transfer.html", contact=contact, skills=skills_to_hand_to(contact, clock.now()))


@blueprint.post("/contacts/<int:contact_id>/transfer")
@allowed("agent")
def transfer(contact_id: int):
    """Hand it over; the pane's foot says to whom."""
    user = signed_in_user()
    contact, chosen = contact_of_agent(contact_id, user), request.form.get("skill", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 16):
        raise Invalid(field="skill")
    contact = transfer_to_skill(contact.id, int(chosen), user)
    return foot(contact, handed_to=contact.skill.name)
