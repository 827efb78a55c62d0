"""Fixtures of the journeys: a scripted server, a bad network before it, pages with a live client."""

import pytest
from playwright.sync_api import expect

from tests.journeys.cutting_proxy import CuttingProxy
from tests.journeys.host_site import CLASSIC_POC, POC, Site
from tests.journeys.live_face import Face
from tests.journeys.scripted_server import ScriptedServer
from tests.journeys.windows import SIGN_INS, Window, answered
from tests.people import Agent

# How long a busy machine may take; what never comes true costs this once.
expect.set_options(timeout=20_000)


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


@pytest.fixture(scope="module")
def server(start_server):
    """A server of this module's own: every waiting contact is one of these tests, and all come from one address."""
    return start_server(CLAVARDAGE_CHATS_PER_ADDRESS_PER_MINUTE="1000")


@pytest.fixture(scope="module")
def lasting_site(server):
    """One site for the module: a page may still ask for something (a favicon) while its test ends."""
    with Site(server.url) as serving:
        yield serving


@pytest.fixture
def site(lasting_site):
    """A site whose pages the test writes; empty."""
    lasting_site.pages.clear()
    return lasting_site


@pytest.fixture(params=[POC, CLASSIC_POC], ids=["v2", "v1"])
def poc(request):
    """Both widgets."""
    return request.param


@pytest.fixture(scope="module")
def signed_in(server):
    """The two agents, signed in once: signing in is limited by address."""
    return {poc: Agent(server.url, *sign_in) for poc, sign_in in SIGN_INS.items()}


@pytest.fixture
def agent(signed_in, poc):
    """The available agent of this widget's point of contact, with a socket."""
    someone = signed_in[poc]
    someone.connect()
    someone.answered = []
    someone.become("Available")
    yield someone
    for contact in someone.answered:
        someone.post(f"/agent/contacts/{contact}/wrap-up")
    someone.become("Unavailable")
    someone.live.close()


@pytest.fixture
def idle(agent):
    """Nobody answers: who starts a chat waits."""
    agent.become("Unavailable")
    return agent


@pytest.fixture
def talking(new_page, server, agent, poc):
    """A window with an agent."""
    window = Window(new_page(), server, poc)
    window.start()
    answered(window, agent)
    return window
