"""The pictures of the windows, under addresses that name their content."""

import re

from flask import Blueprint, make_response

from ..access import allowed, picture_named
from ..errors import NotFound

blueprint = Blueprint("images", __name__)

_NAME = re.compile(r"[0-9a-f]{64}")


@blueprint.get("/images/<sha256>")
@allowed("anyone")
def picture(sha256: str):
    """One picture: it never changes under this address, and it is a picture to every browser, whatever is in it."""
    if not _NAME.fullmatch(sha256):
        raise NotFound()
    media_type, content = picture_named(sha256)
    response = make_response(content, {"Content-Type": media_type})
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.cache_control.public = response.cache_control.immutable = True
    response.cache_control.max_age = 31_536_000
    return response
