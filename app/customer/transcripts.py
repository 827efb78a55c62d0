"""The transcript to read: as page and file for the customer, and behind a link that runs out."""

from flask import Blueprint, Response, render_template, request
from flask_babel import force_locale

from ..access import all_lines, allowed, bearer_token, chat_of_ticket, chat_session
from ..errors import Forbidden, NotFound, SignInNeeded
from ..models import ChatSession
from . import language, window
from .keeping import LINK_LIFE
from .origin import guard
from .rates import slow_down
from .refusals import in_words
from .times import Times, times_told

blueprint = in_words(guard(Blueprint("transcripts", __name__), "transcript"))


@blueprint.post("/chat/transcript")
@allowed("customer")
def transcript():
    """The whole chat as a page or as a text file. A form post, so that the token stands in no address."""
    chat, form = chat_session(bearer_token()), request.form
    if not chat.contact.skill.transcript_available:
        raise Forbidden()
    slow_down("transcript_rate", chat.contact_id)
    return _transcript(chat, times_told(chat, form), as_text=form.get("format") == "text")


@blueprint.get("/chat/transcripts/<ticket>")
@allowed("anyone")
def shared(ticket: str):
    """The transcript behind such an address; a page in words when it has run out, or was never ours."""
    chat = chat_of_ticket("transcript", ticket, int(LINK_LIFE.total_seconds()))
    if chat is not None and chat.contact.skill.transcript_available:
        slow_down("transcript_rate", f"link {chat.contact_id}")  # whoever has it takes nothing from the customer
        return _transcript(chat, times_told(chat, request.args))
    lang = language.choose(None, request.headers.get("Accept-Language"))
    with force_locale(lang):
        return render_template("customer/expired.html", **language.page_language(lang)), 410


@blueprint.after_request
def private(response: Response) -> Response:
    """What stands here is nobody else's: not kept on the way, not passed on, not found."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.errorhandler(SignInNeeded)
def over(_error):
    """The customer's token has run out."""
    page, _, headers = window.unavailable(NotFound())
    return page, SignInNeeded.status, headers


def _transcript(chat: ChatSession, times: Times, *, as_text: bool = False):
    mine = chat.contact
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
