"""The statements of one batch, each once for the whole batch and in the form that its database takes fastest.

Written as text: expanding parameters row by row cost more than half of a batch (docs/benchmarks.md). The names are the
schema's; a suite on both databases runs every statement.
"""

import json
from typing import Any

from sqlalchemy import Connection, Dialect, text

from ..models import Contact, Message
from ..models.message import TEXT

_C, _M = Contact.__table__.c, Message.__table__.c
_CONTACTS = "SELECT id, tenant_id, state, last_seq, agent_id FROM contact WHERE id"
_SEEN = "SELECT contact_id, sender, cid, seq, text, at FROM"
_INTO = "INSERT INTO message (contact_id, seq, tenant_id, sender, name, cid, text, at, kind)"
_COLUMNS = (_C.id, _C.tenant_id, _C.state, _C.last_seq, _C.agent_id)
_SEEN_COLUMNS = (_M.contact_id, _M.sender, _M.cid, _M.seq, _M.text, _M.at)

Row = tuple[int, int, int, str, str, str, str]  # contact, seq, tenant, sender, name, cid, text


class SqliteStore:
    """A list goes in as JSON; rows go in by the driver's own loop."""

    one_of = "IN (SELECT value FROM json_each(:wanted))"
    lock = ""
    same_ids = "message WHERE cid IN (SELECT value FROM json_each(:wanted))"
    insert = f"{_INTO} VALUES (?, ?, ?, ?, ?, ?, ?, ?, '{TEXT}')"
    number = "UPDATE contact SET last_seq = ? WHERE id = ?"

    def __init__(self, dialect: Dialect):
        self._stored_moment = _M.at.type.bind_processor(dialect)
        self._contacts = text(f"{_CONTACTS} {self.one_of} ORDER BY id {self.lock}").columns(*_COLUMNS)
        self._seen = text(f"{_SEEN} {self.same_ids}").columns(*_SEEN_COLUMNS)

    def parameter(self, values: list) -> Any:
        """A list as this database takes it."""
        return json.dumps(values)

    def contacts(self, connection: Connection, ids: set[int]) -> dict[int, Any]:
        """The rows of these contacts, locked in the order of their ids, or processes deadlock."""
        found = connection.execute(self._contacts, {"wanted": self.parameter(sorted(ids))})
        return {row.id: row for row in found}

    def seen(self, connection: Connection, cids: list[str]) -> dict[tuple, tuple]:
        """What stands already under these ids: (contact, sender, cid) -> (seq, text, at)."""
        found = connection.execute(self._seen, {"wanted": self.parameter(cids)})
        return {(contact, sender, cid): (seq, said, at) for contact, sender, cid, seq, said, at in found}

    def write(self, connection: Connection, rows: list[Row], at, last: dict[int, int]) -> None:
        """Insert the lines and count their contacts on."""
        moment = self._stored_moment(at)
        connection.exec_driver_sql(self.insert, [(*row, moment) for row in rows])
        connection.exec_driver_sql(self.number, [(seq, contact) for contact, seq in last.items()])


class PostgresStore(SqliteStore):
    """A list goes in as an array, all rows as one statement: one way to the server instead of one per row."""

    one_of = "= ANY(:wanted)"
    lock = "FOR UPDATE"
    # Id by id: as one condition, a planner without statistics reads the whole table for each batch.
    same_ids = (
        "unnest(CAST(:wanted AS text[])) AS one(wanted) CROSS JOIN LATERAL "
        "(SELECT * FROM message WHERE cid = one.wanted OFFSET 0) AS message"
    )
    insert = (
        f"{_INTO} SELECT row.*, %s, '{TEXT}' FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], "  # noqa: S608 - constants
        "%s::text[], %s::text[], %s::text[], %s::text[]) AS row"
    )
    number = (
        "UPDATE contact SET last_seq = now.seq FROM unnest(%s::bigint[], %s::bigint[]) AS now(id, seq) "
        "WHERE contact.id = now.id"
    )

    def parameter(self, values: list) -> Any:
        return values

    def write(self, connection: Connection, rows: list[Row], at, last: dict[int, int]) -> None:
        columns = [list(column) for column in zip(*rows, strict=True)]
        connection.exec_driver_sql(self.insert, (self._stored_moment(at), *columns))
        connection.exec_driver_sql(self.number, (list(last), list(last.values())))


def store_for(dialect: Dialect) -> SqliteStore:
    """The statements for this database."""
    return SqliteStore(dialect) if dialect.name == "sqlite" else PostgresStore(dialect)
