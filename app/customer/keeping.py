"""What a customer asks for to keep a chat: a letter, and a link that runs out."""

from datetime import timedelta

from flask import Blueprint, jsonify, url_for

from .. import clock
from ..access import allowed, bearer_token, chat_session, json_body, ticket_of
from ..actions.mail import send_transcript
from ..errors import Forbidden, Invalid
from .origin import guard
from .rates import slow_down
from .times import times_told

blueprint = guard(Blueprint("keeping", __name__))

LINK_LIFE = timedelta(hours=24)


@blueprint.post("/chat/mail")
@allowed("customer")
def mail():
    """Send the whole chat to an address that the customer typed."""
    chat = chat_session(bearer_token())
    slow_down("mail_rate")
    body = json_body()
    letter = send_transcript(chat.contact, body.get("email"), chat.language, *times_told(chat, body))
    return jsonify(recipient=letter.recipient), 202


@blueprint.post("/chat/transcript/link")
@allowed("customer")
def link():
    """An address that shows the transcript for 24 hours to whoever has it, without the chat's token."""
    chat = chat_session(bearer_token())
    if not chat.contact.skill.transcript_available:
        raise Forbidden()
    try:
        told = times_told(chat, json_body())._asdict()
    except Invalid:  # a program need not say anything
        told = {}
    url = url_for("transcripts.shared", ticket=ticket_of(chat, "transcript"), **told, _external=True)
    return jsonify(url=url, expires_at=clock.iso(clock.now() + LINK_LIFE)), 201
