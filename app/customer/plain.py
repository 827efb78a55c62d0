"""The whole chat without a script: pages and forms. The token travels in a hidden field, never in an address."""

from flask import Blueprint, request
from flask_babel import force_locale
from flask_babel import gettext as _

from ..access import allowed, bearer_token, chat_of_ticket, chat_session, entry_point
from ..actions.arrivals import Arrival
from ..actions.endings import end_at_once
from ..actions.idleness import stir
from ..actions.left_messages import leave_message
from ..actions.messages import Speaker, post_and_wait
from ..actions.starts import start_contact
from ..errors import (
    CidConflict,
    ClavardageError,
    Closed,
    Ended,
    Invalid,
    NotFound,
    Open,
    RateLimited,
    SignInNeeded,
)
from ..extensions import db
from ..models import ChatSession, Contact, PointOfContact
from ..tokens import hashed, random_token, valid_cid
from . import language, window
from .arrival import form_of, read_arrival
from .hours import is_closed
from .look import default_language, profile_of
from .messages_left import read_message
from .origin import guard
from .page import page_values
from .plain_form import answer_to, body_of, by_role, carried_values, kept
from .plain_pages import LOG_LIFE, Writing, closed_page, dead_log, log_page, respond, start_page, talk_page
from .presence import seen_now
from .rates import slow_down
from .refusals import in_words
from .words import words_of

FORMS = ("start", "talk", "messages", "ending", "leave", "spoken")  # what a form posts to

blueprint = in_words(guard(Blueprint("plain", __name__), *FORMS))


@blueprint.post("/chat/<guid>/plain")
@allowed("anyone")
def start(guid: str):
    """The click. The same form sent twice is one chat; what is wrong with it comes back beside its field."""
    poc = entry_point(guid)
    slow_down("chat_rate")
    fields = form_of(profile_of(poc))
    reading = read_arrival(poc, body_of(request.form, fields), request.headers.get("Accept-Language"))
    values, lang = carried_values(), reading.arrival.language
    if reading.errors:
        return _again(poc, lang, values, reading.errors)
    try:
        contact, token, _new = start_contact(poc, values["start_key"], reading.arrival)
        return talk_page(_chat_of(token, contact), token, Writing(request.form.get("text", "")))
    except Closed as closed:
        return closed_page(poc, lang, closed.status, given=_told(reading.arrival, fields), **values)
    except (SignInNeeded, Invalid) as dead:  # an old page: its key has had its chat, or was another page's
        return _again(poc, lang, {**values, "start_key": random_token()}, {}, _gone(lang), dead.status)


@blueprint.post("/chat/<guid>/plain/message")
@allowed("anyone")
def leave(guid: str):
    """Leave a message while closed."""
    poc = entry_point(guid)
    slow_down("chat_rate")
    arrival, text, errors = read_message(poc, body_of(request.form, []), request.headers.get("Accept-Language"))
    values, lang = carried_values(), arrival.language
    if errors:
        with force_locale(lang):
            said = {name: words_of(code) for name, code in errors.items()}
        return closed_page(poc, lang, Invalid.status, errors=said, given=request.form, **values)
    try:
        leave_message(poc, values["start_key"], arrival, text)
    except Open as opened:  # a chat has a key of its own
        return _open_now(poc, opened, arrival, {**values, "start_key": random_token()})
    return closed_page(poc, lang, left=arrival.email, **values)


@blueprint.post("/chat/<guid>/plain/language")
@allowed("anyone")
def spoken(guid: str):
    """The form before a chat, or the one for a message, once more in the language that was chosen (`to`)."""
    poc = entry_point(guid)
    lang = language.choose(request.form.get("to"), request.headers.get("Accept-Language"), default_language(poc))
    values, form = carried_values(), request.form
    if is_closed(poc):  # perhaps it was still open when the form was shown
        fields = form_of(profile_of(poc))
        told = _told(read_arrival(poc, body_of(form, fields), None).arrival, fields)
        own = {name: form[name] for name in ("name", "email", "phone") if form.get(name)}
        return closed_page(poc, lang, given={**told, **own}, **values)
    return _again(poc, lang, values, {}, "", 200)


@blueprint.post("/chat/plain")
@allowed("customer")
def talk():
    """The page as it stands now; with `whole` the log stands in it, for who sees no frames. Whoever asks is there."""
    stir(chat_session(bearer_token()).contact_id)
    return talk_page(chat_session(bearer_token()), bearer_token(), _writing())


@blueprint.get("/chat/plain/log/<ticket>")
@allowed("anyone")
def log(ticket: str):
    """The log for the frame: read only, behind an address that is dead after a minute."""
    chat = chat_of_ticket("log", ticket, LOG_LIFE)
    if chat is None:
        return dead_log()
    seen_now(chat)
    return log_page(chat)


@blueprint.post("/chat/plain/messages")
@allowed("customer")
def messages():
    """Write a line; one that could not be taken stays in the field, with the reason."""
    chat = chat_session(bearer_token())
    error = _refused(chat.contact, _writing().text)
    chat = chat_session(bearer_token())
    if not error:
        return talk_page(chat, bearer_token(), Writing(whole=_writing().whole))
    with force_locale(chat.language):
        return talk_page(chat, bearer_token(), _writing(_words(error)))


@blueprint.post("/chat/plain/ending")
@allowed("customer")
def ending():
    """End the chat: asked once, and then done at once, for there is no page that could count down."""
    chat = chat_session(bearer_token())
    if not request.form.get("sure") and chat.contact.open:
        poc, values = chat.contact.point_of_contact, {"token": bearer_token(), "writing": _writing()}
        return respond("end", poc, chat.language, **carried_values(), **values)
    end_at_once(chat.contact_id)
    return talk_page(chat_session(bearer_token()), bearer_token(), _writing())


@blueprint.errorhandler(SignInNeeded)
def lost(error):
    """The token has run out: the form once more, with what was written."""
    guid = request.form.get("poc", "")
    try:
        poc = entry_point(guid)
    except NotFound as unknown:
        return window.unavailable(unknown)
    lang = language.choose(request.form.get("lang"), request.headers.get("Accept-Language"), default_language(poc))
    values, draft = carried_values(), request.form.get("text", "")
    return start_page(poc, lang, values["carried"], error.status, problem=_gone(lang), draft=draft, **values)


def _gone(lang: str) -> str:
    with force_locale(lang):
        return _("Your session could not be found. What you wrote is still here; please start again.")


def _told(arrival: Arrival, fields: list[dict]) -> dict[str, str]:
    """What the form before the chat says already of a message to be left."""
    asked = [answer_to(request.form, field["name"]) or "" for field in fields if field.get("role") == "question"]
    text = "\n\n".join(part for part in (request.form.get("text", ""), *asked) if part)
    return {"name": arrival.name, "email": arrival.email, "phone": arrival.phone, "text": text}


def _open_now(poc: PointOfContact, opened: Open, arrival: Arrival, values: dict):
    """It opened while a message was being written: the form for a chat, with all that was written."""
    told = {"name": arrival.name, "email": arrival.email, "phone": arrival.phone}
    with force_locale(arrival.language):
        form = by_role(page_values(poc, profile_of(poc), arrival.language, values["carried"])["form"], told)
        problem = str(opened.message)
    said = {"form": form, "problem": problem, "name_given": arrival.name, "draft": request.form.get("text", "")}
    return start_page(poc, arrival.language, values["carried"], opened.status, **said, **values)


def _again(poc: PointOfContact, lang: str, values: dict, errors: dict, problem: str | None = None, status: int = 422):
    """The form with its errors; its parameters count as before, so that it asks the same fields."""
    with force_locale(lang):
        page = page_values(poc, profile_of(poc), lang, values["carried"])
        form = by_role(
            kept(page["form"], request.form, errors), request.form
        )  # or that of a message, now that it is open
        problem = _("Please check the fields marked below.") if problem is None else problem
        name_error = words_of(errors["name"]) if not form and "name" in errors else ""
    given = {"name_given": request.form.get("name", ""), "draft": request.form.get("text", "")}
    said = {"form": form, "problem": problem, "name_error": name_error, **given}
    return start_page(poc, lang, values["carried"], status, **said, **values)


def _chat_of(token: str, contact: Contact) -> ChatSession:
    db.session.rollback()
    return chat_session(token)


def _writing(error: str = "") -> Writing:
    form = request.form
    return Writing(form.get("text", ""), error, bool(form.get("whole")))


def _refused(contact: Contact, text: str) -> ClavardageError | None:
    """Put the line into the log; the error when that could not be done."""
    given = request.form.get("cid", "")
    cid = given if valid_cid(given) else hashed(f"{contact.id} {text}")
    contact_id, speaker = contact.id, Speaker(None, contact.customer_name)
    db.session.rollback()  # whoever waits holds no connection
    try:
        slow_down("message_rate", contact_id)
        try:
            post_and_wait(contact_id, cid, text, speaker)
        except CidConflict:
            # An older page, come back to with "back": another text, under an id that the two together make for ever.
            post_and_wait(contact_id, hashed(f"{cid} {text}"), text, speaker)
    except ClavardageError as error:
        return error
    return None


def _words(error: ClavardageError) -> str:
    if isinstance(error, Invalid) and error.code == Invalid.code:
        return words_of("required")
    if isinstance(error, Invalid | RateLimited | Ended):
        return str(error.message)
    return _("Your message could not be sent. It is still in the field below.")
