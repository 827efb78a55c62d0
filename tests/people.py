"""People for tests of a real server: customers and agents who speak the public protocol, nothing else."""

import http.client
import json
import re
import secrets
import socket
import time
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from simple_websocket import Client, ConnectionClosed

DEMO_POC = "5f0c3e7a-1b9d-4c58-9a51-7d2c0b6e4f10"
PATIENCE = 10


def new_cid() -> str:
    """A client-made message id."""
    return secrets.token_urlsafe(16)


class Web:
    """HTTP with a cookie jar of one cookie, as much as the pages need."""

    def __init__(self, url: str):
        self.url = url
        self.cookie = ""

    def ask(self, method: str, path: str, body: bytes | str = b"", headers: dict | None = None):
        """(status, headers, body) of one request; redirects are not followed."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE * 3)
        sent = {**({"Cookie": self.cookie} if self.cookie else {}), **(headers or {})}
        try:
            connection.request(method, path, body or None, sent)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        for value in response.headers.get_all("Set-Cookie") or ():
            self.cookie = value.partition(";")[0]
        return response.status, response.headers, content


class Live:
    """One socket: sends frames, and keeps what came in order."""

    def __init__(self, url: str, path: str, hello: dict, headers: dict | None = None):
        self.heard: list[dict] = []
        self.socket = Client(url.replace("http", "ws", 1) + path, subprotocols=["clavardage.v1"], headers=headers or {})
        # As browsers do; else the second of two small frames waits 40 ms for the acknowledgement of the first.
        self.socket.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.say({"t": "hello", "v": 1, **hello})
        self.ready = self.wait_for(lambda frame: frame["t"] == "ready")

    def say(self, frame: dict) -> None:
        """Send one frame."""
        self.socket.send(json.dumps(frame))

    def listen(self, seconds: float) -> dict | None:
        """The next frame, None when none comes within ``seconds``."""
        data = self.socket.receive(timeout=seconds)
        if data is None:
            return None
        frame = json.loads(data)
        self.heard.append(frame)
        return frame

    def wait_for(self, fits, seconds: float = PATIENCE) -> dict:
        """The next frame that fits (also one heard since the last wait is not looked at again)."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            frame = self.listen(left)
            if frame is not None and fits(frame):
                return frame
        raise AssertionError(f"not heard within {seconds} s; the last frames were {self.heard[-5:]}")

    def lines(self) -> list[dict]:
        """Every numbered line heard so far."""
        return [frame for frame in self.heard if frame["t"] == "ev"]

    def cut(self) -> None:
        """The cable is pulled: no close frame, nothing."""
        self.socket.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """A tidy goodbye."""
        with suppress(ConnectionClosed):
            self.socket.close()


class Customer:
    """A visitor who clicked."""

    def __init__(self, url: str, name: str = "Zoé", poc: str = DEMO_POC, **more):
        self.web = Web(url)
        self.key = new_cid()
        self.poc = poc
        self.body = {"name": name, "locale": "en", **more}
        self.live: Live | None = None
        status, answer = self.start()
        assert status in (200, 201), answer
        self.token, self.contact, self.epoch = answer["token"], answer["contact"], answer["epoch"]

    def start(self) -> tuple[int, dict]:
        """The click (a second time: the same start once more)."""
        return self.ask("POST", f"/chat/{self.poc}/contacts", self.body, {"Idempotency-Key": self.key})

    def ask(self, method: str, path: str, body: dict | None = None, headers: dict | None = None) -> tuple[int, dict]:
        """A JSON request with this customer's token."""
        sent = {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})}
        if getattr(self, "token", None):
            sent["Authorization"] = f"Bearer {self.token}"
        status, _, content = self.web.ask(method, path, json.dumps(body) if body is not None else b"", sent)
        return status, json.loads(content) if content else {}

    def connect(self, after: int = 0) -> Live:
        """Open the socket from a place in the log."""
        subs = [{"contact": self.contact, "after": after, "epoch": self.epoch}]
        self.live = Live(self.web.url, "/live/customer", {"token": self.token, "subs": subs})
        return self.live

    def write(self, text: str, cid: str | None = None) -> dict:
        """Send a text over the socket and return its ack or nack."""
        cid = cid or new_cid()
        self.live.say({"t": "send", "contact": self.contact, "cid": cid, "text": text})
        return self.live.wait_for(lambda f: f["t"] in ("ack", "nack") and f["cid"] == cid)

    def snapshot(self) -> dict:
        """How the chat stands."""
        status, answer = self.ask("GET", "/chat/contact")
        assert status == 200, answer
        return answer


class Agent:
    """Someone signed in at the console."""

    def __init__(self, url: str, email: str, password: str):
        self.web = Web(url)
        self.live: Live | None = None
        _, _, page = self.web.ask("GET", "/auth/sign-in")
        form = {"csrf_token": csrf_of(page), "email": email, "password": password}
        status, headers, _ = self.post("/auth/sign-in", form, csrf="")
        assert status == 303, f"sign-in answered {status}"
        assert "sign-in" not in headers["Location"]
        _, _, page = self.web.ask("GET", "/agent/")
        self.csrf = csrf_of(page)

    def post(self, path: str, form: dict | None = None, csrf: str | None = None):
        """A form post as htmx sends it."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": self.web.url}
        token = self.csrf if csrf is None else csrf
        if token:
            headers |= {"X-CSRFToken": token, "HX-Request": "true"}
        return self.web.ask("POST", path, urlencode(form or {}), headers)

    def connect(self, subs: dict[int, int] | None = None) -> Live:
        """Open the console's socket; ``subs``: contact -> last number seen."""
        listed = [{"contact": contact, "after": after} for contact, after in (subs or {}).items()]
        self.live = Live(self.web.url, "/live/agent", {"token": self.csrf, "subs": listed}, {"Cookie": self.web.cookie})
        return self.live

    def become(self, state: str) -> None:
        """Available or Unavailable."""
        status, _, content = self.post("/agent/state", {"state": state})
        assert status in (200, 204), content

    def offers(self) -> list[int]:
        """The ids of the offers on the screen."""
        _, _, page = self.web.ask("GET", "/agent/offers", headers={"HX-Request": "true"})
        return [int(number) for number in re.findall(rb"/agent/offers/(\d+)/acceptance", page)]

    def wait_for_offer(self, seconds: float = PATIENCE) -> int:
        """The id of the first offer, as soon as there is one."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := self.offers():
                return found[0]
            self.live.listen(0.2)
        raise AssertionError(f"no offer within {seconds} s")

    def take(self, contact: int, seconds: float = PATIENCE) -> None:
        """Accept this contact, as soon as it is offered; whoever is offered before it is refused, and waits on."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            _, _, page = self.web.ask("GET", "/agent/offers", headers={"HX-Request": "true"})
            offered = re.findall(rb'data-offer="(\d+)" data-contact="(\d+)"', page)
            for offer_id, other in offered:
                if int(other) == contact:
                    assert self.accept(int(offer_id)) in (200, 204)
                    return
                self.post(f"/agent/offers/{int(offer_id)}/refusal")
                self.become("Available")
            if not offered:
                self.live.listen(0.2)
        raise AssertionError(f"contact {contact} was not offered within {seconds} s")

    def accept(self, offer_id: int) -> int:
        """Accept; the status of the answer."""
        return self.post(f"/agent/offers/{offer_id}/acceptance")[0]

    def subscribe(self, contact: int, after: int = 0) -> dict:
        """Read a contact on the open socket."""
        self.live.say({"t": "subscribe", "contact": contact, "after": after})
        return self.live.wait_for(lambda f: f["t"] == "subscribed" and f["contact"] == contact)

    def write(self, contact: int, text: str, cid: str | None = None) -> dict:
        """Send a text over the socket and return its ack or nack."""
        cid = cid or new_cid()
        self.live.say({"t": "send", "contact": contact, "cid": cid, "text": text})
        return self.live.wait_for(lambda f: f["t"] in ("ack", "nack") and f["cid"] == cid)


def csrf_of(page: bytes) -> str:
    """The CSRF token that a page shows."""
    found = re.search(rb'name="csrf-?_?token"[^>]*(?:value|content)="([^"]+)"', page)
    assert found, "the page shows no CSRF token"
    return found.group(1).decode()
