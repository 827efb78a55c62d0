"""The script that sites put on their pages: ``embed.js`` and its parts as one classic script."""

import functools
import re
from pathlib import Path

from flask import Blueprint, Response, current_app, request
from rjsmin import jsmin
from zopfli.gzip import compress

from ..access import allowed

blueprint = Blueprint("loader", __name__)

PARTS = ("embed-options", "embed-place", "embed-messages", "embed-widget", "embed")
CACHE_SECONDS = 3600
_IMPORT = re.compile(r"^import .*\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


@blueprint.get("/incontact/chatclient/js/embed.min.js")
@allowed("anyone")
def loader():
    """Any site may load it, with or without CORS; nothing in it is personal."""
    plain, packed = _made(Path(current_app.static_folder))
    response = Response(plain, content_type="text/javascript; charset=utf-8")
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.set_data(packed)
        response.content_encoding = "gzip"
    response.cache_control.public, response.cache_control.max_age = True, CACHE_SECONDS
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    return response.make_conditional(request)


def loader_text(static: Path) -> str:
    """The parts in one function, without imports and exports (names are unique over the parts), comments and spaces."""
    parts = [(static / "js" / f"{part}.js").read_text("utf-8") for part in PARTS]
    body = _EXPORT.sub("", _IMPORT.sub("", "\n".join(parts)))
    return jsmin(f'(()=>{{"use strict";\n{body}\n}})();') + "\n"


@functools.lru_cache(maxsize=4)
def _made(static: Path) -> tuple[bytes, bytes]:
    plain = loader_text(static).encode()
    return plain, compress(plain)
