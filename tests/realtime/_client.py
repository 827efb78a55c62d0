"""A client that may misbehave, and waiting without luck."""

import base64
import contextlib
import socket
import struct
import time

DEADLINE_SECONDS = 20


def until(condition, seconds=DEADLINE_SECONDS, every=0.02):
    """Poll until ``condition()`` is true and return its value; fail after ``seconds``."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"not true within {seconds} s"
        time.sleep(every)


def masked(first, payload=b"", length=None, mask=b"\x11\x22\x33\x44"):
    """A client frame; ``first`` is its first byte, ``length`` what its header claims (default: the truth)."""
    size = len(payload) if length is None else length
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65536:
        head = bytes((first, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((first, 0xFF)) + size.to_bytes(8, "big")
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


class Client:
    """A WebSocket client made by hand, so that it can do what libraries refuse to do."""

    def __init__(self, port, path="/echo", headers=(), early=b"", receive_buffer=None):
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(DEADLINE_SECONDS)
        try:
            self._shake_hands(port, path, headers, early)
        except BaseException:
            self.sock.close()
            raise

    def _shake_hands(self, port, path, headers, early):
        self.sock.connect(("127.0.0.1", port))
        wanted = {
            "Host": f"127.0.0.1:{port}",
            "Upgrade": "websocket",
            "Connection": "keep-alive, Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(bytes(range(16))).decode(),
            **dict(headers),
        }
        rows = [f"{name}: {value}" for name, value in wanted.items() if value is not None]
        lines = [f"GET {path} HTTP/1.1", *rows, "", ""]
        self.sock.sendall("\r\n".join(lines).encode() + early)
        self.buffer = b""
        head = self._until(b"\r\n\r\n")
        self.status = int(head.split(b" ", 2)[1]) if head else 0
        rows = head.decode("latin-1").split("\r\n")[1:]
        self.headers = {k.lower(): v.strip() for k, _, v in (row.partition(":") for row in rows if row)}

    def _until(self, mark):
        while mark not in self.buffer:
            data = self.sock.recv(65536)
            if not data:
                return b""
            self.buffer += data
        head, _, self.buffer = self.buffer.partition(mark)
        return head

    def _exactly(self, size):
        while len(self.buffer) < size:
            data = self.sock.recv(65536)
            if not data:
                raise EOFError
            self.buffer += data
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def raw(self, data):
        """Send bytes as they are; a peer that hung up is no failure here."""
        with contextlib.suppress(OSError):
            self.sock.sendall(data)

    def text(self, text):
        """Send a text message."""
        self.raw(masked(0x81, text.encode()))

    def frame(self):
        """The next frame: (opcode, payload)."""
        first, second = self._exactly(2)
        assert first & 0x70 == 0, "the server set a reserved bit"
        assert second < 128, "the server masked a frame"
        size = second
        if size > 125:
            size = int.from_bytes(self._exactly(2 if size == 126 else 8), "big")
        return first & 15, self._exactly(size)

    def hear(self):
        """The next text message; pings are left unanswered."""
        while True:
            opcode, payload = self.frame()
            if opcode == 1:
                return payload.decode()

    def closed(self, answer=True):
        """Read on until the close frame and the end after it: (code, reason), 1006 without a close frame.

        ``clean`` tells afterwards whether the connection was ended, not reset.
        """
        code, reason = 1006, ""
        try:
            while True:
                opcode, payload = self.frame()
                if opcode == 8:
                    code = int.from_bytes(payload[:2], "big") or 1005
                    reason = payload[2:].decode()
                    if answer:
                        self.raw(masked(0x88, payload[:2]))
                    else:
                        return code, reason
        except EOFError:
            self.clean = True
        except OSError:
            self.clean = False
        self.sock.close()
        return code, reason

    def close(self):
        """Hang up."""
        self.sock.close()

    def say_no_more(self):
        """End our direction only."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_WR)

    def shut(self):
        """End both directions; whoever waits for the socket wakes up."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def reset(self):
        """Vanish: the server sees a connection reset."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()
