"""The customer's window as a page of its own, for the journeys: what a customer does in it, what must hold there."""

import re

from playwright.sync_api import expect

from tests.browsing import axe
from tests.journeys.host_site import CLASSIC_POC, POC
from tests.services import until

SIGN_INS = {
    POC: ("ana@demo.example", "demo-ana-4321"),
    CLASSIC_POC: ("ben@demo.example", "demo-ben-4321"),
}
END_NOW = """(token) => fetch("/chat/ending", {method: "POST", body: '{"now": true}',
  headers: {Authorization: `Bearer ${token}`, "Content-Type": "application/json"}})"""


class Window:
    """The window as a page of its own, and the agent on the other side."""

    def __init__(self, page, server, poc=POC, state="start"):
        self.page = page
        self.server = server
        self.root = page.locator("#window")
        page.goto(f"{server.url}/inContact/ChatClient/ChatClient.aspx?poc={poc}&bu=4600001")
        self.be(state)

    def be(self, state: str) -> None:
        expect(self.root).to_have_attribute("data-state", state)

    def start(self, name: str = "Mika") -> None:
        self.page.locator("[data-start] [name=name]").fill(name)
        self.page.keyboard.press("Enter")
        self.be("waiting")

    def write(self, text: str) -> None:
        self.page.locator("[data-draft]").fill(text)
        self.page.keyboard.press("Enter")

    def sent(self, count: int) -> None:
        expect(self.page.locator(".message--own[data-state=sent]")).to_have_count(count)

    @property
    def contact(self) -> int:
        return int(self.page.locator("[data-log]").get_attribute("data-contact"))

    def end(self) -> None:
        """End the chat as the customer; it may still be taken back."""
        self.page.locator("[data-end-ask]").click()
        self.page.locator("[data-end]").click()
        expect(self.root).to_have_attribute("data-state", re.compile("ending|ended"))

    def leave(self) -> None:
        """End the chat as the customer, for good and at once."""
        if self.root.get_attribute("data-state") != "ending":
            self.end()
        self.page.evaluate(END_NOW, self.page.locator("[data-token]").input_value())
        self.be("ended")

    def clean(self, where: str) -> None:
        findings = axe(self.page)
        assert not findings, f"{where}: {findings}"


def come_back(popup) -> None:
    """Press "Back to the page". The window goes in the middle of it, which a click of Playwright's may not outlive."""
    button = popup.locator("[data-popin]")
    expect(button).to_be_enabled()
    with popup.expect_event("close"):
        button.evaluate("(button) => void setTimeout(() => button.click())")


def lose_answer(page, path: str) -> None:
    """The next request to that path arrives, and its answer does not."""

    def lose(route):
        route.fetch(max_retries=3)
        route.abort()

    page.route(path, lose, times=1)


def holds(frame, expression: str, arg=None) -> None:
    """Waits until this is true in the page or frame. Playwright's own wait evaluates text, which our policy forbids."""
    until(lambda: frame.evaluate(expression, arg), 20, expression)


def answered(window, agent) -> None:
    """The agent accepts this window's contact."""
    agent.take(window.contact)
    window.be("active")
    agent.answered.append(window.contact)
    agent.subscribe(window.contact)
