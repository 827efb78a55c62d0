"""The bare relay: the `websockets` library's server, no database, no checks. ``python -m bench.relay <port>``.

For each message it sends what our server sends: the ack to the sender, the line to both readers.
"""

import asyncio
import json
import signal
import sys
from datetime import UTC, datetime

from websockets.asyncio.server import broadcast, serve

encode = json.JSONEncoder(separators=(",", ":")).encode


class Relay:
    """Who reads which contact, and the next number of each."""

    def __init__(self):
        self.readers: dict[int, set] = {}
        self.numbers: dict[int, int] = {}

    async def talk(self, socket) -> None:
        """One connection: a hello, then messages."""
        contacts = [sub["contact"] for sub in json.loads(await socket.recv())["subs"]]
        for contact in contacts:
            self.readers.setdefault(contact, set()).add(socket)
        await socket.send(encode({"t": "ready", "subs": []}))
        try:
            async for text in socket:
                await self.pass_on(socket, json.loads(text))
        finally:
            for contact in contacts:
                self.readers[contact].discard(socket)

    async def pass_on(self, socket, frame: dict) -> None:
        """Acknowledge, and tell both readers."""
        contact = frame["contact"]
        seq = self.numbers[contact] = self.numbers.get(contact, 0) + 1
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        await socket.send(encode({"t": "ack", "contact": contact, "cid": frame["cid"], "seq": seq, "at": at}))
        line = {"t": "ev", "contact": contact, "seq": seq, "kind": "text", "by": "customer", "name": "Customer"}
        line |= {"cid": frame["cid"], "at": at, "text": frame["text"]}
        broadcast(self.readers[contact], encode(line))


def health(connection, request):
    """So that the benchmark knows when it is there."""
    return connection.respond(200, "") if request.path == "/health" else None


async def main(port: int) -> None:
    """Serve until SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    options = {"compression": None, "ping_interval": None, "process_request": health, "subprotocols": ["clavardage.v1"]}
    async with serve(Relay().talk, "127.0.0.1", port, backlog=4096, **options) as server:
        await ended.wait()
        server.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
