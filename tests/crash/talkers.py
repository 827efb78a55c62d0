"""Clients that keep the rules of the protocol while their server is killed and their cables are cut."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable

from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, WebSocketException

from tests.crash.books import Books
from tests.people import new_cid

WINDOW = 8
ACK_SECONDS = 3.0
SILENCE_SECONDS = 2.0
PING_SECONDS = 0.5
GONE = (OSError, TimeoutError, WebSocketException, InvalidHandshake)


class Talker:
    """One person with an outbox and a cursor per contact, on as many sockets as it takes, one after the other.

    ``subs``: contact -> may write there now. Everything sent, acknowledged and shown is kept in ``books``.
    """

    def __init__(self, books: Books, rng: random.Random, url: str, path: str, token: str, sender: str, **headers: str):
        self.books, self.rng = books, rng
        self.url = url.replace("http", "ws", 1) + path
        self.token, self.sender, self.headers = token, sender, headers
        self.reader = sender if sender != "customer" else f"customer of {token[:6]}"
        self.subs: dict[int, bool] = {}
        self.outbox: list[tuple[int, str, str]] = []
        self.sockets = 0
        self.ack_seconds = ACK_SECONDS
        self.refusals: Counter[str] = Counter()
        self.closes: Counter[int] = Counter()
        self.stopped = False
        self.on_frame: Callable[[dict], None] = lambda frame: None
        self._ws = None
        self._forget()

    def _forget(self):
        """A new socket: nothing is on its way, nothing has been shown on it."""
        self.flying: dict[str, float] = {}
        self.held: dict[int, float] = {}
        self.at: dict[int, int] = {}
        self.online = False

    def cursor(self, contact: int) -> int:
        """The last number shown without a hole."""
        shown = self.books.heard[self.reader][contact]
        return shown[-1]["seq"] if shown else 0

    def write(self, contact: int, text: str):
        """Put a text into the outbox."""
        cid = new_cid()
        self.books.sent[contact, self.sender, cid] = text
        self.outbox.append((contact, cid, text))

    async def gain(self, contact: int):
        """A contact came to this person."""
        self.subs[contact] = True
        if self.online and contact not in self.at:
            await self._subscribe(contact)

    async def run(self):
        """Connect, talk, come back; until ``stopped``."""
        while not self.stopped:
            self._forget()
            try:
                async with connect(
                    self.url,
                    subprotocols=["clavardage.v1"],
                    additional_headers=self.headers,
                    compression=None,
                    ping_interval=None,
                    open_timeout=SILENCE_SECONDS,
                    close_timeout=0.2,
                ) as ws:
                    self._ws = ws
                    self.sockets += 1
                    try:
                        await self._talk(ws)
                    finally:
                        # A run that ends in the middle of a polite goodbye would leave the socket open.
                        ws.transport.abort()
            except GONE as end:
                told = getattr(end, "rcvd", None)
                self.closes[told.code if told else 1006] += 1
                await asyncio.sleep(self.rng.uniform(0, 0.3))
            finally:
                self._ws = None

    async def _talk(self, ws):
        subs = [{"contact": contact, "after": self.cursor(contact)} for contact in self.subs]
        self.at = {sub["contact"]: sub["after"] for sub in subs}
        await self._say({"t": "hello", "v": 1, "token": self.token, "subs": subs})
        beat = asyncio.create_task(self._beat(ws))
        try:
            while not self.stopped:
                frame = json.loads(await asyncio.wait_for(ws.recv(), SILENCE_SECONDS))
                if not await self._take(frame):
                    return
        finally:
            beat.cancel()

    async def _beat(self, ws):
        loop = asyncio.get_running_loop()
        pinged = 0.0
        while True:
            now = loop.time()
            try:
                if now - pinged > PING_SECONDS:
                    pinged = now
                    await self._say({"t": "ping"})
                await self._pump(now)
            except GONE:
                return
            if self.flying and now - min(self.flying.values()) > self.ack_seconds:
                await ws.close()
                return
            await asyncio.sleep(0.02)

    async def _pump(self, now: float):
        """The outbox in its order, at most eight on their way; never twice on one socket before an answer."""
        for contact, cid, text in tuple(self.outbox):
            if not self.online or len(self.flying) >= WINDOW:
                return
            if cid in self.flying or contact not in self.at or self.held.get(contact, 0) > now:
                continue
            self.flying[cid] = now
            await self._say({"t": "send", "contact": contact, "cid": cid, "text": text})

    async def _say(self, frame: dict):
        await self._ws.send(json.dumps(frame))

    async def _subscribe(self, contact: int):
        self.at[contact] = self.cursor(contact)
        await self._say({"t": "subscribe", "contact": contact, "after": self.at[contact]})

    async def _take(self, frame: dict) -> bool:
        """False when only a new socket helps."""
        kind = frame["t"]
        if kind == "ev":
            return self._line(frame)
        if kind == "ready":
            self.online = True
            for contact in self.subs:
                if contact not in self.at:
                    await self._subscribe(contact)
        elif kind == "ack":
            self._settled(frame)
        elif kind == "nack":
            self._refused(frame)
        elif kind == "dropped":
            self.subs.pop(frame["contact"], None)
            self.at.pop(frame["contact"], None)
        self.on_frame(frame)
        return True

    def _line(self, ev: dict) -> bool:
        contact, seq = ev["contact"], ev["seq"]
        if contact not in self.at:
            return True  # of a contact that was lost a moment ago
        if seq != self.at[contact] + 1:
            self.books.fault("order", f"{self.reader}: {seq} after {self.at[contact]} in contact {contact}")
        shown = self.books.heard[self.reader][contact]
        if seq <= self.cursor(contact):
            return True
        if seq > self.cursor(contact) + 1:
            return False
        self.at[contact] = seq
        shown.append(ev)
        self.on_frame(ev)
        return True

    def _settled(self, ack: dict):
        contact, cid = ack["contact"], ack["cid"]
        self.flying.pop(cid, None)
        self.books.acked[contact, self.sender, cid] = ack["seq"]
        self.outbox = [entry for entry in self.outbox if entry[1] != cid]

    def _refused(self, nack: dict):
        """Later, under the same id; what can never be taken is a fault of the test or of the product."""
        self.flying.pop(nack["cid"], None)
        self.refusals[nack["code"]] += 1
        if nack["code"] not in ("busy", "rate_limited", "forbidden"):
            self.books.fault("refused", str(nack))
        self.held[nack["contact"]] = asyncio.get_running_loop().time() + nack.get("retry_ms", 300) / 1000
