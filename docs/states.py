"""The states of one window in one language, played on the running product for `docs/screens.py`."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from docs.sheets import DESK, PHONE, Camera
from docs.talk import EMOJI, ENDLESS, NAMES, TALK
from tests.browsing import Pages
from tests.journeys.embedding import CHAT, Books, chat, html, launcher, snippet, started, state
from tests.journeys.host_site import Site
from tests.journeys.windows import END_NOW, Window
from tests.live import LiveServer
from tests.people import Agent, Customer

DESK_POC = "3c9e7b52-6d18-4f0a-9b2e-7a54c1d0e863"
ASTRAY = "key => localStorage.setItem(key, localStorage[key].replace(/(?<=token...)[\\w-]+/, 'x'.repeat(22)))"


@dataclass
class Stage:
    """What all plays share."""

    server: LiveServer
    site: Site
    books: Books
    pages: Pages
    camera: Camera
    agents: dict[str, Agent]
    pocs: dict[str, str]


class Play:
    """One window in one language."""

    scripted = True

    def __init__(self, stage: Stage, version: str, language: str):
        self.stage, self.version, self.language = stage, version, language
        self.poc, self.agent = stage.pocs[version], stage.agents[version]
        self.options = {"locale": language, "timezone_id": "Europe/Paris"}
        self.name, self.talk = NAMES.get(language, NAMES["en"]), TALK.get(language, TALK["en"])

    def page(self, url: str | None = None, size=PHONE, **more) -> Page:
        """A page in a browser of its own."""
        return self.stage.pages(url, **self.options, viewport={"width": size[0], "height": size[1]}, **more)

    def take(self, page: Page, name: str, scroll: str = "", size=PHONE) -> None:
        """The pictures of a state."""
        self.stage.camera.take(page, self.version, name, self.language, scroll, size, self.scripted)

    def run(self) -> None:
        """Everything, in the order in which a customer may meet it."""
        page = self.page()
        window = Window(page, self.stage.server, self.poc)
        self.before(window)
        self.waiting(window)
        contact = self.answered()
        window.be("active")
        self.talking(window, contact)
        self.beside(window)
        self.trouble(window)
        self.ending(window)
        self.finish(contact)
        self.lost(window)
        page.context.close()
        self.framed()
        self.closed()

    def before(self, window: Window) -> None:
        """The form, with errors, and the languages."""
        page = window.page
        self.take(page, "form")
        page.locator("[data-language-open]").click()
        self.take(page, "language dialog")
        page.locator("[data-language-close]").click()
        if self.version == "V2":
            page.locator("[data-start] [name=email]").fill("camille@")
        else:
            page.route("**/contacts", lambda route: route.fulfill(status=503, body="away"), times=1)
        page.locator("[data-start] [type=submit]").click()
        expect(page.locator("[data-start-error]")).to_be_visible()
        self.take(page, "form with errors")
        if self.version == "V2":
            self.take(page, "form with errors, its end", "end")
            page.locator("[data-start] [name=email]").fill("camille@example.org")

    def waiting(self, window: Window) -> None:
        """In the queue behind two others, before and after a line."""
        page = window.page
        others = [Customer(self.stage.server.url, name, self.poc) for name in ("Iris", "Paul")]
        window.start(self.name)
        expect(page.locator("[data-ahead]")).not_to_be_empty()
        self.take(page, "waiting")
        window.write(self.talk[0])
        window.sent(1)
        self.take(page, "waiting with a line")
        for other in others:
            other.ask("POST", "/chat/ending", {"now": True})

    def answered(self) -> int:
        """The agent takes the contact that waits."""
        self.agent.become("Available")
        offer = self.agent.wait_for_offer()
        contact = self.stage.books.ask("SELECT contact_id FROM offer WHERE id = ?", offer)[0][0]
        assert self.agent.accept(offer) in (200, 204)
        self.agent.become("Unavailable")
        self.agent.subscribe(contact)
        return contact

    def talking(self, window: Window, contact: int) -> None:
        """A conversation; the agent types; a long draft."""
        page = window.page
        for text in self.talk[1:3]:
            self.agent.write(contact, text)
        window.write(self.talk[3])
        self.agent.write(contact, self.talk[4])
        expect(page.locator(".message--agent")).to_have_count(3)
        self.take(page, "conversation, its beginning", "start")
        for text in (ENDLESS, EMOJI):
            window.write(text)
        window.sent(4)
        self.take(page, "conversation", "end")
        self.agent.live.say({"t": "typing", "contact": contact, "on": True})
        page.locator("[data-typing]").wait_for()
        self.take(page, "typing", "end")
        self.agent.live.say({"t": "typing", "contact": contact, "on": False})
        page.locator("[data-draft]").fill(f"{self.talk[0]} " * (3900 // (len(self.talk[0]) + 1)) + "…" * 20)
        expect(page.locator("[data-count]")).to_be_visible()
        self.take(page, "draft with counter", "end")
        page.locator("[data-draft]").fill("")

    def beside(self, window: Window) -> None:
        """The dialogs of a running chat, and the same chat in another tab."""
        page = window.page
        page.locator("[data-end-ask]").click()
        self.take(page, "end question")
        page.keyboard.press("Escape")
        page.locator("[data-keep-open]").click()
        self.take(page, "keep this conversation")
        page.keyboard.press("Escape")
        other = Window(self.stage.pages(context=page.context), self.stage.server, self.poc, "elsewhere")
        self.take(other.page, "in another tab")
        other.page.close()
        page.bring_to_front()

    def trouble(self, window: Window) -> None:
        """Without a link, with a line that nobody takes, and a page that cannot find its chat."""
        page = window.page
        page.context.set_offline(True)
        expect(page.locator("[data-banner]")).to_be_visible()
        window.write(self.talk[2])
        self.take(page, "offline", "end")
        page.context.set_offline(False)
        window.sent(5)
        page.evaluate(
            "void (String.prototype.replaceAll = String.prototype.valueOf)"
        )  # NUL gets through, and is refused
        window.write(f"{self.talk[0]}\0")
        expect(page.locator(".message--own[data-state=failed]")).to_be_visible()
        self.take(page, "line not sent", "end")
        page.route("**/chat/contact", lambda route: route.fulfill(status=503, body="away"), times=1)
        page.reload()
        window.be("error")
        self.take(page, "error")
        page.locator("[data-reload]").click()
        window.be("active")

    def ending(self, window: Window) -> None:
        """Ten seconds to take it back; the receipt, a rating, a letter and the transcript."""
        page = window.page
        window.end()
        self.take(page, "ending with undo")
        window.leave()
        page.locator("[data-rating]").wait_for()
        self.take(page, "receipt")
        self.take(page, "receipt, its end", "end")
        page.locator(".rating-step").nth(3).click()
        page.locator("[data-rating-more]").scroll_into_view_if_needed()
        self.take(page, "rating chosen")
        page.locator("[data-rating-form] [type=submit]").click()
        expect(page.locator("[data-rated]")).to_be_visible()
        page.locator("[data-mail] input").fill("camille@example.org")
        page.locator("[data-mail] [type=submit]").click()
        expect(page.locator("[data-kept]")).to_be_visible()
        self.take(page, "rating given, letter sent", "end")
        with page.expect_popup() as popup:
            page.locator("[data-transcript] [value=html]").click()
        popup.value.wait_for_load_state()
        self.take(popup.value, "transcript")
        popup.value.close()

    def finish(self, contact: int) -> None:
        """The agent's work is done, whoever ended the chat."""
        self.agent.post(f"/agent/contacts/{contact}/ending")
        self.agent.post(f"/agent/contacts/{contact}/wrap-up")

    def lost(self, window: Window) -> None:
        """A token that leads nowhere any more, while something was being written."""
        page = window.page
        page.locator("[data-new-chat]").click()
        window.start(self.name)
        page.locator("[data-draft]").fill(self.talk[0])
        token = page.locator("[data-token]").input_value()
        page.evaluate(ASTRAY, f"clavardage:{self.poc}")
        page.reload()
        window.be("start")
        self.take(page, "lost")
        page.evaluate(END_NOW, token)

    def framed(self) -> None:
        """In a page: the button with its badge, the window, and the end that the agent makes."""
        page = self.page(self.stage.site.put("/", html(snippet(self.poc))))
        self.take(page, "button")
        window = started(page, self.name)
        contact = self.answered()
        state(window, "active")
        window.locator("[data-minimise]").click()
        for text in self.talk[1:3]:
            self.agent.write(contact, text)
        expect(page.frame_locator(".button-iframe-wrap iframe").locator("[data-count]")).to_have_text("2")
        self.take(page, "button with unread")
        launcher(page).click()
        expect(page.locator(CHAT)).to_be_visible()
        self.take(page, "in a page")
        window.locator("[data-draft]").fill(self.talk[0])
        self.take(page, "in a wide page", size=DESK)
        self.finish(contact)
        state(chat(page), "ended")
        self.take(page, "ended by the agent", "start")
        page.context.close()

    def closed(self) -> None:
        """Outside the hours: the week, the form for a message, the thanks."""
        page = self.page()
        Window(page, self.stage.server, DESK_POC, "closed")
        self.take(page, "closed", "start")
        form = page.locator("[data-leave]")
        form.locator("[name=phone]").fill("soon")
        form.locator("[type=submit]").click()
        self.take(page, "closed, a message with errors")
        form.locator("[name=phone]").fill("")
        form.locator("[name=email]").fill("camille@example.org")
        form.locator("[name=text]").fill(self.talk[0])
        self.take(page, "closed, its end", "end")
        form.locator("[type=submit]").click()
        expect(page.locator("[data-left]")).to_be_visible()
        self.take(page, "closed, message left", "end")
        page.context.close()
        self.finish(self.answered())
