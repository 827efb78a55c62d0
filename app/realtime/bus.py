"""The bus carries announcements to the processes that hold an ear. A lost hint is repaired from the database."""

import json
import logging
import queue
import threading
import uuid
from typing import Protocol

from .events import Event, encode, unpacked
from .hub import Hub

log = logging.getLogger(__name__)

Announcements = list[tuple[str, Event]]


class Bus(Protocol):
    """One shape for both implementations; the same tests run over both."""

    hub: Hub

    def publish(self, announcements: Announcements) -> None:
        """Tell these events, in order. Never waits for the network, never raises for a broken one."""

    def start(self) -> None:
        """Begin to listen; to be called in the process that serves."""

    def stop(self) -> None:
        """Stop listening and let go of connections."""


class MemoryBus:
    """Straight on to the hub of the only process."""

    def __init__(self, hub: Hub):
        self.hub = hub

    def publish(self, announcements: Announcements) -> None:
        self.hub.deliver(announcements)

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""


class RedisBus:
    """Local ears hear at once; other processes by one channel per audience. Redis only ever holds hints.

    One thread publishes, one listens: a connection per caller ends in an exhausted pool when thousands connect at once.
    """

    RETRY_SECONDS = 0.5
    BACKLOG = 10_000  # announcements; older ones are dropped while Redis is away, the poll of last_seq repairs them

    def __init__(self, hub: Hub, url: str, prefix: str = "clavardage:"):
        self.hub = hub
        self.url = url
        self.prefix = prefix
        self.node = uuid.uuid4().hex
        self._outgoing: queue.Queue = queue.Queue(self.BACKLOG)
        self._wishes: queue.Queue = queue.Queue()
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self._pubsub = None
        hub.on_first = lambda audience: self._wishes.put((True, audience))
        hub.on_last = lambda audience: self._wishes.put((False, audience))

    def publish(self, announcements: Announcements) -> None:
        self.hub.deliver(announcements)
        try:
            self._outgoing.put_nowait(announcements)
        except queue.Full:
            log.warning("bus backlog full, hints dropped", extra={"hints": len(announcements)})

    def start(self) -> None:
        for work in (self._send_loop, self._listen_loop):
            thread = threading.Thread(target=work, name=f"bus-{work.__name__}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._stopped.set()
        self._outgoing.put([])
        for thread in self._threads:
            thread.join(timeout=5)
        self._threads.clear()

    def _client(self):
        import redis  # only where Redis is used: the embedded default needs no driver

        return redis.Redis.from_url(self.url, socket_timeout=5, socket_connect_timeout=5)

    def _send_loop(self) -> None:
        client = self._client()
        while not self._stopped.is_set():
            announcements = self._outgoing.get()
            if not announcements:
                continue
            try:
                with client.pipeline(transaction=False) as pipe:
                    for audience, event in announcements:
                        pipe.publish(self.prefix + audience, encode([self.node, event.packed()]))
                    pipe.execute()
            except Exception as error:  # noqa: BLE001 - whatever the driver raises: hints may be lost, the bus goes on
                log.warning("bus cannot publish", extra={"reason": type(error).__name__})
                self._stopped.wait(self.RETRY_SECONDS)
        client.close()

    def _listen_loop(self) -> None:
        while not self._stopped.is_set():
            client = self._client()
            try:
                with client.pubsub(ignore_subscribe_messages=True) as pubsub:
                    pubsub.subscribe(self.prefix + "all")
                    for audience in self.hub.audiences():
                        pubsub.subscribe(self.prefix + audience)
                    self._listen(pubsub)
            except Exception as error:  # noqa: BLE001 - likewise
                log.warning("bus cannot listen", extra={"reason": type(error).__name__})
                self._stopped.wait(self.RETRY_SECONDS)
            finally:
                client.close()

    def _listen(self, pubsub) -> None:
        while not self._stopped.is_set():
            while not self._wishes.empty():
                wanted, audience = self._wishes.get_nowait()
                if wanted or not self.hub.listening(audience):
                    (pubsub.subscribe if wanted else pubsub.unsubscribe)(self.prefix + audience)
            message = pubsub.get_message(timeout=0.05)
            if message:
                self._heard(message)

    def _heard(self, message: dict) -> None:
        audience = message["channel"].decode().removeprefix(self.prefix)
        try:
            node, values = json.loads(message["data"])
            event = unpacked(values)
        except (ValueError, KeyError, TypeError):
            log.warning("bus heard something it does not know")  # an older or newer process; its readers poll
            return
        if node != self.node:
            self.hub.deliver([(audience, event)])


def make_bus(hub: Hub, redis_url: str) -> MemoryBus | RedisBus:
    """The bus that the settings ask for."""
    return RedisBus(hub, redis_url) if redis_url else MemoryBus(hub)
