"""Clavardage's own WebSocket server behind flask-sock's contract: how it is put in place, and its routes."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NoReturn

import flask
import flask_sock
from simple_websocket import ConnectionClosed

from ..database import DATABASE_ERRORS, translated
from ..errors import Busy
from . import handshake
from .connection import ENVIRON_KEY, Server

__all__ = ["ConnectionClosed", "Server", "install", "socket_route"]

INTERNAL_ERROR = 1011
OVERLOADED = 1013

log = logging.getLogger(__name__)


def install(app: flask.Flask) -> None:
    """Put our ``Server`` in flask-sock's place, and let sockets end quietly; call it before routes are made.

    ``SOCK_SERVER_OPTIONS`` are the keyword arguments of ``Server``; ``ORIGINS`` are the origins let in.
    """
    flask_sock.Server = Server
    app.wsgi_app = _QuietEnd(app.wsgi_app)


def socket_route(
    sock: flask_sock.Sock,
    path: str,
    *,
    bp: flask.Blueprint | None = None,
    prepare: Callable[..., Mapping[str, Any]] | None = None,
    allowed: str = "",
    **options: Any,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A socket whose handler runs outside of every Flask context; use it instead of ``sock.route``.

        @socket_route(sock, "/live/agent", bp=agent, prepare=who)
        def live(ws, session_id):
            while True:
                hear(ws.receive())

    flask-sock runs the handler inside the request, so each open socket pins an application context and with
    it a pooled database connection. Here the request is answered first, and the conversation runs when the
    server iterates the answer: ``flask.g``, ``request`` and ``current_app`` don't exist there, and a unit of
    work opens its own ``app.app_context()``.

    prepare: called inside the request with the values of the route, after the handshake was checked and
    before the upgrade; what it returns becomes the handler's keyword arguments (default: the values of the
    route). It may raise HTTP errors, but remember that browsers see those as 1006 and try again: prefer
    ``ws.close(4001)`` in the handler. allowed: who may use it, as every route declares (the handler's door checks
    it). options: of ``Flask.route``. The handler may return (1000), let
    ConnectionClosed pass, or fail (logged, 1011).
    """

    def decorator(live: Callable[..., None]) -> Callable[..., None]:
        def view(**values: Any) -> _Live:
            config = flask.current_app.config
            server = {"origins": config.get("ORIGINS", ()), **config.get("SOCK_SERVER_OPTIONS", {})}
            handshake.check(flask.request.environ, server["origins"])
            known = values if prepare is None else prepare(**values)
            return _Live(partial(_converse, server, live, known))

        view.allowed = allowed
        options.setdefault("endpoint", live.__name__)
        _target(sock, bp).route(path, websocket=True, **options)(view)
        return live

    return decorator


def _target(sock: flask_sock.Sock, bp: flask.Blueprint | None) -> flask.Flask | flask.Blueprint:
    if bp is not None or sock.app is not None:
        return bp or sock.app
    if sock.bp is None:  # as flask-sock does it: registered by its init_app later
        sock.bp = flask.Blueprint("__flask_sock", __name__)
    return sock.bp


def _converse(server: Mapping[str, Any], live: Callable[..., None], known: Mapping[str, Any], environ: dict) -> None:
    ws = Server(environ, **server)
    code = INTERNAL_ERROR
    try:
        live(ws, **known)
        code = 1000
    except ConnectionClosed:
        code = 1000
    except (Busy, *DATABASE_ERRORS) as error:
        code = _code_without_database(error)
    except Exception:  # the boundary of this conversation, as Flask's is the request's
        log.exception("the handler of a socket failed")
    finally:
        ws.finish(code)


def _code_without_database(error: Exception) -> int:
    """1013 when the database is away or busy: the page keeps what it has and comes back after a while."""
    if isinstance(error if isinstance(error, Busy) else translated(error), Busy):
        return OVERLOADED
    log.error("the handler of a socket failed", exc_info=error)
    return INTERNAL_ERROR


class _Live(flask.Response):
    """The answer of a socket route: its body is the conversation."""

    def __init__(self, talk: Callable[[dict], None]):
        super().__init__(status=101)
        self._talk = talk

    def __call__(self, environ: dict, start_response: Callable) -> "_Body":
        """Called by Flask while its contexts are up: nothing is said yet."""
        start_response("101 Switching Protocols", [])  # for the access log; gunicorn writes nothing before a body
        return _Body(partial(self._talk, environ))


class _QuietEnd:
    """Around the application: ends the sockets of flask-sock's own routes.

    flask-sock ends them with a StopIteration out of the application (flask-sock #64, #73), or, when the
    handler failed, with an error page written into the socket.
    """

    def __init__(self, application: Callable):
        self._application = application

    def __call__(self, environ: dict, start_response: Callable):
        """The WSGI call."""
        code = 1000
        try:
            body = self._application(environ, start_response)
            code = INTERNAL_ERROR
        except StopIteration:
            if ENVIRON_KEY not in environ:
                raise
        ws = environ.get(ENVIRON_KEY)
        return body if ws is None else _Body(partial(ws.finish, code))


class _Body:
    """A response body that works when the server begins to iterate it: Flask has popped its contexts by then.

    StopIteration out of ``__iter__`` makes gunicorn close the connection without writing a response. Inside
    Flask, where flask-sock raises it, error reporters take it for a failure.
    """

    def __init__(self, work: Callable[[], None]):
        self._work = work

    def __iter__(self) -> NoReturn:
        self._work()
        raise StopIteration
