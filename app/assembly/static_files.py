"""Static files under an address that names their content: cached for a year, and never stale after a deployment.

The version stands in the path, not in a query, so that modules importing each other by relative address share it. A
page of an older version keeps working: any version finds the file, only the caching differs.
"""

import hashlib
from pathlib import Path

from flask import Flask, g
from werkzeug.routing import BaseConverter, Rule

YEAR = 365 * 24 * 3600
SHORT = 300


class VersionConverter(BaseConverter):
    """``v`` and ten hexadecimal digits: cannot be mistaken for a folder of ours."""

    regex = "v[0-9a-f]{10}"


def install(app: Flask) -> None:
    """Give every static address its version; to be called when all blueprints are registered."""
    folders = {"static": (app.static_url_path, app.static_folder)}
    for name, blueprint in app.blueprints.items():
        if blueprint.has_static_folder:
            folders[f"{name}.static"] = (blueprint.static_url_path, blueprint.static_folder)
    version = _version([folder for _, folder in folders.values()])
    app.url_map.converters["version"] = VersionConverter
    for endpoint, (address, _) in folders.items():
        app.url_map.add(Rule(f"{address}/<version:version>/<path:filename>", endpoint=endpoint, methods={"GET"}))
    joined = f"{app.static_url_path}/<version:version>/joined/<filename>"
    app.url_map.add(Rule(joined, endpoint="joined", methods={"GET"}))
    versioned = {*folders, "joined"}

    @app.url_defaults
    def add_version(endpoint, values):
        if endpoint in versioned:
            values.setdefault("version", version)

    @app.url_value_preprocessor
    def take_version(endpoint, values):
        if endpoint in versioned:
            named = values.pop("version", None)
            g.static_seconds = {None: 0, version: YEAR}.get(named, SHORT)

    @app.after_request
    def cache(response):
        seconds = g.get("static_seconds")
        if seconds and response.status_code in (200, 304):
            response.headers["Cache-Control"] = f"public, max-age={seconds}" + (
                ", immutable" if seconds == YEAR else ""
            )
        return response


def _version(folders: list[str]) -> str:
    digest = hashlib.sha256()
    for folder in sorted(folders):
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
    return "v" + digest.hexdigest()[:10]
