"""Shifts: begun, changed in state, kept alive by the lease, ended by the agent or by silence."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import bindparam, or_, select, update

from .. import clock
from ..errors import Invalid, Stale
from ..extensions import db
from ..models import AgentSession, Contact, Offer, User
from ..models.agent_session import AGENT_STATES, AVAILABLE, UNAVAILABLE
from ..models.contact import ACTIVE, OFFERED
from ..models.message import REQUEUED
from ..models.offer import PENDING
from ..models.timer import AGENT_LEASE
from ..realtime import audience
from ..realtime.events import AgentStateChanged, ContactChanged, ContactLost
from ..transaction import Transaction, transaction
from . import offers, wrap_up
from .audit import SYSTEM, Actor, actor, record
from .lines import add_line, lock_contact
from .matching import match_agent
from .queueing import back_to_queue
from .seats import fit_seats, seats_taken
from .shift_state import become_unavailable, enter, open_shift
from .timers import arm, disarm


def begin_shift(user: User) -> AgentSession:
    """The user's running shift, or a new one in state Unavailable: presence alone never means "ready"."""
    running = db.session.scalar(
        select(AgentSession).where(AgentSession.user_id == user.id, AgentSession.ended_at.is_(None))
    )
    if running is not None:  # every poll of a console comes here: a look costs nobody a write
        if running.lease_until - clock.now() < _lease() / 2:  # back after a silence: the next beat may be too late
            prolong_leases({user.id: 0})
        return running
    with transaction() as tx:
        # Two tabs that come back at once begin one shift. Not a lock that the foreign keys of others would wait for.
        tx.session.get(User, user.id, with_for_update={"key_share": True}, populate_existing=True)
        shift = open_shift(tx, user.id)
        if shift is None:
            moment = clock.now()
            shift = AgentSession(
                tenant_id=user.tenant_id,
                user_id=user.id,
                state=UNAVAILABLE,
                reason="",
                state_since=moment,
                lease_until=moment + _lease(),
                started_at=moment,
            )
            tx.session.add(shift)
            tx.session.flush()
            fit_seats(tx, user)
            arm(tx, AGENT_LEASE, shift, shift.lease_until)
            record(tx, actor(user), shift, "state", None, UNAVAILABLE)
            tx.announce(audience.agent(user.id), AgentStateChanged())
    return shift


def set_state(user: User, state: str, reason: str = "") -> AgentSession:
    """Available or Unavailable, now or when running contacts are done. Raises ``Invalid``; ``Stale`` without shift."""
    if state not in AGENT_STATES or len(reason) > 60:
        raise Invalid(field="state")
    with transaction() as tx:
        shift = open_shift(tx, user.id)
        if shift is None:
            raise Stale()
        if state == AVAILABLE:
            enter(tx, shift, AVAILABLE, "", actor(user))
            user_id = user.id
            tx.then(lambda: match_agent(user_id))
        elif shift.state == AVAILABLE:
            become_unavailable(tx, shift, reason, actor(user))
        else:
            enter(tx, shift, UNAVAILABLE, reason, actor(user))
    return shift


def prolong_leases(heard: dict[int, float]) -> None:
    """``heard``: user id -> seconds since that user's console was last heard. One write for the whole process."""
    if not heard:
        return
    moment = clock.now()
    rows = [
        {"person": user_id, "until": moment + _lease() - timedelta(seconds=silent)} for user_id, silent in heard.items()
    ]
    prolong = (
        update(AgentSession.__table__)
        .where(
            AgentSession.user_id == bindparam("person"),
            AgentSession.ended_at.is_(None),
            AgentSession.lease_until < bindparam("until"),
        )
        .values(lease_until=bindparam("until"))
    )
    with transaction() as tx:
        tx.session.connection().execute(prolong, sorted(rows, key=lambda row: row["person"]))


def check_lease(session_id: int) -> None:
    """The lease's timer went off: set it anew if the agent was heard meanwhile, else the shift is over."""
    with transaction() as tx:
        shift = tx.session.get(AgentSession, session_id)
        if shift is None or shift.ended_at is not None:
            disarm(tx, AGENT_LEASE, session_id)
        elif shift.lease_until > clock.now():
            arm(tx, AGENT_LEASE, shift, shift.lease_until)
        else:
            _end(tx, shift.user_id, "network_lost", SYSTEM)


def end_shift(user: User, *, requeue: bool = False) -> bool:
    """Sign out of work. With contacts running: False and nothing happens, unless they are to go back (``requeue``)."""
    user_id = user.id
    with transaction() as tx:
        if seats_taken(tx, user_id) and not requeue:
            return False
        _end(tx, user_id, "signed_out", actor(user))
    return True


def _end(tx: Transaction, user_id: int, cause: str, by: Actor) -> None:
    """Nobody may be stranded: offers return, active contacts go back to the front, wrap-ups are closed."""
    held = _lock_held(tx, user_id)
    shift = open_shift(tx, user_id)
    if shift is None or (cause == "network_lost" and shift.lease_until > clock.now()):
        return
    # Between the first look and the lock on the shift another contact may have come.
    for contact in held + [new for new in _lock_held(tx, user_id) if new not in held]:
        _release(tx, contact, user_id, by)
    shift.ended_at = clock.now()
    shift.end_cause = cause
    disarm(tx, AGENT_LEASE, shift.id)
    record(tx, by, shift, "state", shift.state, "signed out", cause)
    tx.announce(audience.agent(user_id), AgentStateChanged())


def _lock_held(tx: Transaction, user_id: int) -> list[Contact]:
    """Everything the agent holds, locked in the order of the ids and before the shift: the order all actions keep."""
    offered = select(Offer.contact_id).where(Offer.user_id == user_id, Offer.state == PENDING)
    held = or_(
        (Contact.agent_id == user_id) & (Contact.state == ACTIVE),
        Contact.wrap_up_agent_id == user_id,
        Contact.id.in_(offered),
    )
    ids = tx.session.scalars(select(Contact.id).where(held).order_by(Contact.id)).all()
    return [lock_contact(tx, contact_id) for contact_id in ids]


def _release(tx: Transaction, contact: Contact, user_id: int, by: Actor) -> None:
    if contact.state == ACTIVE and contact.agent_id == user_id:
        _requeue(tx, contact, "agent_lost", by)
    elif contact.wrap_up_agent_id == user_id:
        wrap_up.abandon(tx, contact)
    elif contact.state == OFFERED:
        pending = (Offer.contact_id == contact.id, Offer.user_id == user_id, Offer.state == PENDING)
        offer = tx.session.scalar(select(Offer).where(*pending))
        if offer is not None:
            offers.lose_offer(tx, offer)


def _requeue(tx: Transaction, contact: Contact, reason: str, by: Actor) -> None:
    """Back to the queue with the time of arrival kept: that is its front."""
    agent_id = contact.agent_id
    back_to_queue(tx, contact, by, reason)
    add_line(tx, contact, REQUEUED, data={"reason": reason})
    tx.announce(audience.customer(contact.id), ContactChanged(contact=contact.id))
    tx.announce(audience.agent(agent_id), ContactLost(contact=contact.id))


def _lease() -> timedelta:
    return timedelta(seconds=current_app.config["LEASE_SECONDS"])
