"""How a chat stands, in the words of the customer's page."""

from ..access import epoch
from ..actions.mail import mail_offered
from ..models import Contact
from ..models.aftermath import chat_of
from .standing import ending_part, idle_part, waiting_part


def snapshot(contact: Contact) -> dict:
    """The answer of ``/chat/contact``. ``state`` is waiting, active, ending or ended: finer ones are not theirs."""
    language = chat_of(contact).language
    agent = contact.agent
    return {
        "contact": contact.id,
        "epoch": epoch(),
        "seq": contact.last_seq,
        "agent": {"name": agent.display_name, "initials": agent.initials} if agent else None,
        "typing_indicator": contact.skill.typing_indicator,
        "transcript_available": contact.skill.transcript_available,
        "mail_offered": mail_offered(contact),
        **waiting_part(contact, language),
        **ending_part(contact, language),
        **idle_part(contact),
        "language": language,
        "email": contact.customer_email,
    }
