"""The two servers under load: our product with a database of its own, and the bare relay."""

import copy
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
from sqlalchemy import create_engine, text

from .ground import Broken, Child, answers, free_port, run

# One address stands for a whole town of customers: the limits per address and person are not what is measured.
UNLIMITED = {
    "CLAVARDAGE_CUSTOMER_BURST": "1000000",
    "CLAVARDAGE_CUSTOMER_PER_MINUTE": "60000000",
    "CLAVARDAGE_SOCKETS_PER_ADDRESS": "100000",
    "CLAVARDAGE_UNAUTHENTICATED_PER_ADDRESS": "100000",
    "CLAVARDAGE_LEASE_SECONDS": "3600",
    "CLAVARDAGE_LOG_LEVEL": "WARNING",
    "CLAVARDAGE_WORKERS": "1",
}


class Product(Child):
    """gunicorn with one worker, as it is deployed, on a database filled with ``customers`` in talks."""

    def __init__(self, folder: Path, customers: int, database_url: str | None = None):
        self.port = free_port()
        self.crowds = 0
        self.database_url = database_url or f"sqlite:///{folder / 'clavardage.db'}"
        env = {key: value for key, value in os.environ.items() if not key.startswith("CLAVARDAGE_")}
        env |= UNLIMITED
        env["CLAVARDAGE_BIND"] = f"127.0.0.1:{self.port}"
        env["CLAVARDAGE_DATABASE_URL"] = self.database_url
        env["CLAVARDAGE_INSTANCE"] = str(folder)
        self.agents = json.loads(run("bench.population", customers, env=env))
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
        super().__init__(command, folder / "server.log", env)
        self.alive_until(lambda: answers(self.port, "/health/ready"), "our server")
        self.pid = psutil.Process(self.process.pid).children()[0].pid

    def processes(self) -> list[psutil.Process]:
        """The master and its worker."""
        master = psutil.Process(self.process.pid)
        return [master, *master.children()]

    def memory(self) -> int:
        """Bytes that the worker alone holds."""
        return psutil.Process(self.pid).memory_full_info().uss

    def check(self, messages: int) -> None:
        """Every message must stand in the database, and nothing may have gone wrong in the log. Raises ``Broken``."""
        engine = create_engine(self.database_url)
        with engine.connect() as connection:
            stored = connection.execute(text("SELECT count(*) FROM message WHERE cid LIKE 'bench-%'")).scalar()
        engine.dispose()
        if stored != messages:
            raise Broken(f"{messages} messages were acknowledged, {stored} are stored")
        if "Traceback" in self.log():
            raise Broken(f"our server failed:\n{self.log()[-3000:]}")


class Relay(Child):
    """``bench.relay`` in its own process, for the same agents and customers."""

    def __init__(self, folder: Path, agents: list[dict]):
        self.port = free_port()
        self.crowds = 0
        self.agents = copy.deepcopy(agents)  # how far each line has been read differs
        super().__init__([sys.executable, "-m", "bench.relay", str(self.port)], folder / "relay.log")
        self.alive_until(lambda: answers(self.port, "/health"), "the relay")
        self.pid = self.process.pid


class Postgres(Child):
    """A private cluster on a unix socket, durable as by default (fsync on)."""

    def __init__(self, folder: Path):
        binaries = postgres_binaries()
        account = "postgres" if os.geteuid() == 0 else None  # the programs refuse to run as root
        self.folder = folder / "pg"
        self.folder.mkdir()
        if account:
            folder.chmod(0o755)
            shutil.chown(self.folder, account)
        options = {"user": account, "cwd": self.folder} if account else {"cwd": self.folder}
        command = [binaries / "initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
        if done.returncode:
            raise Broken(f"initdb: {done.stderr}")
        serve = [binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, "-c", "listen_addresses="]
        super().__init__(serve, folder / "pg.log", **options)
        self.alive_until(self._answers, "PostgreSQL")

    @property
    def url(self) -> str:
        """The address of the cluster's only database."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def end(self, number: int = signal.SIGINT) -> None:
        """A fast shutdown."""
        super().end(number)


def postgres_binaries() -> Path | None:
    """The folder with PostgreSQL's programs, None where there is none."""
    on_path = shutil.which("pg_ctl")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name.zfill(4))
    for folder in [*([Path(on_path).resolve().parent] if on_path else []), *reversed(found)]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None
