"""SQLite held by a foreign process: busy is said, nothing is lost, and it heals."""

import sqlite3

import pytest

from app.errors import Busy
from app.extensions import db
from app.transaction import transaction
from tests.actions.test_message_log import post


@pytest.fixture
def locked(cast, monkeypatch):
    """A connection of somebody else that holds the write lock until it is told to let go."""
    monkeypatch.setattr("app.database.BUSY_GIVE_UP_SECONDS", 0.1)
    foreign = sqlite3.connect(db.engine.url.database, isolation_level=None)
    yield foreign
    foreign.close()


def test_a_message_is_told_busy_and_the_next_one_stands(cast, locked):
    contact = cast.talking()
    db.session.rollback()
    locked.execute("BEGIN IMMEDIATE")
    outcome = post(contact, "while locked").outcome
    assert (outcome.error.code, outcome.error.retry_seconds) == ("busy", 1)
    locked.execute("ROLLBACK")
    assert post(contact, "after").outcome.error is None


def test_an_action_says_busy_and_has_changed_nothing(cast, locked):
    contact = cast.talking()
    version = contact.version
    db.session.rollback()
    locked.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy), transaction() as tx:
        tx.session.get(type(contact), contact.id).version = 99
    locked.execute("ROLLBACK")
    assert cast.again(contact).version == version
