"""Rates and counts of the live link, kept per process in memory: they protect the process, nothing depends on them."""

import ipaddress
import math
import threading
import time
from collections import Counter, OrderedDict

ONE_HOUSEHOLD = 64  # bits of an IPv6 address that a provider gives away as one; the rest its owner chooses at will


def network_of(address: str | None) -> str:
    """By what a visitor's address is counted: IPv4 as it is (also wrapped into IPv6), of IPv6 the network."""
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if known.version == 4:
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, ONE_HOUSEHOLD), strict=False))


class Bucket:
    """A token bucket: ``burst`` at once, refilled at ``per_second``."""

    __slots__ = ("at", "burst", "per_second", "tokens")

    def __init__(self, burst: float, per_second: float):
        self.burst = self.tokens = float(burst)
        self.per_second = float(per_second)
        self.at = time.monotonic()

    def take(self) -> float:
        """Take one token: 0 when it was there, else the seconds until there is one."""
        now = time.monotonic()
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.per_second)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.per_second


class TypingGate:
    """Lets changes of "is typing" through, three at once and then one a second.

    "Off" always passes when "on" did, or the other side would see somebody type for ever.
    """

    __slots__ = ("bucket", "typing")

    def __init__(self):
        self.bucket = Bucket(3, 1.0)
        self.typing: set[int] = set()

    def passes(self, contact: int, on: bool) -> bool:
        """Is this a change that may be told now?"""
        if on == (contact in self.typing) or (on and self.bucket.take()):
            return False
        (self.typing.add if on else self.typing.discard)(contact)
        return True


class Counts:
    """How many there are of each kind and name; :meth:`enter` refuses above a limit."""

    def __init__(self):
        self._counts: Counter = Counter()
        self._lock = threading.Lock()

    def enter(self, key: tuple, limit: int) -> bool:
        """Count one more under ``key``; False, and nothing counted, when ``limit`` is reached."""
        with self._lock:
            if self._counts[key] >= limit:
                return False
            self._counts[key] += 1
            return True

    def leave(self, key: tuple) -> None:
        """One less."""
        with self._lock:
            self._counts[key] -= 1
            if self._counts[key] <= 0:
                del self._counts[key]

    def __len__(self) -> int:
        return len(self._counts)


class Rate:
    """Rate per key: ``allowed`` within 60 s, at most ``burst`` of them (default: all) at once.

    A bucket that is full again knows no more than a new one: it is thrown away, at most every ``SWEEP`` seconds. Where
    that is not enough (so many keys within a minute are nobody's customers), those not used for longest go first.
    """

    KEYS, SWEEP = 10_000, 5.0

    def __init__(self, allowed: int, burst: int | None = None):
        self.allowed = allowed
        self.burst = burst
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()  # the one used last is the last one
        self._swept = -math.inf
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """0 when it may happen now, else the seconds until it may; all that a key does counts together."""
        with self._lock:
            bucket = self._buckets.get(key)
            if bucket is None:
                self._make_room()
                bucket = self._buckets[key] = Bucket(self.burst or self.allowed, self.allowed / 60)
            self._buckets.move_to_end(key)
            return bucket.take()

    def of(self, key: str) -> "Share":
        """What a socket keeps to ask for its key: never a bucket, which may be swept meanwhile."""
        return Share(self, key)

    def forget(self) -> None:
        """Everybody begins anew."""
        with self._lock:
            self._buckets.clear()

    def __len__(self) -> int:
        return len(self._buckets)

    def _make_room(self) -> None:
        if len(self._buckets) < self.KEYS:
            return
        now = time.monotonic()
        if now - self._swept >= self.SWEEP:
            self._swept = now
            for key in [key for key, bucket in self._buckets.items() if now - bucket.at > 60]:
                del self._buckets[key]
        while len(self._buckets) >= self.KEYS:
            self._buckets.popitem(last=False)


class Share:
    """A rate for one key."""

    __slots__ = ("_key", "_rate")

    def __init__(self, rate: Rate, key: str):
        self._rate = rate
        self._key = key

    def take(self) -> float:
        """0 when it may happen now, else the seconds until it may."""
        return self._rate.take(self._key)
