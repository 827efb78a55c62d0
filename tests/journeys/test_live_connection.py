"""The live client in Chromium: how it gets a connection, keeps it and gives up."""

import pytest

from tests.journeys.live_face import BROKEN_STORAGE
from tests.services import until

pytestmark = pytest.mark.browser


def test_a_stalled_connection_is_found_and_replaced(face, scripted, network):
    page = face()
    page.until_online()
    network.stall()
    until(lambda: network.count("WS") >= 2, 10, "the watchdog's new socket")
    page.until_online()
    scripted.say("Still there?")
    page.until_texts(["Still there?"])


@pytest.mark.parametrize("how", ["400", "close"])
def test_where_websocket_is_blocked_server_sent_events_carry_the_chat(face, scripted, network, how):
    network.block_websocket = how
    page = face()
    page.until_online("sse")
    assert network.count("WS") == 2
    page.send("One", "Two", "Three")
    page.until_settled()
    scripted.say("Answer")
    page.until_texts(["One", "Two", "Three", "Answer"])
    assert scripted.texts() == page.texts()


def test_a_websocket_that_never_gets_ready_gives_way_to_server_sent_events(face, scripted, network):
    scripted.mute = True
    page = face()
    page.until_online("sse")
    assert network.count("WS") == 1


def test_where_streams_are_held_back_the_long_poll_carries_the_chat(face, scripted, network):
    network.block_websocket, network.hold_streams = "400", True
    page = face()
    page.until_online("poll")
    scripted.say("Slowly")
    page.until_texts(["Slowly"])
    page.send("But surely")
    page.until_settled()
    assert scripted.texts() == page.texts() == ["Slowly", "But surely"]


def test_the_way_that_worked_is_remembered_for_the_session(face, scripted, network):
    network.block_websocket, network.hold_streams = "400", True
    page = face()
    page.until_online("poll")
    tried = network.count("WS")
    page.page.reload()
    page.until_online("poll")
    assert network.count("WS") == tried


def test_websocket_is_tried_again_later(face, scripted, network):
    network.block_websocket = "400"
    page = face(probe=1500)
    page.until_online("sse")
    until(lambda: network.count("WS") >= 3, 10, "another try")
    page.until_online("sse")
    network.block_websocket = None
    page.until_online("socket")
    page.send("Better")
    page.until_settled()
    assert scripted.texts() == ["Better"]


def test_a_server_that_is_away_does_not_count_against_websocket(face, scripted, network):
    page = face()
    page.until_online()
    network.refusing = True
    network.cut()
    # Two dead sockets, server-sent events without an answer either, and back.
    until(lambda: [one["transport"] for one in page.told("status")][-3:].count("sse") == 1, 10)
    until(lambda: page.status() == ("reconnecting", "socket"), 10)
    network.refusing = False
    until(lambda: page.status()[0] == "online", 10)
    page.send("Back")
    page.until_settled()
    assert scripted.texts() == ["Back"]


@pytest.mark.parametrize(("code", "status"), [(4001, "refused"), (4003, "refused"), (1008, "refused"), (4040, "ended")])
def test_a_final_close_code_is_not_tried_again(face, scripted, network, code, status):
    scripted.close_code = code
    page = face()
    until(lambda: page.status() == (status, "socket"), 10)
    page.page.evaluate("window.dispatchEvent(new Event('online'))")
    page.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.told("status")[-1]["code"] == code
    assert page.page.evaluate("new Promise((done) => setTimeout(done, 700)).then(() => window.told.length)") == 2
    assert len(scripted.hellos) == network.count("WS") == 1


def test_an_unknown_close_code_is_tried_again(face, scripted):
    scripted.close_code = 4444
    page = face()
    until(lambda: len(scripted.hellos) >= 1, 10)
    scripted.close_code = None
    until(lambda: page.status()[0] == "online", 10)


def test_the_wait_that_a_leaving_server_asks_for_is_kept(face, scripted, network):
    page = face()
    page.until_online()
    page.page.clock.install()
    page.page.clock.pause_at(page.page.evaluate("Date.now()") + 1)  # from here on time moves by run_for only
    scripted.bye(5000)
    until(lambda: page.status()[0] == "reconnecting", 10)
    page.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.page.clock.run_for(4900)
    assert network.count("WS") == 1
    page.page.clock.run_for(200)
    until(lambda: network.count("WS") >= 2, 10)


@pytest.mark.parametrize("way", ["socket", "sse"])
def test_storage_that_throws_costs_only_the_memory_of_the_session(face, scripted, network, way):
    network.block_websocket = "400" if way == "sse" else None
    page = face(init=BROKEN_STORAGE)
    page.until_online(way)
    page.send("One", "Two")
    page.until_settled()
    network.cut()
    page.send("Three")
    page.until_settled()
    assert scripted.texts() == page.texts() == ["One", "Two", "Three"]


def test_a_page_back_from_the_browsers_cache_connects_at_once(face, scripted):
    page = face()
    page.until_online()
    page.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    until(lambda: len(scripted.hellos) == 2, 10)
    page.until_online()


def test_a_page_that_comes_to_the_front_finds_its_dead_socket_soon(face, scripted, network):
    page = face(watchdog=60_000, ping=60_000)
    page.until_online()
    network.stall()
    page.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(lambda: network.count("WS") >= 2, 20)
    page.until_online()
