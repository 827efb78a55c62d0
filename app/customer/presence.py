"""A page that asks is a customer who is there."""

from datetime import timedelta

from .. import clock
from ..actions.presence import see_customers
from ..models import ChatSession

WRITTEN_EVERY = timedelta(seconds=10)


def seen_now(chat: ChatSession) -> None:
    """Note that this customer has a link; written at most every ten seconds, and only while they wait."""
    if chat.contact.waiting and clock.now() - chat.last_seen_at > WRITTEN_EVERY:
        see_customers([chat.contact_id])
