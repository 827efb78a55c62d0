"""Parts of the snapshot: how a customer waits, and what they find when their chat is over."""

from .. import clock
from ..actions.idleness import carried_policy, seconds_to_close
from ..actions.places import queue_news
from ..actions.ratings import may_rate
from ..models import Contact
from ..models.aftermath import ended_by, score_of
from ..models.contact import ACTIVE, ENDED
from ..texts import in_language

STATES = {ACTIVE: "active", ENDED: "ended"}


def waiting_part(contact: Contact, language: str) -> dict:
    """Place, estimate and the script's message, as the `queue` frame tells them; all empty for who does not wait."""
    news = queue_news(contact, language)
    return {
        "place": news.place if news else None,
        "wait_minutes": news.wait_minutes if news else None,
        "queue_message": (news and news.queue_message) or "",
    }


def idle_part(contact: Contact) -> dict:
    """The time-out of a quiet customer: after how many seconds it warns, and how many are left once it has."""
    policy = carried_policy(contact)
    return {"idle_seconds": policy.idle_seconds if policy else None, "closing_seconds": seconds_to_close(contact)}


def ending_part(contact: Contact, language: str) -> dict:
    """The state, and everything around the end."""
    over = contact.state == ENDED
    ending = contact.ending_at is not None and not over
    left = max(0.0, (contact.ending_at - clock.now()).total_seconds()) if ending else None
    return {
        "state": "ending" if ending else STATES.get(contact.state, "waiting"),
        "ending_seconds": left,
        "end_reason": contact.end_reason,
        "end_by": ended_by(contact),
        "thank_you": _thank_you(contact, language) if over else None,
        "rating": {"asked": may_rate(contact, contact.skill), "score": score_of(contact) if over else None},
        "left_message": contact.left_message,
    }


def _thank_you(contact: Contact, language: str) -> dict | None:
    skill = contact.skill
    if not skill.thank_you_enabled:
        return None
    default = contact.tenant.default_language
    text, words = (in_language(texts, language, default) for texts in (skill.thank_you_text, skill.thank_you_link_text))
    url = skill.thank_you_url if skill.thank_you_url.startswith("https://") else ""
    link = {"text": words or url, "url": url} if url else None
    return {"text": text, "link": link} if text or link else None
