"""How a face answers a page that has no socket: a long poll, or a stream of server-sent events."""

from collections.abc import Callable

from flask import Response, jsonify

from ..errors import RateLimited
from .limits import Counts
from .poll import Poll, event_stream, long_poll

LONGEST_WAIT = 25.0
STREAM_SECONDS = 30.0
RETRY_SECONDS = 5


class Counter:
    """Where one waiting reader is counted, together with the sockets of the same person."""

    def __init__(self, counts: Counts, key: tuple, limit: int):
        self.counts = counts
        self.key = key
        if not counts.enter(key, limit):
            raise RateLimited(retry_seconds=RETRY_SECONDS)

    def leave(self) -> None:
        """It waits no longer."""
        self.counts.leave(self.key)


def answer_stream(poll: Poll, counter: Counter, epoch: str, still_allowed: Callable[[], bool]) -> Response:
    """The lines behind the poll's cursors as server-sent events."""
    stream = event_stream(poll, STREAM_SECONDS, epoch, still_allowed)
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    response = Response(stream, content_type="text/event-stream", headers=headers)
    response.call_on_close(counter.leave)  # also for a stream that nobody begins to read
    return response


def answer_poll(poll: Poll, counter: Counter, epoch: str, wait: float) -> Response:
    """The lines behind the poll's cursors, at once or within ``wait`` seconds."""
    try:
        lines, others = long_poll(poll, min(wait, LONGEST_WAIT))
    finally:
        counter.leave()
    return jsonify(events=[line.frame() for line in lines], frames=[other.frame() for other in others], epoch=epoch)
