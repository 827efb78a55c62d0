"""Who arrives, as their page tells it."""

import json
from dataclasses import dataclass

from ..tokens import hashed
from .identity import Identity


@dataclass(frozen=True)
class Arrival:
    """What the customer's page tells when a chat starts. ``parameters`` are up to nine {"name", "value"} in places."""

    name: str
    parameters: list[dict]
    language: str
    page_url: str
    interface: int
    email: str = ""
    phone: str = ""
    identity: Identity | None = None

    @property
    def told(self) -> str:
        """A digest of what the customer says of themselves, so that a repeat is told from a correction."""
        return hashed(json.dumps([self.name, self.email, self.phone, self.parameters]))
