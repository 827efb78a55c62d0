"""The organisation behind the pages, and its administrator's browser."""

import pytest

from tests.faces.scene import Scene


@pytest.fixture
def scene(app):
    return Scene(app)


@pytest.fixture
def place(scene):
    return scene.tenant()


@pytest.fixture
def admin(scene, place):
    return scene.signed_in(place.admin, place.id)
