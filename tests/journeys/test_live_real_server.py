"""The live client in Chromium against the real server, with a bad network between them."""

import pytest

from tests.journeys.cutting_proxy import CuttingProxy
from tests.journeys.live_face import TIMINGS, Face
from tests.people import DEMO_POC, Agent, Customer
from tests.services import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WINDOW = f"/inContact/ChatClient/ChatClient.aspx?poc={DEMO_POC}"
# The page of the window gives origin, policy and templates; its own chat is never started.
START = """async (options) => {
  document.body.innerHTML += '<div data-scroll><ol data-log></ol></div><button data-new-lines><span></span></button>';
  const [log] = [...document.querySelectorAll("[data-log]")].slice(-1);
  for (const other of document.querySelectorAll("[data-log]")) if (other !== log) other.remove();
  Object.assign(log.dataset, { contact: options.contact, seq: 0, epoch: options.epoch });
  const { Live } = await import("/static/js/live.js");
  const { attachLog } = await import("/static/js/log.js");
  window.told = [];
  window.live = new Live(options);
  for (const type of ["line", "state", "status", "gap", "reset", "dropped"])
    live.addEventListener(type, ({ detail }) => told.push({ type, ...detail }));
  attachLog(log, live, String);
  live.start();
}"""


def written(lines: list[dict]) -> list[str]:
    """The texts of customers and agents."""
    return [line["text"] for line in lines if line["kind"] == "text" and line["by"] in ("customer", "agent")]


class RealFace(Face):
    """A customer's page on the real server."""

    def __init__(self, page, proxy, customer: Customer):
        self.page, self.proxy, self.customer = page, proxy, customer
        self.contact = customer.contact
        self.load()

    def load(self):
        """Open the page, or load it anew in the same tab."""
        self.page.goto(self.proxy.url + WINDOW)
        options = {"url": "/live/customer", "eventsUrl": "/chat/events", "messagesUrl": "/chat/messages"}
        options |= {"token": self.customer.token, "contact": self.contact, "epoch": self.customer.epoch}
        self.page.evaluate(START, options | {"storageKey": "real", "timings": TIMINGS | {"ready": 3000}})

    def log(self) -> list[str]:
        """What people wrote, as the server has it."""
        _, answer = self.customer.ask("GET", "/chat/events?after=0&wait=0")
        return written(answer["events"])

    def shown(self) -> list[str]:
        """What people wrote, as the page was told."""
        return written(self.told("line"))


@pytest.fixture(scope="module")
def bad_network(start_server):
    with CuttingProxy(0) as proxy:
        server = start_server(
            CLAVARDAGE_ORIGINS=proxy.url, CLAVARDAGE_CUSTOMER_BURST="500", CLAVARDAGE_CUSTOMER_PER_MINUTE="50000"
        )
        proxy.server = server
        proxy.server_port = server.port
        yield proxy


@pytest.fixture
def real(bad_network, new_page):
    """A customer's page; the network is whole again before and after."""
    bad_network.block_websocket, bad_network.hold_streams, bad_network.refusing = None, False, False
    bad_network.requests.clear()
    customer = Customer(bad_network.server.url)

    def open_page():
        return RealFace(new_page(allow=["WebSocket", "Failed to load", "ERR_"]), bad_network, customer)

    yield open_page
    customer.ask("POST", "/chat/ending", {"now": True})
    bad_network.block_websocket, bad_network.hold_streams, bad_network.refusing = None, False, False


def test_thirty_lines_each_way_survive_cuts_once_and_in_order(real, bad_network):
    page = real()
    agent = Agent(bad_network.server.url, "ana@demo.example", "demo-ana-4321")
    agent.connect()
    agent.become("Available")
    agent.accept(agent.wait_for_offer())
    agent.subscribe(page.contact)
    page.until_online()
    mine, theirs = ([f"{who} {number}" for number in range(30)] for who in ("Customer", "Agent"))
    page.send(*mine[:15])
    bad_network.cut_after = 5
    page.send(*mine[15:])
    for number, text in enumerate(theirs):
        assert agent.write(page.contact, text)["t"] == "ack"
        if number % 10 == 5:
            bad_network.cut()
    page.until_settled()
    stored = page.log()
    assert [text for text in stored if text in mine] == mine
    assert [text for text in stored if text in theirs] == theirs
    until(lambda: page.shown() == stored, 20)
    seqs = [line["seq"] for line in page.told("line")]
    assert seqs == list(range(1, len(seqs) + 1))
    until(lambda: (agent.live.listen(0.1), written(agent.live.lines()))[1] == stored, 20)
    agent.become("Unavailable")
    agent.live.close()


@pytest.mark.parametrize("held", [False, True])
def test_without_websocket_the_real_server_is_reached_by_events_or_poll(real, bad_network, held):
    bad_network.block_websocket, bad_network.hold_streams = "400", held
    page = real()
    page.until_online("poll" if held else "sse")
    page.send("One", "Two", "Three")
    page.until_settled()
    assert page.log() == ["One", "Two", "Three"]
    until(lambda: page.shown() == page.log(), 20)


def test_what_was_not_sent_before_a_reload_reaches_the_real_server_once(real, bad_network):
    page = real()
    page.until_online()
    page.send("Before")
    page.until_settled()
    bad_network.refusing = True
    bad_network.cut()
    page.send("One", "Two")
    assert [item["text"] for item in page.pending()] == ["One", "Two"]
    bad_network.refusing = False
    page.load()
    page.until_settled()
    assert page.log() == ["Before", "One", "Two"]


@pytest.mark.parametrize("how", ["terminate", "kill"])
def test_a_server_that_starts_anew_gets_what_was_written_meanwhile(real, bad_network, how):
    page = real()
    page.until_online()
    page.send(*(f"Early {number}" for number in range(10)))
    getattr(bad_network.server, how)()
    page.send("While away")
    bad_network.server.start()
    page.until_settled()
    assert page.log() == [f"Early {number}" for number in range(10)] + ["While away"]
    assert page.told("reset") == []


def test_a_token_that_nobody_knows_is_tried_once(real, bad_network):
    page = real()
    page.until_online()
    token, page.customer.token = page.customer.token, "not-a-token"
    page.load()
    until(lambda: page.status() == ("refused", "socket"), 10)
    page.page.evaluate("window.dispatchEvent(new Event('online'))")
    page.customer.token = token
    assert page.told("status")[-1]["code"] == 4001
    assert bad_network.count("WS") == 2


def test_a_stalled_connection_to_the_real_server_is_replaced(real, bad_network):
    page = real()
    page.until_online()
    bad_network.stall()
    page.send("Into the void")
    page.until_settled()
    assert page.log() == ["Into the void"]
