"""One handler for all errors: a page, a fragment, or JSON, in the reader's language and with the right status."""

import logging
import re

from flask import Flask, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from ..customer import refusals
from ..database import DATABASE_ERRORS, translated
from ..errors import Busy, ClavardageError, Forbidden, NotFound, RateLimited, SignInNeeded

log = logging.getLogger(__name__)

FOR_CUSTOMERS = re.compile(r"/chat/(plain(/.*)?|transcript|transcripts/.*|[^/]+/plain(/.*)?)")  # pages, not JSON
JSON_PATHS = ("/chat/", "/agent/events", "/live/", "/health/")


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(ClavardageError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    for kind in DATABASE_ERRORS:
        app.register_error_handler(kind, _database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)


def _domain(error: ClavardageError):
    if isinstance(error, SignInNeeded) and not _wants_json():
        return _to_sign_in()
    return _answer(error.status, error.code, str(error.message), error.field, error.retry_seconds)


def _csrf(error: CSRFError):
    message = gettext("This page is too old to be sent. Please load it again; what you typed is kept.")
    return _answer(400, "csrf", message)


def _database(error):
    busy = translated(error)
    if isinstance(busy, Busy):
        return _domain(busy)
    return _bug(error)


def _http(error: HTTPException):
    if error.response is not None and error.code is None:
        return error.response
    if error.code in (301, 302, 303, 307, 308):
        return error
    if FOR_CUSTOMERS.fullmatch(request.path):
        return refusals.others(error)
    known = {404: NotFound(), 403: Forbidden(), 429: RateLimited(retry_seconds=60)}.get(error.code)
    if known is not None:
        return _domain(known)
    answer = _answer(error.code, error.name.lower().replace(" ", "_"), gettext("This request cannot be answered."))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "sec-websocket-version", "retry-after"):
            answer.headers[name] = value
    return answer


def _bug(error: Exception):
    log.error("unhandled", exc_info=error, extra={"path": request.path})
    return _domain(ClavardageError())


def _answer(status: int, code: str, message: str, field: str | None = None, retry_seconds: float | None = None):
    if _wants_json():
        error = {"code": code, "message": message}
        if field:
            error["field"] = field
        if retry_seconds:
            error["retry_ms"] = int(retry_seconds * 1000)
        response = make_response(jsonify(error=error), status)
    elif request.headers.get("HX-Request"):
        response = make_response(render_template("_problem.html", message=message), status)
    else:
        response = make_response(render_template("problem.html", message=message, status=status), status)
    if retry_seconds:
        response.headers["Retry-After"] = str(max(1, round(retry_seconds)))
    return response


def _to_sign_in():
    """A page goes to the sign-in; a fragment tells the page to go there, so no form is swapped into a pane."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    sign_in = url_for("auth.sign_in", next=wanted)
    if request.headers.get("HX-Request"):
        return make_response("", 401, {"HX-Redirect": url_for("auth.sign_in")})
    return redirect(sign_in, 303)


def _wants_json() -> bool:
    return request.is_json or request.path.startswith(JSON_PATHS) or _prefers_json()


def _prefers_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "text/event-stream"], "text/html")
    return best != "text/html"
