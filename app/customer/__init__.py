"""The customer's door without looks. A widget becomes a blueprint here; its plumbing is the door's."""

from flask import Blueprint, Flask

from ..extensions import csrf
from . import (
    chats,
    ending,
    events,
    hours,
    idle,
    images,
    keeping,
    language_choice,
    live,
    loader,
    messages_left,
    plain,
    plain_after,
    ratings,
    start,
    transcripts,
    window,
)
from .look import EXTENSION, Look
from .page import image_url


def make_blueprint(look: Look) -> Blueprint:
    """The blueprint of one widget: templates and static files under `/<look name>/`, its look announced to the door."""
    blueprint = Blueprint(
        look.name,
        look.name,
        template_folder="templates",
        static_folder="static",
        static_url_path=f"/{look.name}",
    )

    @blueprint.record
    def announce(state) -> None:
        state.app.extensions.setdefault(EXTENSION, {})[look.version] = look

    return blueprint


def register(app: Flask) -> None:
    """The door's routes. No cookie speaks for a customer, so there is nothing that another site could forge."""
    for module in (
        loader,
        window,
        hours,
        start,
        messages_left,
        chats,
        ending,
        idle,
        ratings,
        events,
        transcripts,
        keeping,
        plain,
        plain_after,
        images,
        language_choice,
    ):
        app.register_blueprint(module.blueprint)
        csrf.exempt(module.blueprint)
    app.add_template_global(image_url)
    live.register(app)
