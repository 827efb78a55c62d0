"""The customer is still there: the answer to the warning before a quiet chat is closed (rule R24)."""

from flask import Blueprint, jsonify

from ..access import allowed, bearer_token, chat_session
from ..actions.idleness import stir
from .origin import guard
from .rates import slow_down
from .snapshot import snapshot

blueprint = guard(Blueprint("idle", __name__))


@blueprint.post("/chat/presence")
@allowed("customer")
def presence():
    """The time-out begins anew; where there is none, nothing changes."""
    mine = chat_session(bearer_token()).contact
    slow_down("presence_rate", mine.id)
    return jsonify(snapshot(stir(mine.id)))
