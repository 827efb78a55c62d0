"""What a customer keeps of a chat: the transcript as page and file, by e-mail, and behind a link that runs out."""

from datetime import timedelta

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from flask_babel import force_locale

from .. import clock
from ..access import all_lines, allowed, bearer_token, chat_of_ticket, chat_session, json_body, ticket_of
from ..actions.mail import send_transcript
from ..errors import Forbidden, Invalid
from ..models import ChatSession
from . import language
from .origin import guard
from .rates import slow_down
from .times import Times, times_of

blueprint = guard(Blueprint("transcripts", __name__), "transcript")

LINK_LIFE = timedelta(hours=24)


@blueprint.post("/chat/transcript")
@allowed("customer")
def transcript():
    """The whole chat as a page or as a text file. A form post, so that the token stands in no address."""
    chat, form = chat_session(bearer_token()), request.form
    return _transcript(chat, _times(chat, form), as_text=form.get("format") == "text")


@blueprint.post("/chat/mail")
@allowed("customer")
def mail():
    """Send the whole chat to an address that the customer typed."""
    chat = chat_session(bearer_token())
    slow_down("mail_rate")
    body = json_body()
    letter = send_transcript(chat.contact, body.get("email"), chat.language, *_times(chat, body))
    return jsonify(recipient=letter.recipient), 202


@blueprint.post("/chat/transcript/link")
@allowed("customer")
def link():
    """An address that shows the transcript for 24 hours to whoever has it, without the chat's token."""
    chat = chat_session(bearer_token())
    if not chat.contact.skill.transcript_available:
        raise Forbidden()
    try:
        told = _times(chat, json_body())._asdict()
    except Invalid:  # a program need not say anything
        told = {}
    url = url_for("transcripts.shared", ticket=ticket_of(chat, "transcript"), **told, _external=True)
    return jsonify(url=url, expires_at=clock.iso(clock.now() + LINK_LIFE)), 201


@blueprint.get("/chat/transcripts/<ticket>")
@allowed("anyone")
def shared(ticket: str):
    """The transcript behind such an address; a page in words when it has run out, or was never ours."""
    chat = chat_of_ticket("transcript", ticket, int(LINK_LIFE.total_seconds()))
    if chat is not None and chat.contact.skill.transcript_available:
        response = make_response(_transcript(chat, _times(chat, request.args)))
    else:
        lang = language.choose(None, request.headers.get("Accept-Language"))
        with force_locale(lang):
            response = make_response(render_template("customer/expired.html", **language.page_language(lang)), 410)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _times(chat: ChatSession, told) -> Times:
    return times_of(chat.language, told.get("zone"), told.get("locale"))


def _transcript(chat: ChatSession, times: Times, *, as_text: bool = False):
    mine = chat.contact
    if not mine.skill.transcript_available:
        raise Forbidden()
    slow_down("transcript_rate", mine.id)
    with force_locale(chat.language):
        page = render_template(
            "customer/transcript.txt" if as_text else "customer/transcript.html",
            contact=mine,
            house=mine.point_of_contact.house,
            times=times,
            lines=list(all_lines(mine.id)),  # read page by page: a long log must not hold up the others
            **language.page_language(chat.language),
        )
    if not as_text:
        return page
    name = f"{mine.created_at:%Y%m%dT%H%M%SZ}-{mine.id}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(page, content_type="text/plain; charset=utf-8", headers=headers)
