"""A gunicorn child process around the tiny application."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.realtime._client import DEADLINE_SECONDS, Client, until

ROOT = Path(__file__).resolve().parents[2]


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
