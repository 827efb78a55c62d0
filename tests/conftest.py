"""Fixtures of every suite: databases, the application, live servers, Chromium."""

import inspect
import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.services import Postgres, Redis, find_chromium, find_postgres, find_redis

pytest_plugins = ["tests.last_line"]
ROOT = Path(__file__).resolve().parent.parent
BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]

# How long an example takes says something of the machine, and nothing of the code.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

# A setting of the caller's shell must not steer a test.
for _name in [name for name in os.environ if name.startswith("CLAVARDAGE_")]:
    del os.environ[_name]


def pytest_generate_tests(metafunc):
    """Tests that name ``database_url`` or carry ``both_databases`` run on SQLite and again on PostgreSQL.

    All others that reach it through ``app`` get SQLite.
    """
    named = "database_url" in inspect.signature(metafunc.function).parameters
    marked = metafunc.definition.get_closest_marker("both_databases")
    if "database_url" in metafunc.fixturenames and (named or marked):
        metafunc.parametrize("database_url", BOTH, indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The files that take minutes begin first, or one worker would have such a file alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("crash") is None)


@pytest.fixture(scope="session")
def postgres():
    """The private PostgreSQL of this run."""
    cluster = Postgres(find_postgres())
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def postgres_url(postgres) -> str:
    """The URL of one database of the private PostgreSQL, the same for the whole run."""
    return postgres.new_database()


@pytest.fixture(scope="session")
def redis_server():
    """The private Redis of this run; a test that kills it starts it again."""
    server = Redis(find_redis())
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server) -> str:
    """The URL of the private Redis, empty."""
    redis_server.wipe()
    return redis_server.url


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory) -> str:
    """The URL of one SQLite file, the same for the whole run."""
    return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'clavardage.db'}"


@pytest.fixture
def database_url(request) -> str:
    """The database of this test: SQLite, or both one after the other (see ``pytest_generate_tests``)."""
    return request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")


@pytest.fixture(scope="session")
def apps(tmp_path_factory):
    """One application per run and database, made and migrated on first use."""
    from tests.worlds import World

    worlds = {}

    def of(url: str) -> World:
        if url not in worlds:
            worlds[url] = World(url, tmp_path_factory.mktemp("instance"))
        return worlds[url]

    yield of
    for world in worlds.values():
        world.close()


@pytest.fixture
def app(apps, database_url):
    """The application on a migrated database without rows; what the test leaves is deleted after it."""
    from app import clock

    world = apps(database_url)
    yield world.app
    clock.reset()
    world.clean()


@pytest.fixture
def client(app):
    """Flask's test client."""
    return app.test_client()


@pytest.fixture(scope="module")
def start_server(tmp_path_factory):
    """Starts live servers: ``start_server(database_url=None, demo=True, **env)``; they end with the module."""
    from tests.live import live_servers

    with live_servers(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="session")
def live_server(tmp_path_factory):
    """One server on SQLite with the demo data, shared by the run: leave it running, expect others' rows."""
    from tests.live import live_servers

    with live_servers(tmp_path_factory) as start:
        yield start()


@pytest.fixture(scope="session")
def start_chromium():
    """Starts a Chromium: ``start_chromium(**options of Playwright's launch)``; the caller closes it."""
    program = find_chromium()
    from playwright.sync_api import sync_playwright

    from tests.browsing import CHROMIUM_FLAGS

    with sync_playwright() as playwright:

        def start(**options):
            return playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS, **options)

        yield start


@pytest.fixture(scope="session")
def browser(start_chromium):
    """Chromium, one for the run."""
    chromium = start_chromium()
    yield chromium
    chromium.close()


@pytest.fixture
def new_page(browser):
    """Opens pages (see ``tests.browsing.Pages``); the test fails on any error in any of them."""
    from tests.browsing import Pages

    pages = Pages(browser)
    yield pages
    pages.close()


@pytest.fixture
def page(new_page):
    """One page in a context of its own."""
    return new_page()
