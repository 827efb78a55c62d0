"""What every measurement stands on: folders, ports, child processes that are surely ended, facts about the machine."""

import contextlib
import http.client
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
END_SECONDS = 20


class Broken(Exception):
    """The run itself failed: no figure of it means anything."""


def free_port() -> int:
    """A port of the loopback address that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, seconds: float, what: str):
    """Wait until ``condition()`` is true and return its value. Raises ``Broken`` after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise Broken(f"{what}: not within {seconds} s")
        time.sleep(0.01)
    return value


@contextlib.contextmanager
def folder():
    """A private folder, gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="clavardage-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


class Child:
    """A program in its own process group, so that it can be ended with all its workers. Use it with ``with``."""

    def __init__(self, command: list, log: Path, env: dict | None = None, **options):
        self.log_path = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                **{"cwd": ROOT, "env": env, "stdin": subprocess.DEVNULL, **options},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def alive_until(self, condition, what: str) -> None:
        """Wait for its start; raises ``Broken`` with its last words when it ends before."""

        def ready():
            if self.process.poll() is not None:
                raise Broken(f"{what} ended with {self.process.returncode}:\n{self.log()[-3000:]}")
            return condition()

        until(ready, START_SECONDS, what)

    def log(self) -> str:
        """What it wrote so far."""
        return self.log_path.read_text("utf-8", "replace")

    def end(self, number: int = signal.SIGTERM) -> None:
        """Ask it to end; its whole group is killed when it does not."""
        if self.process.poll() is None:
            self.process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(END_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_error) -> None:
        self.end()


def answers(port: int, path: str) -> bool:
    """Does this address answer 200 at this moment?"""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def run(*arguments, env: dict | None = None) -> str:
    """Run a module of Python to its end and return what it printed. Raises ``Broken``."""
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Broken(f"{' '.join(command)}: {done.returncode}\n{done.stderr[-3000:]}")
    return done.stdout


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used, its threads included."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def sync_milliseconds(at: Path, times: int = 100) -> float:
    """What one small synced write costs in this folder: the floor under every commit."""
    with (at / "sync").open("wb", buffering=0) as file:
        begun = time.perf_counter()
        for _ in range(times):
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
        return (time.perf_counter() - begun) / times * 1000


def machine(at: Path) -> dict:
    """What the figures depend on."""
    cpu = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), cpu)
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_mb": psutil.virtual_memory().total // 2**20,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("gevent", "gunicorn", "sqlalchemy", "websockets")},
        "load_before": round(os.getloadavg()[0], 2),
        "synced_write_ms": round(sync_milliseconds(at), 3),
    }
