"""The system calls on one connection, the same under gevent's patch and with plain threads."""

import contextlib
import select
import socket

READ_BYTES = 8192


def read(sock: socket.socket, raw: socket.socket, timeout: float | None) -> bytes | None:
    """Bytes; empty at the end of the connection, however it ended; None after ``timeout`` seconds.

    sock: as the server handed it out, patched or not. raw: what is under gevent's patch, else the same.
    """
    try:
        if timeout is None:
            return sock.recv(READ_BYTES)
        with contextlib.suppress(BlockingIOError):
            return raw.recv(READ_BYTES, socket.MSG_DONTWAIT)
        if timeout <= 0 or not _ready(raw, select.POLLIN, timeout):
            return None
        return raw.recv(READ_BYTES, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None  # somebody else's readiness
    except (OSError, ValueError):
        return b""


def writable(raw: socket.socket, timeout: float) -> bool:
    """Wait until ``raw`` takes bytes, at most ``timeout`` seconds; a broken connection counts as writable."""
    try:
        return _ready(raw, select.POLLOUT, timeout)
    except (OSError, ValueError):
        return True  # closed under us: the next write finds out


def cut(raw: socket.socket) -> None:
    """End both directions now: whoever waits for it wakes up. The descriptor stays its owner's."""
    with contextlib.suppress(OSError):  # the peer was faster
        raw.shutdown(socket.SHUT_RDWR)


def half_close(raw: socket.socket) -> None:
    """Nothing more will be written."""
    with contextlib.suppress(OSError):  # the peer has gone meanwhile
        raw.shutdown(socket.SHUT_WR)


def _ready(raw: socket.socket, what: int, timeout: float) -> bool:
    # Not settimeout(): with one, Python waits inside send() even when told not to.
    # Not select(): it knows 1,024 descriptors.
    poll = select.poll()
    poll.register(raw.fileno(), what)
    return bool(poll.poll(timeout * 1000))
