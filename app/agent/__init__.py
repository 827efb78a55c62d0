"""The agent's face: the console, its fragments, and the agent's live link."""

from flask import Blueprint, Flask

blueprint = Blueprint("agent", __name__, url_prefix="/agent")


def register(app: Flask) -> None:
    """Put the face into the application."""
    from . import console, contacts, live, states, transfers  # noqa: F401 - each binds its routes

    app.register_blueprint(blueprint)
    live.register(app)
