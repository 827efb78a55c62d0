"""How a chat stands, in the words of the customer's page."""

from ..access import epoch
from ..actions.places import place_of
from ..models import Contact
from ..models.contact import ACTIVE, ENDED


def snapshot(contact: Contact) -> dict:
    """The answer of ``/chat/contact``. ``state`` is waiting, active or ended: finer states are not the customer's."""
    state = {ACTIVE: "active", ENDED: "ended"}.get(contact.state, "waiting")
    agent = contact.agent
    return {
        "contact": contact.id,
        "state": state,
        "place": place_of(contact),
        "epoch": epoch(),
        "seq": contact.last_seq,
        "agent": {"name": agent.display_name, "initials": agent.initials} if agent else None,
        "typing_indicator": contact.skill.typing_indicator,
        "transcript_available": contact.skill.transcript_available,
        "end_reason": contact.end_reason,
    }
