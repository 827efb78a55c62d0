"""A text on its way into the log: the same door for a socket frame, a form and the API."""

import threading
from dataclasses import dataclass

from flask import Flask, current_app

from ..errors import Busy, Invalid, TooLong
from ..realtime import audience
from ..realtime.events import TypingChanged
from ..tokens import valid_cid
from ..transaction import publish
from .lines import CUSTOMER, agent_sender
from .message_batch import Entry, Outcome, Reply

ANSWER_SECONDS = 10


@dataclass(frozen=True)
class Speaker:
    """Who speaks: ``agent_id`` is the user id of an agent, None for the customer; ``name`` is what readers see."""

    agent_id: int | None
    name: str


class Desk:
    """Where texts are handed in. A socket keeps one: no application context is opened for each of its frames."""

    __slots__ = ("_log", "_longest")

    def __init__(self, app: Flask):
        self._log = app.extensions["message_log"]
        self._longest = app.config["MAX_TEXT"]

    def post(self, contact_id: int, cid: str, text: object, reply: Reply, speaker: Speaker) -> None:
        """Hand a text to the message log.

        ``reply`` is settled exactly once, later. Raises ``Invalid`` or ``TooLong`` at once for a text or id out of
        form.
        """
        text = checked_text(text, self._longest)
        if not valid_cid(cid):
            raise Invalid(field="cid")
        agent_id = speaker.agent_id
        sender = CUSTOMER if agent_id is None else agent_sender(agent_id)
        self._log.submit(Entry(contact_id, sender, agent_id, speaker.name, cid, text, reply))


def post_message(contact_id: int, cid: str, text: object, reply: Reply, speaker: Speaker) -> None:
    """The same inside an application context."""
    Desk(current_app).post(contact_id, cid, text, reply, speaker)


def post_and_wait(contact_id: int, cid: str, text: object, speaker: Speaker) -> Outcome:
    """The same for a caller over HTTP: waits for the outcome and raises its error."""
    reply = _Waiting()
    post_message(contact_id, cid, text, reply, speaker)
    if not reply.settled.wait(ANSWER_SECONDS):
        raise Busy(retry_seconds=1)
    if reply.outcome.error is not None:
        raise reply.outcome.error
    return reply.outcome


def checked_text(text: object, longest: int) -> str:
    """The text as it will be stored. Raises ``Invalid`` (no text, or not storable) and ``TooLong``."""
    if not isinstance(text, str) or not text.strip() or "\x00" in text:
        raise Invalid(field="text")
    try:
        text.encode()
    except UnicodeEncodeError as error:  # half of a surrogate pair: no database and no other reader could take it
        raise Invalid(field="text") from error
    text = text.replace("\r\n", "\n")  # a form sends two characters where its field counted one
    if len(text) > longest:
        raise TooLong(field="text")
    return text


def show_typing(contact_id: int, agent_id: int | None, *, by_agent: bool, on: bool) -> None:
    """Tell the other side; nothing is kept, and it may get lost."""
    event = TypingChanged("agent" if by_agent else "customer", on, contact=contact_id)
    if by_agent:
        publish([(audience.customer(contact_id), event)])
    elif agent_id is not None:
        publish([(audience.agent(agent_id), event)])


class _Waiting:
    def __init__(self):
        self.settled = threading.Event()
        self.outcome: Outcome | None = None

    def settle(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.settled.set()

    def flush(self) -> None:
        """The waiting request sends its answer itself."""
