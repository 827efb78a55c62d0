"""Agents with moods and customers who come and go: what a busy floor does to the routing."""

import asyncio
import http.client
import json
import random
import re

from tests.crash.books import Books
from tests.crash.server import PASSWORD, POC
from tests.crash.talkers import Talker
from tests.people import Agent, Web, new_cid

AWAY = (OSError, http.client.HTTPException, AssertionError)
MOODS = {"accept": 55, "refuse": 15, "ignore": 15, "vanish": 15}
HTMX = {"HX-Request": "true"}


async def asked(work, *arguments):
    """The answer of a blocking call; None while the server is away."""
    try:
        return await asyncio.to_thread(work, *arguments)
    except AWAY:
        return None


class Link:
    """A person's socket, there or not."""

    def __init__(self, talker: Talker):
        self.talker = talker
        self._task: asyncio.Task | None = None

    def up(self):
        """Connect, and stay so."""
        if self._task is None:
            self.talker.stopped = False
            self._task = asyncio.create_task(self.talker.run())

    async def down(self):
        """Gone without a word."""
        if self._task is not None:
            self.talker.stopped = True
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None


class Worker:
    """One agent. ``calm``: from now on they do their work. A ``sleeper`` never decides anything, and when it is calm
    goes on until one more offer has been slept through."""

    def __init__(self, url: str, n: int, rng: random.Random, sleeper: bool = False):
        self.rng, self.sleeper, self.calm, self.slept = rng, sleeper, False, False
        self.agent = Agent(url, f"agent{n}@crash.example", PASSWORD)
        cookie = {"Cookie": self.agent.web.cookie}
        self.link = Link(Talker(Books(), rng, url, "/live/agent", self.agent.csrf, f"agent {n}", **cookie))
        self.moods: dict[int, str] = {}

    async def work(self):
        """The day's work, until cancelled."""
        try:
            self.link.up()
            while True:
                await self._turn()
                await asyncio.sleep(self.rng.uniform(0.1, 0.4))
        finally:
            await self.link.down()

    async def _turn(self):
        shown = await asked(self.agent.offers) or ()
        for offer in shown:
            await self._decide(offer)
        gone = [offer for offer in self.moods if offer not in shown]
        if gone and self.rng.random() < 0.2:  # a tab that slept: its button is long out of date
            await asked(self.agent.accept, self.rng.choice(gone))
        await self._contacts()
        if self.slept:
            return
        if self.calm or self.rng.random() < 0.4:
            await self._available()

    async def _decide(self, offer: int):
        if self.sleeper:
            mood = self.moods[offer] = "ignore"
            self.slept = self.calm
        elif self.calm:
            mood = "accept"
        else:
            mood = self.moods.setdefault(offer, self.rng.choices(list(MOODS), list(MOODS.values()))[0])
        if mood == "accept":
            await asked(self.agent.accept, offer)
        elif mood == "refuse":
            await asked(self.agent.post, f"/agent/offers/{offer}/refusal")
        elif mood == "vanish":
            if self.rng.random() < 0.5:
                await asked(self.agent.accept, offer)
            await self.link.down()
            await asyncio.sleep(self.rng.uniform(1, 9))
            self.link.up()

    async def _contacts(self):
        answer = await asked(self.agent.web.ask, "GET", "/agent/contacts", b"", HTMX)
        for row in re.findall(rb'<li class="contact"[^>]*>', answer[2] if answer else b""):
            contact, owed = int(re.search(rb'data-contact="(\d+)"', row)[1]), b"data-owed" in row
            if self.calm or self.rng.random() < (0.5 if owed else 0.25):
                await asked(self.agent.post, f"/agent/contacts/{contact}/{'wrap-up' if owed else 'ending'}")

    async def _available(self):
        answer = await asked(self.agent.post, "/agent/state", {"state": "Available"})
        if answer and answer[0] == 409:  # the shift is over: the page is loaded again
            await asked(self.agent.web.ask, "GET", "/agent/")


class Visitor:
    """One customer: arrives ``after`` seconds, waits; with a ``whim`` they end it early (below 0.15) or disappear for
    a while (below 0.3); ``over`` is set when the chat is."""

    def __init__(self, url: str, poc: int, rng: random.Random, after: float, whim: float):
        self.url, self.poc, self.rng, self.after, self.whim = url, poc, rng, after, whim
        self.web, self.over = Web(url), asyncio.Event()

    async def visit(self):
        """From the click to the end."""
        await asyncio.sleep(self.after)
        token, contact = await self._start()
        talker = Talker(Books(), self.rng, self.url, "/live/customer", token, "customer")
        talker.subs[contact] = True
        talker.on_frame = lambda frame: self.over.set() if frame.get("kind") == "ended" else None
        link = Link(talker)
        link.up()
        try:
            await asyncio.sleep(self.rng.uniform(0.5, 4))
            if self.whim < 0.15:
                await self._insist("/chat/ending", token)
            elif self.whim < 0.3:
                await link.down()
                await asyncio.sleep(self.rng.uniform(0.5, 3))
                link.up()
            await self.over.wait()
        finally:
            await link.down()

    async def _start(self) -> tuple[str, int]:
        answer = await self._insist(f"/chat/{POC.format(self.poc)}/contacts", key=new_cid())
        return answer["token"], answer["contact"]

    async def _insist(self, path: str, token: str = "", key: str = "") -> dict:
        """Ask until there is an answer, always the same."""
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": key}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        while True:
            answer = await asked(self.web.ask, "POST", path, json.dumps({"name": "Zoé"}), headers)
            if answer and answer[0] in (200, 201):
                return json.loads(answer[2])
            await asyncio.sleep(self.rng.uniform(0.1, 0.4))
