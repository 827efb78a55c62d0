"""The doors of the scripted server: WebSocket, events, messages and files."""

import contextlib
import json
import mimetypes
from base64 import b64encode
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Event, TextMessage
from wsproto.utilities import LocalProtocolError

_STATIC = Path(__file__).resolve().parent.parent.parent / "app" / "static"
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def handle_error(self, *_):
        """Connections that a proxy cut are what these tests are about."""


class Socket:
    """One WebSocket: the greeting, then sends."""

    def __init__(self, world, connection, source):
        self.world, self.connection, self.source = world, connection, source
        self.live = False
        self.frames = Connection(ConnectionType.SERVER)

    def write(self, event: Event):
        with self.world.changed, contextlib.suppress(OSError, LocalProtocolError):
            self.connection.sendall(self.frames.send(event))

    def json(self, frame: dict):
        self.write(TextMessage(json.dumps(frame)))

    def run(self):
        with self.world.changed:
            self.world.sockets.append(self)
        try:
            while data := self.source.read1(65536):
                self.frames.receive_data(data)
                for event in self.frames.events():
                    if isinstance(event, CloseConnection):
                        return
                    self.hear(json.loads(event.data))
        except OSError:
            pass
        finally:
            with self.world.changed:
                self.world.sockets.remove(self)

    def hear(self, frame: dict):
        world, kind = self.world, frame["t"]
        world.frames.append(frame)
        if kind == "hello":
            self.greet(frame)
        elif kind == "ping" and not world.mute:
            self.json({"t": "pong"})
        elif kind == "subscribe":
            self.replay(frame)
            self.json({"t": "subscribed", **world.cursor()})
        elif kind == "send":
            answer = world.answer(frame)
            if not answer:
                answer = world.store(frame)
            if answer != "silence" and not world.mute:
                self.json(answer)

    def greet(self, hello: dict):
        world = self.world
        world.hellos.append(hello)
        if world.close_code:
            self.write(CloseConnection(world.close_code))
            return
        if world.mute:
            return
        with world.changed:
            for sub in hello["subs"]:
                self.replay(sub)
            self.json({"t": "ready", "session": "s", "max_text": 4000, "subs": [world.cursor()]})
            self.live = True

    def replay(self, sub: dict):
        if sub.get("epoch") in ("", self.world.epoch):
            for line in self.world.lines[sub["after"] :]:
                self.json(line)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if url.path == "/live/customer":
            self._socket()
        elif url.path == "/chat/events":
            self._events(int(query["after"]), float(query["wait"]))
        elif url.path in self.world.pages:
            mime, text = self.world.pages[url.path]
            self._answer(200, text.encode(), mime)
        else:
            file = _STATIC / url.path.removeprefix("/static/")
            if file.is_file():
                self._answer(200, file.read_bytes(), mimetypes.guess_type(file.name)[0])
            else:
                self._answer(404, b"")

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        frame = {"t": "send", "cid": self.headers.get("Idempotency-Key"), **body}
        if not self.path.endswith("/messages"):
            self.world.frames.append(frame | {"t": "typing"})
            self._answer(204, b"")
            return
        answer = self.world.answer(frame)
        if answer and answer["t"] == "nack":
            status = {"rate_limited": 429, "busy": 503}.get(answer["code"], 422)
            self._json(status, {"error": {"code": answer["code"], "retry_ms": answer.get("retry_ms")}})
            return
        ack = self.world.store(frame)
        self._json(200 if ack["dup"] else 201, ack)

    def _json(self, status: int, value: dict):
        self._answer(status, json.dumps(value).encode(), "application/json")

    def _answer(self, status: int, body: bytes, mime: str = "text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", mime)
        self.send_header("Content-Security-Policy", self.world.policy)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _socket(self):
        key = self.headers["Sec-WebSocket-Key"] + _GUID
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Protocol", "clavardage.v1")
        self.send_header("Sec-WebSocket-Accept", b64encode(sha1(key.encode()).digest()).decode())
        self.end_headers()
        self.close_connection = True
        Socket(self.world, self.connection, self.rfile).run()

    def _events(self, after: int, wait: float):
        if self.world.status:
            self._answer(self.world.status, b"{}", "application/json")
        elif self.headers["Accept"] == "text/event-stream":
            self._stream(after)
        else:
            events = self.world.after(after, wait)
            self._json(200, {"events": events, "frames": [], "epoch": self.world.epoch})

    def _stream(self, after: int):
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        ready = {"t": "ready", "subs": [self.world.cursor()]}
        self.wfile.write(f": open\n\nevent: frame\ndata: {json.dumps(ready)}\n\n".encode())
        while not self.world.status:
            for line in self.world.after(after, 0.2):
                after = line["seq"]
                self.wfile.write(f"id: {after}\ndata: {json.dumps(line)}\n\n".encode())
            self.wfile.write(b":\n\n")
