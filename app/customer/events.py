"""The customer's events without a WebSocket: long poll, or server-sent events when the page asks for them."""

from flask import Blueprint, Response, current_app, jsonify, request

from ..access import allowed, bearer_token, chat_session, epoch, lines_after
from ..actions.lines import line_event
from ..errors import Invalid
from ..extensions import db
from ..realtime import audience
from ..realtime.poll import Poll, event_stream, long_poll
from .presence import seen_now

blueprint = Blueprint("events", __name__)

LONGEST_WAIT = 25.0
STREAM_SECONDS = 30.0


@blueprint.get("/chat/events")
@allowed("customer")
def events():
    """Lines behind ``after``, at once or within ``wait`` seconds."""
    contact = chat_session(bearer_token()).contact
    after, wait, now_epoch = _number("after"), min(_number("wait"), LONGEST_WAIT), epoch()
    seen_now(contact)
    app = current_app._get_current_object()
    poll = Poll(
        app.extensions["hub"],
        [audience.customer(contact.id)],
        {contact.id: after},
        lambda contact_id, behind, limit: _rows(app, contact_id, behind, limit),
        "customer",
    )
    db.session.remove()  # whoever waits holds no connection
    if "text/event-stream" in request.headers.get("Accept", ""):
        stream = event_stream(poll, STREAM_SECONDS, now_epoch, lambda: True)
        headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
        return Response(stream, content_type="text/event-stream", headers=headers)
    lines, others = long_poll(poll, wait)
    return jsonify(events=[line.frame() for line in lines], frames=[other.frame() for other in others], epoch=now_epoch)


def _rows(app, contact_id: int, after: int, limit: int):
    with app.app_context():
        return [line_event(row) for row in lines_after(contact_id, after, limit)]


def _number(name: str) -> int:
    raw = request.args.get(name, "0")
    if not raw.isascii() or not raw.isdigit() or len(raw) > 15:
        raise Invalid(field=name)
    return int(raw)
