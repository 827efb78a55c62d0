"""A message for when somebody is there again."""

from flask import Blueprint, current_app, jsonify, request
from flask_babel import force_locale

from ..access import allowed, entry_point, json_body
from ..actions.arrivals import Arrival
from ..actions.left_messages import leave_message
from ..actions.messages import checked_text
from ..errors import Invalid
from ..models import PointOfContact
from ..routing.pre_chat import NAME_LENGTH, email_fits, phone_fits
from ..texts import one_line, storable
from .arrival import page_parameters, page_url, reader_language
from .look import profile_of
from .origin import guard
from .rates import slow_down
from .words import form_problem

blueprint = guard(Blueprint("messages_left", __name__))


@blueprint.post("/chat/<guid>/messages")
@allowed("anyone")
def message(guid: str):
    """Leave a message. 201, or 200 when it was heard before; what is wrong comes back as 422, all fields at once."""
    poc = entry_point(guid)
    slow_down("chat_rate")
    arrival, text, errors = read_message(poc, json_body(), request.headers.get("Accept-Language"))
    if errors:
        with force_locale(arrival.language):
            return jsonify(form_problem(errors)), Invalid.status
    contact, new = leave_message(poc, request.headers.get("Idempotency-Key", ""), arrival, text)
    return jsonify(contact=contact.id), 201 if new else 200


def read_message(poc: PointOfContact, body: dict, accept_language: str | None) -> tuple[Arrival, str, dict[str, str]]:
    """body: name, email, phone, text, params, locale and page_url as a page sent them, each of any type.

    The errors are {field: code}, see app/customer/words.py. Without an address nobody could answer, so it is required.
    """
    told = {name: _line(body.get(name)) for name in ("name", "email", "phone")}
    text, wrong = _text(body.get("text"))
    errors = {
        "name": "invalid" if told["name"] is None else "too_long" if len(told["name"]) > NAME_LENGTH else "",
        "email": "required" if told["email"] == "" else "" if told["email"] and email_fits(told["email"]) else "email",
        "phone": "" if told["phone"] == "" or (told["phone"] and phone_fits(told["phone"])) else "phone",
        "text": wrong,
    }
    arrival = Arrival(
        name=told["name"] or "",
        parameters=page_parameters(body.get("params")),
        language=reader_language(poc, body, accept_language),
        page_url=page_url(body.get("page_url")),
        interface=profile_of(poc).interface,
        email=told["email"] or "",
        phone=told["phone"] or "",
    )
    return arrival, text, {field: code for field, code in errors.items() if code}


def _line(given) -> str | None:
    """One line of text; None for what is no text."""
    if given is None:
        return ""
    return one_line(given) if isinstance(given, str) and storable(given) else None


def _text(given) -> tuple[str, str]:
    if given is None or (isinstance(given, str) and not given.strip()):
        return "", "required"
    try:
        return checked_text(given, current_app.config["MAX_TEXT"]), ""
    except Invalid as error:
        return "", error.code
