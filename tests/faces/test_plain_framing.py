"""Pages without a script may be framed by the point of contact's sites, and by themselves: they frame their own log."""

import pytest

from app.transaction import transaction
from tests.cast import GUID, cast, inside
from tests.faces.test_plain import Page

__all__ = ["cast", "inside"]

SHOP = "https://shop.example"


@pytest.fixture
def framed(cast, client):
    """Says which sites may frame the point of contact; gives a page of it."""

    def named(*sites: str) -> Page:
        with transaction() as tx:
            tx.session.merge(cast.poc()).allowed_origins = list(sites)
        return Page(client)

    return named


def ancestors(answer) -> str:
    directives = [part.strip() for part in answer.headers["Content-Security-Policy"].split(";")]
    (found,) = [part for part in directives if part.startswith("frame-ancestors")]
    return found.removeprefix("frame-ancestors ")


def every_answer(page, client):
    """Each page of a chat without a script, from a form with an error to the receipt."""
    yield page.post(f"/chat/{GUID}/plain", name="x" * 300)
    yield page.start(name="Zoé")
    yield client.get(page.frame)
    yield page.send("Hello")
    yield page.post("/chat/plain", whole="1")
    yield page.post("/chat/plain/ending")
    yield page.post("/chat/plain/ending", sure="1")
    yield page.post("/chat/plain")


@pytest.mark.parametrize(
    ("sites", "who"),
    [
        ((SHOP,), f"'self' {SHOP}"),
        ((SHOP, "https://other.example:8443"), f"'self' {SHOP} https://other.example:8443"),
        (("shop.example; script-src *", SHOP), f"'self' {SHOP}"),
        (("shop.example; script-src *",), "'self'"),
        ((), "*"),
    ],
)
def test_only_the_named_sites_and_the_page_itself_may_frame_a_page_without_a_script(framed, client, sites, who):
    answers = list(every_answer(framed(*sites), client))
    assert [answer.status_code for answer in answers] == [422] + [200] * 7
    assert {ancestors(answer) for answer in answers} == {who}
