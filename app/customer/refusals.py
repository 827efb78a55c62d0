"""Customers who came without a script get a page in words, whatever went wrong; never the staff's page, never JSON."""

import logging

from flask import Blueprint, request
from werkzeug.exceptions import HTTPException

from ..database import DATABASE_ERRORS, translated
from ..errors import Busy, ClavardageError, RateLimited, Unavailable
from . import window
from .plain_pages import again_page

log = logging.getLogger(__name__)


def in_words(blueprint: Blueprint) -> Blueprint:
    """Answer for the views of this blueprint; what they can tell better themselves, they still do."""
    blueprint.register_error_handler(ClavardageError, _refused)
    blueprint.register_error_handler(Exception, others)
    for kind in DATABASE_ERRORS:
        blueprint.register_error_handler(kind, _database)
    return blueprint


def _refused(error: ClavardageError):
    """Where it may help, the same can be asked for again: with a form that was posted, but not one more view of a page
    that is switched off."""
    passes = (Busy, RateLimited, Unavailable) if request.method == "POST" else (Busy, RateLimited)
    return again_page(error) if isinstance(error, passes) else window.unavailable(error)


def _database(error: Exception):
    known = translated(error)
    return _refused(known) if isinstance(known, ClavardageError) else others(error)


def others(error: Exception):
    """What nobody has foreseen: no address, no such method, a bug."""
    told = ClavardageError()
    if isinstance(error, HTTPException):
        told.status = error.code
    else:
        log.error("unhandled", exc_info=error, extra={"path": request.path})
    return window.unavailable(told)
