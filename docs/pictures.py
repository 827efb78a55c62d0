"""The pictures of the README, made from the running product: `bin/pictures [folder]`, docs/images by default."""

import base64
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import FrameLocator, Page, expect, sync_playwright

from demo.serve_shop import make_server
from tests.browsing import CHROMIUM_FLAGS, Pages
from tests.journeys.host_site import Serving
from tests.live import LiveServer
from tests.people import DEMO_POC, Customer, new_cid
from tests.services import find_chromium

FOLDER = Path(__file__).parent / "images"
WIDE = {"width": 1440, "height": 900}
LOOK = {"viewport": WIDE, "locale": "en-GB", "timezone_id": "Europe/Paris", "reduced_motion": "reduce"}
NARROW = {**LOOK, "viewport": {"width": 400, "height": 680}}
ROW = """
body { display: flex; gap: 40px; align-items: center; justify-content: center; margin: 0; height: 760px }
html { background: #dfe5ec }
img { border-radius: 14px; box-shadow: 0 2px 6px #101a2429, 0 12px 32px #101a2438 }
"""
ANA, PASSWORD = "ana@demo.example", "demo-ana-4321"

QUESTION = "Hello! Does the Aube lamp also come with a black cable?"
ANSWER = "Hello Camille! It does: choose the Slate finish and the cable is black linen."
THANKS = "Lovely. And could it be here by Friday?"
PROMISE = "Ordered before 14:00 today, it leaves us this afternoon and arrives on Thursday."
DELIGHT = "Perfect, then I will take two."
RETURN = "Hello, my pendant arrived with a dent in the shade."
SORRY = "Oh, I am sorry! We will send you a new shade today, no need to return the old one."
BULB = "Can the Petite globe be dimmed?"
DIM = "Yes, with any dimmer for LEDs. It goes down to a good night light."
NICE = "Just what the children need."
KIND = "That is very kind, thank you. Same address as the order, please."


def main() -> None:
    """Play the scene and take the three pictures; any error in a page or in the server's log fails it."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as instance:
        server = LiveServer(Path(instance), CLAVARDAGE_LEASE_SECONDS="300")
        try:
            with Serving(make_server("127.0.0.1:0", server.url)) as shop, sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
                pages = Pages(chromium)
                scene(pages, server.url, shop.url, folder)
                pages.close()
                chromium.close()
        finally:
            server.close()


def scene(pages: Pages, chat: str, shop: str, folder: Path) -> None:
    """Camille asks in the shop, Jonas and Lea over the protocol; Ana answers in her console."""
    console = signed_in(pages, chat)
    window_page = pages(f"{shop}/aube.html", **LOOK)
    window = started(window_page, "Camille Roy")
    accept(console, "Camille Roy")
    say_in(window, QUESTION)
    reply(console, "Camille Roy", ANSWER)
    say_in(window, THANKS)
    reply(console, "Camille Roy", PROMISE)
    say_in(window, DELIGHT)
    # The first four places are the form's; the page knows the order's number already.
    order = [None, None, None, "ML-20391", {"name": "Product", "value": "Cloche pendant"}]
    jonas = Customer(chat, "Jonas Weber", params=order, page_url=f"{shop}/delivery.html")
    accept(console, "Jonas Weber")
    write(jonas, RETURN)
    reply(console, "Jonas Weber", SORRY)
    write(jonas, KIND)
    pane(console, "Jonas Weber").get_by_text(KIND).wait_for()
    begin(console, "Camille Roy", "With pleasure! Shall I wrap them", window)
    rest(window_page)
    window_page.screenshot(path=folder / "shop.png")
    pane(console, "Jonas Weber").locator("[data-draft]").click()
    waiting = Customer(chat, "Léa Marchand", page_url=f"{shop}/index.html")
    console.locator("[data-offer]").wait_for()
    rest(console)
    console.screenshot(path=folder / "console.png")
    waiting.ask("POST", "/chat/ending", {"now": True})
    console.locator("[data-offer]").wait_for(state="detached")
    close_up(pages, chat, console, folder)


def close_up(pages: Pages, chat: str, console: Page, folder: Path) -> None:
    """The window alone in three states: the form, the place in the queue, a conversation in the dark."""
    address = f"{chat}/inContact/ChatClient/ChatClient.aspx?poc={DEMO_POC}&bu=4600001"
    form, queue = pages(address, **NARROW), pages(address, **NARROW)
    talk = pages(address, **NARROW, color_scheme="dark")
    enter(talk, "Noah Lindqvist")
    accept(console, "Noah Lindqvist")
    say_in(talk, BULB)
    reply(console, "Noah Lindqvist", DIM)
    say_in(talk, NICE)
    ahead = [Customer(chat, "Iris"), Customer(chat, "Paul")]
    enter(queue, "Mia Novak")
    expect(queue.locator("[data-place]")).to_have_text("2")
    begin(console, "Noah Lindqvist", "You are welcome. Is there anything", talk)
    for page in (form, queue, talk):
        rest(page)
    in_a_row(pages, [page.screenshot() for page in (form, queue, talk)]).screenshot(path=folder / "window.png")
    for customer in ahead:
        customer.ask("POST", "/chat/ending", {"now": True})


def in_a_row(pages: Pages, pictures: list[bytes]) -> Page:
    """A page that shows pictures side by side on one ground."""
    page = pages(viewport={"width": 1440, "height": 760})
    sources = [f"data:image/png;base64,{base64.b64encode(picture).decode()}" for picture in pictures]
    figures = "".join(f'<img src="{source}" width="400" height="680">' for source in sources)
    page.set_content(f"<style>{ROW}</style><body>{figures}</body>")
    page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
    return page


def signed_in(pages: Pages, chat: str) -> Page:
    """Ana's console, Available."""
    page = pages(f"{chat}/auth/sign-in", **LOOK)
    page.get_by_label("E-mail").fill(ANA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("[data-link=online]").wait_for()
    page.get_by_role("button", name="Available", exact=True).click()
    return page


def started(page: Page, name: str) -> FrameLocator:
    """A customer who clicked the button in the shop and said a name; returns the window."""
    page.frame_locator(".button-iframe-wrap iframe").locator("[data-launcher]").click()
    window = page.frame_locator(".chat-iframe-wrap iframe")
    enter(window, name)
    return window


def enter(window: Page | FrameLocator, name: str) -> None:
    """Fill the form and start the chat."""
    window.locator("[name=name]").fill(name)
    window.locator("[name=name]").press("Enter")
    expect(window.locator("#window")).to_have_attribute("data-state", "waiting")


def accept(console: Page, name: str) -> None:
    """Ana takes the offer."""
    console.locator(f"[data-offer][data-name='{name}']").wait_for()
    console.keyboard.press("Alt+a")
    pane(console, name).get_by_text("joined the chat").wait_for()


def pane(console: Page, name: str):
    """The conversation with a customer."""
    return console.get_by_role("article", name=name)


def reply(console: Page, name: str, text: str) -> None:
    """Ana writes."""
    box = pane(console, name).locator("[data-draft]")
    box.fill(text)
    box.press("Enter")
    pane(console, name).locator("[data-state=sent]", has_text=text).wait_for()


def begin(console: Page, name: str, text: str, window: Page | FrameLocator) -> None:
    """Ana types, at the pace of a person (what comes faster is not told), until the customer sees it."""
    pane(console, name).locator("[data-draft]").press_sequentially(text, delay=130)
    window.locator("[data-typing]").wait_for()


def say_in(window: Page | FrameLocator, text: str) -> None:
    """The customer of a window writes."""
    window.locator("[data-draft]").fill(text)
    window.locator("[data-draft]").press("Enter")
    window.locator("[data-state=sent]", has_text=text).wait_for()


def write(customer: Customer, text: str) -> None:
    """A customer without a browser writes."""
    status, answer = customer.ask("POST", "/chat/messages", {"text": text}, {"Idempotency-Key": new_cid()})
    assert status == 201, answer


def rest(page: Page) -> None:
    """Fonts are there and two frames have been painted."""
    page.evaluate(
        """async () => {
          await document.fonts.ready;
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        }"""
    )


if __name__ == "__main__":
    main()
