"""One open socket that speaks ``clavardage.v1`` (docs/protocol.md). It knows no table: a face's *door* answers for it.

Order of things at the opening: join the hub, then read the log, then go live. A cursor per contact drops what was sent
and turns every hole into a read of the database, so a lost or overtaken hint never costs a line.
"""

import time
from collections.abc import Callable
from contextlib import suppress

from simple_websocket import ConnectionClosed

from .door import Door, Refusal, Subscription, parsed
from .events import AccessRevoked, ContactLost, Event, LineAdded, TypingChanged, encode
from .frames import encode_text
from .hub import Hub
from .limits import Bucket, TypingGate
from .repair import PAGE, Repairer
from .sending import Sending

HEARTBEAT = 25
SUBSCRIBE_RETRY_MS = 5000
HIGH_WATER = 256 * 1024  # bytes waiting in the outbox above which a replay pauses
MUTE_SECONDS = 150.0  # browsers let a hidden tab speak once a minute; its page says something every 15 s otherwise


class LiveSession:
    """The conversation on one socket, from ``hello`` to the close."""

    def __init__(self, ws, door: Door, hub: Hub, repairer: Repairer, config: dict):
        self.ws = ws
        self.door = door
        self.hub = hub
        self.repairer = repairer
        self.config = config
        self.subscriptions: dict[int, Subscription] = {}
        self.audiences: list[str] = []
        self.sending = Sending(door, self._push, self.flush)
        self.typing = TypingGate()
        self.subscribing = Bucket(30, 2.0)
        self.handlers = {
            "send": self._on_send,
            "subscribe": self._on_subscribe,
            "unsubscribe": self._on_unsubscribe,
            "typing": self._on_typing,
            "seen": self._on_seen,
            "ping": self._on_ping,
        }

    def serve(self) -> None:
        """Hold the conversation until either side closes."""
        try:
            self._open()
            while True:
                self._handle(self.ws.receive())
        except Refusal as refusal:
            if refusal.retry_ms:
                self._push({"t": "bye", "code": refusal.code, "retry_ms": refusal.retry_ms})
            self._close(refusal.code)
        except ConnectionClosed:
            pass
        finally:
            for audience in self.audiences:
                self.hub.leave(audience, self)
            self.repairer.forget(self)
            self.door.close()

    def _open(self) -> None:
        frame = parsed(self.ws.receive(timeout=self.config["HELLO_SECONDS"]))
        if frame is None or frame.get("t") != "hello":
            raise Refusal(4001)
        opening = self.door.open(frame)
        self.sending.bucket = opening.bucket
        for audience in opening.audiences:
            self.audiences.append(audience)
            self.hub.join(audience, self)
        self.repairer.watch(self)
        for subscription in opening.subscriptions:
            self.subscriptions[subscription.contact] = subscription
            self.repairer.replay(self, subscription, pages=1)
        subs = [
            {"contact": s.contact, "seq": s.cursor, "epoch": opening.epoch, "more": not s.live}
            for s in self.subscriptions.values()
        ]
        limits = {"heartbeat": HEARTBEAT, "max_text": self.config["MAX_TEXT"]}
        self._push({"t": "ready", "session": opening.session, **limits, "subs": subs})
        for contact in opening.refused:
            self._push({"t": "dropped", "contact": contact, "code": 4003})
        for event in opening.news:
            self._push_text(event.text)
        self.flush()

    def _handle(self, text: str | bytes) -> None:
        frame = parsed(text)
        name = frame.get("t") if frame else None
        handler = self.handlers.get(name) if isinstance(name, str) else None
        if handler is None:
            raise Refusal(1008)
        handler(frame)

    def _on_send(self, frame: dict) -> None:
        self.sending.take(frame, self.subscriptions)

    def _on_subscribe(self, frame: dict) -> None:
        if self.subscribing.take():
            raise Refusal(4029, retry_ms=SUBSCRIBE_RETRY_MS)
        opening = self.door.subscribe(frame)
        if opening is None:
            contact = frame.get("contact")
            self._push({"t": "dropped", "contact": contact if type(contact) is int else None, "code": 4003})
            self.flush()
            return
        subscription, epoch = opening
        self.subscriptions[subscription.contact] = subscription
        self.repairer.replay(self, subscription, pages=1)
        place = {"contact": subscription.contact, "seq": subscription.cursor, "epoch": epoch}
        self._push({"t": "subscribed", **place, "more": not subscription.live})
        self.flush()
        time.sleep(0)  # a page of lines was read: let the others have their turn

    def _on_unsubscribe(self, frame: dict) -> None:
        contact = frame.get("contact")
        if type(contact) is int:
            self.subscriptions.pop(contact, None)

    def _on_typing(self, frame: dict) -> None:
        contact = frame.get("contact")
        on = frame.get("on") is True
        if type(contact) is int and contact in self.subscriptions and self.typing.passes(contact, on):
            self.door.typing(contact, on)

    def _on_seen(self, frame: dict) -> None:
        """Read receipts are not kept, and a client that sends them must not be punished for it."""

    def _on_ping(self, frame: dict) -> None:
        self._push({"t": "pong"})
        self.flush()

    def hear(self, event: Event) -> None:
        """Called by the hub; never waits."""
        if type(event) is LineAdded:
            self._hear_line(event)
        elif isinstance(event, TypingChanged):
            if event.contact in self.subscriptions and event.by != self.door.role:
                self._push_text(event.text)
        elif isinstance(event, ContactLost):
            self.subscriptions.pop(event.contact, None)
            self._push_text(event.text)
        elif isinstance(event, AccessRevoked):
            if event.session is None or event.session == self.door.sign_in:
                self.revoke()
        else:
            self._push_text(event.text)

    def _hear_line(self, event: LineAdded) -> None:
        subscription = self.subscriptions.get(event.contact)
        if subscription is None:
            return
        if not subscription.live:
            subscription.behind = True
        elif event.seq == subscription.cursor + 1:
            subscription.cursor = event.seq
            self.ws.outbox.push(event.packet)
        elif event.seq > subscription.cursor:
            self.repairer.request(self, subscription)

    def flush(self) -> None:
        """Everything pushed so far goes out with one system call."""
        self.ws.outbox.flush()

    def silent_seconds(self) -> float:
        """How long ago the other end was last heard: a hidden tab by its browser's pongs, a hung one no longer."""
        now, page = time.monotonic(), self.ws.spoke_at
        return now - (page if now - page > MUTE_SECONDS else self.ws.heard_at)

    def lose(self, contact: int) -> None:
        """This contact is not theirs any more."""
        if self.subscriptions.pop(contact, None) is not None:
            self._push({"t": "dropped", "contact": contact, "code": 4003})
            self.flush()

    def revoke(self) -> None:
        """This person may not read here any longer: closed for good."""
        self._close(4003)

    def rows(self, subscription: Subscription) -> list[LineAdded]:
        """The next page of lines behind the cursor (for the repairer)."""
        return self.door.rows(subscription.contact, subscription.cursor, PAGE)

    def push_line(self, subscription: Subscription, event: LineAdded) -> None:
        """A line out of the database (for the repairer)."""
        subscription.cursor = event.seq
        self._push_text(event.text)

    def crowded(self) -> bool:
        """Should a replay pause because the peer reads too slowly?"""
        return self.ws.outbox.size > HIGH_WATER

    def gone(self) -> bool:
        """Is the socket closed?"""
        return not self.ws.connected

    def _push(self, frame: dict | str) -> None:
        self._push_text(frame if isinstance(frame, str) else encode(frame))

    def _push_text(self, text: str) -> None:
        self.ws.outbox.push(encode_text(text))

    def _close(self, code: int) -> None:
        self.flush()
        with suppress(ConnectionClosed):
            self.ws.close(code)


def converse(ws, make_door: Callable[[], Door], app) -> None:
    """Hold the conversation of one socket; a door that refuses from the start closes it with its code."""
    try:
        door = make_door()
    except Refusal as refusal:
        ws.send(encode({"t": "bye", "code": refusal.code, "retry_ms": refusal.retry_ms}))
        ws.close(refusal.code)
    else:
        LiveSession(ws, door, app.extensions["hub"], app.extensions["repairer"], app.config).serve()
