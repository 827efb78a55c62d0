"""What can be announced. Past-tense facts; each knows the frame in which it travels to a page (docs/protocol.md)."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from .frames import encode_text

encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def ack(contact: int, cid: str, seq: int, at: str, dup: bool) -> str:
    """The acknowledgement of a stored line, by hand like the line itself (see ``LineAdded.written``)."""
    repeat = ',"dup":true' if dup else ""
    return f'{{"t":"ack","contact":{contact},"cid":"{cid}","seq":{seq},"at":"{at}"{repeat}}}'


@dataclass(eq=False)
class Event:
    """Base of all events. ``contact`` is the contact it speaks of, or none."""

    registry: ClassVar[dict[str, type["Event"]]] = {}
    contact: int | None = field(default=None, kw_only=True)
    # Made once, however many sockets it goes to. Not functools.cached_property: its lock costs more than the text.
    _text: ClassVar[str | None] = None
    _packet: ClassVar[bytes | None] = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Event.registry[cls.__name__] = cls

    def frame(self) -> dict[str, Any]:
        """The frame as a page receives it."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The frame as JSON text."""
        if self._text is None:
            self._text = self.written()
        return self._text

    @property
    def packet(self) -> bytes:
        """The text as it goes over a socket."""
        if self._packet is None:
            self._packet = encode_text(self.text)
        return self._packet

    def written(self) -> str:
        """Write the frame as JSON."""
        return encode(self.frame())

    def packed(self) -> dict[str, Any]:
        """The event as plain values, for the way between processes."""
        return {"event": type(self).__name__, **asdict(self)}


def unpacked(values: dict[str, Any]) -> Event:
    """The event that :meth:`Event.packed` described. Raises KeyError for a kind this version does not know."""
    kind = Event.registry[values.pop("event")]
    return kind(**values)


@dataclass(eq=False)
class LineAdded(Event):
    """A row of the log. The only event with a number, and the only one that no reader may miss."""

    seq: int
    kind: str
    by: str
    name: str
    cid: str
    text_: str
    data: dict | None
    at: str
    agent: int | None = None  # which agent, so that a console knows its own lines from a predecessor's

    def frame(self):
        frame = {
            "t": "ev",
            "contact": self.contact,
            "seq": self.seq,
            "kind": self.kind,
            "by": self.by,
            "name": self.name,
            "cid": self.cid,
            "at": self.at,
        }
        if self.text_:
            frame["text"] = self.text_
        if self.data is not None:
            frame["data"] = self.data
        if self.agent is not None:
            frame["agent"] = self.agent
        return frame

    def written(self):
        """A text is written by hand, in a quarter of the time. Its ids have a form that needs no escaping."""
        if self.kind != "text" or self.data is not None or not self.text_:
            return encode(self.frame())
        agent = "" if self.agent is None else f',"agent":{self.agent}'
        return (
            f'{{"t":"ev","contact":{self.contact},"seq":{self.seq},"kind":"text","by":"{self.by}","name":'
            f'{encode(self.name)},"cid":"{self.cid}","at":"{self.at}","text":{encode(self.text_)}{agent}}}'
        )


@dataclass(eq=False)
class TypingChanged(Event):
    by: str
    on: bool

    def frame(self):
        return {"t": "typing", "contact": self.contact, "by": self.by, "on": self.on}


@dataclass(eq=False)
class QueuePlaceChanged(Event):
    """``wait_minutes``: [low, high], None when nothing honest can be said, 0 when nobody asked for it.

    queue_message: None where the script has none; empty when all of it would tell a wait that nobody knows.
    """

    place: int
    wait_minutes: list[int] | int | None = 0
    queue_message: str | None = None

    def frame(self):
        frame = {"t": "queue", "contact": self.contact, "place": self.place}
        if self.wait_minutes != 0:
            frame["wait_minutes"] = self.wait_minutes
        if self.queue_message is not None:
            frame["queue_message"] = self.queue_message
        return frame


@dataclass(eq=False)
class _Changed(Event):
    """The page fetches the named part again."""

    what: ClassVar[str]

    def frame(self):
        frame = {"t": "changed", "what": self.what}
        if self.contact is not None:
            frame["contact"] = self.contact
        return frame


@dataclass(eq=False)
class ContactOffered(_Changed):
    what = "offers"


@dataclass(eq=False)
class OfferDecided(_Changed):
    what = "offers"


@dataclass(eq=False)
class ContactAssigned(_Changed):
    what = "contacts"


@dataclass(eq=False)
class ContactChanged(_Changed):
    what = "contact"


@dataclass(eq=False)
class AgentStateChanged(_Changed):
    what = "state"


@dataclass(eq=False)
class ContactLost(Event):
    """This reader no longer has the contact (requeued, taken over): the page must drop it within two seconds."""

    code: int = 4003

    def frame(self):
        return {"t": "dropped", "contact": self.contact, "code": self.code}


@dataclass(eq=False)
class AccessRevoked(Event):
    """Signed out or disabled: every socket of this audience is closed for good."""

    session: int | None = None  # only the sockets of this sign-in; none: all of the user's

    def frame(self):
        return {"t": "bye", "code": 4003}
