"""The customer's events without a WebSocket: long poll, or server-sent events when the page asks for them."""

from flask import Blueprint, current_app, request

from ..access import allowed, bearer_token, chat_session, epoch, lines_after
from ..actions.lines import line_event
from ..errors import Invalid
from ..extensions import db
from ..realtime import audience
from ..realtime.poll import Poll
from ..realtime.polling import Counter, answer_poll, answer_stream
from .presence import seen_now

blueprint = Blueprint("events", __name__)


@blueprint.get("/chat/events")
@allowed("customer")
def events():
    """Lines behind ``after``, at once or within ``wait`` seconds."""
    chat = chat_session(bearer_token())
    contact = chat.contact
    after, wait = _number("after"), _number("wait")
    seen_now(chat)
    app = current_app._get_current_object()
    poll = Poll(
        app.extensions["hub"],
        app.extensions["repairer"],
        [audience.customer(contact.id)],
        {contact.id: after},
        lambda contact_id, behind, limit: _rows(app, contact_id, behind, limit),
        "customer",
    )
    now_epoch, key = epoch(), ("customer", contact.id)
    db.session.remove()  # whoever waits holds no connection
    counter = Counter(app.extensions["counts"], key, app.config["SOCKETS_PER_CUSTOMER"])
    if "text/event-stream" in request.headers.get("Accept", ""):
        return answer_stream(poll, counter, now_epoch, lambda: True)
    return answer_poll(poll, counter, now_epoch, wait)


def _rows(app, contact_id: int, after: int, limit: int):
    with app.app_context():
        return [line_event(row) for row in lines_after(contact_id, after, limit)]


def _number(name: str) -> int:
    raw = request.args.get(name, "0")
    if not raw.isascii() or not raw.isdigit() or len(raw) > 15:
        raise Invalid(field=name)
    return int(raw)
