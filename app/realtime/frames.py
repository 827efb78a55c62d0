"""RFC 6455 frames without I/O: an incremental parser for what clients send, an encoder for what we send."""

import codecs
from typing import NamedTuple

MAX_MESSAGE_BYTES = 16 * 1024
NO_STATUS = 1005
ABNORMAL = 1006

# The first bytes a frame may have without an extension: continuation, text and binary, whole or in fragments;
# close, ping and pong, whole only.
_FIRST_BYTES = frozenset({0x00, 0x80, 0x01, 0x81, 0x02, 0x82, 0x88, 0x89, 0x8A})
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
# What a peer may put into a close frame: RFC 6455 section 7.4, and 1012 to 1014 of the IANA registry.
_PEER_CLOSE_CODES = frozenset({1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014})
_NEVER_ON_THE_WIRE = frozenset({NO_STATUS, ABNORMAL, 1015})
_UNLIMITED = 1 << 62
_new_utf8_decoder = codecs.getincrementaldecoder("utf-8")


class Ping(NamedTuple):
    """A ping; its payload goes back in the pong."""

    payload: bytes


class Pong(NamedTuple):
    """A pong, asked for or not."""

    payload: bytes


class Close(NamedTuple):
    """The peer's close frame; code 1005 stands for a frame without a code."""

    code: int
    reason: str


Event = str | bytes | Ping | Pong | Close


class ProtocolError(Exception):
    """The peer broke RFC 6455 or our limits.

    close_code: what to close with (1002 protocol, 1007 not UTF-8, 1009 too big).
    events: what was decoded before the offence in the same call; it still counts.
    """

    def __init__(self, close_code: int, why: str, events: list[Event] | None = None):
        super().__init__(why)
        self.close_code = close_code
        self.events = [] if events is None else events


class FrameParser:
    """Turns the bytes of one client into events, however they were cut on their way.

    max_message_bytes: limit of one message, its fragments summed up (PROTOCOL limits: 16 KiB). It is checked
    against the header, so an oversized payload is refused before it arrives.
    """

    __slots__ = ("_closed", "_decoder", "_held", "_held_need", "_limit", "_opcode", "_parts", "_size")

    def __init__(self, max_message_bytes: int = MAX_MESSAGE_BYTES):
        self._limit = max_message_bytes
        self._held: bytearray | None = None  # an incomplete frame, and frames not yet asked for
        self._held_need = 0  # bytes before it is worth looking again: keeps a trickled frame linear
        self._opcode = 0  # of the fragmented message under way, 0 when there is none
        self._parts: list | None = None
        self._decoder = None
        self._size = 0
        self._closed = False

    @property
    def pending(self) -> bool:
        """True when a call of ``feed(b"")`` may yield more, because the last one stopped at ``at_most``."""
        return self._held is not None and len(self._held) >= self._held_need

    def feed(self, data: bytes, at_most: int = _UNLIMITED) -> list[Event]:
        """Decode what is complete: str for text, bytes for binary, Ping, Pong, Close; nothing after a Close.

        at_most: number of events after which decoding stops; the rest stays undecoded (see ``pending``).
        Raises ProtocolError with the close code to answer; the parser is of no use afterwards.
        """
        if self._held is not None:
            self._held += data
            if len(self._held) < self._held_need:
                return []
            data, self._held = bytes(self._held), None
        events: list[Event] = []
        position, end = 0, len(data)
        while position < end and not self._closed:
            if len(events) >= at_most:
                self._hold(data[position:], 0)
                break
            try:
                after = self._frame(data, position, end, events)
            except ProtocolError as error:
                error.events = events
                raise
            if after < 0:
                self._hold(data[position:], -after)
                break
            position = after
        return events

    def _hold(self, rest: bytes, need: int) -> None:
        self._held, self._held_need = bytearray(rest), need

    def _frame(self, data: bytes, at: int, end: int, events: list[Event]) -> int:
        """Decode the frame at ``at``; the position after it, or minus the bytes needed to look again."""
        if end - at < 2:
            return -2
        first, second = data[at], data[at + 1]
        if first not in _FIRST_BYTES:
            raise ProtocolError(1002, "reserved bits, unknown opcode or fragmented control frame")
        if second < 0x80:
            raise ProtocolError(1002, "client frame without mask")
        length, head = second & 0x7F, 6
        if length > 125:
            head = 8 if length == 126 else 14
            if first >= 0x88:
                raise ProtocolError(1002, "control frame over 125 bytes")
            if end - at < head - 4:
                return 4 - head
            length = _long_length(data, at + 2, head - 6)
        if first < 0x88 and length + self._size > self._limit:
            raise ProtocolError(1009, f"message over {self._limit} bytes")
        stop = at + head + length
        if stop > end:
            return at - stop
        payload = _unmask(data, at + head, stop, length) if length else b""
        if first == 0x81 and not self._opcode:
            events.append(_text(payload))
        elif first >= 0x88:
            events.append(self._control(first & 0x0F, payload))
        else:
            self._data(first, payload, events)
        return stop

    def _control(self, opcode: int, payload: bytes) -> Event:
        if opcode == _PING:
            return Ping(payload)
        if opcode == _PONG:
            return Pong(payload)
        close = _close(payload)
        self._closed = True
        return close

    def _data(self, first: int, payload: bytes, events: list[Event]) -> None:
        opcode, final = first & 0x0F, first & 0x80
        if bool(opcode) == bool(self._opcode):
            raise ProtocolError(1002, "new message inside a fragmented one, or a continuation of nothing")
        if opcode and final:
            events.append(payload)
            return
        if opcode:
            self._opcode, self._parts = opcode, []
            self._decoder = _new_utf8_decoder() if opcode == _TEXT else None
        self._size += len(payload)
        part = payload if self._decoder is None else _text_part(self._decoder, payload, bool(final))
        if part:  # empty fragments may come without end: they must not pile up
            self._parts.append(part)
        if final:
            events.append(("" if self._decoder else b"").join(self._parts))
            self._opcode, self._parts, self._decoder, self._size = 0, None, None, 0


def _long_length(data: bytes, at: int, width: int) -> int:
    length = int.from_bytes(data[at : at + width], "big")
    if length < (126 if width == 2 else 65536) or length >> 63:
        raise ProtocolError(1002, "length not in its shortest form")
    return length


def _unmask(data: bytes, start: int, stop: int, length: int) -> bytes:
    # One XOR of two big integers: the fastest way without a compiled helper, and linear in the length.
    mask = data[start - 4 : start] * ((length + 3) >> 2)
    key = int.from_bytes(mask[:length], "little")
    return (int.from_bytes(data[start:stop], "little") ^ key).to_bytes(length, "little")


def _text(payload: bytes) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise ProtocolError(1007, "text is not UTF-8") from None


def _text_part(decoder, payload: bytes, final: bool) -> str:
    try:
        return decoder.decode(payload, final)
    except UnicodeDecodeError:
        raise ProtocolError(1007, "text is not UTF-8") from None


def _close(payload: bytes) -> Close:
    if not payload:
        return Close(NO_STATUS, "")
    code = int.from_bytes(payload[:2], "big") if len(payload) > 1 else 0
    if code not in _PEER_CLOSE_CODES and not 3000 <= code <= 4999:
        raise ProtocolError(1002, "close frame without a valid code")
    return Close(code, _text(payload[2:]))


def _encode(first: int, payload: bytes) -> bytes:
    length = len(payload)
    if length < 126:
        return bytes((first, length)) + payload
    if length < 65536:
        return bytes((first, 126, length >> 8, length & 0xFF)) + payload
    return bytes((first, 127)) + length.to_bytes(8, "big") + payload


def encode_text(text: str | bytes) -> bytes:
    """One text frame; bytes must already be UTF-8 (a JSON writer's output)."""
    return _encode(0x81, text.encode() if isinstance(text, str) else text)


def encode_binary(payload: bytes) -> bytes:
    """One binary frame."""
    return _encode(0x82, payload)


def encode_ping(payload: bytes = b"") -> bytes:
    """A ping; payload at most 125 bytes."""
    return _encode(0x89, payload)


def encode_pong(payload: bytes = b"") -> bytes:
    """The answer to a ping with the same payload."""
    return _encode(0x8A, payload)


def encode_close(code: int | None = 1000, reason: str | None = "") -> bytes:
    """A close frame, without code for None and the codes that may not travel; reason cut to 123 bytes."""
    if code is None or code in _NEVER_ON_THE_WIRE:
        return _encode(0x88, b"")
    cut = (reason or "").encode()[:123].decode(errors="ignore").encode()
    return _encode(0x88, code.to_bytes(2, "big") + cut)
