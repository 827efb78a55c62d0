"""The end of a chat, and taking it back."""

from flask import Blueprint, jsonify, request

from ..access import allowed, bearer_token, chat_session, json_body
from ..actions.endings import begin_ending, end_at_once, take_back_ending
from .origin import guard
from .snapshot import snapshot

blueprint = guard(Blueprint("ending", __name__))


@blueprint.post("/chat/ending")
@allowed("customer")
def ending():
    """End the chat in ten seconds, or at once with `now`; a second time changes nothing."""
    mine = chat_session(bearer_token()).contact
    now = request.is_json and json_body().get("now") is True
    return jsonify(snapshot(end_at_once(mine.id) if now else begin_ending(mine.id)))


@blueprint.delete("/chat/ending")
@allowed("customer")
def taken_back():
    """The chat goes on; 409 when it was too late."""
    mine = chat_session(bearer_token()).contact
    return jsonify(snapshot(take_back_ending(mine.id)))
