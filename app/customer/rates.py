"""How often a customer may do what costs something."""

from flask import current_app, request

from ..errors import RateLimited
from ..realtime.limits import network_of


def slow_down(rate: str, contact_id: int | None = None) -> None:
    """Count one more of ``rate`` (a name of app/assembly/live_services.py), by contact or else by address.

    Raises ``RateLimited``.
    """
    key = network_of(request.remote_addr) if contact_id is None else str(contact_id)
    if wait := current_app.extensions[rate].take(key):
        raise RateLimited(retry_seconds=wait)
