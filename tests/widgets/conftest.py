"""The pages of the customer's door over the demo's points of contact, without its people."""

import tomllib
from pathlib import Path

import pytest

DEMO = Path(__file__).parent.parent.parent / "demo" / "data.toml"
V2_POC = "5f0c3e7a-1b9d-4c58-9a51-7d2c0b6e4f10"
V1_POC = "8a41d6c2-93ef-4b07-b6a2-1e5c7f20d9ab"


@pytest.fixture
def door(app, client):
    """A test client before a door with two points of contact: V2_POC and V1_POC. Nobody signs in here."""
    from app.actions.demo import load_demo

    data = tomllib.loads(DEMO.read_text("utf-8"))
    with app.app_context():
        load_demo({key: rows for key, rows in data.items() if key not in ("user", "team")})
    return client
