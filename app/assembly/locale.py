"""The reader's language of a request: a user's own choice, else the negotiation rule that customers get, too."""

from flask import Flask, request
from flask_babel import Babel

from ..access import current_sign_in
from ..customer import language

CUSTOMER_PATHS = ("/chat/", "/incontact/", "/looks/")


def install(app: Flask) -> None:
    """A Babel of its own for each app: a shared one would share its first, empty cache."""
    Babel(
        app,
        locale_selector=_locale,
        timezone_selector=lambda: "UTC",
        default_translation_directories=_folder(app),
    )


def _folder(app: Flask) -> str:
    return app.config["BABEL_TRANSLATION_DIRECTORIES"]


def _locale() -> str:
    if not request:
        return "en"
    asked = request.args.get("lang")
    if not request.path.startswith(CUSTOMER_PATHS):
        sign_in = current_sign_in()
        if not asked and sign_in is not None and sign_in.user.language:
            return sign_in.user.language
    return language.choose(asked, request.headers.get("Accept-Language"))
