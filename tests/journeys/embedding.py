"""What the journeys of the embedding share: snippets, pages that carry them, and the parts of ours on a page."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.host_site import CLASSIC_POC, POC
from tests.journeys.windows import SIGN_INS
from tests.people import Agent

VERSIONS = {"V1": CLASSIC_POC, "V2": POC}
SCRIPT = '<script src="{chat}/inContact/ChatClient/js/embed.min.js"></script>'
WRAPPER, BUTTON, CHAT = ".ie-div-position-customer-chat", ".button-iframe-wrap", ".chat-iframe-wrap"


def options(poc: str = POC, params: str = "[]", host: str = "'{chat}'", bus: str = "4600001") -> str:
    """The options of a snippet, as a page writes them."""
    return f"{{serverHost: {host}, bus_no: {bus}, poc: '{poc}', params: {params}}}"


def init(poc: str = POC, **more) -> str:
    """The call."""
    return f"icPatronChat.init({options(poc, **more)});"


def snippet(poc: str = POC, after: str = "", **more) -> str:
    """The whole snippet; `after` is what the page's own script does next."""
    return f"{SCRIPT}<script>{init(poc, **more)}{after}</script>"


def html(body: str, head: str = "", doctype: str = "<!doctype html>") -> str:
    """A page of somebody else."""
    meta = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    top = f'{doctype}<html lang="en"><head><title>Site</title>{meta}{head}</head>'
    return f"{top}<body><main><h1>Site</h1></main>{body}</body></html>"


def launcher(page, number: int = 0):
    """The button of the page's `number`-th point of contact."""
    return page.frame_locator(f"{BUTTON} iframe >> nth={number}").locator("[data-launcher]")


def chat(page, number: int = 0):
    """The chat window in the page."""
    return page.frame_locator(f"{CHAT} iframe >> nth={number}")


def state(window, name: str, seconds: float = 10):
    """Waits until the window stands so."""
    expect(window.locator("#window")).to_have_attribute("data-state", name, timeout=seconds * 1000)


def opened(page, number: int = 0):
    """Waits until the window is there and has the form."""
    expect(page.locator(CHAT).nth(number)).to_be_visible()
    state(chat(page, number), "start")


def started(page, name: str = "Mika", number: int = 0):
    """Opens the chat by the button and starts it; returns the window."""
    launcher(page, number).click()
    opened(page, number)
    window = chat(page, number)
    window.locator("[name=name]").fill(name)
    window.locator("[data-start] [type=submit]").click()
    state(window, "waiting")
    return window


def write(window, text: str):
    """Sends a line and waits until it stands in the log."""
    window.locator("[data-draft]").fill(text)
    window.locator("[data-draft]").press("Enter")
    expect(window.locator(".message--own[data-state=sent]").filter(has_text=text)).to_have_count(1)


def listen(*names: str, of: str = "icPatronChat") -> str:
    """Script that notes the events of these names in `window.heard`."""
    listeners = "".join(f"{of}.on('{name}', (d) => heard.push(['{name}', d]));" for name in names)
    return f"window.heard ??= [];{listeners}"


def heard(page, name: str) -> list:
    """The details with which this event was told."""
    return [detail for event, detail in page.evaluate("heard") if event == name]


class Books:
    """The server's database, changed as an administrator would: between two requests."""

    def __init__(self, server):
        self.path = server.folder / "clavardage.db"

    def change(self, statement: str, *values):
        """One statement."""
        with closing(sqlite3.connect(self.path, timeout=10)) as database, database:
            database.execute(statement, values)

    def ask(self, query: str, *values) -> list[tuple]:
        """The rows."""
        with closing(sqlite3.connect(self.path, timeout=10)) as database:
            return database.execute(query, values).fetchall()

    def parameters(self) -> list:
        """The parameters of the newest contact."""
        import json

        return json.loads(self.ask("SELECT parameters FROM contact ORDER BY id DESC LIMIT 1")[0][0])


def answered(server, contact: int, poc: str = POC) -> Agent:
    """An agent at work who takes this contact, whoever else is waiting."""
    # Before every other, also before one that was put first for an earlier test and came back to the queue.
    first = datetime(2000, 1, 1, tzinfo=UTC) - timedelta(days=contact)
    Books(server).change("UPDATE contact SET queued_at = ? WHERE id = ?", f"{first:%Y-%m-%d %H:%M:%S.%f}", contact)
    agent = Agent(server.url, *SIGN_INS[poc])
    agent.connect()
    agent.become("Available")
    agent.take(contact)
    agent.become("Unavailable")
    return agent
