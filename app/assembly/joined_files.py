"""Several static files as one answer, so that a page needs few requests. No build step: they are joined when asked for.

Style sheets: ``joined/tokens+base+window.css`` is those files of ``static/css`` in that order. Scripts:
``joined/window.js`` is the module and all that it imports, each in a function of its own;
``joined/window+chat.js`` is what ``import("./chat.js")`` inside it becomes: chat.js and what window.js lacks.
"""

import functools
import gzip
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from flask import Flask, Response, abort, request
from rjsmin import jsmin

from ..access import allowed

NAME = re.compile(r"[a-z0-9-]{1,30}((\+[a-z0-9-]{1,30}){0,15}\.css|(\+[a-z0-9-]{1,30})?\.js)")
IMPORT = re.compile(r'^import\s*\{(?P<names>[^}]*)\}\s*from\s*"(?P<path>\.[^"]*)";\n?', re.MULTILINE)
LAZY = re.compile(r'\bimport\("\./(?P<name>[a-z0-9-]+)\.js"\)')
EXPORT = re.compile(r"^export (?=(?:async function|function|class|const|let) (?P<name>\w+))", re.MULTILINE)
LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
TYPES = {".css": "text/css", ".js": "text/javascript"}


def install(app: Flask) -> None:
    """Make the route; ``static_files`` gives its addresses their version."""
    static = Path(app.static_folder)

    @app.get(f"{app.static_url_path}/joined/<filename>", endpoint="joined")
    @allowed("anyone")
    def joined(filename: str):
        """One joined file, compressed for whoever can read that."""
        if not NAME.fullmatch(filename):
            abort(404)
        try:
            plain, packed = _made(static, filename)
        except FileNotFoundError:
            abort(404)
        response = Response(plain, content_type=f"{TYPES[Path(filename).suffix]}; charset=utf-8")
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] > 0:
            response.set_data(packed)
            response.content_encoding = "gzip"
        return response


def joined_text(static: Path, filename: str) -> str:
    """The joined file of that name. Raises FileNotFoundError for a part that does not exist, ValueError for a module
    in a form that cannot be joined."""
    stem, _, kind = filename.rpartition(".")
    parts = stem.split("+")
    if kind == "css":
        return "".join((static / "css" / f"{part}.css").read_text("utf-8") for part in parts)
    return jsmin(_Modules(static / "js").joined(*parts)) + "\n"


@functools.lru_cache(maxsize=32)
def _made(static: Path, filename: str) -> tuple[bytes, bytes]:
    plain = joined_text(static, filename).encode()
    return plain, gzip.compress(plain, 9, mtime=0)


class _Modules:
    """Modules of one folder, and how they become one."""

    def __init__(self, folder: Path):
        self.folder = folder

    def joined(self, entry: str, lazy: str | None = None) -> str:
        """The entry with all it imports; with ``lazy``, that module and what the entry's file does not have."""
        here = list(self._with_imports(f"{entry}.js"))
        if lazy is None:
            names = ", ".join(_variable(path) for path in here)
            return "".join(self._wrapped(path, entry) for path in here) + f"export {{ {names} }};\n"
        added = [path for path in self._with_imports(f"{lazy}.js") if path not in here]
        names = ", ".join(_variable(path) for path in here)
        body = "".join(self._wrapped(path, entry) for path in added)
        exports = ", ".join(_exports(self._source(f"{lazy}.js")))
        last = f"export const {{ {exports} }} = {_variable(f'{lazy}.js')};\n"
        return f'import {{ {names} }} from "./{entry}.js";\n{body}{last}'

    def _source(self, path: str) -> str:
        return (self.folder / path).read_text("utf-8")

    def _with_imports(self, path: str, seen: set[str] | None = None) -> Iterator[str]:
        """This module behind everything that it needs."""
        seen = set() if seen is None else seen
        if path in seen:
            return
        seen.add(path)
        source = self._source(path)
        for found in IMPORT.finditer(source):
            yield from self._with_imports(_beside(path, found["path"]), seen)
        yield path

    def _wrapped(self, path: str, entry: str) -> str:
        source = self._source(path)
        exports = _exports(source)

        def taken(found: re.Match) -> str:
            return f"const {{ {found['names'].strip().rstrip(',')} }} = {_variable(_beside(path, found['path']))};\n"

        body = IMPORT.sub(taken, EXPORT.sub("", source))
        body = LAZY.sub(rf'import("./{entry}+\g<name>.js")', body)
        if left := LEFT_OVER.search(body):
            raise ValueError(f"{path}: {left[0]!r} cannot be joined")
        return f"const {_variable(path)} = (() => {{\n{body}return {{ {', '.join(exports)} }};\n}})();\n"


def _exports(source: str) -> list[str]:
    return [found["name"] for found in EXPORT.finditer(source)]


def _beside(path: str, relative: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(path).parent / relative).parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _variable(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path.removesuffix(".js"))
