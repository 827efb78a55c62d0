"""A server to be killed: its own data, and optionally a planted bug or a faster clock (see ``served``)."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.live import ROOT, START_SECONDS, LiveServer
from tests.services import until

POC = "0d6a3c1e-5b7f-4e2a-8c9d-00000000000{}"
PASSWORD = "a password for tests"
UNLIMITED = {
    "CLAVARDAGE_CUSTOMER_BURST": "100000",
    "CLAVARDAGE_CUSTOMER_PER_MINUTE": "6000000",
    "CLAVARDAGE_CHATS_PER_ADDRESS_PER_MINUTE": "100000",
    "CLAVARDAGE_SIGN_INS_PER_MINUTE": "1000",
    "CLAVARDAGE_UNAUTHENTICATED_PER_ADDRESS": "1000",
}


class CrashServer(LiveServer):
    """Serves ``tests.crash.served:app``, which without planted bug and clock is the product as it is."""

    def __init__(self, folder: Path, database_url: str | None, data: dict, **env: str):
        self.starts = 0
        super().__init__(folder, database_url, demo=False, **{**UNLIMITED, **env})
        fill(self.database_url, folder, data)

    def start(self):
        """Start the server and wait until it is ready."""
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "tests.crash.served:app"],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self._ready_or_dead, START_SECONDS, f"the server's start ({self.log_path})")
        self.starts += 1
        self.alive_since = time.monotonic()

    def strike(self, rng: random.Random):
        """``kill -9``: everything, to be started again at once, or one worker of several."""
        workers = self.worker_pids()
        if len(workers) > 1 and rng.random() < 0.5:
            os.kill(rng.choice(workers), signal.SIGKILL)
            self.starts += 1
            self.alive_since = time.monotonic()
            return
        self.kill()
        time.sleep(rng.uniform(0.1, 0.2))
        self.start()

    @staticmethod
    def fast_clock(factor: int) -> dict[str, str]:
        """Environment for a server whose clock runs ``factor`` times as fast, also across its restarts."""
        return {"CLOCK_FACTOR": str(factor), "CLOCK_BASE": str(time.time())}


def fill(database_url: str, folder: Path, data: dict):
    """Put an organisation (in the form of demo/data.toml) into a migrated database."""
    from app import create_app
    from app.actions.demo import load_demo
    from app.config import Settings
    from app.extensions import db

    app = create_app(Settings(database_url=database_url, instance=str(folder)))
    with app.app_context():
        load_demo(data)
        db.session.remove()
        db.engine.dispose()


def organisation(agents: list[dict], skills: list[dict]) -> dict:
    """One point of contact per skill (GUID ``POC.format(n)`` for the n-th); ``agents``: capacity, skills, seconds."""
    return {
        "tenant": {"bus_no": 4600009, "name": "Crash", "default_language": "en", "timezone": "UTC"},
        "skill": skills,
        "disposition": [{"name": "Done"}],
        "user": [
            {
                "email": f"agent{n}@crash.example",
                "password": PASSWORD,
                "display_name": f"Agent {n}",
                "roles": ["agent"],
                **agent,
            }
            for n, agent in enumerate(agents)
        ],
        "routing_script": [{"name": "Default", "steps": {"start": [{"step": "request_agent", "skill": "Default"}]}}],
        "point_of_contact": [
            {
                "guid": POC.format(n),
                "name": skill["name"],
                "default_skill": skill["name"],
                "routing_script": "Default",
            }
            for n, skill in enumerate(skills)
        ],
    }
