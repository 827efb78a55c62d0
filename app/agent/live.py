"""The agent's socket, events without a socket, and writing over HTTP."""

from flask import Flask, current_app, jsonify, request, session

from ..access import (
    allowed,
    contact_of_agent,
    contacts_of_agent,
    csrf_fits,
    current_sign_in,
    epoch,
    json_body,
    lines_after,
    sign_in_of,
    signed_in_user,
)
from ..actions.agent_sessions import begin_shift
from ..actions.lines import line_event
from ..actions.messages import Desk, Speaker, post_and_wait, show_typing
from ..errors import ClavardageError, Invalid, NotFound, RateLimited
from ..extensions import db, sock
from ..models import User
from ..realtime import audience
from ..realtime.door import Opening, Refusal, Subscription, contacts_asked, cursor_of
from ..realtime.events import LineAdded
from ..realtime.limits import network_of
from ..realtime.live import converse
from ..realtime.poll import Poll
from ..realtime.polling import Counter, answer_poll, answer_stream
from ..realtime.server import socket_route
from . import blueprint


class AgentDoor:
    """One console's socket. The cookie says who; the CSRF token in ``hello`` says that it is our page that asks."""

    role = "agent"

    def __init__(self, app: Flask, token: str | None, csrf: str | None, address: str):
        self.app = app
        self.token = token
        self.csrf = csrf
        self.counts = app.extensions["counts"]
        self.desk = Desk(app)
        self.sign_in: int | None = None
        self.user_id = 0
        self.speaker = Speaker(None, "")
        self._counted: list[tuple] = []
        self._count(("newcomer", address), "UNAUTHENTICATED_PER_ADDRESS")

    def _count(self, key: tuple, setting: str) -> None:
        if not self.counts.enter(key, self.app.config[setting]):
            self.close()
            raise Refusal(4029, retry_ms=5000)
        self._counted.append(key)

    def open(self, hello: dict) -> Opening:
        """Check sign-in and CSRF token, and let the shift begin if none runs."""
        with self.app.app_context():
            row = sign_in_of(self.token) if csrf_fits(hello.get("token"), self.csrf) else None
            if row is None or not row.user.is_agent:
                raise Refusal(4001)
            user = row.user
            self.sign_in, self.user_id = row.id, user.id
            self.speaker = Speaker(user.id, user.display_name)
            self.counts.leave(self._counted.pop(0))
            self._count(("agent", user.id), "SOCKETS_PER_AGENT")
            begin_shift(user)
            now_epoch = epoch()
            mine = {contact.id for contact in contacts_of_agent(user)}
        asked = contacts_asked(hello)
        subscriptions = [Subscription(c, cursor_of(hello, c, now_epoch)) for c in asked if c in mine]
        bucket = self.app.extensions["agent_message_rate"].of(str(self.user_id))
        refused = [c for c in asked if c not in mine]
        ears = [audience.agent(self.user_id)]
        return Opening(ears, subscriptions, bucket, now_epoch, str(self.user_id), refused=refused)

    def subscribe(self, frame: dict) -> tuple[Subscription, str] | None:
        """A contact that came after the page was loaded."""
        asked = contacts_asked({"subs": [frame]})
        if not asked:
            return None
        contact_id = asked[0]
        with self.app.app_context():
            try:
                contact_of_agent(contact_id, db.session.get(User, self.user_id))
            except NotFound:
                return None
            now_epoch = epoch()
        return Subscription(contact_id, cursor_of({"subs": [frame]}, contact_id, now_epoch)), now_epoch

    def rows(self, contact: int, after: int, limit: int) -> list[LineAdded]:
        """Lines behind a number."""
        return _rows(self.app, contact, after, limit)

    def post(self, contact: int, cid: str, text: object, reply) -> str | None:
        """Into the message log, which checks once more whose contact it is."""
        try:
            self.desk.post(contact, cid, text, reply, self.speaker)
        except ClavardageError as error:
            return error.code
        return None

    def typing(self, contact: int, on: bool) -> None:
        """Tell the customer."""
        with self.app.app_context():
            show_typing(contact, None, by_agent=True, on=on)

    def close(self) -> None:
        """Give back what was counted."""
        while self._counted:
            self.counts.leave(self._counted.pop())


@blueprint.post("/contacts/<int:contact_id>/messages")
@allowed("agent")
def messages(contact_id: int):
    """Write a line without a socket. 201, or 200 when this id already stands in the log."""
    user = signed_in_user()
    contact_of_agent(contact_id, user)
    if wait := current_app.extensions["agent_message_rate"].take(str(user.id)):
        raise RateLimited(retry_seconds=wait)
    body = json_body()
    cid, speaker = request.headers.get("Idempotency-Key", ""), Speaker(user.id, user.display_name)
    db.session.rollback()  # whoever waits holds no connection
    outcome = post_and_wait(contact_id, cid, body.get("text"), speaker)
    return jsonify(seq=outcome.seq, at=outcome.at_text, dup=outcome.dup), 200 if outcome.dup else 201


@blueprint.post("/contacts/<int:contact_id>/typing")
@allowed("agent")
def typing(contact_id: int):
    """Tell the customer that the agent is writing."""
    body = json_body()
    show_typing(contact_of_agent(contact_id, signed_in_user()).id, None, by_agent=True, on=body.get("on") is True)
    return "", 204


@blueprint.get("/events")
@allowed("agent")
def events():
    """Lines behind each ``sub=<contact>:<after>``, and what else changed, at once or within ``wait`` seconds."""
    user = signed_in_user()
    app = current_app._get_current_object()
    begin_shift(user)
    cursors, mine = _subs(), {contact.id for contact in contacts_of_agent(user)}
    wait, token = _digits(request.args.get("wait", "0")), session.get("token")
    poll = Poll(
        app.extensions["hub"],
        app.extensions["repairer"],
        [audience.agent(user.id)],
        {contact: after for contact, after in cursors.items() if contact in mine},
        lambda contact, after, limit: _rows(app, contact, after, limit),
        "agent",
        current_sign_in().id,
    )
    now_epoch, key = epoch(), ("agent", user.id)
    db.session.remove()  # whoever waits holds no connection
    counter = Counter(app.extensions["counts"], key, app.config["SOCKETS_PER_AGENT"])
    if "text/event-stream" in request.headers.get("Accept", ""):
        return answer_stream(poll, counter, now_epoch, lambda: _still_signed_in(app, token))
    return answer_poll(poll, counter, now_epoch, wait)


def _subs() -> dict[int, int]:
    pairs = (sub.partition(":") for sub in request.args.getlist("sub")[:100])
    return {_digits(contact): _digits(after) for contact, _, after in pairs}


def _digits(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or len(raw) > 15:
        raise Invalid(field="sub")
    return int(raw)


def _still_signed_in(app: Flask, token: str | None) -> bool:
    with app.app_context():
        return sign_in_of(token) is not None


def _rows(app: Flask, contact: int, after: int, limit: int) -> list[LineAdded]:
    with app.app_context():
        return [line_event(row) for row in lines_after(contact, after, limit)]


def _who() -> dict:
    """Read inside the request: the socket's handler runs outside of it."""
    return {
        "token": session.get("token"),
        "csrf": session.get("csrf_token"),
        "address": network_of(request.remote_addr),
    }


def register(app: Flask) -> None:
    """Make the socket's route."""

    @socket_route(sock, "/live/agent", allowed="agent", prepare=_who)
    def live_agent(ws, token: str | None, csrf: str | None, address: str) -> None:
        converse(ws, lambda: AgentDoor(app, token, csrf, address), app)
