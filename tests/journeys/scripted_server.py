"""A server of one contact that speaks clavardage.v1 and misbehaves on demand."""

import threading
import time

from wsproto.events import CloseConnection

from tests.journeys.scripted_doors import Handler, Server, Socket

CONTACT = 7


class ScriptedServer:
    """Everything that was said, and the switches of what goes wrong.

    lines: the log, as `ev` frames. hellos, sends: frames received, in order, sends by POST too.
    close_code: closes each socket with it right after `hello`. answer: called with a `send`; a frame that it
    returns is the answer instead of storing the line, "silence" is none. mute: nothing is told to sockets.
    status: what each request for events is answered with. pages: path -> (media type, text), with ``policy``.
    """

    def __init__(self):
        self.policy = "default-src 'none'; script-src 'self'; connect-src 'self'"
        self.pages: dict[str, tuple[str, str]] = {}
        self.contact = CONTACT
        self.epoch = "one"
        self.lines: list[dict] = []
        self.hellos: list[dict] = []
        self.sends: list[dict] = []
        self.frames: list[dict] = []
        self.close_code: int | None = None
        self.answer = lambda send: None
        self.mute = False
        self.status: int | None = None
        self.changed = threading.Condition()
        self.sockets: list[Socket] = []
        handler = type("Handler", (Handler,), {"world": self})
        self._http = Server(("127.0.0.1", 0), handler)
        self.port = self._http.server_address[1]
        self._serving = threading.Thread(target=self._http.serve_forever, args=(0.02,))

    def __enter__(self):
        self._serving.start()
        return self

    def __exit__(self, *_):
        self.status = 503
        self.bye(None, 1000)
        with self.changed:
            self.changed.notify_all()
        self._http.shutdown()
        self._serving.join()
        self._http.server_close()

    def say(self, text: str, by: str = "agent", cid: str | None = None) -> dict:
        """Add a line and tell everybody."""
        with self.changed:
            line = {"t": "ev", "contact": CONTACT, "seq": len(self.lines) + 1, "kind": "text", "by": by}
            line |= {"name": "Ana" if by == "agent" else "Kim", "cid": cid, "text": text}
            self.lines.append(line | {"at": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())})
            self._tell(self.lines[-1])
            self.changed.notify_all()
            return self.lines[-1]

    def store(self, send: dict) -> dict:
        """What the message log does with a send: one row per cid, whoever asks how often."""
        self.sends.append(send)
        with self.changed:
            known = next((line for line in self.lines if line["cid"] == send["cid"]), None)
            line = known or self.say(send["text"], "customer", send["cid"])
        values = {key: line[key] for key in ("contact", "cid", "seq", "at")}
        return {"t": "ack", **values, "dup": known is not None}

    def tell(self, frame: dict):
        """One frame to every socket."""
        with self.changed:
            self._tell(frame)

    def bye(self, retry_ms: int | None, code: int = 1012):
        """End every socket, as a server does that drains."""
        with self.changed:
            if retry_ms is not None:
                self._tell({"t": "bye", "code": code, "retry_ms": retry_ms})
            for one in self.sockets:
                one.write(CloseConnection(code))

    def cursor(self) -> dict:
        """Where the log stands, as `ready` and `subscribed` tell it."""
        return {"contact": CONTACT, "seq": len(self.lines), "epoch": self.epoch, "more": False}

    def texts(self) -> list[str]:
        return [line["text"] for line in self.lines]

    def after(self, seq: int, wait: float = 0) -> list[dict]:
        with self.changed:
            self.changed.wait_for(lambda: len(self.lines) > seq or self.status, wait)
            return self.lines[seq:]

    def _tell(self, frame: dict):
        for one in self.sockets:
            if one.live and not self.mute:
                one.json(frame)
