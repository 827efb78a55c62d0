"""The books of a message crash test: what was sent, acknowledged, stored and heard, and what is wrong with them."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from sqlalchemy import create_engine, text

Key = tuple[int, str, str]  # contact, sender, cid


@dataclass(frozen=True)
class Violation:
    """``kind``: lost, doubled, altered, holes, unheard, order, unacknowledged, refused."""

    kind: str
    what: str


@dataclass
class Books:
    """Kept by the clients while they talk. ``heard``: reader -> contact -> the lines as the page shows them."""

    sent: dict[Key, str] = field(default_factory=dict)
    acked: dict[Key, int] = field(default_factory=dict)
    heard: dict[str, dict[int, list[dict]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    faults: list[Violation] = field(default_factory=list)

    def fault(self, kind: str, what: str):
        """Something a client saw that must not be."""
        self.faults.append(Violation(kind, what))


def stored_lines(database_url: str) -> dict[int, list[dict]]:
    """Every line of every contact, in the order of the numbers."""
    engine = create_engine(database_url)
    query = text("SELECT contact_id, seq, kind, sender, cid, text FROM message ORDER BY contact_id, seq")
    lines = defaultdict(list)
    with engine.connect() as connection:
        for row in connection.execute(query).mappings():
            lines[row["contact_id"]].append(dict(row))
    engine.dispose()
    return lines


def violations(books: Books, stored: dict[int, list[dict]]) -> list[Violation]:
    """Everything that breaks the first promise: no lost word, once, in one order, for everyone."""
    found = list(books.faults)
    by_key = defaultdict(list)
    for contact, lines in stored.items():
        if [line["seq"] for line in lines] != list(range(1, len(lines) + 1)):
            found.append(Violation("holes", f"contact {contact}: {[line['seq'] for line in lines]}"))
        for line in lines:
            by_key[contact, line["sender"], line["cid"]].append(line)
    for key, lines in by_key.items():
        if len(lines) > 1:
            found.append(Violation("doubled", f"{key} stands at {[line['seq'] for line in lines]}"))
        if key in books.sent and books.sent[key] != lines[0]["text"]:
            found.append(Violation("altered", f"{key}: {lines[0]['text']!r}"))
    found += _of_senders(books, by_key)
    for reader, contacts in books.heard.items():
        for contact, heard in contacts.items():
            found += _of_reader(f"{reader} in {contact}", heard, stored.get(contact, []))
    return found


def _of_senders(books: Books, by_key: dict[Key, list[dict]]) -> list[Violation]:
    found = []
    for key in books.sent:
        seq = books.acked.get(key)
        if seq is None:
            found.append(Violation("unacknowledged", str(key)))
        elif key not in by_key:
            found.append(Violation("lost", str(key)))
        elif seq not in [line["seq"] for line in by_key[key]]:
            found.append(Violation("altered", f"{key} was acknowledged as {seq}"))
    return found


def _of_reader(who: str, heard: list[dict], lines: list[dict]) -> list[Violation]:
    shown, expected = ([(line["seq"], line["cid"], line.get("text", "")) for line in log] for log in (heard, lines))
    if shown == expected:
        return []
    found = []
    if missing := set(expected) - set(shown):
        found.append(Violation("unheard", f"{who}: {sorted(missing)[:5]}"))
    if max(Counter(shown).values(), default=1) > 1:
        found.append(Violation("doubled", f"{who} was shown a line twice"))
    if set(shown) - set(expected) or not found:
        found.append(Violation("order", f"{who}: {len(shown)} lines shown, {len(expected)} stored"))
    return found
