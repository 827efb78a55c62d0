"""The click that begins a chat."""

from flask import Blueprint, jsonify, request
from flask_babel import force_locale

from ..access import allowed, entry_point, json_body
from ..actions.starts import start_contact
from ..errors import Invalid
from .arrival import read_arrival
from .origin import guard
from .rates import slow_down
from .snapshot import snapshot
from .words import form_problem

blueprint = guard(Blueprint("start", __name__))


@blueprint.post("/chat/<guid>/contacts")
@allowed("anyone")
def start(guid: str):
    """Open a contact: the click. 201 with the bearer token, 200 when the same start was heard before.

    What is wrong with the form comes back as 422, all fields at once. An identity that is not believed stops nothing:
    the answer says `identity_error`, and the customer counts as unverified.
    """
    poc = entry_point(guid)
    slow_down("chat_rate")
    reading = read_arrival(poc, json_body(), request.headers.get("Accept-Language"))
    if reading.errors:
        with force_locale(reading.arrival.language):
            return jsonify(form_problem(reading.errors)), Invalid.status
    contact, token, new = start_contact(poc, request.headers.get("Idempotency-Key", ""), reading.arrival)
    answer = {"token": token, **snapshot(contact)}
    if contact.verified_id is None and (unbelieved := reading.identity_error or (reading.arrival.identity and "used")):
        answer["identity_error"] = unbelieved
    return jsonify(answer), 201 if new else 200
