"""What must be right before a request becomes a socket: version, key, origin; and the 101 itself."""

import base64
import binascii
import functools
import hashlib
from collections.abc import Iterable
from urllib.parse import urlsplit

from werkzeug import exceptions

SUBPROTOCOL = "clavardage.v1"
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_DEFAULT_PORTS = {"http": 80, "https": 443}


class UpgradeRequired(exceptions.HTTPException):
    """426: not a version 13 WebSocket handshake (RFC 6455 section 4.4)."""

    code = 426
    description = "This address speaks WebSocket version 13 only."

    def get_headers(self, *args, **kwargs):
        """The version that would be understood goes with the refusal."""
        headers = super().get_headers(*args, **kwargs)
        return [*headers, ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")]


def check(environ: dict, origins: Iterable[str]) -> None:
    """Let nobody in whom PROTOCOL "Opening" keeps out.

    origins: our own, ``scheme://host[:port]``; a request without Origin (a program) passes, it needs a token
    anyway. Raises UpgradeRequired 426, BadRequest 400 (key), Forbidden 403 (Origin, ``null`` included),
    NotImplemented 501 (a server that does not hand out its connection).
    """
    if (
        environ.get("HTTP_SEC_WEBSOCKET_VERSION", "").strip() != "13"
        or environ.get("HTTP_UPGRADE", "").strip().lower() != "websocket"
        or "upgrade" not in _tokens(environ.get("HTTP_CONNECTION", "").lower())
    ):
        raise UpgradeRequired
    if not _is_key(environ.get("HTTP_SEC_WEBSOCKET_KEY", "")):
        raise exceptions.BadRequest("Sec-WebSocket-Key must be 16 bytes in base64.")
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and _origin(origin) not in _own(tuple(origins)):
        raise exceptions.Forbidden("Sockets are opened from our own pages only.")
    if "gunicorn.socket" not in environ:
        raise exceptions.NotImplemented("Sockets need gunicorn.")


def response(environ: dict, subprotocols: Iterable[str]) -> tuple[bytes, str | None]:
    """The 101 for a checked request and the chosen subprotocol; extensions are never negotiated.

    permessage-deflate, which browsers offer, costs 117 KiB a socket and lets lengths leak secrets.
    """
    key = environ["HTTP_SEC_WEBSOCKET_KEY"].strip().encode("ascii")
    accept = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
    offered = _tokens(environ.get("HTTP_SEC_WEBSOCKET_PROTOCOL", ""))
    chosen = next((name for name in offered if name in subprotocols), None)
    lines = [
        b"HTTP/1.1 101 Switching Protocols",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Accept: " + accept,
    ]
    if chosen:
        lines.append(b"Sec-WebSocket-Protocol: " + chosen.encode("ascii"))
    return b"\r\n".join(lines) + b"\r\n\r\n", chosen


def early_bytes(environ: dict) -> bytes:
    """Frames that came in one packet with the request: gunicorn has read them, nobody else would see them."""
    unreader = getattr(getattr(environ.get("wsgi.input"), "reader", None), "unreader", None)
    take = getattr(unreader, "take_buffered", None)
    return take() if take else b""


def _tokens(header: str) -> list[str]:
    return [token.strip() for token in header.split(",")]


def _is_key(value: str) -> bool:
    try:
        return len(base64.b64decode(value.strip(), validate=True)) == 16
    except (binascii.Error, ValueError):
        return False


def _origin(value: str) -> tuple[str, str, int] | None:
    """(scheme, host, port) of a serialised origin; None for whatever is not exactly one."""
    try:
        parts = urlsplit(value)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    host = parts.hostname
    if not host or port is None or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        return None
    return parts.scheme, host, port


@functools.lru_cache(maxsize=16)
def _own(origins: tuple[str, ...]) -> frozenset:
    return frozenset(_origin(origin.rstrip("/")) for origin in origins) - {None}
