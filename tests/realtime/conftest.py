"""A gunicorn child process around the tiny application, and a client that may misbehave."""

import base64
import contextlib
import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
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
        """Read on until the close frame and the end after it: (code, reason), 1006 without a close frame."""
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
        except (EOFError, OSError):
            self.sock.close()
            return code, reason

    def close(self):
        """Hang up."""
        self.sock.close()

    def say_no_more(self):
        """End our direction only."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_WR)

    def reset(self):
        """Vanish: the server sees a connection reset."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


class Server:
    """gunicorn with the product's own settings around the tiny application."""

    def __init__(self, folder, options=None, worker_class=None):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log_path = folder / "server.log"
        self.flushed = folder / "flushed"
        command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "tests/realtime/_server_conf.py")]
        command += ["--worker-class", worker_class, "--threads", "8"] if worker_class else []
        self.clients = []
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "tests.realtime._socket_app:app"],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env={
                    **os.environ,
                    "CLAVARDAGE_BIND": f"127.0.0.1:{self.port}",
                    "CLAVARDAGE_WORKERS": "1",
                    "TEST_SOCKET_OPTIONS": json.dumps(options or {}),
                    "TEST_FLUSHED": str(self.flushed),
                },
            )
        until(self.answers)

    def answers(self):
        """True once it serves."""
        assert self.process.poll() is None, self.log()
        with contextlib.suppress(OSError):
            return self.http("GET", "/ready")[0] == 200
        return False

    def http(self, method, path):
        """One request on its own connection: (status, JSON or None)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE_SECONDS)
        try:
            connection.request(method, path, headers={"Connection": "close"})
            response = connection.getresponse()
            body = response.read()
            return response.status, json.loads(body) if response.status == 200 else None
        finally:
            connection.close()

    def counts(self):
        """The child's counts."""
        return self.http("GET", "/counts")[1]

    def connect(self, path="/echo", **options):
        """A client of this server, hung up at the end of the test at the latest."""
        client = Client(self.port, path, **options)
        self.clients.append(client)
        return client

    def hang_up(self):
        """All clients of the test leave, and their sockets are gone."""
        for client in self.clients:
            client.close()
        self.clients.clear()
        until(lambda: self.counts()["sockets"] == 0)

    def log(self):
        """What it has logged so far."""
        return self.log_path.read_text(errors="replace")

    def stop(self, number=signal.SIGTERM):
        """End it, and its log must be free of tracebacks."""
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(DEADLINE_SECONDS)


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory):
    """One server for all tests that leave it as they found it."""
    server = Server(tmp_path_factory.mktemp("sockets"))
    yield server
    server.stop()


@pytest.fixture
def server(shared_server):
    """The shared server; afterwards it has no socket left and no traceback in its log."""
    yield shared_server
    shared_server.hang_up()
    assert "Traceback" not in shared_server.log()


@pytest.fixture
def start(tmp_path):
    """Start a server of one's own: ``start(options)``."""
    servers = []

    def start_server(options=None, **more):
        folder = tmp_path / str(len(servers))
        folder.mkdir()
        servers.append(Server(folder, options, **more))
        return servers[-1]

    yield start_server
    for each in servers:
        for client in each.clients:
            client.close()
        each.stop()
