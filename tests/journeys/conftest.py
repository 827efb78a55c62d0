"""Fixtures of the journeys: a scripted server, a bad network before it, pages with a live client."""

import pytest

from tests.journeys.cutting_proxy import CuttingProxy
from tests.journeys.live_face import Face
from tests.journeys.scripted_server import ScriptedServer


@pytest.fixture
def scripted():
    """A server that speaks the protocol and misbehaves on demand."""
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def network(scripted):
    """The proxy before it."""
    with CuttingProxy(scripted.port) as proxy:
        yield proxy


@pytest.fixture
def face(new_page, scripted, network):
    """Opens pages that talk to the scripted server through the proxy; options are those of Face."""
    return lambda **options: Face(new_page, scripted, network, **options)
