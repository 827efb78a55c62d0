"""No lost word: a real server, killed and cut off again and again in the middle of many conversations."""

import asyncio
import contextlib
import random
import re

import pytest

from tests.crash.books import stored_lines, violations
from tests.crash.office import Office, run, skills, staff
from tests.crash.server import CrashServer, organisation
from tests.crash.storm import alone, patiently, seed_of
from tests.crash.talkers import Talker
from tests.people import Agent

pytestmark = [pytest.mark.crash, pytest.mark.slow]
LONG = {"CLAVARDAGE_LEASE_SECONDS": "3600"}


def test_no_word_is_lost_doubled_or_moved_by_kills_and_cuts(crash_server, empty_database):
    rng = random.Random(seed_of("messages"))
    server = crash_server(empty_database, organisation(staff(3, 3), skills(3)), **LONG)
    with contextlib.ExitStack() as stack:
        office = Office(server, rng, agents=3, contacts=3, stack=stack)
        books = alone(run(office, each=120, kills=11, cuts=14, patience=15))
    server.close()
    stored = stored_lines(server.database_url)
    assert violations(books, stored) == []
    assert len(books.sent) == len(books.acked) == 2160
    assert sum(talker.sockets for talker in office.talkers) > 11 * len(office.talkers)


async def accept_again(agent: Agent, talker: Talker):
    """The agent's page after its shift was lost: work goes on, and what came back is accepted again."""
    while True:
        await asyncio.sleep(0.2)
        with contextlib.suppress(OSError, AssertionError):
            for offer in await asyncio.to_thread(agent.offers):
                await asyncio.to_thread(agent.accept, offer)
            mine = await asyncio.to_thread(contacts_of, agent)
            for contact in set(mine) - set(talker.subs):
                await talker.gain(contact)
            if len(mine) < 3 and talker.online:
                await asyncio.to_thread(agent.become, "Available")


async def lose_agents(office: Office):
    """Each agent's line is dead, at some moment of the run, until the customers are told."""
    for agent, at_desk in office.agents:
        line = next(proxy for proxy in office.proxies if proxy.url == agent.web.url)
        logs = [office.books.heard[who.reader][contact] for contact, who, desk in office.pairs if desk is at_desk]
        await patiently(lambda: len(office.books.acked) > 40, 20)
        line.refusing = True
        line.cut()
        await patiently(lambda logs=logs: all(any(ev["kind"] == "requeued" for ev in log) for log in logs), 30)
        line.refusing = False


def contacts_of(agent: Agent) -> list[int]:
    """The contacts in the agent's list."""
    status, _, page = agent.web.ask("GET", "/agent/contacts", headers={"HX-Request": "true"})
    return [int(found) for found in re.findall(rb'data-contact="(\d+)"', page)] if status == 200 else []


def test_what_came_back_from_a_lost_agent_is_read_and_written_on(crash_server, empty_database):
    rng = random.Random(seed_of("leases"))
    env = {"CLAVARDAGE_LEASE_SECONDS": "15", "CLAVARDAGE_SWEEP_SECONDS": "0.1", **CrashServer.fast_clock(5)}
    server = crash_server(empty_database, organisation(staff(2, 3), skills(2)), **env)
    with contextlib.ExitStack() as stack:
        office = Office(server, rng, agents=2, contacts=3, stack=stack)
        again = [accept_again(agent, talker) for agent, talker in office.agents]
        books = alone(run(office, each=60, kills=3, cuts=4, patience=45, aside=again, meanwhile=[lose_agents(office)]))
    server.close()
    stored = stored_lines(server.database_url)
    assert violations(books, stored) == []
    assert len(books.acked) == 720
    assert all(any(line["kind"] == "requeued" for line in lines) for lines in stored.values())


@pytest.mark.parametrize(
    ("bug", "kind"),
    [
        ("ack_before_commit", "lost"),
        ("no_unique_key", "doubled"),
        ("no_replay", "order"),
        ("no_cursor_check", "order"),
        ("lost_hints", "unheard"),
    ],
)
def test_the_checker_sees_each_planted_bug(crash_server, bug, kind):
    """A bug needs its moment (a cut between commit and acknowledgement …): the storm is repeated until it had one."""
    rng = random.Random(seed_of(bug))
    seen = set()
    for _ in range(5):
        server = crash_server(None, organisation(staff(1, 4), skills(1)), **LONG, PLANTED=bug)
        with contextlib.ExitStack() as stack:
            office = Office(server, rng, agents=1, contacts=4, stack=stack)
            books = alone(run(office, each=40, kills=4, cuts=12, patience=3))
        server.kill()
        seen |= {violation.kind for violation in violations(books, stored_lines(server.database_url))}
        if kind in seen:
            return
    raise AssertionError(f"five storms, and the checker saw {seen} only")
