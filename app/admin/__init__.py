"""The administrator's face: what there is, and what happened. Editing comes with each noun's own page."""

from flask import Blueprint, Flask

from .words import words

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
blueprint.context_processor(words)


def register(app: Flask) -> None:
    """Put the face into the application."""
    from . import effective, history, nouns, snippets  # noqa: F401 - all bind their routes

    app.register_blueprint(blueprint)
