"""Stored codes in the reader's words."""

from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from ..models import Contact

STATES = {
    "PREQUEUE": _("Arriving"),
    "QUEUED": _("Waiting"),
    "OFFERED": _("Offered"),
    "ACTIVE": _("With an agent"),
    "ENDED": _("Ended"),
}
END_REASONS = {
    "customer_left": _("Customer left while waiting"),
    "customer_ended": _("Customer ended it"),
    "agent_ended": _("Agent ended it"),
    "customer_idle": _("Customer wrote no more"),
    "script_ended": _("Ended by the script"),
    "closed_hours": _("Outside opening hours"),
    "queue_full": _("Queue was full"),
    "transferred_out": _("Transferred to another organisation"),
    "supervisor_ended": _("Supervisor ended it"),
    "system": _("Ended by the system"),
}
OFFER_STATES = {
    "pending": _("Offered"),
    "accepted": _("Accepted"),
    "refused": _("Refused"),
    "missed": _("Missed"),
    "lost": _("Lost with the agent's link"),
    "withdrawn": _("Withdrawn"),
}
AFTERWARDS = {"ending": _("Ending"), "rating": _("Rating")}
CORRECTED = {
    "customer_name": _("Name"),
    "customer_email": _("E-mail"),
    "customer_phone": _("Phone"),
    "parameters": _("Answers"),
    "language": _("Language"),
    "begun_anew": _("Begun anew as contact"),
}
ATTRIBUTES = {
    "state": _("State"),
    "agent": _("Agent"),
    "disposition": _("Outcome"),
    "offer": _("Offer"),
    **AFTERWARDS,
    **CORRECTED,
}
ACTORS = {"customer": _("Customer"), "system": _("System"), "script": _("Script"), "user": _("User")}
POST_CONTACT = {"none": _("None"), "wrap_up": _("Wrap-up time"), "dispositions": _("Outcome")}
CORNERS = {
    "BottomRight": _("Bottom right"),
    "BottomLeft": _("Bottom left"),
    "TopRight": _("Top right"),
    "TopLeft": _("Top left"),
}
REASONS = {"agent_lost": _("the agent's link was lost or the agent signed out"), **END_REASONS}


def language_of(contact: Contact) -> str:
    """The contact's language in the reader's words, its code where there are none."""
    return get_locale().languages.get(contact.language, contact.language)


def disposition_of(contact: Contact) -> str:
    """The outcome's name, empty when there is none."""
    return contact.disposition.name if contact.disposition else ""


def words() -> dict:
    """All tables for the templates."""
    return {
        "STATES": STATES,
        "END_REASONS": END_REASONS,
        "OFFER_STATES": OFFER_STATES,
        "ATTRIBUTES": ATTRIBUTES,
        "ACTORS": ACTORS,
        "POST_CONTACT": POST_CONTACT,
        "CORNERS": CORNERS,
        "REASONS": REASONS,
    }
