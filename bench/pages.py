"""The customer's window in a real browser: how many requests its first load takes, and how soon it may be used."""

import shutil
import statistics
import sys

from .rows import DEMO_WINDOW, Row
from .servers import Product

LOADS = 7
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# Usable: the start screen stands and takes keys. Looked at with every frame that the browser paints.
WATCH = """
const look = () => {
  const root = document.getElementById("window");
  if (root && root.dataset.state !== "loading") window.usableAt = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def window(server: Product, poc: str, bus_no: int) -> list[Row]:
    """Median of seven first loads, each with an empty cache; nothing when there is no Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        print("Chromium is not installed: the window's time to usable is left out.", file=sys.stderr)
        return []
    from playwright.sync_api import sync_playwright

    url = f"http://127.0.0.1:{server.port}" + DEMO_WINDOW.format(poc, bus_no)
    moments, requests = [], []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        for _ in range(LOADS):
            context = browser.new_context()
            page = context.new_page()
            page.add_init_script(WATCH)
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(url, wait_until="networkidle")
            moments.append(page.evaluate("window.usableAt"))
            requests.append(len(asked))
            context.close()
        browser.close()
    more = {"milliseconds": [round(moment) for moment in moments], "requests": requests}
    return [
        Row("window's first load in Chromium, requests", max(requests), "", 6, 5, more=more),
        Row(
            "window usable after, median of 7 first loads", round(statistics.median(moments)), "ms", 300, 150, more=more
        ),
    ]
