"""The cast for every action suite; all of them run on SQLite and on PostgreSQL."""

import pytest

from tests.cast import cast, inside

__all__ = ["cast", "inside"]


@pytest.fixture(autouse=True)
def _no_places():
    """Queue places that another test left to be announced do not concern this one."""
    from app.actions import places

    places._moved.clear()
