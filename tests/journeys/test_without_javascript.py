"""The whole chat without a script, in both windows, against an agent who speaks the protocol."""

import re

import pytest

from tests.browsing import axe
from tests.journeys.host_site import CLASSIC_POC, POC
from tests.journeys.windows import SIGN_INS
from tests.people import Agent
from tests.services import until

pytestmark = pytest.mark.browser
POCS = {"v1": CLASSIC_POC, "v2": POC}
SECONDS = 20


class Visitor:
    """A customer whose browser runs no script."""

    def __init__(self, new_page, server, version, **options):
        options = {"locale": "en-GB", "viewport": {"width": 400, "height": 700}, **options}
        self.page = new_page(java_script_enabled=False, **options)
        self.page.goto(f"{server.url}/inContact/ChatClient/ChatClient.aspx?poc={POCS[version]}")

    def start(self):
        self.page.get_by_label("Your name").fill("Zoé Martin")
        self.page.get_by_role("button", name="Start chat").click()

    @property
    def log(self):
        return self.page.frame_locator("iframe.plain-frame")

    @property
    def draft(self):
        return self.page.get_by_role("textbox", name="Message")

    def send(self, text):
        self.draft.fill(text)
        self.page.get_by_role("button", name="Send").click()

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def clean(self, judge):
        """What axe finds in the page as it stands. Axe is a script, so the page is shown again where one runs."""
        html = re.sub(r"<script.*?</script>|</?noscript>", "", self.page.content(), flags=re.DOTALL)
        judge.route("**/as-it-stands", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        judge.goto(self.page.url.split("/", 3)[2].join(("http://", "/as-it-stands")))
        judge.unroute("**/as-it-stands")
        # The log asks for itself again: nothing else brings a new line here; whoever cannot bear it has a button.
        return [finding for finding in axe(judge) if ": meta-refresh " not in finding]

    def frame_address(self):
        return next(frame.url for frame in self.page.frames if "/chat/plain/log/" in frame.url)


def accepted(agent) -> int:
    """The contact that this agent has just accepted."""
    assert agent.accept(agent.wait_for_offer(SECONDS)) in (200, 204)

    def contact():
        _, _, page = agent.web.ask("GET", "/agent/contacts", headers={"HX-Request": "true"})
        return re.search(rb'data-contact="(\d+)"', page)

    number = int(until(contact, SECONDS, "the accepted contact")[1])
    agent.subscribe(number)
    return number


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_chat_from_the_form_to_the_transcript_needs_no_script(new_page, server, version):
    visitor = Visitor(new_page, server, version)
    visitor.start()
    visitor.log.get_by_text("You are next", exact=True).wait_for()

    agent = Agent(server.url, *SIGN_INS[POCS[version]])
    agent.connect()
    agent.become("Available")
    contact = accepted(agent)
    visitor.draft.fill("a draft that stays")
    seen = visitor.frame_address()
    agent.write(contact, "Hello, see https://example.org/lamps for more.")
    visitor.log.get_by_text("Hello, see").wait_for(timeout=SECONDS * 1000)
    until(lambda: visitor.page.wait_for_timeout(50) or visitor.frame_address() != seen, SECONDS, "a new address")
    assert visitor.draft.input_value() == "a draft that stays"
    link = visitor.log.get_by_role("link", name="https://example.org/lamps")
    assert link.get_attribute("rel") == "noopener noreferrer"

    visitor.send("Where is my lamp?\n灯り <b>")
    visitor.log.get_by_text("Where is my lamp?").wait_for()
    line = agent.live.wait_for(lambda f: f["t"] == "ev" and f["by"] == "customer")
    assert line["text"] == "Where is my lamp?\n灯り <b>"
    assert visitor.draft.input_value() == ""

    visitor.draft.fill("half a word")
    visitor.press("Refresh")
    assert visitor.draft.input_value() == "half a word"
    assert visitor.page.locator("iframe").count() == 0
    assert "Hello, see" in visitor.page.locator(".plain-newest").inner_text()
    visitor.press("End chat")
    visitor.press("Keep chatting")
    assert visitor.draft.input_value() == "half a word"

    visitor.press("End chat")
    visitor.press("End chat")
    visitor.page.get_by_role("heading", name="You ended the chat").wait_for()
    with visitor.page.context.expect_page() as opened:
        visitor.press("Read transcript")
    assert "灯り <b>" in opened.value.locator("body").inner_text()
    assert not opened.value.get_by_role("button", name="Print").is_visible()
    visitor.page.get_by_label("Your e-mail address").fill("zoe@example.org")
    visitor.press("Send")
    visitor.page.get_by_text("We are sending the conversation to zoe@example.org.").wait_for()
    agent.become("Unavailable")
    agent.live.close()

    addresses = " ".join(frame.url for page in visitor.page.context.pages for frame in page.frames)
    token = visitor.page.locator("[name=token]").first.get_attribute("value")
    assert token not in addresses
    assert visitor.page.context.cookies() == []


def test_what_is_wrong_with_the_form_stands_beside_its_field_and_nothing_is_lost(new_page, server):
    visitor = Visitor(new_page, server, "v2", allow=["status of 422"])
    email = visitor.page.locator(".start [name=email]")
    email.fill("not an address")
    visitor.page.get_by_label("Your name").fill("")
    visitor.page.get_by_role("button", name="Start chat").click()
    visitor.page.get_by_text("Please check the fields marked below.").wait_for()
    assert email.input_value() == "not an address"
    assert email.get_attribute("aria-invalid") == "true"
    described = email.get_attribute("aria-describedby").split()[-1]
    assert "valid e-mail" in visitor.page.locator(f"#{described}").inner_text()


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("locale", ["ar", "ja"])
def test_every_page_fits_a_small_phone_and_is_clean(new_page, server, version, locale):
    small = {"locale": locale, "viewport": {"width": 320, "height": 560}}
    visitor, judge = Visitor(new_page, server, version, **small), new_page(**small)
    page = visitor.page
    assert visitor.clean(judge) == []
    if version == "v2":
        page.locator(".start [name=name]").fill("س" * 60)
    page.locator(".start button[type=submit]").click()
    visitor.log.locator(".log").wait_for()
    assert visitor.clean(judge) == []
    assert page.locator("html").get_attribute("dir") == ("rtl" if locale == "ar" else "ltr")
    for scope in (page.locator(".window"), visitor.log.locator(".plain-newest")):
        inside = scope.bounding_box()
        assert inside["x"] >= 0
        assert inside["x"] + inside["width"] <= 320.5
    page.locator(".window-end").click()
    assert visitor.clean(judge) == []
    page.locator("[name=sure]").click()
    page.locator(".receipt").wait_for()
    assert visitor.clean(judge) == []
