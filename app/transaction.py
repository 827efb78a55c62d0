"""The one room where things are committed: commit first, then tell.

Everything announced inside is published only after the commit is on disk; on an error nothing was ever said.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy.orm import Session

from .database import DATABASE_ERRORS, WRITE, Gate, translated
from .errors import ClavardageError
from .extensions import db
from .realtime.bus import Bus
from .realtime.events import Event

log = logging.getLogger(__name__)


class Transaction:
    """What an action holds while it writes: the session, and the announcements to come."""

    def __init__(self, session: Session):
        self.session = session
        self.announcements: list[tuple[str, Event]] = []
        self.afterwards: list[Callable[[], None]] = []

    def announce(self, audiences: str | list[str], event: Event) -> None:
        """Tell ``event`` to one audience or several, once the commit is on disk."""
        for audience in [audiences] if isinstance(audiences, str) else audiences:
            self.announcements.append((audience, event))

    def then(self, work: Callable[[], None]) -> None:
        """Run ``work`` after the commit and the announcements. It may be lost in a crash, so it may only hurry things
        that the sweeper would do anyway."""
        self.afterwards.append(work)


@contextmanager
def transaction() -> Iterator[Transaction]:
    """One write transaction. Not to be nested; nothing inside may wait for the network or sleep.

    Objects that were read before are read again inside, so an action always decides on what stands now.
    Raises ``Busy`` when the database cannot take it.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("a transaction was opened inside another; pass tx on instead")
    session.rollback()
    gate: Gate = current_app.extensions["gate"]
    tx = Transaction(session)
    with gate.passing():
        session.info["writing"] = True
        try:
            connection = session.connection(execution_options=WRITE)
            yield tx
            session.flush()
            gate.commit_durably(connection)
            session.commit()
        except DATABASE_ERRORS as error:
            session.rollback()
            raise translated(error) from error
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)
    publish(tx.announcements)
    for work in tx.afterwards:
        try:
            work()
        except ClavardageError:  # what was asked for is done; the sweeper does the rest
            log.info("left to the sweeper", exc_info=True)


def publish(announcements: list[tuple[str, Event]]) -> None:
    """Hand announcements of a finished commit to the bus."""
    if announcements:
        bus: Bus = current_app.extensions["bus"]
        bus.publish(announcements)
