"""Servers that are made to be killed, each on a database of its own."""

import pytest

from tests.conftest import BOTH
from tests.crash.server import CrashServer


@pytest.fixture(params=BOTH)
def empty_database(request) -> str | None:
    """The URL of a new, empty database; None lets the server make its own SQLite file."""
    if request.param == "sqlite":
        return None
    return request.getfixturevalue("postgres").new_database()


@pytest.fixture
def crash_server(tmp_path):
    """Starts servers that die with the test: ``crash_server(database_url, data, **env)``."""
    servers = []

    def start(database_url: str | None, data: dict, **env: str) -> CrashServer:
        folder = tmp_path / f"server-{len(servers)}"
        folder.mkdir()
        server = CrashServer(folder, database_url, data, **env)
        servers.append(server)
        return server

    yield start
    for server in servers:
        if server.running():
            server.kill()
