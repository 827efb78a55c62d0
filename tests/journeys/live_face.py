"""A page with nothing but the live client and a log, for the tests of both."""

import html
import json

from tests.journeys.scripted_server import CONTACT
from tests.services import until

TIMINGS = {"ready": 1000, "ack": 800, "watchdog": 1200, "check": 300, "ping": 200, "tick": 40}
TIMINGS |= {"backoff": 60, "backoffMax": 300, "stable": 1000, "wait": 1, "typing": 100}
# What Chromium itself writes about connections that fail.
NETWORK = ["WebSocket connection to", "Failed to load resource", "ERR_"]
SCRIPT = """
import { Live } from "/static/js/live.js";
import { attachLog } from "/static/js/log.js";
window.told = [];
const live = (window.live = new Live(JSON.parse(document.body.dataset.options)));
for (const type of "line echo state typing queue changed dropped status reset gap".split(" "))
  live.addEventListener(type, ({ detail }) => window.told.push({ type, ...detail }));
window.log = attachLog(document.querySelector("[data-log]"), live, (n) => `${n} new`);
live.start();
"""
OWN = """<li class="message message--customer message--own" data-kind="text" data-state="sending">
<span data-slot="name">You</span><time data-slot="time"></time><p data-slot="text" dir="auto"></p>
<p data-slot="state"><button data-retry>Try again</button></p></li>"""
OTHER = """<li class="message message--agent" data-kind="text"><span data-slot="initials"></span>
<span data-slot="name"></span><time data-slot="time"></time><p data-slot="text" dir="auto"></p></li>"""
SYSTEM = """<li class="message message--system"><bdi data-slot="name"></bdi><p data-slot="text"></p></li>"""
PAGE = f"""<!doctype html><html lang="en"><title>Live</title><body data-options="%s">
<div data-scroll role="log"><ol data-log data-contact="{CONTACT}" data-seq="0"></ol></div>
<button data-new-lines hidden><span></span></button>
<template data-line="text-own">{OWN}</template><template data-line="text-other">{OTHER}</template>
<template data-line="system">{SYSTEM}</template>
<script type="module" src="/page.js"></script></body></html>"""
BROKEN_STORAGE = """Object.defineProperty(window, "sessionStorage",
  { get() { throw new DOMException("no storage here", "SecurityError"); } });"""


class Face:
    """A page with a log and a live client, before a server behind a proxy."""

    contact = CONTACT

    def __init__(self, new_page, server, proxy, *, init="", **timings):
        self.page = new_page(allow=NETWORK)
        if init:
            self.page.add_init_script(init)
        options = {
            "url": "/live/customer",
            "eventsUrl": "/chat/events",
            "messagesUrl": "/chat/messages",
            "typingUrl": "/chat/typing",
            "token": "a-token",
            "timings": TIMINGS | timings,
        }
        server.pages["/page"] = ("text/html", PAGE % html.escape(json.dumps(options)))
        server.pages["/page.js"] = ("text/javascript", SCRIPT)
        self.page.goto(f"{proxy.url}/page")

    def told(self, kind: str) -> list[dict]:
        """The events of this kind, oldest first."""
        return self.page.evaluate("(kind) => window.told.filter((one) => one.type === kind)", kind)

    def texts(self) -> list[str]:
        """What the log shows, from top to bottom."""
        return self.page.locator("[data-log] [data-slot=text]").all_text_contents()

    def states(self) -> list[str]:
        return self.page.evaluate(
            "[...document.querySelectorAll('[data-log] .message--own')].map((line) => line.dataset.state)"
        )

    def send(self, *texts: str) -> list[str]:
        return self.page.evaluate(f"(texts) => texts.map((text) => live.send({self.contact}, text))", list(texts))

    def status(self) -> tuple[str, str] | None:
        told = self.told("status")
        return (told[-1]["status"], told[-1]["transport"]) if told else None

    def until_online(self, transport: str = "socket"):
        until(lambda: self.status() == ("online", transport), 15, f"online by {transport}")

    def until_texts(self, texts: list[str]):
        until(lambda: self.texts() == texts, 20, f"the log shows {texts}, not {self.texts()}")

    def until_settled(self):
        """Until nothing waits in the outbox and every own line is sent."""
        until(lambda: set(self.states()) <= {"sent"} and not self.pending(), 20, "everything sent")

    def pending(self) -> list[dict]:
        return self.page.evaluate(f"live.pending({self.contact})")
