"""The customer who has gone quiet is warned, and then the chat is closed (rule R24 of docs/rules.md).

Only one timer per running chat, and none of the message path's time: when it fires, the log itself says who owes the
next word. A line that came meanwhile only makes the moment later, so looking again at that moment is never too late.
"""

from datetime import timedelta

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from .. import clock
from ..extensions import db
from ..models import Contact, PointOfContact, Skill, Tenant
from ..models.aftermath import chat_of, last_spoken
from ..models.contact import ACTIVE
from ..models.message import TEXT
from ..models.timer import CUSTOMER_IDLE
from ..realtime import audience
from ..realtime.events import ContactChanged
from ..routing.idleness import IdlePolicy, Next, Quiet, after_transfer, next_step, policy_of
from ..routing.script import filled
from ..texts import in_language
from ..transaction import Transaction, transaction
from .audit import SYSTEM, record
from .contacts import finish
from .lines import CUSTOMER as BY_CUSTOMER
from .lines import add_line, lock_contact
from .timers import arm, disarm

REASON = "customer_idle"


def carried_policy(contact: Contact) -> IdlePolicy | None:
    """The time-out that governs this contact."""
    return IdlePolicy(**contact.idle_policy) if contact.idle_policy else None


def give_policy(contact: Contact, poc: PointOfContact) -> None:
    """A new contact takes over the time-out of the entry's default skill; later edits of that skill do not reach it."""
    contact.timeout_follows = poc.effective_timeout_follows
    _put(contact, policy_of(poc.default_skill))


def pass_policy_on(contact: Contact, skill: Skill) -> None:
    """The contact, locked, is now in another ``skill``: which time-out governs from here on?"""
    _put(contact, after_transfer(contact.timeout_follows, carried_policy(contact), policy_of(skill)))


def watch(tx: Transaction, contact: Contact) -> None:
    """An agent has come: from now on a quiet customer is noticed. ``contact`` must be locked."""
    policy = carried_policy(contact)
    disarm(tx, CUSTOMER_IDLE, contact.id)  # of an agent before, perhaps under another policy
    if policy is not None and not contact.left_message:
        arm(tx, CUSTOMER_IDLE, contact, clock.now() + timedelta(seconds=policy.idle_seconds))


def stir(contact_id: int) -> Contact:
    """The customer says that they are still there, without a line: the time begins anew, and a warning is over.

    Where no time-out governs, nothing is written.
    """
    contact = db.session.get(Contact, contact_id)
    if contact.state != ACTIVE or not contact.idle_policy:
        return contact
    with transaction() as tx:
        contact = lock_contact(tx, contact_id)
        if contact.state == ACTIVE and contact.idle_policy:
            contact.stirred_at = clock.now()
            tx.announce(audience.readers(contact.id, contact.agent_id), ContactChanged(contact=contact.id))
    return contact


def look_at_quiet(contact_id: int) -> None:
    """The timer fired: warn, close, or look again at the moment when that may be due."""
    with transaction() as tx:
        contact = lock_contact(tx, contact_id)
        policy = carried_policy(contact) if contact is not None else None
        if policy is None or contact.state != ACTIVE:
            disarm(tx, CUSTOMER_IDLE, contact_id)  # whoever accepts it next arms it again
            return
        step = next_step(policy, quiet_of(contact), clock.now())
        if step.what is Next.CLOSE:
            _close(tx, contact, policy)
            return
        if step.what is Next.WARN:
            _warn(tx, contact, policy)
        arm(tx, CUSTOMER_IDLE, contact, step.at)


def quiet_of(contact: Contact) -> Quiet:
    """Who spoke last, and what else is known of the customer's silence."""
    last = last_spoken(contact)
    owes_since = last.at if last is not None and last.sender != BY_CUSTOMER else None
    return Quiet(owes_since, contact.stirred_at, contact.idle_warned_at)


def seconds_to_close(contact: Contact) -> float | None:
    """Of a warning that stands: the seconds until the chat closes; None where none does."""
    policy = carried_policy(contact)
    if policy is None or contact.state != ACTIVE or contact.idle_warned_at is None or not quiet_of(contact).warned:
        return None
    closes = contact.idle_warned_at + timedelta(seconds=policy.countdown_seconds)
    return max(0.0, (closes - clock.now()).total_seconds())


def _put(contact: Contact, policy: IdlePolicy | None) -> None:
    contact.idle_policy = policy.packed() if policy else None


def _warn(tx: Transaction, contact: Contact, policy: IdlePolicy) -> None:
    contact.idle_warned_at = clock.now()
    seconds = policy.countdown_seconds
    record(tx, SYSTEM, contact, "idle_warned", None, seconds, _source(policy))
    own = _own_words(tx, contact, policy.warning, seconds)
    with force_locale(chat_of(contact).language):
        add_line(tx, contact, TEXT, text=own or _warning(seconds))
    tx.announce(audience.customer(contact.id), ContactChanged(contact=contact.id))


def _close(tx: Transaction, contact: Contact, policy: IdlePolicy) -> None:
    own = _own_words(tx, contact, policy.closing, policy.countdown_seconds)
    with force_locale(chat_of(contact).language):
        add_line(tx, contact, TEXT, text=own or _("The chat was closed because nothing was written for a while."))
    record(tx, SYSTEM, contact, "idle_closed", None, policy.idle_seconds, _source(policy))
    finish(tx, contact, REASON, SYSTEM)


def _warning(seconds: int) -> str:
    left = ngettext("Ending in %(count)s second", "Ending in %(count)s seconds", seconds, count=seconds)
    return f"{_('Are you still there?')} {left}"


def _own_words(tx: Transaction, contact: Contact, texts: dict[str, str], seconds: int) -> str:
    tenant = tx.session.get(Tenant, contact.tenant_id)
    return filled(in_language(texts, chat_of(contact).language, tenant.default_language), {"seconds": str(seconds)})


def _source(policy: IdlePolicy) -> str:
    return f"messaging time-out of {policy.skill}"
