"""The states of a window whose browser runs no script, and the pages that are no chat, for `docs/screens.py`."""

from playwright.sync_api import Page

from docs.states import DESK_POC, Play, Stage

ADDRESS = "/inContact/ChatClient/ChatClient.aspx?bu=4600001&poc="
NOBODY = "00000000-0000-4000-8000-000000000000"


def notices(stage: Stage, language: str) -> None:
    """Pages that are the same for both windows."""
    page = stage.pages(locale=language, viewport={"width": 380, "height": 640})
    url = stage.server.url
    for name, path in (
        ("link expired", f"/chat/transcripts/{'x' * 43}"),
        ("unknown point of contact", ADDRESS + NOBODY),
        ("incomplete link", ADDRESS),
    ):
        page.goto(url + path)
        stage.camera.take(page, "V2", name, language)
    page.context.close()


class PlainPlay(Play):
    """One window in one language without a script."""

    scripted = False

    def run(self) -> None:
        """From the form to the receipt, and while closed."""
        page = self.page(self.stage.server.url + ADDRESS + self.poc, java_script_enabled=False)
        self.take(page, "no script: form")
        self.take(page, "no script: form, its end", "end")
        if self.version == "V2":
            page.locator(".start [name=email]").fill("camille@")
            page.locator(".start [type=submit]").click()
            page.locator(".start [aria-invalid=true]").first.wait_for()
            self.take(page, "no script: form with errors")
            page.locator(".start [name=email]").fill("camille@example.org")
        page.locator(".start [name=name]").fill(self.name)
        page.locator(".start [type=submit]").click()
        self.log(page).locator(".queue-line, .queue-label").first.wait_for()
        self.take(page, "no script: waiting")
        self.spoken(page)
        self.ended(page)
        page.context.close()
        self.shut()

    def log(self, page: Page):
        """The frame that refreshes itself."""
        return page.frame_locator("iframe.plain-frame")

    def spoken(self, page: Page) -> None:
        """A conversation, in the frame and as a whole."""
        contact = self.answered()
        page.locator("#plain-draft").fill(self.talk[0])
        page.locator(".composer-send").click()
        for text in (self.talk[1], self.talk[4]):
            self.agent.write(contact, text)
        self.log(page).locator(".message--agent").nth(1).wait_for()
        page.locator("#plain-draft").fill(self.talk[3])
        self.take(page, "no script: conversation")
        page.locator("[name=whole]").click()
        page.locator(".plain-newest").wait_for()
        self.take(page, "no script: refreshed by hand")
        page.locator(".window-end").click()
        page.locator("[name=sure]").wait_for()
        self.take(page, "no script: end question")
        page.locator("[name=sure]").click()
        page.locator(".receipt").wait_for()
        self.finish(contact)

    def ended(self, page: Page) -> None:
        """The receipt, and a rating."""
        self.take(page, "no script: receipt", "start")
        self.take(page, "no script: receipt, its end", "end")
        page.locator(".rating-step").nth(3).click()
        page.locator(".rating .button").click()
        page.locator(".receipt-done").wait_for()
        self.take(page, "no script: rated", "start")

    def shut(self) -> None:
        """While closed."""
        page = self.page(self.stage.server.url + ADDRESS + DESK_POC, java_script_enabled=False)
        self.take(page, "no script: closed", "start")
        page.context.close()
