"""Web addresses in lines: what becomes a link, what never does, and what hostile text costs."""

import json

import pytest

from tests.journeys.scripted_server import ScriptedServer
from tests.links import LINKS

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>Links</title><script type="module" src="/links.js"></script></html>"""
SCRIPT = """
import { linkified } from "/static/js/linkify.js";
const told = (node) => (typeof node === "string" ? node : [node.textContent]);
window.linkified = (text) => linkified(text).map(told);
window.cost = (text) => {
  let best = Infinity;
  for (let round = 0; round < 3; round++) {
    const began = performance.now();
    linkified(text);
    best = Math.min(best, performance.now() - began);
  }
  return best;
};
window.attributes = (text) => [...linkified(text)[1].attributes].map(({ name }) => name).sort();
"""
LENGTH = 50_000


@pytest.fixture(scope="module")
def site():
    """A server of nothing but the module."""
    with ScriptedServer() as server:
        server.pages["/links"] = ("text/html", PAGE)
        server.pages["/links.js"] = ("text/javascript", SCRIPT)
        yield server


@pytest.fixture
def links(new_page, site):
    """`links(text)`: the targets of the links in it, in order."""
    page = new_page(f"http://127.0.0.1:{site.port}/links")
    page.wait_for_load_state("load")

    def targets(text: str) -> list[str]:
        parts = page.evaluate("(text) => linkified(text)", text)
        said = "".join(part if isinstance(part, str) else part[0] for part in parts)
        assert said == text, "every sign stays where it was"
        return [part[0] for part in parts if not isinstance(part, str)]

    targets.page = page
    return targets


@pytest.mark.parametrize(("text", "expected"), LINKS)
def test_what_is_a_link_and_where_it_ends(links, text, expected):
    assert links(text) == expected


def test_a_link_tells_its_target_nothing_and_has_a_direction_of_its_own(links):
    assert links.page.evaluate("attributes('x https://example.org y')") == ["dir", "href", "rel", "target"]
    html = links.page.evaluate(
        """import("/static/js/linkify.js").then(({ linkified }) => linkified("https://example.org/<b>")[1].outerHTML)"""
    )
    assert html == (
        '<a href="https://example.org/" rel="noopener noreferrer" target="_blank" dir="ltr">https://example.org/</a>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "https://" + "." * LENGTH + "a",
        "https://" + ")" * LENGTH,
        "https://a" + "(" * LENGTH,
        "https://a" + "()" * (LENGTH // 2),
        "http://" * (LENGTH // 7),
        "https:/" * (LENGTH // 7),
        "https://a.b " * (LENGTH // 12),
        "h" * LENGTH,
        "https://x" + "!?.,;" * (LENGTH // 5) + "y",
    ],
    ids=lambda text: json.dumps(text[:16]),
)
def test_hostile_text_costs_next_to_nothing(links, text):
    """The bound is a hundred times what it takes; anything that looks at each pair of signs takes seconds."""
    assert links.page.evaluate("(text) => cost(text)", text) < 500
