"""The customer's opinion after the end."""

from flask import Blueprint, jsonify

from ..access import allowed, bearer_token, chat_session, json_body
from ..actions.ratings import rate
from .origin import guard
from .snapshot import snapshot

blueprint = guard(Blueprint("ratings", __name__))


@blueprint.post("/chat/rating")
@allowed("customer")
def rating():
    """Store it. 201, or 200 when the same stands there already; 409 for another one, and before the end."""
    mine, body = chat_session(bearer_token()).contact, json_body()
    contact, new = rate(mine.id, body.get("score"), body.get("comment", ""))
    return jsonify(snapshot(contact)), 201 if new else 200
