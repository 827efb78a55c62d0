"""A TCP proxy that does to a server's connections what bad networks do."""

import contextlib
import re
import socket
import struct
import threading

_CHUNK = 65536
_REQUEST = re.compile(rb"(GET|POST|HEAD) (\S+) HTTP/1\.1\r\n")
_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
# Linger on, for no time: close() sends RST, as a network that is gone does, instead of a polite FIN.
_RESET = struct.pack("ii", 1, 0)


class _Pair:
    """One connection of a client and the one to the server that belongs to it."""

    def __init__(self, client: socket.socket, server: socket.socket):
        self.client, self.server = client, server
        self.flowing = threading.Event()
        self.flowing.set()
        self.upgraded = False
        self.stream = False

    def reset(self):
        self.flowing.set()
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class CuttingProxy:
    """Stands before ``127.0.0.1:<server_port>``; start with ``with``. All switches work while it runs.

    block_websocket: "400" answers upgrades so, "close" hangs up on them, None lets them through.
    hold_streams: answers to `Accept: text/event-stream` are kept back until the server ends them.
    refusing: new connections are hung up at once, as if the server were away.
    delay: seconds that each chunk waits, in both directions.
    cut_after: cuts everything once this many more chunks went from client to server; None for never.
    requests: (method, path) of each request seen; an upgrade counts as "WS".
    """

    def __init__(self, server_port: int):
        self.server_port = server_port
        self.block_websocket: str | None = None
        self.hold_streams = False
        self.refusing = False
        self.delay = 0.0
        self.cut_after: int | None = None
        self.requests: list[tuple[str, str]] = []
        self._pairs: list[_Pair] = []
        self._lock = threading.Lock()
        self._pause = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self):
        self._accepting.start()
        return self

    def __exit__(self, *_):
        self._pause.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        self.cut()

    def cut(self) -> int:
        """Reset every connection; how many there were."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            pair.reset()
        return len(pairs)

    def stall(self):
        """From now on no byte passes on the connections that are open; nobody is told. New ones work."""
        with self._lock:
            for pair in self._pairs:
                pair.flowing.clear()

    def count(self, method: str, part: str = "") -> int:
        """How many requests of this method had ``part`` in their path."""
        return sum(1 for seen, path in self.requests if seen == method and part in path)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                if self.refusing:
                    raise ConnectionRefusedError
                server = socket.create_connection(("127.0.0.1", self.server_port))
            except OSError:
                client.close()
                continue
            pair = _Pair(client, server)
            with self._lock:
                self._pairs.append(pair)
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._run, args=(pair, source, target), daemon=True).start()

    def _run(self, pair: _Pair, source: socket.socket, target: socket.socket):
        held = []
        try:
            while data := source.recv(_CHUNK):
                if source is pair.client and not self._asked(pair, data):
                    break
                pair.flowing.wait()
                if self.delay:
                    self._pause.wait(self.delay)
                if source is pair.server and pair.stream and self.hold_streams:
                    held.append(data)
                else:
                    target.sendall(data)
            target.sendall(b"".join(held))
        except OSError:
            pass
        with self._lock:
            known = pair in self._pairs
            if known:
                self._pairs.remove(pair)
        pair.flowing.set()
        # Whoever hangs up first takes the other side along; the thread that comes last closes both.
        for end in (pair.client, pair.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        if not known:
            for end in (pair.client, pair.server):
                end.close()

    def _asked(self, pair: _Pair, data: bytes) -> bool:
        """Look at what a client sends; False when the proxy itself ended the matter."""
        if self.cut_after is not None and pair.upgraded:
            self.cut_after -= 1
            if self.cut_after < 0:
                self.cut_after = None
                self.cut()
                return False
        request = None if pair.upgraded else _REQUEST.match(data)
        if not request:
            return True
        method, path = (part.decode() for part in request.groups())
        head = data.lower()
        pair.upgraded = b"upgrade: websocket" in head
        pair.stream = b"accept: text/event-stream" in head
        self.requests.append(("WS" if pair.upgraded else method, path))
        if pair.upgraded and self.block_websocket:
            if self.block_websocket == "400":
                pair.client.sendall(_BAD_REQUEST)
            return False
        return True
