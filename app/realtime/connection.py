"""One client's socket, from the 101 to the last byte: what flask-sock calls a Server."""

import random
import time
from collections.abc import Collection

import flask
from simple_websocket import ConnectionClosed

from . import frames, handshake, wire
from .keeper import keeper
from .outbox import LIMIT_BYTES, LINGER_SECONDS, STALL_SECONDS, Outbox

INBOX_MESSAGES = 32
PING_SECONDS = 25.0
PONG_SECONDS = 10.0
RESTART = 1012
ENVIRON_KEY = "clavardage.socket"
_TURN_EVENTS = 64  # decoded between two chances for everybody else
_PING = frames.encode_ping()


class Server:
    """One socket of a client, from the 101 to the last byte.

    ``receive`` reads the connection itself, so a socket costs no reader thread; it stops while ``INBOX_MESSAGES``
    decoded ones wait, and TCP holds the peer back. All writing goes through ``outbox``. Whatever a peer does ends in
    ``ConnectionClosed``, never in another exception.

    environ: of the request. max_message_size in bytes, ping_interval and pong_wait in seconds (silence for both:
    closed), outbox_limit in bytes, outbox_stall and linger (for the closing handshake) in seconds. origins: our own
    (default: the setting ORIGINS). Raises what ``handshake.check`` raises.
    """

    mode = "gunicorn"
    __slots__ = (
        "__weakref__",
        "_asked_at",
        "_inbox",
        "_linger",
        "_parser",
        "_peer_done",
        "_ping_interval",
        "_pong_wait",
        "_raw",
        "_turn",
        "_waiting",
        "close_message",
        "close_reason",
        "connected",
        "due",
        "environ",
        "heard_at",
        "outbox",
        "sock",
        "spoke_at",
        "subprotocol",
    )

    def __init__(
        self,
        environ: dict,
        *,
        max_message_size: int = frames.MAX_MESSAGE_BYTES,
        ping_interval: float = PING_SECONDS,
        pong_wait: float = PONG_SECONDS,
        outbox_limit: int = LIMIT_BYTES,
        outbox_stall: float = STALL_SECONDS,
        linger: float = LINGER_SECONDS,
        subprotocols: Collection[str] = (handshake.SUBPROTOCOL,),
        origins: Collection[str] | None = None,
    ):
        handshake.check(environ, flask.current_app.config.get("ORIGINS", ()) if origins is None else origins)
        self.environ = environ
        self.sock = environ["gunicorn.socket"]
        self._raw = getattr(self.sock, "_sock", self.sock)  # gevent's wrapper would wait where we must not
        self._parser = frames.FrameParser(max_message_size)
        self._inbox: list = []
        self._waiting, self._peer_done, self._turn = False, False, 0
        self._ping_interval, self._pong_wait, self._linger = ping_interval, pong_wait, linger
        self.close_reason, self.close_message, self._asked_at = frames.ABNORMAL, None, None
        self.outbox = Outbox(self._raw, self._gave_up, outbox_limit, outbox_stall)
        self.heard_at = self.spoke_at = time.monotonic()  # spoke_at: the page itself, not its browser's pong
        # The first ping comes early for some, so that a thousand sockets of one second are not pinged in one.
        self.due = self.heard_at + ping_interval * random.uniform(0.5, 1)  # noqa: S311 (spreads load, hides nothing)
        answer, self.subprotocol = handshake.response(environ, subprotocols)
        self.connected = True
        environ[ENVIRON_KEY] = self
        keeper.add(self)
        self.outbox.push(answer)
        self.outbox.flush()
        self._decode(handshake.early_bytes(environ))
        if keeper.draining:
            self._close(RESTART, "restart")

    def receive(self, timeout: float | None = None) -> str | bytes | None:
        """The next message; None when none came within ``timeout`` seconds (0: don't wait, None: for ever).

        Raises ConnectionClosed once the socket is closed, by whomever.
        """
        until = None if timeout is None else time.monotonic() + timeout
        read = False
        while self.connected:
            if self._inbox:
                event = self._inbox.pop(0)
                if isinstance(event, str | bytes):
                    self.spoke_at = time.monotonic()
                    return event
                self._answer(event)
            elif self._parser.pending:
                self._decode(b"")
            else:
                left = None if until is None else until - time.monotonic()
                # Also when there is something to read: a peer that never ends a message must not outlast the time.
                data = None if read and left is not None and left < 0 else self._read(left)
                if data is None:
                    return None
                read = True
                if data:
                    self.heard_at = time.monotonic()
                    self._decode(data)
                elif self.connected:
                    self._lost()
        raise ConnectionClosed(self.close_reason, self.close_message)

    def send(self, data: str | bytes) -> None:
        """Send text (str) or a binary message (bytes) without waiting. Raises ConnectionClosed."""
        if not self.connected:
            raise ConnectionClosed(self.close_reason, self.close_message)
        self.outbox.push(frames.encode_binary(data) if isinstance(data, bytes) else frames.encode_text(str(data)))
        self.outbox.flush()

    def push_text(self, text: str | bytes) -> None:
        """Queue a text frame for the next flush of the outbox; on a closed socket it is dropped."""
        self.outbox.push(frames.encode_text(text))

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        """Send a close frame (1000 unless told) and be closed; from any thread, without waiting.

        The peer's answer is awaited, at most ``linger`` seconds, by the socket's own handler when it ends.
        Raises ConnectionClosed when it was closed already.
        """
        if not self.connected:
            raise ConnectionClosed(self.close_reason, self.close_message)
        self._close(reason or 1000, message)

    def leave(self, code: int, message: str, within: float) -> None:
        """Like ``close``, but the peer has ``within`` seconds at most, and a closed socket stays as it is."""
        if self.connected:
            self._linger = min(self._linger, within)
            self._close(code, message)

    def finish(self, code: int = 1000) -> None:
        """The handler's last call: close if still open, deliver what waits, hear the peer out, forget it."""
        try:
            if self.connected:
                self._close(code)
            self._hear_out()
        finally:
            self._inbox.clear()
            keeper.discard(self)
            self.outbox.release()
            self.environ.pop(ENVIRON_KEY, None)

    def keep(self, now: float) -> None:
        """Called by the keeper when ``due``: ping, end a peer that seems dead, cut long goodbyes."""
        if not self.connected:
            self.due = now + self._linger
            self.outbox.kill()
        elif self._asked_at is None:
            self._asked_at, self.due = now, now + self._pong_wait
            self.outbox.push(_PING)
            self.outbox.flush()
        elif self._waiting and self.heard_at < self._asked_at:
            self._lost()
        else:  # heard from it, or its handler is busy and could not hear
            self.due = self._asked_at + max(self._ping_interval, self._pong_wait)
            self._asked_at = None

    def _decode(self, data: bytes) -> None:
        try:
            events = self._parser.feed(data, INBOX_MESSAGES)
        except frames.ProtocolError as error:
            events = [*error.events, error]
        self._turn += 1 + len(events)
        if self._turn > _TURN_EVENTS:  # a read that finds data does not switch greenlets: a flood would own the process
            self._turn = 0
            time.sleep(0)
        pinged = False
        for event in events:
            if isinstance(event, frames.Ping):
                pinged = True
                self.outbox.push(frames.encode_pong(event.payload))
            elif not isinstance(event, frames.Pong):
                self._inbox.append(event)
        if pinged:
            self.outbox.flush()

    def _answer(self, end: frames.Close | frames.ProtocolError) -> None:
        """The peer closed, or has to be closed; what it said before has been received by now."""
        self._peer_done = True
        if isinstance(end, frames.Close):
            self._close(end.code, end.reason, echo=True)
        else:
            self._close(end.close_code, str(end))

    def _close(self, code: int, message: str | None = None, echo: bool = False) -> None:
        self.connected = False
        self.close_reason, self.close_message = code, message
        self.due = time.monotonic() + self._linger
        self.outbox.push_last(frames.encode_close(code, "" if echo else message))
        self.outbox.flush()

    def _gave_up(self, code: int) -> None:
        """The outbox ended the connection: too slow, or broken."""
        if self.connected:
            self.connected = False
            self.close_reason, self.due = code, time.monotonic() + self._linger

    def _lost(self) -> None:
        self.connected = False
        self.due = time.monotonic() + self._linger
        self.outbox.kill()

    def _read(self, timeout: float | None) -> bytes | None:
        self._waiting = True
        data = wire.read(self.sock, self._raw, timeout)
        self._waiting = False
        return data

    def _hear_out(self) -> None:
        """Finish the closing handshake before the descriptor is closed: a reset would eat our close frame."""
        if self.outbox.dead:
            return
        self.outbox.join(self.due - time.monotonic())
        self._peer_done |= any(isinstance(event, frames.Close | frames.ProtocolError) for event in self._inbox)
        while not self.outbox.dead and time.monotonic() < self.due:
            if self._peer_done:
                wire.half_close(self._raw)
            data = self._read(max(0.0, self.due - time.monotonic()))
            if not data:
                return
            self._peer_done |= self._closes(data)
            time.sleep(0)

    def _closes(self, data: bytes) -> bool:
        try:
            return any(isinstance(event, frames.Close) for event in self._parser.feed(data))
        except frames.ProtocolError:
            return True
