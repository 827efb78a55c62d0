"""Whose pages may send commands to the customer's door."""

from flask import Blueprint, current_app, request

from ..errors import Forbidden


def guard(blueprint: Blueprint, *forms: str) -> Blueprint:
    """Let in our own window, and programs, which send no Origin; the same for every route of this blueprint.

    forms: names of views that a form posts to: from a page without an address of its own, the Origin is "null".
    """
    posted = {f"{blueprint.name}.{form}" for form in forms}

    @blueprint.before_request
    def own_origin() -> None:
        origin = request.headers.get("Origin")
        if origin is None or origin in current_app.config["ORIGINS"]:
            return
        if not (origin == "null" and request.endpoint in posted):
            raise Forbidden()

    return blueprint
