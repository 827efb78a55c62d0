"""How often a customer may do what costs something."""

from flask import current_app, request

from ..errors import RateLimited
from ..realtime.limits import network_of


def slow_down(rate: str, of: object = None) -> None:
    """Count one more of ``rate`` (a name of app/assembly/live_services.py): ``of`` a contact's number or what else is
    counted apart; by address when nothing is said.

    Raises ``RateLimited``.
    """
    key = network_of(request.remote_addr) if of is None else str(of)
    if wait := current_app.extensions[rate].take(key):
        raise RateLimited(retry_seconds=wait)
