"""What an agent does with an offer and with a contact: accept, refuse, end, wrap up."""

from flask import redirect, render_template, request, url_for

from ..access import allowed, contact_of_agent, own_offer, signed_in_user
from ..actions.audit import actor
from ..actions.contacts import end_contact
from ..actions.offers import accept_offer, refuse_offer
from ..actions.wrap_up import NOTES_LIMIT, complete_wrap_up
from ..errors import Invalid
from ..models import User
from . import blueprint
from .console import conversation_part, offers_part


@blueprint.post("/offers/<int:offer_id>/acceptance")
@allowed("agent")
def acceptance(offer_id: int):
    """Take the contact."""
    user = signed_in_user()
    accept_offer(own_offer(offer_id, user).id, user)
    return _offers(user)


@blueprint.post("/offers/<int:offer_id>/refusal")
@allowed("agent")
def refusal(offer_id: int):
    """Say no: the contact goes back to its old place, the agent becomes Unavailable (Refused)."""
    user = signed_in_user()
    refuse_offer(own_offer(offer_id, user).id, user)
    return _offers(user)


@blueprint.post("/contacts/<int:contact_id>/ending")
@allowed("agent")
def ending(contact_id: int):
    """End the contact; what is left of it for the agent is the pane's foot."""
    user = signed_in_user()
    contact = contact_of_agent(contact_id, user)
    end_contact(contact.id, "agent_ended", actor(user), agent=user)
    return foot(contact_of_agent(contact_id, user))


@blueprint.post("/contacts/<int:contact_id>/wrap-up")
@allowed("agent")
def wrap_up(contact_id: int):
    """Store how it ended. A wrong entry comes back with its words (422), nothing typed is lost."""
    user = signed_in_user()
    contact = contact_of_agent(contact_id, user)
    chosen, notes = request.form.get("disposition_id", ""), request.form.get("notes", "")
    try:
        if chosen and not (chosen.isascii() and chosen.isdigit() and len(chosen) < 16):
            raise Invalid(field="disposition_id")
        contact = complete_wrap_up(contact.id, user, int(chosen) if chosen else None, notes)
    except Invalid as error:
        if not request.headers.get("HX-Request"):
            raise
        contact = contact_of_agent(contact_id, user)
        return foot(contact, error=error.field, chosen=chosen, notes=notes[: NOTES_LIMIT * 2]), 422
    return foot(contact)


def _offers(user: User):
    if not request.headers.get("HX-Request"):
        return redirect(url_for("agent.console"), 303)
    return render_template("agent/_offers.html", **offers_part(user))


def foot(contact, **more):
    """What is left of a contact for its agent: the fragment, or the way back to the console without htmx."""
    if not request.headers.get("HX-Request"):
        return redirect(url_for("agent.console"), 303)
    return render_template("agent/_foot.html", **conversation_part(contact, **more))
