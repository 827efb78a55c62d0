"""A chat's commands over HTTP: start, state, write, type, end, transcript. A bearer token, never a cookie."""

import json

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask_babel import force_locale

from ..access import all_lines, allowed, bearer_token, chat_session, entry_point, json_body
from ..actions.audit import CUSTOMER
from ..actions.contacts import Arrival, end_contact, start_contact
from ..actions.messages import Speaker, post_and_wait, show_typing
from ..errors import Forbidden, Invalid, RateLimited, TooLong
from ..extensions import db
from . import language
from .snapshot import snapshot

blueprint = Blueprint("chats", __name__)

NAME_LIMIT, PARAMETERS, PARAMETER_LIMIT, URL_LIMIT = 255, 9, 1000, 2000


@blueprint.post("/chat/<guid>/contacts")
@allowed("anyone")
def start(guid: str):
    """Open a contact: the click. 201 with the bearer token, 200 when the same start was heard before."""
    poc = entry_point(guid)
    if wait := current_app.extensions["chat_rate"].take(request.remote_addr or ""):
        raise RateLimited(retry_seconds=wait)
    profile = poc.chat_profile
    arrival = _arrival(json_body(), profile.interface if profile else 2, profile.default_language if profile else "en")
    contact, token, new = start_contact(poc, request.headers.get("Idempotency-Key", ""), arrival)
    return jsonify(token=token, **snapshot(contact)), 201 if new else 200


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
    if wait := current_app.extensions["message_rate"].take(str(mine.id)):
        raise RateLimited(retry_seconds=wait)
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


@blueprint.post("/chat/ending")
@allowed("customer")
def ending():
    """End the chat; a second time changes nothing."""
    mine = chat_session(bearer_token()).contact
    reason = "customer_left" if mine.waiting else "customer_ended"
    return jsonify(snapshot(end_contact(mine.id, reason, CUSTOMER)))


@blueprint.post("/chat/transcript")
@allowed("customer")
def transcript():
    """The whole chat as a page or as a text file. A form post, so that the token stands in no address."""
    chat = chat_session(bearer_token())
    mine = chat.contact
    if not mine.skill.transcript_available:
        raise Forbidden()
    if wait := current_app.extensions["transcript_rate"].take(str(mine.id)):
        raise RateLimited(retry_seconds=wait)
    as_text = request.form.get("format") == "text"
    with force_locale(chat.language):
        page = render_template(
            "customer/transcript.txt" if as_text else "customer/transcript.html",
            contact=mine,
            lines=all_lines(mine.id),  # read page by page: a long log must not hold up the others
            lang=chat.language,
            html_lang=language.html_lang(chat.language),
            direction=language.direction(chat.language),
        )
    if not as_text:
        return page
    name = f"{mine.created_at:%Y%m%dT%H%M%SZ}-{mine.id}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(page, content_type="text/plain; charset=utf-8", headers=headers)


@blueprint.before_request
def own_origin() -> None:
    """Only our own window, or a program without an Origin; a form's post (the transcript) may show "null"."""
    origin = request.headers.get("Origin")
    if origin is None or origin in current_app.config["ORIGINS"]:
        return
    if not (origin == "null" and request.endpoint == "chats.transcript"):
        raise Forbidden()


def _arrival(body: dict, interface: int, default_language: str) -> Arrival:
    name = body.get("name") or ""
    if not isinstance(name, str) or not _storable(name):
        raise Invalid(field="name")
    if "name" in body and not name.strip():
        raise Invalid(field="name")
    if len(name) > NAME_LIMIT:
        raise TooLong(field="name")
    asked = body.get("locale") if isinstance(body.get("locale"), str) else None
    page_url = body.get("page_url") if isinstance(body.get("page_url"), str) else ""
    return Arrival(
        name=" ".join(name.split()),
        parameters=_parameters(body.get("params")),
        language=language.choose(asked, request.headers.get("Accept-Language"), default_language),
        page_url=page_url[:URL_LIMIT] if _storable(page_url) else "",
        interface=interface,
    )


def _parameters(given) -> list[dict]:
    """Up to nine, in places; whatever a page passes becomes text (rule R15)."""
    if not isinstance(given, list):
        return []
    return [_parameter(value) for value in given[:PARAMETERS]]


def _parameter(value) -> dict:
    name = ""
    if isinstance(value, dict):
        name, value = str(value.get("name") or ""), value.get("value")
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text, name = (part if _storable(part) else "" for part in (text, name))
    parameter = {"name": name[:80], "value": text[:PARAMETER_LIMIT]}
    if len(text) > PARAMETER_LIMIT:
        parameter["cut"] = True  # the agent is told that there was more
    return parameter


def _storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
