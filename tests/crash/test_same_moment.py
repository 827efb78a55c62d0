"""The same thing asked for several times at one moment, as pages do that come back after a cut."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.crash.server import PASSWORD, POC, organisation
from tests.people import Agent, Customer, Web, csrf_of

pytestmark = pytest.mark.slow
TIMES = 8


def at_once(work) -> list:
    """The answers of as many calls, all let go together."""
    gate = threading.Barrier(TIMES)

    def one(_):
        gate.wait()
        return work()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(one, range(TIMES)))


@pytest.fixture
def server(crash_server, empty_database):
    """A small office."""
    return crash_server(empty_database, organisation([{"skills": {"Shop": 1}}], [{"name": "Shop"}]))


def test_one_click_sent_eight_times_at_once_starts_one_chat(server):
    for _ in range(10):
        customer = Customer(server.url, poc=POC.format(0))
        customer.key = f"at-once-{customer.key}"
        del customer.token
        answers = at_once(customer.start)
        assert {status for status, _ in answers} <= {200, 201}, answers
        assert len({(answer["contact"], answer["token"]) for _, answer in answers}) == 1
    server.close()


def test_eight_tabs_of_an_agent_that_open_at_once_begin_one_shift(server):
    for _ in range(10):
        agent = SignedIn(server.url)
        pages = at_once(lambda agent=agent: agent.web.ask("GET", "/agent/"))
        assert {status for status, *_ in pages} == {200}
        agent.csrf = csrf_of(agent.web.ask("GET", "/agent/")[2])
        assert agent.post("/auth/sign-out")[0] == 303
    server.close()


class SignedIn(Agent):
    """Signed in, with no page of the console opened yet."""

    def __init__(self, url: str):
        self.web = Web(url)
        form = {"csrf_token": csrf_of(self.web.ask("GET", "/auth/sign-in")[2])}
        form |= {"email": "agent0@crash.example", "password": PASSWORD}
        assert self.post("/auth/sign-in", form, csrf="")[0] == 303
