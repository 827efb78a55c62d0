"""The live protocol on the real server: who gets in, what is answered, and who hears what."""

import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from simple_websocket import Client, ConnectionClosed

from tests.people import Agent, Customer, Live, Web, new_cid

pytestmark = pytest.mark.slow

OTHER_POC = "8a41d6c2-93ef-4b07-b6a2-1e5c7f20d9ab"


@pytest.fixture(scope="module")
def server(start_server):
    """A server of this module: generous rates, a short patience with silent sockets."""
    return start_server(
        CLAVARDAGE_HELLO_SECONDS="1", CLAVARDAGE_CUSTOMER_BURST="1000", CLAVARDAGE_CUSTOMER_PER_MINUTE="100000",
        CLAVARDAGE_SIGN_INS_PER_MINUTE="1000", CLAVARDAGE_CHATS_PER_ADDRESS_PER_MINUTE="1000",
    )  # fmt: skip


@pytest.fixture
def customer(server):
    """A customer who is connected, and gone afterwards."""
    person = Customer(server.url)
    person.connect()
    yield person
    person.ask("POST", "/chat/ending", {"now": True})
    person.live.close()


@pytest.fixture
def agent(server):
    """Ana at work; her shift ends with the test."""
    person = Agent(server.url, "ana@demo.example", "demo-ana-4321")
    person.connect()
    person.become("Available")
    yield person
    person.post("/auth/sign-out", {"requeue": "yes"})
    person.live.close()


@pytest.fixture
def talking(customer, agent):
    """The two of them in a conversation."""
    take(agent, customer)
    agent.subscribe(customer.contact)
    return customer, agent


def take(agent, customer):
    """Accept what is offered until it is this customer."""
    while customer.snapshot()["state"] == "waiting":
        assert agent.accept(agent.wait_for_offer()) == 200


def end_code(live: Live | Client, seconds: float = 10) -> int:
    """The close code that ends this socket."""
    socket = live.socket if isinstance(live, Live) else live
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.receive(timeout=0.5)
        except ConnectionClosed as closed:
            return closed.reason
    raise AssertionError("still open")


def raw(server, path="/live/customer", **options) -> Client:
    return Client(server.ws_url + path, **options)


@pytest.mark.parametrize("path", ["/live/customer", "/live/agent"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_another_origin_gets_no_socket(server, path, origin):
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    status, _, _ = Web(server.url).ask("GET", path, headers={**upgrade, **key, "Origin": origin})
    assert status == 403


def test_our_own_origin_gets_one(server):
    socket = raw(server, headers={"Origin": server.url})
    socket.close()


@pytest.mark.parametrize("path", ["/live/customer", "/live/agent"])
@pytest.mark.parametrize(
    "first", [{"t": "hello"}, {"t": "hello", "token": "x" * 40}, {"t": "hello", "token": 7}, {"t": "send"}, [], "hello"]
)
def test_without_a_valid_hello_the_socket_is_closed_with_4001(server, path, first):
    socket = raw(server, path)
    socket.send(json.dumps(first))
    assert end_code(socket) == 4001


def test_a_silent_socket_is_closed_with_4001(server):
    assert end_code(raw(server)) == 4001


def test_a_cookie_alone_opens_nothing(server, agent):
    socket = raw(server, "/live/agent", headers={"Cookie": agent.web.cookie})
    socket.send(json.dumps({"t": "hello", "v": 1, "subs": []}))
    assert end_code(socket) == 4001


@pytest.mark.parametrize(
    "frame", ["not json", "[]", "7", '{"t":"shout"}', '{"t":5}', '{"t":null}', b"\x00\x01", "[" * 9000]
)
def test_a_frame_out_of_form_ends_the_socket_with_1008(customer, frame):
    customer.live.socket.send(frame)
    assert end_code(customer.live) == 1008


def test_a_text_is_acknowledged_and_both_hear_it_once(talking):
    customer, agent = talking
    ack = customer.write("hello")
    assert ack["t"] == "ack"
    line = agent.live.wait_for(lambda f: f["t"] == "ev" and f.get("text") == "hello")
    assert (line["seq"], line["by"], line["cid"]) == (ack["seq"], "customer", ack["cid"])
    reply = agent.write(customer.contact, "good day")
    heard = customer.live.wait_for(lambda f: f["t"] == "ev" and f.get("text") == "good day")
    assert (heard["seq"], heard["by"], heard["name"]) == (reply["seq"], "agent", "Ana Duval")
    for person in talking:
        numbers = [line["seq"] for line in person.live.lines() if line["contact"] == customer.contact]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_the_same_id_again_is_a_duplicate_and_another_text_a_conflict(customer):
    cid = new_cid()
    first, second = customer.write("once", cid), customer.write("once", cid)
    assert second["seq"] == first["seq"]
    assert second["dup"] is True
    assert customer.write("twice", cid)["code"] == "cid_conflict"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": "x" * 4001}, "too_long"),
        ({"text": ""}, "invalid"),
        ({"text": None}, "invalid"),
        ({"text": "a\u0000b"}, "invalid"),
        ({"cid": "short"}, "invalid"),
        ({"cid": 7}, "invalid"),
        ({"contact": "7"}, "invalid"),
        ({"contact": 10**9}, "forbidden"),
    ],
)
def test_a_send_out_of_form_is_refused_and_the_socket_lives_on(customer, change, code):
    frame = {"t": "send", "contact": customer.contact, "cid": new_cid(), "text": "hello"} | change
    customer.live.say(frame)
    assert customer.live.wait_for(lambda f: f["t"] == "nack")["code"] == code
    assert customer.write("still here")["t"] == "ack"


def test_half_a_surrogate_pair_is_invalid(customer):
    frame = {"t": "send", "contact": customer.contact, "cid": new_cid(), "text": "\ud83d"}
    customer.live.socket.send(json.dumps(frame))
    assert customer.live.wait_for(lambda f: f["t"] == "nack")["code"] == "invalid"


def test_a_flood_is_slowed_down(server):
    slow = Customer(server.url)
    slow.connect()
    for n in range(80):
        slow.live.say({"t": "send", "contact": slow.contact, "cid": new_cid(), "text": str(n)})
    refused = slow.live.wait_for(lambda f: f["t"] == "nack")
    assert refused["code"] == "rate_limited"
    assert refused["retry_ms"] > 0
    slow.ask("POST", "/chat/ending", {"now": True})
    slow.live.close()


def test_a_reader_comes_back_to_its_place(customer):
    seen = [customer.write(f"line {n}")["seq"] for n in range(5)][-3]
    customer.live.cut()
    again = customer.connect(after=seen)
    assert [line["seq"] for line in again.lines()] == [seen + 1, seen + 2]
    assert again.ready["subs"][0]["seq"] == seen + 2


def test_a_long_log_is_replayed_in_order_whatever_its_length(customer):
    for n in range(260):
        customer.live.say({"t": "send", "contact": customer.contact, "cid": new_cid(), "text": f"{n}"})
        if n % 20 == 19:
            last = customer.write("pause")["seq"]
    customer.live.close()
    again = customer.connect()
    while again.lines()[-1]["seq"] < last:
        assert again.listen(10), "the rest of the log"
    assert [line["seq"] for line in again.lines()] == list(range(1, last + 1))


def test_a_cursor_of_another_epoch_is_not_believed(customer):
    customer.write("hello")
    customer.live.close()
    customer.epoch = "of-another-database"
    again = customer.connect(after=2)
    assert again.lines()[0]["seq"] == 1
    assert again.ready["subs"][0]["epoch"] != customer.epoch


def add_unheard(server, contact: int, last: int):
    """A line behind everybody's back, as another process writes it whose hint got lost."""
    with sqlite3.connect(server.folder / "clavardage.db", isolation_level=None) as foreign:
        foreign.execute("PRAGMA busy_timeout = 5000")
        foreign.execute("BEGIN IMMEDIATE")
        foreign.execute(
            "INSERT INTO message (contact_id, seq, tenant_id, kind, sender, name, cid, text, at) "
            "SELECT contact_id, ?, tenant_id, kind, 'script', '', 'c' || hex(randomblob(10)), 'unheard', at "
            "FROM message WHERE contact_id = ? AND seq = ?",
            (last + 1, contact, last),
        )
        foreign.execute("UPDATE contact SET last_seq = ? WHERE id = ?", (last + 1, contact))
        foreign.execute("COMMIT")
    foreign.close()


def test_a_line_that_nobody_announced_is_found_by_the_poll(server, customer):
    last = customer.write("hello")["seq"]
    add_unheard(server, customer.contact, last)
    assert customer.live.wait_for(lambda f: f.get("text") == "unheard")["seq"] == last + 1


def test_a_line_that_nobody_announced_is_found_for_a_long_poll_too(server, customer):
    last = customer.write("hello")["seq"]
    with ThreadPoolExecutor(1) as thread:
        asking = thread.submit(unheard_by_polls, customer, last)
        add_unheard(server, customer.contact, last)
        assert asking.result() == ["unheard"]


def unheard_by_polls(customer, last: int) -> list[str]:
    """The lines that long polls bring; a place in the queue may answer one of them first."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        _, answer = customer.ask("GET", f"/chat/events?after={last}&wait=25")
        if found := [event["text"] for event in answer["events"] if event["t"] == "ev"]:
            return found
    return []


def test_typing_reaches_the_other_side_only(talking):
    customer, agent = talking
    customer.live.say({"t": "typing", "contact": customer.contact, "on": True})
    assert agent.live.wait_for(lambda f: f["t"] == "typing") == {
        "t": "typing", "contact": customer.contact, "by": "customer", "on": True,
    }  # fmt: skip
    agent.live.say({"t": "typing", "contact": customer.contact, "on": True})
    assert customer.live.wait_for(lambda f: f["t"] == "typing")["by"] == "agent"
    customer.write("done")
    assert [f["by"] for f in customer.live.heard if f["t"] == "typing"] == ["agent"]


def test_a_waiting_customer_hears_the_place_change(server):
    waiting = [Customer(server.url, poc=OTHER_POC) for _ in range(2)]
    second = waiting[1].connect()
    assert second.wait_for(lambda f: f["t"] == "queue")["place"] == 2
    waiting[0].ask("POST", "/chat/ending", {"now": True})
    assert second.wait_for(lambda f: f["t"] == "queue" and f["place"] == 1)
    waiting[1].ask("POST", "/chat/ending", {"now": True})
    second.close()


def test_a_sixth_tab_has_to_wait(server, customer):
    tabs = []
    for _ in range(4):
        tabs.append(Live(server.url, "/live/customer", {"token": customer.token}))
    sixth = raw(server)
    sixth.send(json.dumps({"t": "hello", "v": 1, "token": customer.token}))
    bye = json.loads(sixth.receive(timeout=5))
    assert (bye["t"], bye["code"]) == ("bye", 4029)
    assert end_code(sixth) == 4029
    for tab in tabs:
        tab.close()


def test_a_colleague_and_a_stranger_cannot_read_or_write_it(server, talking):
    customer, _ = talking
    other = Agent(server.url, "ben@demo.example", "demo-ben-4321")
    live = other.connect({customer.contact: 0})
    assert live.wait_for(lambda f: f["t"] == "dropped")["contact"] == customer.contact
    live.say({"t": "subscribe", "contact": customer.contact, "after": 0})
    assert live.wait_for(lambda f: f["t"] == "dropped")["code"] == 4003
    assert other.write(customer.contact, "let me in")["code"] == "forbidden"
    status, _, _ = other.web.ask("GET", f"/agent/contacts/{customer.contact}")
    assert status == 404
    assert live.lines() == []
    other.post("/auth/sign-out")
    live.close()


def test_signing_out_closes_the_socket_for_good(server):
    other = Agent(server.url, "ben@demo.example", "demo-ben-4321")
    live = other.connect()
    other.post("/auth/sign-out")
    assert end_code(live) == 4003


def test_another_sign_in_of_the_same_user_stays(server):
    one = Agent(server.url, "ben@demo.example", "demo-ben-4321")
    two = Agent(server.url, "ben@demo.example", "demo-ben-4321")
    one.connect(), two.connect()
    one.post("/auth/sign-out")
    assert end_code(one.live) == 4003
    two.live.say({"t": "ping"})
    assert two.live.wait_for(lambda f: f["t"] == "pong")
    two.post("/auth/sign-out")
    two.live.close()


def test_after_the_end_nothing_more_is_taken(talking):
    customer, agent = talking
    assert agent.post(f"/agent/contacts/{customer.contact}/ending")[0] in (200, 204)
    ended = customer.live.wait_for(lambda f: f["t"] == "ev" and f["kind"] == "ended")
    assert ended["data"]["reason"] == "agent_ended"
    assert customer.write("too late")["code"] == "ended"
    assert agent.write(customer.contact, "too late")["code"] == "ended"


def test_a_contact_that_went_back_is_dropped_at_once(server, talking):
    customer, agent = talking
    agent.post("/auth/sign-out", {"requeue": "yes"})
    assert agent.live.wait_for(lambda f: f["t"] == "dropped")["contact"] == customer.contact
    assert customer.live.wait_for(lambda f: f["t"] == "ev" and f["kind"] == "requeued")
    assert customer.snapshot()["state"] == "waiting"
