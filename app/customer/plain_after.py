"""After a chat, on a page without a script: the conversation by e-mail, and the rating."""

from flask import Blueprint, request
from flask_babel import force_locale

from ..access import allowed, bearer_token, chat_session
from ..actions.mail import send_transcript
from ..actions.ratings import rate
from ..errors import Invalid, RateLimited, SignInNeeded, Stale
from . import plain
from .origin import guard
from .plain_pages import Writing, ended_page
from .rates import slow_down
from .refusals import in_words
from .words import words_of

blueprint = in_words(guard(Blueprint("plain_after", __name__), "mail", "rating"))
blueprint.register_error_handler(SignInNeeded, plain.lost)

SCORES = ("1", "2", "3", "4", "5")


@blueprint.post("/chat/plain/mail")
@allowed("customer")
def mail():
    """Send the conversation to the address in the form."""
    chat = chat_session(bearer_token())
    address, lang = request.form.get("email", ""), chat.language
    with force_locale(lang):
        try:
            slow_down("mail_rate")
            said = {"mailed": send_transcript(chat.contact, address, lang).recipient}
        except Invalid:
            said = {"address": address, "mail_error": words_of("email")}
        except RateLimited as error:
            said = {"address": address, "mail_error": str(error.message)}
    return ended_page(chat_session(bearer_token()), bearer_token(), Writing(request.form.get("text", "")), **said)


@blueprint.post("/chat/plain/rating")
@allowed("customer")
def rating():
    """Store the customer's opinion."""
    chat = chat_session(bearer_token())
    score, comment = request.form.get("score", ""), request.form.get("comment", "").replace("\r\n", "\n")
    said = {}
    with force_locale(chat.language):
        try:
            rate(chat.contact_id, int(score) if score in SCORES else None, comment)
        except Invalid as error:
            words = words_of("option" if error.field == "score" else "too_long")
            said = {"comment": comment, "rating_error": words}
        except Stale:  # rated before: the first opinion stands, and the page shows it
            said = {}
    return ended_page(chat_session(bearer_token()), bearer_token(), Writing(request.form.get("text", "")), **said)
