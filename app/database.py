"""How a connection behaves: SQLite's pragmas, how a write begins, and the one gate that writers pass on SQLite."""

import logging
import sqlite3
import threading
import time
from contextlib import nullcontext

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from .errors import Busy
from .offload import offload

log = logging.getLogger(__name__)

WRITE = {"clavardage_write": True}
BUSY_MILLISECONDS = 50
BUSY_GIVE_UP_SECONDS = 5.0
READ_ONLY = "25006"  # PostgreSQL's word for a standby that has been asked to write
DATABASE_ERRORS = (DBAPIError, PoolTimeout)


def prepare_engine(engine: Engine) -> None:
    """Bind the rules of this file to an engine; to be called once, before its first connection."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _on_postgres_connect)


def _on_postgres_connect(connection, _record) -> None:
    """An acknowledgement means "on disk": whatever the database was set to, our commits wait for that."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_commit'), current_setting('fsync')")
        synchronous, fsync = cursor.fetchone()
        if synchronous == "off":
            cursor.execute("SET synchronous_commit TO on")
    connection.commit()
    if fsync == "off":
        log.warning("PostgreSQL runs with fsync off: what is acknowledged can be lost with the power")


def _on_sqlite_connect(connection: sqlite3.Connection, _record) -> None:
    # The driver's own implicit BEGIN is deferred and comes too late; we say BEGIN ourselves.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        # NORMAL would acknowledge commits that are not yet on disk.
        "synchronous=FULL",
        "foreign_keys=ON",
        # A wait inside SQLite stops the whole process under gevent: short here, repeated politely in begin_write().
        f"busy_timeout={BUSY_MILLISECONDS}",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_sqlite_begin(connection) -> None:
    if not connection.get_execution_options().get("clavardage_write"):
        connection.exec_driver_sql("BEGIN")
        return
    # IMMEDIATE: a deferred transaction that turns into a writer half-way fails without waiting.
    deadline = time.monotonic() + BUSY_GIVE_UP_SECONDS
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)  # under gevent this lets the others run


class Gate:
    """On SQLite every write transaction of the process passes here, one at a time; elsewhere it is open.

    Two greenlets that met inside SQLite would stop the process: the one that waits for the lock holds the only thread
    that the other needs to finish.
    """

    def __init__(self, engine: Engine):
        self.sqlite = engine.dialect.name == "sqlite"
        self._lock = threading.Lock()

    def passing(self):
        """A context manager for one write transaction."""
        return self._lock if self.sqlite else nullcontext()

    def commit_durably(self, connection) -> None:
        """The commit with its fsync, off the hub on SQLite; the caller still ends its SQLAlchemy transaction."""
        if not self.sqlite:
            return
        try:
            offload(connection.connection.driver_connection.commit)
        except sqlite3.Error as error:  # the driver was called directly: dress its error as SQLAlchemy would have
            raise OperationalError("COMMIT", None, error) from error


def translated(error: DBAPIError | PoolTimeout) -> Exception:
    """``Busy`` for a database that cannot take it now (locked, full, read-only, away, no connection left); other
    errors as they are."""
    reason = getattr(error, "orig", error)
    read_only = getattr(reason, "sqlstate", None) == READ_ONLY
    if isinstance(error, OperationalError | PoolTimeout) or error.connection_invalidated or read_only:
        log.warning("database unavailable", extra={"reason": type(reason).__name__})
        return Busy(retry_seconds=1)
    return error
