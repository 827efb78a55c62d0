"""The customer's pages as the server sends them: both widgets, every language, what they weigh and what they allow."""

import gzip
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.customer.language import LANGUAGES, direction, html_lang, plural_texts
from app.customer.window import content_policy, properties
from tests.widgets.conftest import V1_POC, V2_POC

CHAT = "/inContact/ChatClient"
PAGES = ("ChatClient.aspx", "ChatClientPatron.aspx", "index.html")
QUEUE_SCREEN = ("waiting", "place", "wait", "queue-label", "queue-more", "queue-text", "queue-turns")
FORM = ("p", "required")
LOADER_BYTES, FIRST_LOAD_BYTES = 5 * 1024, 30 * 1024


def fetch(door, path):
    """The answer, read to its end: a file that the server sends stays open until then."""
    with door.get(path) as answer:
        answer.get_data()
    return answer


def weight(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("poc", [V1_POC, V2_POC])
def test_every_address_of_the_classic_window_opens_it_in_any_case(door, page, poc):
    for path in (f"{CHAT}/{page}", f"{CHAT}/{page}".lower()):
        for query in (f"poc={poc}&bu=4600001", f"POC={poc.upper()}&BU=4600001&Guid=x", f"poc={poc}"):
            answer = door.get(f"{path}?{query}")
            assert answer.status_code == 200
            assert "data-start" in answer.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_window_speaks_the_language_of_the_browser(door, lang):
    header = {"Accept-Language": html_lang(lang)}
    page = door.get(f"{CHAT}/ChatClient.aspx?poc={V2_POC}", headers=header).text
    assert f'<html lang="{html_lang(lang)}" dir="{direction(lang)}">' in page
    strings = json.loads(re.search(r'id="strings">(.*?)</script>', page)[1])
    assert all(strings.values())


def test_a_language_in_the_address_beats_the_browser(door):
    page = door.get(f"{CHAT}/ChatClient.aspx?poc={V2_POC}&lang=ar", headers={"Accept-Language": "fr"}).text
    assert '<html lang="ar" dir="rtl">' in page


def test_plural_words_come_under_the_names_that_the_browser_uses(app):
    from flask_babel import force_locale

    for lang, names in (("en", {"one", "other"}), ("ja", {"other"}), ("pl", {"one", "few", "many", "other"})):
        with app.test_request_context(), force_locale(lang):
            texts = plural_texts(lang, "%(count)s message", "%(count)s messages")
        assert names - {"other"} <= set(texts) <= names | {"other"}
        assert all("{n}" in text for text in texts.values())


def test_no_page_sets_a_cookie(door):
    for path in ("ChatClient.aspx", "launcher.html", "js/embed.min.js"):
        answer = fetch(door, f"{CHAT}/{path}?poc={V2_POC}")
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("poc=", 422),
        ("poc=not-a-guid", 404),
        ("poc=00000000-0000-4000-8000-000000000000", 404),
        (f"poc={V2_POC}&bu=1", 404),
        (f"poc={V2_POC}&bu=x'--", 404),
        (f"poc={V2_POC}&bu=" + "9" * 40, 404),
    ],
)
def test_an_address_that_leads_nowhere_says_so_in_words(door, query, status):
    answer = door.get(f"{CHAT}/ChatClient.aspx?{query}", headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert "Chat is not available" in answer.text


def test_the_sign_of_the_button_is_the_one_of_the_icons(door, app):
    icons = (Path(app.static_folder) / "icons.svg").read_text("utf-8")
    sign = re.search(r'<symbol id="chat"[^>]*>(.*?)</symbol>', icons)[1]
    assert sign in door.get(f"{CHAT}/launcher.html?poc={V2_POC}").text


def test_only_the_named_sites_may_frame_a_window(app):
    with app.test_request_context(base_url="http://chat.test"):
        named = content_policy(["https://shop.test", "https://evil.test; script-src *"])
        assert named.endswith("frame-ancestors https://shop.test")
        assert content_policy([]).endswith("frame-ancestors *")
    assert "unsafe" not in named


def test_a_site_that_is_not_on_the_list_is_refused(door, app):
    from app.extensions import db
    from app.models import PointOfContact

    with app.app_context():
        db.session.query(PointOfContact).filter_by(guid=V2_POC).update({"allowed_origins": ["https://shop.test"]})
        db.session.commit()
    path = f"{CHAT}/launcher.html?poc={V2_POC}&frame=1&from="
    assert door.get(path + "https://shop.test").status_code == 200
    refused = door.get(path + "https://other.test")
    assert refused.status_code == 200
    assert 'data-refused="unavailable"' in refused.text


def test_a_profile_colours_its_window_and_nothing_else_gets_into_the_stylesheet(door):
    css = door.get(f"/looks/{V1_POC}.css")
    assert css.mimetype == "text/css"
    assert "--profile-primary: #3B4A5A;" in css.text
    hostile = SimpleNamespace(
        primary_color="red;} body{display:none",
        primary_text_color="#FFFFFE",
        agent_color=None,
        agent_initial_color="#12345",
        font="x; } *{color:red",
    )
    assert properties(hostile) == ":root {\n  --profile-primary-text: #FFFFFE;\n}\n"


def test_both_widgets_offer_the_same_hooks(door):
    hooks = [
        set(re.findall(r"\sdata-[a-z-]+", door.get(f"{CHAT}/ChatClient.aspx?poc={poc}").text))
        for poc in (V1_POC, V2_POC)
    ]
    own = {"contrast", *QUEUE_SCREEN, *FORM}
    assert hooks[1] - hooks[0] == {f" data-{hook}" for hook in own}
    assert hooks[0] - hooks[1] == {" data-queue-line"}  # instead of the screen


def test_the_loader_is_small(door):
    answer = door.get(f"{CHAT}/js/embed.min.js", headers={"Accept-Encoding": "gzip"})
    assert answer.mimetype == "text/javascript"
    assert answer.cache_control.max_age
    assert len(answer.data) <= LOADER_BYTES  # as it goes over the wire
    assert b"icPatronChat" in gzip.decompress(answer.data)


@pytest.mark.parametrize("poc", [V1_POC, V2_POC])
def test_the_first_load_of_the_window_is_small(door, poc):
    page = door.get(f"{CHAT}/ChatClient.aspx?poc={poc}&frame=1&from=https://shop.test").data
    seen = {"page": page}
    for path in re.findall(r'(?:href|src)="(/[^"#]+\.(?:css|js))"', page.decode()):
        answer = fetch(door, path)
        assert answer.status_code == 200, path
        seen[path] = answer.data
    assert len(seen) == 5  # one of them only without a script
    assert sum(weight(content) for content in seen.values()) <= FIRST_LOAD_BYTES
