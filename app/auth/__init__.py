"""Signing in and out. The console and the administration stand behind this door."""

from babel import Locale
from flask import Blueprint, Flask
from flask_babel import get_locale

from .. import clock
from ..access import current_sign_in

blueprint = Blueprint("auth", __name__, url_prefix="/auth")


def register(app: Flask) -> None:
    """Put the face into the application, and tell every template who reads it and in which language."""
    from . import views  # noqa: F401 - binds the routes

    app.register_blueprint(blueprint)
    app.context_processor(_reader)
    app.add_template_filter(clock.iso, "iso")


def _reader() -> dict:
    locale = get_locale() or Locale("en")
    sign_in = current_sign_in()
    return {
        "html_lang": str(locale).replace("_", "-"),
        "direction": locale.text_direction,
        "me": sign_in.user if sign_in else None,
    }
