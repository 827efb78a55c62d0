"""The bugs that prove the checkers. Each takes the application and breaks one promise in it."""

import re
import time

from sqlalchemy import inspect

from app import clock
from app.actions import agent_sessions, matching, message_log, offers, queueing, timers
from app.actions.message_batch import Batch, Outcome
from app.actions.message_log import MessageLog, text_event
from app.extensions import db
from app.models import Contact, Seat
from app.models.contact import ACTIVE
from app.models.message import JOINED
from app.models.offer import ACCEPTED, PENDING
from app.models.timer import OFFER_DEADLINE
from app.realtime import audience
from app.realtime.live import LiveSession
from app.realtime.repair import Repairer


def ack_before_commit(_app):
    """The sender hears "sent" a moment before anything is on disk."""

    def commit(log, entries):
        for entry in entries:
            entry.reply.settle(Outcome(entry, seq=1, at=clock.now()))
            entry.reply.flush()
        time.sleep(0.2)
        told = [one for one in log._store(entries).outcomes if one.error is None and not one.dup]
        heard = [(ears, text_event(one)) for one in told for ears in _readers(one)]
        log.bus.publish(heard)

    MessageLog._commit = commit


def _readers(outcome):
    return audience.readers(outcome.entry.contact_id, outcome.agent_id)


def no_unique_key(app):
    """Nobody remembers which ids were stored: neither the log nor the database."""
    judge = Batch.judge

    def forgetful(batch, entry):
        batch.seen.clear()
        judge(batch, entry)

    Batch.judge = forgetful
    with app.app_context(), db.engine.connect() as connection:
        if inspect(connection).get_unique_constraints("message"):
            _drop_unique_key(connection)


def _drop_unique_key(connection):
    """SQLite has no DROP CONSTRAINT: the (still empty) table is made again without it."""
    schema = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'message'").scalar_one()
    without = re.sub(r"CONSTRAINT \S+ UNIQUE \([^)]*\),?", "", schema)
    without = re.sub(r",\s*\)\s*$", "\n)", without)
    connection.exec_driver_sql("DROP TABLE message")
    connection.exec_driver_sql(without)
    connection.commit()


def no_replay(_app):
    """Who comes back goes live at once, without what was missed."""

    def replay(_repairer, session, subscription, pages=None):
        last = session.rows(subscription)
        subscription.cursor = last[-1].seq if last else subscription.cursor
        subscription.live = True

    Repairer.replay = replay


def no_cursor_check(_app):
    """Whatever the hub tells is passed on, seen or not; the telling is late, so that readers at the opening meet it."""

    def hear_line(session, event):
        subscription = session.subscriptions.get(event.contact)
        if subscription is not None:
            subscription.cursor = max(subscription.cursor, event.seq)
            session._push_text(event.text)

    tell = MessageLog._tell

    def tell_late(log, outcomes):
        time.sleep(0.05)
        tell(log, outcomes)

    LiveSession._hear_line = hear_line
    MessageLog._tell = tell_late


def lost_hints(_app):
    """Announcements of texts never arrive, and nobody polls for what was lost."""
    message_log.audience = type("Deaf", (), {"readers": staticmethod(lambda *_: [])})
    Repairer.poll = lambda repairer: None


def seat_kept(_app):
    """A contact that goes back to its queue leaves the agent's seat taken."""
    queueing.give_back_seat = lambda tx, contact_id: None


def zombie_accepts(_app):
    """Accepting compares nothing: an offer that is long over still gives the contact away."""

    def accept(offer_id, user):
        with offers.transaction() as tx:
            offer = offers._own(tx, offer_id, user)
            contact = offers.lock_contact(tx, offer.contact_id)
            if contact.state == "ENDED":
                raise offers.Stale()
            if offer.state == PENDING:
                offers._decide(tx, offer, ACCEPTED)
            contact.agent_id, contact.state = user.id, ACTIVE
            offers.add_line(tx, contact, JOINED, name=user.display_name)
        return contact

    from app.agent import contacts

    contacts.accept_offer = accept


def lapse_keeps_contacts(_app):
    """A lease that ran out ends the shift and forgets the contacts."""
    agent_sessions._release = lambda tx, contact, user_id, by: None


def one_seat_too_many(_app):
    """Where no seat is free, one more is put there."""

    def take(tx, user_id, contact_id):
        taken = tx.session.query(Seat.n).filter_by(user_id=user_id).count()
        tenant_id = tx.session.get(Contact, contact_id).tenant_id
        tx.session.add(Seat(tenant_id=tenant_id, user_id=user_id, n=taken + 1, contact_id=contact_id))
        return True

    matching.take_seat = take


def deadline_forgotten(_app):
    """Offers have no deadline: an agent who looks away keeps the contact for good."""
    arm = timers.arm

    def forgetful(tx, kind, subject, due_at):
        if kind != OFFER_DEADLINE:
            arm(tx, kind, subject, due_at)

    matching.arm = forgetful


BUGS = {
    bug.__name__: bug
    for bug in (
        ack_before_commit,
        no_unique_key,
        no_replay,
        no_cursor_check,
        lost_hints,
        seat_kept,
        zombie_accepts,
        lapse_keeps_contacts,
        one_seat_too_many,
        deadline_forgotten,
    )
}
