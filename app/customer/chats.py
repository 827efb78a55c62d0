"""A chat's commands over HTTP: state, write, type. A bearer token, never a cookie."""

from flask import Blueprint, current_app, jsonify, request

from ..access import allowed, bearer_token, chat_session, json_body
from ..actions.messages import Speaker, post_and_wait, show_typing
from ..extensions import db
from .origin import guard
from .rates import slow_down
from .snapshot import snapshot

blueprint = guard(Blueprint("chats", __name__))


@blueprint.get("/chat/contact")
@allowed("customer")
def contact():
    """How the chat stands."""
    return jsonify(snapshot(chat_session(bearer_token()).contact))


@blueprint.post("/chat/messages")
@allowed("customer")
def messages():
    """Write a line. 201, or 200 when this id already stands in the log."""
    mine = chat_session(bearer_token()).contact
    slow_down("message_rate", mine.id)
    cid, speaker = request.headers.get("Idempotency-Key", ""), Speaker(None, mine.customer_name)
    mine_id = mine.id
    db.session.rollback()  # whoever waits holds no connection
    outcome = post_and_wait(mine_id, cid, json_body().get("text"), speaker)
    return jsonify(seq=outcome.seq, at=outcome.at_text, dup=outcome.dup), 200 if outcome.dup else 201


@blueprint.post("/chat/typing")
@allowed("customer")
def typing():
    """Tell the agent that the customer is writing."""
    mine = chat_session(bearer_token()).contact
    if current_app.extensions["typing_rate"].take(str(mine.id)):
        return "", 204
    show_typing(mine.id, mine.agent_id, by_agent=False, on=json_body().get("on") is True)
    return "", 204
