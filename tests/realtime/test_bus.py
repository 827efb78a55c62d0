"""One bus, two ways: the same suite over memory and Redis."""

import pytest

from app.realtime.bus import MemoryBus, RedisBus
from app.realtime.events import (
    AccessRevoked,
    AgentStateChanged,
    ContactLost,
    Event,
    LineAdded,
    QueuePlaceChanged,
    TypingChanged,
    unpacked,
)
from app.realtime.hub import Hub
from tests.services import until

LINE = LineAdded(
    7, "text", "customer", "Zoé", "c" * 16, "hello 😀 <b>", {"a": 1}, "2026-03-01T09:30:00.123Z", contact=3
)
EVENTS = [
    LINE,
    TypingChanged("agent", True, contact=3),
    QueuePlaceChanged(2, contact=3),
    ContactLost(contact=3),
    AccessRevoked(session=9),
    AgentStateChanged(),
]


class Ear:
    """Remembers what it heard, and when it was flushed."""

    def __init__(self):
        self.heard, self.flushes = [], 0

    def hear(self, event):
        self.heard.append(event)

    def flush(self):
        self.flushes += 1

    def silent_seconds(self):
        return 1.0


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def bus(request):
    """A bus that has been started, on a hub of its own."""
    memory = request.param == "memory"
    made = MemoryBus(Hub()) if memory else RedisBus(Hub(), request.getfixturevalue("redis_url"))
    made.start()
    yield made
    made.stop()


def test_an_audience_hears_in_order_and_is_flushed_once(bus):
    ear = Ear()
    bus.hub.join("agent-1", ear)
    bus.publish([("agent-1", event) for event in EVENTS])
    assert ear.heard == EVENTS
    assert ear.flushes == 1


def test_nobody_else_hears(bus):
    ear = Ear()
    bus.hub.join("agent-11", ear)
    bus.publish([("agent-1", LINE)])
    assert ear.heard == []


def test_who_left_hears_no_more_and_leaving_twice_is_harmless(bus):
    ear = Ear()
    bus.hub.join("agent-1", ear)
    bus.hub.leave("agent-1", ear)
    bus.hub.leave("agent-1", ear)
    bus.publish([("agent-1", LINE)])
    assert ear.heard == []
    assert bus.hub.audiences() == []


def test_an_audience_is_as_silent_as_its_least_silent_ear(bus):
    assert bus.hub.silent_seconds("agent-1") is None
    bus.hub.join("agent-1", Ear())
    assert bus.hub.silent_seconds("agent-1") == 1.0


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_survives_the_way_between_processes(event):
    import json

    again = unpacked(json.loads(json.dumps(event.packed())))
    assert type(again) is type(event)
    assert again.frame() == event.frame()


def test_every_event_knows_its_frame():
    assert {type(event).__name__ for event in EVENTS} <= set(Event.registry)
    assert all(event.frame()["t"] for event in EVENTS)
    assert LINE.frame()["text"] == "hello 😀 <b>"
    assert LINE.text.count("\n") == 0


@pytest.mark.redis
class TestTwoProcesses:
    """Two hubs on one Redis are two processes."""

    @pytest.fixture
    def pair(self, redis_url):
        pair = [RedisBus(Hub(), redis_url) for _ in range(2)]
        for bus in pair:
            bus.start()
        yield pair
        for bus in pair:
            bus.stop()

    def spoken(self, pair, ear):
        """Publish on the first until the second has subscribed: how long that takes is Redis' business."""

        def heard():
            pair[0].publish([("agent-1", LINE)])
            return ear.heard

        return heard

    def test_the_other_process_hears_and_the_own_ear_hears_once(self, pair):
        near, far = Ear(), Ear()
        pair[0].hub.join("agent-1", near)
        pair[1].hub.join("agent-1", far)
        until(self.spoken(pair, far), 10, "the other process")
        assert far.heard[0].frame() == LINE.frame()
        until(lambda: len(far.heard) <= len(near.heard), 5, "no echo")
        before = len(near.heard)
        pair[0].publish([("agent-1", LINE)])
        assert len(near.heard) == before + 1

    def test_it_hears_again_after_redis_was_away(self, pair, redis_server):
        far = Ear()
        pair[1].hub.join("agent-1", far)
        until(self.spoken(pair, far), 10, "the other process")
        redis_server.kill()
        pair[0].publish([("agent-1", LINE)])
        redis_server.start()
        far.heard.clear()
        until(self.spoken(pair, far), 20, "the other process after the restart")

    def test_what_it_does_not_know_is_left_alone(self, pair, redis_url):
        import redis

        far = Ear()
        pair[1].hub.join("agent-1", far)
        until(self.spoken(pair, far), 10, "the other process")
        far.heard.clear()
        with redis.Redis.from_url(redis_url) as stranger:
            for data in (b"\xff", b"[]", b'["n",{"event":"FromTheFuture"}]', b'["n",{}]'):
                stranger.publish("clavardage:agent-1", data)
        until(self.spoken(pair, far), 10, "the next event")
        assert {type(event).__name__ for event in far.heard} == {"LineAdded"}
