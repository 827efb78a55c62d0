"""Private PostgreSQL and Redis for the tests: started on first use, gone at the end."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

START_SECONDS = 30


def missing(what: str, install: str):
    """Leave the test out because this machine lacks ``what``; tests/conftest.py counts it by that reason.

    ``install`` is the name of Debian's package. Under ``REQUIRE_ALL=1`` the skip becomes a failure.
    """
    pytest.skip(f"no {what}: install {install}")


def until(condition, seconds: float = START_SECONDS, what: str = "the condition", pause: float = 0.02):
    """Wait until ``condition()`` is true and return its value; fail after ``seconds``.

    Every wait of the tests goes through here: a condition with a deadline, never a sleep for luck.
    """
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not come true within {seconds} s")
        time.sleep(pause)


def unprivileged() -> str | None:
    """The account for programs that refuse to run as root; None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    return None


class Postgres:
    """A private cluster on a unix socket, with fsync off: what it holds may be lost with the machine.

    ``synchronous_commit`` stays on, as the server itself demands it.
    """

    def __init__(self, binaries: Path):
        # Short and in the system's folder: a socket's path is limited to 107 bytes, and the cluster's own
        # account has to be able to walk there.
        self.folder = Path(tempfile.mkdtemp(prefix="clavardage-pg-"))
        self.account = unprivileged()
        self.binaries = binaries
        self.databases = 0
        if self.account:
            shutil.chown(self.folder, self.account)
        self.folder.chmod(0o755)
        self._run("initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.log = (self.folder / "log").open("wb")
        options = ["-D", self.folder / "data", "-k", self.folder, "-c", "listen_addresses="]
        options += ["-F", "-c", "full_page_writes=off", "-c", "max_connections=200"]
        self.process = subprocess.Popen(
            [binaries / "postgres", *options],
            stdout=self.log,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            start_new_session=True,
            **self._account(),
        )
        until(self._answers, what="the private PostgreSQL's start")

    def _account(self) -> dict:
        if not self.account:
            return {}
        entry = pwd.getpwnam(self.account)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments):
        done = subprocess.run(
            [self.binaries / program, *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            check=False,
            **self._account(),
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"

    def _connect(self):
        import psycopg

        return psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)

    def _answers(self) -> bool:
        import psycopg

        assert self.process.poll() is None, (self.folder / "log").read_text("utf-8", "replace")
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def new_database(self) -> str:
        """The URL of a new, empty database of this cluster."""
        self.databases += 1
        name = f"clavardage_{os.getpid()}_{self.databases}"
        connection = self._connect()
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        connection.close()
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def stop(self):
        """End the cluster at once and remove its files."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(START_SECONDS)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Redis:
    """A private redis-server on a unix socket that writes nothing to disk."""

    def __init__(self, program: str):
        self.folder = Path(tempfile.mkdtemp(prefix="clavardage-redis-"))
        self.path = self.folder / "redis.sock"
        self.program = program
        self.url = f"unix://{self.path}?db=0"
        self.start()

    def start(self):
        """Start it, empty, on the same socket as before; also after :meth:`kill`."""
        self.path.unlink(missing_ok=True)
        options = ["--port", "0", "--unixsocket", self.path, "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            [self.program, *options, "--dir", self.folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(self.path.exists, what="the private Redis's start", pause=0.005)

    def wipe(self):
        """Forget everything, as a restarted Redis would."""
        import redis

        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self):
        """Take it away without a word, with every connection to it."""
        self.process.kill()
        self.process.wait(START_SECONDS)

    def stop(self):
        """End it and remove its files."""
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def find_postgres() -> Path:
    """The folder with PostgreSQL's programs, the newest first; skips the test when there is none."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: p.parent.name.zfill(4), reverse=True)
    on_path = shutil.which("pg_ctl")
    for folder in [*versions, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return missing("PostgreSQL", "postgresql")


def find_redis() -> str:
    """The redis-server program; skips the test when there is none."""
    return shutil.which("redis-server") or missing("redis-server", "redis-server")


def find_chromium() -> str:
    """A Chromium of the system (none is ever downloaded); skips the test when there is none."""
    for name in ("chromium", "/usr/bin/chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return missing("Chromium", "chromium")
