"""How a chat looks on a page without a script, in the paint of its window."""

from datetime import timedelta
from typing import NamedTuple

from flask import make_response, render_template, request, url_for
from flask_babel import force_locale

from .. import clock
from ..access import lines_after, ticket_of
from ..actions.lines import sender_agent, sender_role
from ..errors import ClavardageError
from ..models import ChatSession, PointOfContact
from ..models.user import initials
from ..texts import in_language
from ..tokens import random_token
from . import language
from .links import linked
from .look import look_of, profile_of
from .page import image_url, page_values
from .plain_form import carried_values, opening_times
from .snapshot import snapshot
from .strings import window_strings
from .window import content_policy

REFRESH_SECONDS = 5
LOG_LIFE = 60  # seconds: an address that somebody saw is soon dead
LINES = 200  # in the frame; the page and the transcript have all
TOGETHER = timedelta(minutes=2)
# Headers of a page that knows no point of contact, and so no list of who may frame it; it shows nothing of a chat.
NO_ENTRY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors *",
    "Cache-Control": "no-store",
}
WHY = {"customer_idle": "end_idle", "closed_hours": "end_closed", "queue_full": "end_full"}


class Writing(NamedTuple):
    """What the customer was writing, and what went wrong with it (in words). ``whole``: the log inside the page."""

    text: str = ""
    error: str = ""
    whole: bool = False


def respond(template: str, poc: PointOfContact, lang: str, status: int = 200, **values):
    """A page of this entry in its look, without any script, to be framed by whoever may frame the window."""
    profile = profile_of(poc)
    with force_locale(lang):
        page = render_template(
            f"customer/plain/{template}.html",
            poc=poc,
            profile=profile,
            look=look_of(profile),
            heading=poc.house,
            logo=image_url(profile.logo) if profile.interface == 1 else "",
            **language.page_language(lang),
            **values,
        )
    response = make_response(page, status)
    response.headers["Content-Security-Policy"] = plain_policy(poc)
    response.headers["Cache-Control"] = "no-store"
    return response


def plain_policy(poc: PointOfContact) -> str:
    """The window's policy for pages without scripts that frame their own log."""
    window = content_policy(poc.allowed_origins or []).partition("frame-ancestors ")[2]
    # This page itself frames its log.
    ancestors = window if window == "*" else f"'self' {window}".removesuffix(" 'none'")
    return (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; "
        f"base-uri 'none'; frame-ancestors {ancestors}"
    )


def again_page(error: ClavardageError):
    """What was refused once more, unseen but for what was written, and one button; it needs nothing of the database."""
    posted = request.method == "POST"
    given = request.form if posted else request.args
    lang = language.choose(given.get("lang") or given.get("locale"), request.headers.get("Accept-Language"))
    fields = [(name, value) for name, value in given.items(multi=True) if name != "text"]
    values = {"fields": fields, "text": given.get("text", ""), "target": request.path, "posted": posted}
    with force_locale(lang):
        words = {"words": str(error.message), **language.page_language(lang)}
        page = render_template("customer/plain/again.html", **values, **words)
    return page, error.status, {**NO_ENTRY, **_retry(error)}


def _retry(error: ClavardageError) -> dict[str, str]:
    return {"Retry-After": str(max(1, round(error.retry_seconds)))} if error.retry_seconds else {}


def start_page(poc: PointOfContact, lang: str, query: dict, status: int = 200, **values):
    """The form once more: with errors, or because the chat of before is not known any more."""
    profile = profile_of(poc)
    with force_locale(lang):
        page = page_values(poc, profile, lang, query)
    return respond("start", poc, lang, status, **{**page, "first": "start", **values})


def talk_page(chat: ChatSession, token: str, writing: Writing = Writing()):  # noqa: B008 - a tuple, never changed
    """The chat as it stands: talking, or over."""
    contact = chat.contact
    facts = snapshot(contact)
    lang, poc = chat.language, contact.point_of_contact
    shared = {"token": token, "cid": random_token(), "writing": writing, **carried_values()}
    if facts["state"] == "ended":
        return ended_page(chat, token, writing)
    if writing.whole:
        return respond("talk", poc, lang, **shared, **_log(chat, facts, contact.last_seq))
    frame = url_for("plain.log", ticket=ticket_of(chat, "log"))
    return respond("talk", poc, lang, **shared, frame=frame)


def ended_page(chat: ChatSession, token: str, writing: Writing = Writing(), **values):  # noqa: B008 - as above
    """The receipt: who ended it and why, thanks, a rating, and what can be kept."""
    contact = chat.contact
    facts = snapshot(contact)
    with force_locale(chat.language):
        why = window_strings(chat.language).get(WHY.get(facts["end_reason"], ""), "")
    log = _log(chat, facts, contact.last_seq)
    shared = {"token": token, "writing": writing, "why": why, **log, **carried_values(), **values}
    return respond("ended", contact.point_of_contact, chat.language, **shared)


def log_page(chat: ChatSession):
    """The log alone, for the frame: it asks for itself again, each time under a new address."""
    facts = snapshot(chat.contact)
    again = None if facts["state"] == "ended" else url_for("plain.log", ticket=ticket_of(chat, "log"))
    values = {"again": again, "seconds": REFRESH_SECONDS, **_log(chat, facts, LINES)}
    return respond("log", chat.contact.point_of_contact, chat.language, **values)


def dead_log():
    """The frame of a page that slept: its address is dead, and the page around it has the button for a new one."""
    lang = language.choose(None, request.headers.get("Accept-Language"))
    with force_locale(lang):
        page = render_template("customer/plain/dead.html", **language.page_language(lang))
    return page, 410, NO_ENTRY


def _log(chat: ChatSession, facts: dict, most: int) -> dict:
    contact = chat.contact
    rows = lines_after(contact.id, max(0, contact.last_seq - most), most)
    lines: list[dict] = []
    for row in rows:
        lines.append(_line(row, before=lines[-1] if lines else None))
    profile = profile_of(contact.point_of_contact)
    waits = facts["state"] == "waiting" and profile.interface == 2 and profile.waiting_enabled
    message = in_language(profile.waiting_message, chat.language, profile.default_language) if waits else ""
    return {
        "lines": lines,
        "facts": facts,
        "contact": contact,
        "house": contact.point_of_contact.house,
        "screen": waits,
        "waiting_message": message,
        "talking": any(line["kind"] == "text" and line["by"] in ("customer", "agent") for line in lines),
        "hero": image_url(profile.hero) if waits else "",
        "waiting_logo": image_url(profile.waiting_logo) if waits else "",
    }


def _line(row, before: dict | None) -> dict:
    by, data = sender_role(row.sender), row.data or {}
    text = row.kind == "text"
    own_end = row.kind == "ended" and (data.get("by") == "customer" or data.get("reason") == "customer_left")
    speaker = (row.kind, row.sender)
    return {
        "kind": row.kind,
        "by": by,
        "own": text and by == "customer",
        "name": data.get("name") or row.name,
        "text": linked(row.text),
        "data": {} if own_end else data,
        "ender": "own" if own_end else None,
        "seq": row.seq,
        "cid": row.cid,
        "at": clock.iso(row.at),
        "initials": initials(row.name) if sender_agent(row.sender) else None,
        "speaker": speaker,
        "moment": row.at,
        "grouped": text
        and before is not None
        and before["speaker"] == speaker
        and row.at - before["moment"] < TOGETHER,
    }


def closed_page(poc: PointOfContact, lang: str, status: int = 200, **values):
    """The opening times, and the form for a message where messages are taken. ``left``: one has just been left."""
    with force_locale(lang):
        times = opening_times(poc)
    messages = poc.active and poc.default_skill.messages_when_closed
    shown = {"first": "closed", "closed": True, "messages": messages, "languages": list(language.OWN_NAMES.items())}
    return respond("closed", poc, lang, status, **{**shown, **times, **values})
