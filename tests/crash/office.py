"""Customers who all have their agent, and a run of their conversations through trouble."""

import asyncio
import contextlib
import random

from tests.crash.books import Books
from tests.crash.server import PASSWORD, POC
from tests.crash.storm import patiently, storm
from tests.crash.talkers import Talker
from tests.journeys.cutting_proxy import CuttingProxy
from tests.people import Agent, Customer


class Office:
    """Customers who all have their agent: one agent per skill, ``contacts`` customers for each."""

    def __init__(self, server, rng: random.Random, agents: int, contacts: int, stack: contextlib.ExitStack):
        self.server, self.rng, self.stack = server, rng, stack
        self.books = Books()
        self.proxies: list[CuttingProxy] = []
        self.talkers: list[Talker] = []
        self.agents: list[tuple[Agent, Talker]] = []
        self.pairs: list[tuple[int, Talker, Talker]] = []
        for n in range(agents):
            self._staff(n, contacts)

    def _proxy(self) -> str:
        proxy = self.stack.enter_context(CuttingProxy(self.server.port))
        self.proxies.append(proxy)
        return proxy.url

    def _staff(self, n: int, contacts: int):
        url = self._proxy()
        agent = Agent(url, f"agent{n}@crash.example", PASSWORD)
        agent.connect()
        user = agent.live.ready["session"]
        sender, headers = f"agent:{user}", {"Cookie": agent.web.cookie}
        at_desk = Talker(self.books, self.rng, url, "/live/agent", agent.csrf, sender, **headers)
        agent.become("Available")
        for _ in range(contacts):
            url = self._proxy()
            customer = Customer(url, poc=POC.format(n))
            writer = Talker(self.books, self.rng, url, "/live/customer", customer.token, "customer")
            assert agent.accept(agent.wait_for_offer()) == 200
            writer.subs[customer.contact] = at_desk.subs[customer.contact] = True
            self.talkers.append(writer)
            self.pairs.append((customer.contact, writer, at_desk))
        agent.live.cut()
        self.talkers.append(at_desk)
        self.agents.append((agent, at_desk))

    async def converse(self, each: int):
        """``each`` messages from either side of every contact."""
        writing = [self._write(contact, talker, each) for contact, *pair in self.pairs for talker in pair]
        await asyncio.gather(*writing)

    async def _write(self, contact: int, talker: Talker, each: int):
        for n in range(each):
            while sum(1 for entry in talker.outbox if entry[0] == contact) > 3:
                await asyncio.sleep(0.01)
            talker.write(contact, f"{talker.sender} {n} ü 你好")
            await asyncio.sleep(self.rng.uniform(0, 0.02))

    def settled(self) -> bool:
        """Nothing is on its way, and everybody has seen the last line that somebody saw."""
        if any(talker.outbox for talker in self.talkers):
            return False
        return all(len({who.cursor(contact) for who in pair}) == 1 for contact, *pair in self.pairs)


async def run(office: Office, each: int, kills: int, cuts: int, patience: float, aside=(), meanwhile=()) -> Books:
    """A whole run; whatever is not settled ``patience`` seconds after the storm is left to the checker.

    ``aside`` goes on until everything is settled, ``meanwhile`` has to end by itself.
    """
    total = each * 2 * len(office.pairs)
    tasks = [asyncio.create_task(talker.run()) for talker in office.talkers]
    tasks += [asyncio.create_task(work) for work in aside]
    writing = asyncio.gather(office.converse(each), *meanwhile)
    progress = moments(office, total, patience)
    await storm(office.server, office.proxies, office.rng, kills, cuts, progress)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(writing, patience)
    await patiently(office.settled, patience)
    for talker in office.talkers:
        talker.stopped = True
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [e for e in ended if isinstance(e, Exception) and not isinstance(e, asyncio.CancelledError)] == []
    return office.books


def moments(office: Office, total: int, patience: float):
    """Progress by acknowledgements; a product that stands still is not waited for longer than ``patience``."""
    loop = asyncio.get_running_loop()
    seen = [0, loop.time()]

    def moment(share: float) -> bool:
        acked = len(office.books.acked)
        if acked != seen[0]:
            seen[:] = [acked, loop.time()]
        return acked >= share * total or loop.time() - seen[1] > patience

    return moment


def skills(n: int) -> list[dict]:
    """Skills without after-contact work."""
    return [{"name": f"Skill {k}"} for k in range(n)]


def staff(n: int, capacity: int) -> list[dict]:
    """One agent for each skill."""
    return [{"capacity": capacity, "skills": {f"Skill {k}": 1}} for k in range(n)]
