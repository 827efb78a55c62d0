"""Who listens in this process. From here on there is no database and no template."""

import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from .events import Event


class Ear(Protocol):
    """Something that listens: a socket's session, a long poll, a test."""

    def hear(self, event: Event) -> None:
        """Take the event without waiting; raise nothing."""

    def flush(self) -> None:
        """All events of this announcement have been heard: send what they made."""

    def silent_seconds(self) -> float:
        """How long ago the person at the other end was last heard."""


class Hub:
    """Audience name -> ears. Under gevent everything here runs between two switches; the lock serves threads."""

    def __init__(self):
        self._ears: dict[str, set[Ear]] = {}
        self._lock = threading.Lock()
        self.on_first: Callable[[str], None] = lambda audience: None
        self.on_last: Callable[[str], None] = lambda audience: None

    def join(self, audience: str, ear: Ear) -> None:
        """From now on ``ear`` hears what is announced to ``audience``."""
        with self._lock:
            ears = self._ears.get(audience)
            first = ears is None
            if first:
                ears = self._ears[audience] = set()
            ears.add(ear)
        if first:
            self.on_first(audience)

    def leave(self, audience: str, ear: Ear) -> None:
        """``ear`` hears it no longer; leaving twice is harmless."""
        with self._lock:
            ears = self._ears.get(audience)
            if not ears:
                return
            ears.discard(ear)
            last = not ears
            if last:
                del self._ears[audience]
        if last:
            self.on_last(audience)

    def deliver(self, announcements: Iterable[tuple[str, Event]]) -> None:
        """Let every ear hear its events in order, then flush each ear once."""
        touched = {}
        for audience, event in announcements:
            ears = self._ears.get(audience)
            if ears:
                for ear in tuple(ears):
                    ear.hear(event)
                    touched[ear] = None
        for ear in touched:
            ear.flush()

    def listening(self, audience: str) -> int:
        """How many ears an audience has in this process."""
        return len(self._ears.get(audience, ()))

    def silent_seconds(self, audience: str) -> float | None:
        """Seconds since anybody of this audience was last heard; None when nobody listens here."""
        return min((ear.silent_seconds() for ear in tuple(self._ears.get(audience, ()))), default=None)

    def audiences(self) -> list[str]:
        """Every audience that has an ear here."""
        with self._lock:
            return list(self._ears)
