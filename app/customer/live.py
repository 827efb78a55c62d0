"""The customer's socket: who may open it, and what it may do."""

from flask import Flask, request

from ..access import agent_now, chat_session, epoch, lines_after
from ..actions.lines import line_event
from ..actions.messages import Desk, Speaker, show_typing
from ..actions.places import queue_news
from ..actions.presence import see_customers
from ..errors import ClavardageError, SignInNeeded
from ..extensions import sock
from ..realtime import audience
from ..realtime.door import Opening, Refusal, Subscription, cursor_of
from ..realtime.events import LineAdded
from ..realtime.limits import network_of
from ..realtime.live import converse
from ..realtime.server import socket_route


class CustomerDoor:
    """One socket of one customer. ``address``: where it comes from, for the counts."""

    role = "customer"
    sign_in = None

    def __init__(self, app: Flask, address: str):
        self.app = app
        self.counts = app.extensions["counts"]
        self.desk = Desk(app)
        self.contact_id = 0
        self.agent_id: int | None = None
        self.speaker = Speaker(None, "")
        self._counted: list[tuple] = []
        self._count(("newcomer", address), "UNAUTHENTICATED_PER_ADDRESS")
        self._count(("customer-address", address), "SOCKETS_PER_ADDRESS")

    def _count(self, key: tuple, setting: str) -> None:
        if not self.counts.enter(key, self.app.config[setting]):
            self.close()
            raise Refusal(4029, retry_ms=5000)
        self._counted.append(key)

    def _known(self) -> None:
        self.counts.leave(self._counted.pop(0))

    def open(self, hello: dict) -> Opening:
        """The token says which contact it is; the page's cursor says from where."""
        with self.app.app_context():
            try:
                chat = chat_session(hello.get("token"))
            except SignInNeeded as error:
                raise Refusal(4001) from error
            self._known()
            contact = chat.contact
            self.contact_id, self.speaker = contact.id, Speaker(None, contact.customer_name)
            now_epoch = epoch()
            news = queue_news(contact, chat.language)
            waiting = contact.waiting
        self._count(("customer", self.contact_id), "SOCKETS_PER_CUSTOMER")
        if waiting:
            with self.app.app_context():
                see_customers([self.contact_id])
        subscription = Subscription(self.contact_id, cursor_of(hello, self.contact_id, now_epoch))
        bucket = self.app.extensions["message_rate"].of(str(self.contact_id))
        ears = [audience.customer(self.contact_id)]
        return Opening(ears, [subscription], bucket, now_epoch, str(self.contact_id), [news] if news else [])

    def subscribe(self, frame: dict) -> tuple[Subscription, str] | None:
        """A customer has one contact; asked for it once more, it is read again from the place that the page says."""
        if frame.get("contact") != self.contact_id:
            return None
        with self.app.app_context():
            now_epoch = epoch()
        return Subscription(self.contact_id, cursor_of({"subs": [frame]}, self.contact_id, now_epoch)), now_epoch

    def rows(self, contact: int, after: int, limit: int) -> list[LineAdded]:
        """Lines behind a number."""
        with self.app.app_context():
            return [line_event(row) for row in lines_after(contact, after, limit)]

    def post(self, contact: int, cid: str, text: object, reply) -> str | None:
        """Into the message log."""
        try:
            self.desk.post(contact, cid, text, reply, self.speaker)
        except ClavardageError as error:
            return error.code
        return None

    def typing(self, contact: int, on: bool) -> None:
        """Tell the agent, whoever that is at this moment."""
        with self.app.app_context():
            show_typing(contact, agent_now(contact), by_agent=False, on=on)

    def close(self) -> None:
        """Give back what was counted."""
        while self._counted:
            self.counts.leave(self._counted.pop())


def register(app: Flask) -> None:
    """Make the route."""

    @socket_route(
        sock, "/live/customer", allowed="customer", prepare=lambda: {"address": network_of(request.remote_addr)}
    )
    def live_customer(ws, address: str) -> None:
        converse(ws, lambda: CustomerDoor(app, address), app)
