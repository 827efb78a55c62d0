"""What a face must be able to answer for an open socket, and the values that go back and forth."""

import json
from dataclasses import dataclass, field
from typing import Protocol

from .events import Event, LineAdded
from .limits import Bucket


class Refusal(Exception):
    """The socket is to be closed with this code (docs/protocol.md); ``retry_ms`` is told before, with ``bye``."""

    def __init__(self, code: int, retry_ms: int | None = None):
        super().__init__(code)
        self.code = code
        self.retry_ms = retry_ms


@dataclass(slots=True, eq=False)
class Subscription:
    """A reader's place in one contact's log. ``cursor``: the last number sent; ``live``: the hub feeds it directly."""

    contact: int
    cursor: int
    live: bool = False
    behind: bool = False


@dataclass
class Opening:
    """The door's answer to ``hello``."""

    audiences: list[str]
    subscriptions: list[Subscription]
    bucket: Bucket
    epoch: str
    session: str
    news: list[Event] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)  # contacts the page asked for that are not theirs (any more)


class Door(Protocol):
    """One per socket. Each call opens and closes its own application context; none is held while waiting."""

    role: str  # "customer" or "agent": whose own typing is not told back
    sign_in: int | None  # the sign-in behind it, for revocation

    def open(self, hello: dict) -> Opening:
        """Check who it is. Raises ``Refusal``."""

    def subscribe(self, frame: dict) -> tuple[Subscription, str] | None:
        """One more contact, with the epoch; None when it is not theirs."""

    def rows(self, contact: int, after: int, limit: int) -> list[LineAdded]:
        """Lines of a subscribed contact behind a number."""

    def post(self, contact: int, cid: str, text: object, reply) -> str | None:
        """Hand a text to the message log; the code of a refusal that is clear at once, else None."""

    def typing(self, contact: int, on: bool) -> None:
        """Tell the other side."""

    def close(self) -> None:
        """The socket is gone."""


def contacts_asked(hello: dict) -> list[int]:
    """The contacts that ``hello`` names, each once; at most 100."""
    subs = hello.get("subs")
    named = [sub.get("contact") for sub in subs if isinstance(sub, dict)] if isinstance(subs, list) else []
    return [contact for contact in dict.fromkeys(n for n in named[:100] if type(n) is int) if 0 < contact < 2**53]


def cursor_of(hello: dict, contact_id: int, now_epoch: str) -> int:
    """The page's cursor for a contact in ``hello`` or ``subscribe``; 0 when it has none, or one of another epoch."""
    subs = hello.get("subs")
    for sub in subs if isinstance(subs, list) else ():
        if isinstance(sub, dict) and sub.get("contact") == contact_id:
            after = sub.get("after")
            if type(after) is int and 0 <= after < 2**53 and sub.get("epoch") in (None, "", now_epoch):
                return after
    return 0


def parsed(text: str | bytes | None) -> dict | None:
    """The frame as an object; None for anything that is not a JSON object in text."""
    if not isinstance(text, str):
        return None
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None
