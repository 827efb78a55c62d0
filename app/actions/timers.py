"""Deadlines as rows: armed and called off inside the transaction they belong to, fired by any process."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from .. import clock
from ..models import Timer
from ..transaction import Transaction, transaction

CLAIM = timedelta(seconds=10)  # firing takes milliseconds; after a kill nobody should wait long for it


def arm(tx: Transaction, kind: str, subject, due_at: datetime) -> None:
    """Set the one timer of ``kind`` for ``subject`` (a model with id and tenant_id), replacing an older one."""
    disarm(tx, kind, subject.id)
    tx.session.add(Timer(tenant_id=subject.tenant_id, kind=kind, subject_id=subject.id, due_at=due_at))


def disarm(tx: Transaction, kind: str, subject_id: int) -> None:
    """Call the timer off; one that is not there is no error."""
    tx.session.execute(delete(Timer).where(Timer.kind == kind, Timer.subject_id == subject_id))


def claim_due(kinds: Iterable[str], limit: int = 50) -> list[tuple[str, int]]:
    """Take up to ``limit`` due timers of these kinds for this process for 10 s; returns their (kind, subject id).

    A process that dies with them in hand loses nothing: the claim runs out and another fires them.
    """
    moment = clock.now()
    due = (
        Timer.kind.in_(kinds),
        Timer.due_at <= moment,
        or_(Timer.claimed_until.is_(None), Timer.claimed_until < moment),
    )
    if not _anything(due):
        return []
    with transaction() as tx:
        ids = tx.session.scalars(
            select(Timer.id).where(*due).order_by(Timer.due_at).limit(limit).with_for_update(skip_locked=True)
        ).all()
        rows = tx.session.execute(
            update(Timer)
            .where(Timer.id.in_(ids))
            .values(claimed_until=moment + CLAIM)
            .returning(Timer.kind, Timer.subject_id)
        ).all()
    return [(kind, subject_id) for kind, subject_id in rows]


def _anything(due) -> bool:
    """Look before locking: most sweeps find nothing, and a write transaction costs everybody."""
    from ..extensions import db

    session = db.session()
    found = session.scalar(select(Timer.id).where(*due).limit(1)) is not None
    session.rollback()
    return found
