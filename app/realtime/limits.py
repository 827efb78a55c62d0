"""Rates and counts of the live link, kept per process in memory: they protect the process, nothing depends on them."""

import ipaddress
import threading
import time
from collections import Counter

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
    """Rate per key: ``allowed`` within 60 s, at most ``burst`` of them (default: all) at once."""

    def __init__(self, allowed: int, burst: int | None = None):
        self.allowed = allowed
        self.burst = burst
        self._buckets: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """0 when it may happen now, else the seconds until it may."""
        return self.bucket(key).take()

    def bucket(self, key: str) -> Bucket:
        """The bucket of this key: one for all sockets and requests of the same person."""
        with self._lock:
            if len(self._buckets) > 10_000:
                full = [k for k, b in self._buckets.items() if time.monotonic() - b.at > 60]
                for k in full:
                    del self._buckets[k]
            bucket = self._buckets.get(key)
            if bucket is None:
                bucket = self._buckets[key] = Bucket(self.burst or self.allowed, self.allowed / 60)
            return bucket

    def forget(self) -> None:
        """Everybody begins anew."""
        with self._lock:
            self._buckets.clear()
