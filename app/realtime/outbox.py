"""The one writer of a socket: a bounded queue that never makes its caller wait."""

import _thread
import logging
import socket
import threading
import time
from collections.abc import Callable

from . import wire
from .frames import ABNORMAL, encode_close

LIMIT_BYTES = 1024 * 1024
STALL_SECONDS = 20.0
LINGER_SECONDS = 2.0
TOO_SLOW = 1013
_BUFFERS_A_CALL = 512  # sendmsg takes 1,024 at most (IOV_MAX)

log = logging.getLogger(__name__)


class Outbox:
    """What waits to be written to one socket.

    Every byte for the peer goes through here, so frames never mix. ``push`` and ``flush`` never block. What
    the kernel does not take at once is written by a thread (a greenlet under gevent's patch) that lives only
    as long as the peer is behind. A peer that leaves over ``limit`` bytes waiting, or takes nothing for
    ``stall`` seconds, is closed with 1013; if that frame can't be written either within two seconds, the
    connection is cut.

    Under gevent, use it from greenlets of the worker's own thread only.

    sock: the raw socket (the patched one's ``_sock``). on_end: called once, with a close code, when the
    outbox gave the connection up by itself: 1013 too slow, 1006 broken.
    """

    __slots__ = (
        "_closing",
        "_dead",
        "_limit",
        "_lock",
        "_on_end",
        "_progress",
        "_sock",
        "_stall",
        "_waiting",
        "_written",
        "size",
    )

    def __init__(
        self,
        sock: socket.socket,
        on_end: Callable[[int], None],
        limit: int = LIMIT_BYTES,
        stall: float = STALL_SECONDS,
    ):
        self._sock = sock
        self._on_end: Callable[[int], None] | None = on_end
        self._limit = limit
        self._stall = stall
        self._waiting: list[bytes] = []
        self.size = 0
        self._lock = threading.Lock()
        self._written: threading.Event | None = None  # there while a writer is at work
        self._progress = 0.0
        self._closing = False
        self._dead = False

    @property
    def dead(self) -> bool:
        """True once nothing can be written any more."""
        return self._dead

    def push(self, data: bytes) -> None:
        """Queue one or more whole frames. After a close frame, or on a dead socket, the data is dropped."""
        with self._lock:
            if self._closing or self._dead:
                return
            self._waiting.append(data)
            self.size += len(data)
            over = self.size > self._limit
        if over and self._written is None:
            self.flush()  # a burst between two flushes is not yet a slow peer
            over = self.size > self._limit
        if over:
            self._give_up()

    def push_last(self, data: bytes) -> None:
        """Queue the close frame: nothing is accepted after it."""
        with self._lock:
            if not self._closing and not self._dead:
                self._closing = True
                self._waiting.append(data)
                self.size += len(data)

    def flush(self) -> None:
        """Write what waits with one non-blocking call; a rest is left to the writer."""
        if self._written is not None or not self._waiting:
            return
        with self._lock:
            if self._written is not None or not self._waiting:
                return
            self._progress = time.monotonic()
            broken = not self._send()
            if self._waiting:
                self._written = threading.Event()
                # Not Thread.start(): under gevent that waits for the new greenlet, and a flush never waits.
                _thread.start_new_thread(self._write_rest, ())
        if broken:
            self._end(ABNORMAL)

    def kill(self) -> None:
        """Drop what waits and cut the connection: its reader wakes up. The descriptor stays its owner's."""
        with self._lock:
            self._dead = True
            self._waiting.clear()
            self.size = 0
        wire.cut(self._sock)

    def join(self, timeout: float) -> bool:
        """Wait until all is written, at most ``timeout`` seconds; True when nothing is left."""
        written = self._written
        if written is not None:
            written.wait(max(0.0, timeout))
        return not self._waiting

    def release(self) -> None:
        """The owner closes the descriptor next: no writer may still wait for it."""
        self._on_end = None
        written = self._written
        if written is not None:
            self.kill()
            written.wait()

    def _send(self) -> bool:
        """One system call; False when the connection is broken. The lock is held."""
        waiting = self._waiting
        try:
            if len(waiting) == 1:
                sent = self._sock.send(waiting[0], socket.MSG_DONTWAIT)
            else:
                sent = self._sock.sendmsg(waiting[:_BUFFERS_A_CALL], (), socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            return True
        except (OSError, ValueError):
            self._dead = True
            waiting.clear()
            self.size = 0
            return False
        self.size -= sent
        whole = 0
        while whole < len(waiting) and sent >= len(waiting[whole]):
            sent -= len(waiting[whole])
            whole += 1
        del waiting[:whole]
        if sent:
            waiting[0] = waiting[0][sent:]
        self._progress = time.monotonic()
        return True

    def _write_rest(self) -> None:
        broken = False
        while True:
            patience = self._progress + self._stall - time.monotonic()
            writable = patience > 0 and wire.writable(self._sock, min(patience, 1.0))
            with self._lock:
                if writable and self._waiting:
                    broken = not self._send()
                if not self._waiting:
                    written, self._written = self._written, None
                    break
            if patience <= 0:
                self.kill() if self._closing else self._give_up()
        written.set()
        if broken:
            self._end(ABNORMAL)

    def _give_up(self) -> None:
        """Too slow: keep the frame that is half written, say 1013 after it, and lose patience soon."""
        with self._lock:
            if self._closing or self._dead:
                return
            self._closing = True
            self._waiting[1:] = [encode_close(TOO_SLOW, "too slow")]
            self.size = sum(map(len, self._waiting))
            self._progress, self._stall = time.monotonic(), LINGER_SECONDS
        log.info("a peer that does not read was closed with %s", TOO_SLOW)
        self._end(TOO_SLOW)
        self.flush()

    def _end(self, code: int) -> None:
        on_end, self._on_end = self._on_end, None
        if on_end is not None:
            on_end(code)


class Batch:
    """A fan-out: push to many outboxes, then flush each of them once.

    ``with Batch() as batch: batch.push(outbox, data)`` costs one system call a socket however many frames it
    gets.
    """

    __slots__ = ("_dirty",)

    def __init__(self):
        self._dirty: dict[Outbox, None] = {}

    def push(self, outbox: Outbox, data: bytes) -> None:
        """Queue whole frames for one socket."""
        outbox.push(data)
        self._dirty[outbox] = None

    def flush(self) -> None:
        """Flush every outbox that got something since the last call."""
        dirty, self._dirty = self._dirty, {}
        for outbox in dirty:
            outbox.flush()

    def __enter__(self) -> "Batch":
        return self

    def __exit__(self, *_error: object) -> None:
        self.flush()
