"""The customer chooses another language during the chat."""

from flask import Blueprint, jsonify

from ..access import allowed, bearer_token, chat_session, json_body
from ..actions.languages import change_language
from ..errors import Invalid
from . import language
from .origin import guard
from .snapshot import snapshot

blueprint = guard(Blueprint("language_choice", __name__))


@blueprint.post("/chat/language")
@allowed("customer")
def choice():
    """Store the language; the answer is how the chat stands, in the words of that language."""
    mine = chat_session(bearer_token()).contact
    asked = json_body().get("language")
    chosen = language.supported(asked) if isinstance(asked, str) else None
    if chosen is None:
        raise Invalid(field="language")
    return jsonify(snapshot(change_language(mine.id, chosen)))
