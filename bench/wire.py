"""The load generator's sockets: one epoll loop, frames cut out of the stream without decoding their JSON.

Written to be cheaper than any server that it drives; every measurement reports what share of a core it took.
"""

import base64
import json
import os
import select
import socket
import time

from .ground import Broken

MASK = b"\0\0\0\0"  # a valid mask that changes nothing: masking is the server's work here, not ours
OPENING_AT_ONCE = 100
RECEIVE_BYTES = 256 * 1024


def masked(payload: bytes, first: int = 0x81) -> bytes:
    """A client's frame."""
    size = len(payload)
    head = bytes((first, 0x80 | size)) if size < 126 else bytes((first, 0xFE)) + size.to_bytes(2, "big")
    return head + MASK + payload


class Peer:
    """One client's socket. ``hear`` gets the payload of each text frame, ``heard`` ends each read."""

    def __init__(self, port: int, path: str, hello: dict, cookie: str = "", small: bool = False):
        self.port, self.path, self.cookie = port, path, cookie
        self.hello = masked(json.dumps({"t": "hello", "v": 1, **hello}).encode())
        self.small = small  # little room for what is not read yet: for the reader that will stall
        self.sock: socket.socket | None = None
        self.rest = b""
        self.unsent = b""
        self.upgraded = self.ready = self.closed = False
        self.close_code = 0

    def connect(self) -> None:
        """Open the connection and ask for the upgrade."""
        self.sock = socket.socket()
        if self.small:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        self.sock.connect(("127.0.0.1", self.port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {self.path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Upgrade: websocket"]
        lines += ["Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += ["Sec-WebSocket-Protocol: clavardage.v1", *([f"Cookie: {self.cookie}"] if self.cookie else [])]
        self.send("\r\n".join([*lines, "", ""]).encode())

    def send(self, data: bytes) -> None:
        """Send without waiting; what the kernel does not take is sent by the loop."""
        if self.unsent:
            self.unsent += data
            return
        try:
            sent = self.sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.closed = True
            return
        self.unsent = data[sent:]

    def read(self) -> None:
        """Take what has arrived."""
        try:
            data = self.sock.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.closed = True
            return
        data = self.rest + data if self.rest else data
        if not self.upgraded:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self.rest = head
                return
            if b" 101 " not in head[:20]:
                raise Broken(f"no upgrade: {head[:200]!r}")
            self.upgraded = True
            self.send(self.hello)
        self._frames(data)
        self.heard()

    def _frames(self, data: bytes) -> None:
        at, end = 0, len(data)
        while end - at >= 2:
            size, start = data[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            stop = start + size
            if stop > end:
                break
            if data[at] == 0x81:
                self.hear(data, start, stop)
            else:
                self._control(data[at], data[start:stop])
            at = stop
        self.rest = data[at:]

    def _control(self, first: int, payload: bytes) -> None:
        if first == 0x89:
            self.send(masked(payload, 0x8A))
        elif first == 0x88:
            self.close_code = int.from_bytes(payload[:2], "big")
            self.send(masked(payload[:2], 0x88))

    def hear(self, data: bytes, start: int, stop: int) -> None:
        """One text frame."""
        if data.startswith(b'{"t":"ready"', start):
            self.ready = True

    def heard(self) -> None:
        """All of one read has been heard."""


class Loop:
    """Many peers on one epoll."""

    def __init__(self):
        self.epoll = select.epoll()
        self.peers: dict[int, Peer] = {}

    def open(self, peers: list[Peer], seconds: float = 60) -> None:
        """Connect them, a hundred at a time, which must be ready within ``seconds``. Raises ``Broken``."""
        for start in range(0, len(peers), OPENING_AT_ONCE):
            some = peers[start : start + OPENING_AT_ONCE]
            deadline = time.monotonic() + seconds
            for peer in some:
                peer.connect()
                self.watch(peer)
            while not all(peer.ready for peer in some):
                self.turn(0.1)
                closed = next((peer for peer in some if peer.closed or peer.close_code), None)
                if closed or time.monotonic() > deadline:
                    raise Broken(f"a socket was not opened: close code {closed.close_code if closed else 'none'}")

    def watch(self, peer: Peer) -> None:
        """Read what it gets."""
        self.peers[peer.sock.fileno()] = peer
        self.epoll.register(peer.sock.fileno(), select.EPOLLIN)

    def ignore(self, peer: Peer) -> None:
        """Read nothing from it until it is watched again."""
        self.epoll.unregister(peer.sock.fileno())
        del self.peers[peer.sock.fileno()]

    def turn(self, seconds: float) -> None:
        """Wait at most so long, with the precision of microseconds, and serve who has something."""
        if seconds > 0:
            select.select([self.epoll], [], [], seconds)  # epoll itself only knows whole milliseconds
        for number, _ in self.epoll.poll(0):
            peer = self.peers.get(number)
            if peer is None:
                continue
            peer.read()
            if peer.closed:
                self.ignore(peer)
            elif peer.unsent:
                waiting, peer.unsent = peer.unsent, b""
                peer.send(waiting)

    def close(self) -> None:
        """Let go of every connection."""
        for peer in self.peers.values():
            peer.sock.close()
        self.peers.clear()
        self.epoll.close()
