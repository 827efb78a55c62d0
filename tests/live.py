"""A real server for real sockets: gunicorn in its own process group, with its own database."""

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from tests.services import until

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30
# The server's own bound on a drain is 5 s; the rest is for a busy machine.
END_SECONDS = 15


def free_port() -> int:
    """A port of the loopback address that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _copy(source: Path, target: Path):
    with closing(sqlite3.connect(source)) as made, closing(sqlite3.connect(target)) as copy:
        made.backup(copy)


class LiveServer:
    """One server and its database; it can be killed, ended and started again on the same port.

    ``env`` holds further settings, e.g. ``CLAVARDAGE_REDIS_URL``. With ``demo`` the database gets the demo
    data, else it is only migrated.
    """

    _prepared: ClassVar[dict[bool, Path]] = {}

    def __init__(self, folder: Path, database_url: str | None = None, demo: bool = True, **env: str):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.ws_url = f"ws://127.0.0.1:{self.port}"
        self.database_url = database_url or f"sqlite:///{folder / 'clavardage.db'}"
        self.log_path = folder / "server.log"
        self.process = None
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("CLAVARDAGE_")}
        self.env = {
            **inherited,
            "CLAVARDAGE_BIND": f"127.0.0.1:{self.port}",
            "CLAVARDAGE_DATABASE_URL": self.database_url,
            "CLAVARDAGE_INSTANCE": str(folder),
            "PYTHONUNBUFFERED": "1",
            **env,
        }
        if database_url is None:
            self._copy_of_prepared(demo)
        else:
            self._prepare(demo)
        self.start()

    def _prepare(self, demo: bool):
        self.flask(*(["prepare"] if demo else ["db", "upgrade"]))

    def _copy_of_prepared(self, demo: bool):
        """The first server of a kind makes its database as a newcomer's is made; the others begin with a copy of it."""
        own = self.folder / "clavardage.db"
        if demo in LiveServer._prepared:
            _copy(LiveServer._prepared[demo], own)
            return
        self._prepare(demo)
        LiveServer._prepared[demo] = self.folder / "prepared.db"
        _copy(own, LiveServer._prepared[demo])

    def flask(self, *arguments: str) -> str:
        """Run a ``flask`` command with the server's settings and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"flask {' '.join(arguments)}: {done.returncode}\n{done.stderr}"
        return done.stdout

    def start(self):
        """Start the server and wait until it is ready."""
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self._ready_or_dead, START_SECONDS, f"the server's start ({self.log_path})")

    def _ready_or_dead(self) -> bool:
        if self.process.poll() is not None:
            pytest.fail(f"the server ended with {self.process.returncode}:\n{self.log()[-4000:]}")
        return self.ready()

    def ready(self) -> bool:
        """Does ``/health/ready`` answer 200 at this moment?"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    @property
    def pid(self) -> int:
        """The master's process id; it leads the group of all its workers."""
        return self.process.pid

    def worker_pids(self) -> list[int]:
        """The workers' process ids."""
        import psutil

        return [child.pid for child in psutil.Process(self.pid).children()]

    def running(self) -> bool:
        """Is the master alive?"""
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """``kill -9`` master and workers at one stroke."""
        if self.running():
            os.killpg(self.pid, signal.SIGKILL)
        self._gone()

    def terminate(self) -> int:
        """SIGTERM, as a deployment does it; returns the exit status once every process is gone."""
        self.process.send_signal(signal.SIGTERM)
        self._gone()
        return self.process.returncode

    def _gone(self):
        self.process.wait(END_SECONDS)
        until(lambda: not self._group_lives(), END_SECONDS, "the end of every worker")

    def _group_lives(self) -> bool:
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return False
        # A killed worker whose new parent has not collected it yet still counts for killpg, but it is dead.
        import psutil

        for process in psutil.process_iter(["status"]):
            try:
                if os.getpgid(process.pid) == self.pid and process.info["status"] != psutil.STATUS_ZOMBIE:
                    return True
            except ProcessLookupError:
                continue
        return False

    def restart(self):
        """End the server if it runs and start it again: same port, same database, same log."""
        if self.running():
            self.terminate()
        self.start()

    def log(self) -> str:
        """What the server wrote so far."""
        return self.log_path.read_text("utf-8", "replace")

    def close(self):
        """End the server and demand a log without a traceback."""
        if self.running():
            try:
                self.terminate()
            finally:
                self.kill()
        log = self.log()
        at = log.find("Traceback (most recent call last)")
        assert at < 0, f"traceback in {self.log_path}:\n{log[max(0, at - 1000) : at + 4000]}"


@contextmanager
def live_servers(folders) -> Iterator[Callable[..., LiveServer]]:
    """Starts servers, each in a folder of its own (folders: ``tmp_path_factory``), and ends them all."""
    servers = []

    def start(database_url: str | None = None, demo: bool = True, **env: str) -> LiveServer:
        servers.append(LiveServer(folders.mktemp("server"), database_url, demo, **env))
        return servers[-1]

    yield start
    problems = []
    for server in servers:
        try:
            server.close()
        except AssertionError as problem:
            problems.append(str(problem))
    assert not problems, "\n\n".join(problems)
