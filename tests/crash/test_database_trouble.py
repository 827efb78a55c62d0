"""A database that is locked, full or away: told as "busy", nothing acknowledged is lost, and it heals by itself."""

import asyncio
import contextlib
import random
import resource
import signal
import sqlite3
import subprocess
import time
from collections import Counter

import pytest

from tests.crash.books import stored_lines, violations
from tests.crash.office import Office, run, skills, staff
from tests.crash.server import organisation
from tests.crash.storm import alone, patiently, seed_of
from tests.services import Postgres, find_postgres, until

pytestmark = pytest.mark.slow

EACH = 60
FULL_AT = 64 * 1024  # bytes; far below what the write-ahead log has reached by then


class Trouble:
    """Conversations on a server; in the middle of them something ``happens``, until it is ``over``."""

    def __init__(self, office: Office):
        self.office = office
        for talker in office.talkers:
            talker.ack_seconds = 10.0  # as in our own pages: longer than the server waits for a lock

    def refused(self) -> int:
        """How many sends were answered with "busy" so far."""
        return sum(talker.refusals["busy"] for talker in self.office.talkers)

    async def strike(self, happens, over, least: float):
        """Let it happen for at least ``least`` seconds and until somebody was refused and everybody heard a pong.

        One customer and the agent are cut off meanwhile: they come back to a server without a database.
        """
        office = self.office
        await patiently(lambda: len(office.books.acked) > EACH, 20)
        before, began = self.refused(), time.monotonic()
        happens()
        try:
            waiting = set(range(len(office.talkers)))
            for n, talker in enumerate(office.talkers):
                talker.on_frame = lambda frame, n=n: waiting.discard(n) if frame["t"] == "pong" else None
            # A talker that came back in the trouble was turned away: it hears its pong when the next attempt succeeds.
            heard = await patiently(lambda: not waiting or not any(office.talkers[n].online for n in waiting), 10)
            assert heard, "the hub stands still"
            assert await patiently(lambda: self.refused() > before, 20), "nobody was told"
            for proxy in office.proxies[:2]:
                proxy.cut()
            await patiently(lambda: time.monotonic() - began > least, least + 1)
        finally:
            over()


def suffer(crash_server, database_url, happens, over, least: float) -> Counter[int]:
    """A run with one trouble in it; the books are right at its end, and the log shows no traceback.

    Returns how often which close code was heard.
    """
    rng = random.Random(seed_of("trouble"))
    server = crash_server(database_url, organisation(staff(1, 4), skills(1)), CLAVARDAGE_LEASE_SECONDS="3600")
    with contextlib.ExitStack() as stack:
        office = Office(server, rng, agents=1, contacts=4, stack=stack)
        trouble = Trouble(office)
        books = alone(_run(trouble, lambda: happens(server), lambda: over(server), least))
    assert violations(books, stored_lines(server.database_url)) == []
    assert len(books.acked) == EACH * 8
    server.close()
    return sum((talker.closes for talker in office.talkers), Counter())


async def _run(trouble: Trouble, happens, over, least):
    striking = asyncio.create_task(trouble.strike(happens, over, least))
    books = await run(trouble.office, EACH, kills=0, cuts=0, patience=40)
    await striking
    return books


def test_a_database_locked_by_somebody_else_costs_time_and_no_word(crash_server):
    holders = []

    def lock(server):
        holder = sqlite3.connect(server.folder / "clavardage.db", isolation_level=None, timeout=5)
        holder.execute("BEGIN IMMEDIATE")
        holders.append(holder)

    suffer(crash_server, None, lock, lambda server: holders[0].close(), least=7)


def test_a_full_disk_is_told_as_busy_and_room_heals_it(crash_server):
    usual = []

    def limit(server):
        for pid in server.worker_pids():
            usual.append(resource.prlimit(pid, resource.RLIMIT_FSIZE))
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (FULL_AT, usual[-1][1]))

    def lift(server):
        for pid in server.worker_pids():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, usual[0])

    suffer(crash_server, None, limit, lift, least=2)


class StoppablePostgres(Postgres):
    """A cluster of one's own that can be away for a while."""

    def halt(self):
        """Gone at once, with every connection."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)

    def again(self):
        """Back, with what was committed."""
        self.process = subprocess.Popen(
            self.process.args,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            start_new_session=True,
            **self._account(),
        )
        until(self._answers, what="the private PostgreSQL's start")


@pytest.fixture
def stoppable():
    """A PostgreSQL for one test."""
    cluster = StoppablePostgres(find_postgres())
    yield cluster
    cluster.stop()


@pytest.mark.postgres
def test_a_database_server_that_restarts_is_waited_for(crash_server, stoppable):
    url = stoppable.new_database()
    closes = suffer(crash_server, url, lambda server: stoppable.halt(), lambda server: stoppable.again(), least=2)
    assert closes[1013] > 0
