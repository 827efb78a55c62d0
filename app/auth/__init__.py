"""Signing in and out. The console and the administration stand behind this door."""

from contextlib import suppress
from datetime import timedelta

from babel import Locale
from flask import Blueprint, Flask, Response, g
from flask_babel import get_locale
from sqlalchemy import inspect

from .. import clock
from ..access import current_sign_in
from ..actions.sign_in import touch_sign_in
from ..errors import Busy

NOTE_USE_EVERY = timedelta(minutes=1)

blueprint = Blueprint("auth", __name__, url_prefix="/auth")


def register(app: Flask) -> None:
    """Put the face into the application, and tell every template who reads it and in which language."""
    from . import views  # noqa: F401 - binds the routes

    app.register_blueprint(blueprint)
    app.after_request(_note_use)
    app.context_processor(_reader)
    app.add_template_filter(clock.iso, "iso")


def _note_use(response: Response) -> Response:
    """The idle limit counts from the last use. A view that has given its connection back already is left alone."""
    known = g.get("sign_in")
    if known is not None and not inspect(known).detached and known.last_seen_at + NOTE_USE_EVERY < clock.now():
        with suppress(Busy):  # the answer is made; the next request notes it
            touch_sign_in(known.id)
    return response


def _reader() -> dict:
    locale = get_locale() or Locale("en")
    sign_in = current_sign_in()
    return {
        "html_lang": str(locale).replace("_", "-"),
        "direction": locale.text_direction,
        "me": sign_in.user if sign_in else None,
    }
