"""One batch of the message log: what each entry deserves, decided against what stands in the database. No I/O."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from .. import clock
from ..errors import CidConflict, ClavardageError, Ended, Forbidden
from ..models.contact import ACTIVE
from ..models.contact import ENDED as CONTACT_ENDED


class Reply(Protocol):
    """Where the outcome of one entry goes."""

    def settle(self, outcome: "Outcome") -> None:
        """Take the outcome without waiting."""

    def flush(self) -> None:
        """Send what has been settled."""


@dataclass(slots=True)
class Entry:
    """One text on its way into the log. ``agent_id`` is the user id when an agent speaks, else None."""

    contact_id: int
    sender: str
    agent_id: int | None
    name: str
    cid: str
    text: str
    reply: Reply


@dataclass(slots=True)
class Outcome:
    """``error`` is None when the line stands on disk with this number; ``dup`` says that it already did."""

    entry: Entry
    seq: int = 0
    at: datetime | None = None
    agent_id: int | None = None  # who has the contact now: the other reader
    dup: bool = False
    error: ClavardageError | None = None

    @property
    def at_text(self) -> str:
        """The moment in the form in which it travels."""
        return clock.iso(self.at)


@dataclass
class Batch:
    """What one transaction is going to do: outcomes in the order of the entries, rows and numbers to write."""

    at: datetime
    contacts: dict[int, Any]
    seen: dict[tuple, Any]
    last: dict[int, int] = field(default_factory=dict)
    rows: list[tuple] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def judge(self, entry: Entry) -> None:
        """Decide one entry against what stands in the database and what this batch has already taken."""
        contact = self.contacts.get(entry.contact_id)
        known = self.seen.get((entry.contact_id, entry.sender, entry.cid))
        outcome = Outcome(entry)
        self.outcomes.append(outcome)
        if known is not None:
            outcome.seq, text, outcome.at = known
            outcome.dup = True
            if text != entry.text:
                outcome.error = CidConflict()
        elif contact is None or (entry.agent_id is not None and contact.agent_id != entry.agent_id):
            outcome.error = Forbidden()
        elif contact.state == CONTACT_ENDED:
            outcome.error = Ended()
        elif entry.agent_id is not None and contact.state != ACTIVE:
            outcome.error = Forbidden()
        else:
            self._take(outcome, contact)

    def _take(self, outcome: Outcome, contact) -> None:
        entry = outcome.entry
        outcome.seq = self.last[contact.id] = self.last.get(contact.id, contact.last_seq) + 1
        outcome.at = self.at
        outcome.agent_id = contact.agent_id
        self.seen[entry.contact_id, entry.sender, entry.cid] = (outcome.seq, entry.text, self.at)
        self.rows.append((contact.id, outcome.seq, contact.tenant_id, entry.sender, entry.name, entry.cid, entry.text))
