"""The snippets of a point of contact: what a site copies is what the door answers to."""

import html
import re

from app import clock
from app.admin.snippets import NODE, POPUP_FEATURES, PYTHON
from app.customer.identity import verify
from app.models import PointOfContact
from tests.house import ROOT


def address(place) -> str:
    return f"/admin/points-of-contact/{place.poc}/snippets"


def code(page: str, name: str) -> str:
    """The text that the copy button of this name copies."""
    return html.unescape(re.search(rf'<code id="{name}-text">(.*?)</code>', page, re.DOTALL)[1])


def local(url: str) -> str:
    return url.removeprefix("http://localhost")


def test_the_snippets_are_for_the_administrators_of_their_organisation(scene, place, client):
    other = scene.tenant("Elsewhere", 4600002)
    assert client.get(address(place)).status_code == 303
    assert scene.signed_in(place.agent, place.id).get(address(place)).status_code == 403
    assert scene.signed_in(other.admin, other.id).get(address(place)).status_code == 404
    assert scene.signed_in(place.admin, place.id).get("/admin/points-of-contact/99999/snippets").status_code == 404


def test_the_list_leads_to_the_snippets(place, admin):
    assert f'href="{address(place)}"' in admin.get("/admin/points-of-contact").text


def test_the_embedded_code_names_the_loader_and_the_point_of_contact(place, admin, client):
    text = code(admin.get(address(place)).text, "embedded")
    loader = re.search(r'src="([^"]+)"', text)[1]
    assert client.get(local(loader)).mimetype == "text/javascript"
    for option in ('serverHost: "http://localhost"', "bus_no: 4600001", f'poc: "{place.guid}"'):
        assert option in text


def test_the_pop_up_code_is_a_link_that_opens_the_classic_window(place, admin, client):
    text = code(admin.get(address(place)).text, "popup")
    assert "'icPatronChatWin', 'location=no,height=630,width=410,menubar=no,status=no', true); return false;" in text
    link = html.unescape(re.search(r'href="([^"]+)"', text)[1])
    assert client.get(local(link)).status_code == 200


def test_the_plain_link_opens_the_window(place, admin, client):
    link = code(admin.get(address(place)).text, "link")
    assert client.get(local(link)).status_code == 200


def test_the_policy_names_our_origin(place, admin):
    assert code(admin.get(address(place)).text, "policy") == "script-src http://localhost; frame-src http://localhost"


def test_every_snippet_has_a_button_that_copies_it(place, admin):
    page = admin.get(address(place)).text
    copied = set(re.findall(r'data-copy="([^"]+)"', page))
    assert copied == set(re.findall(r'<code id="([^"]+)"', page))
    assert len(copied) == 7


def test_without_named_sites_a_warning_stands_there(scene, place, admin):
    assert "data-any-site" in admin.get(address(place)).text
    own = {"tenant_id": place.id, "default_skill_id": place.skill}
    with scene.app.app_context():
        script = scene.read(PointOfContact, place.poc).routing_script_id
    named = PointOfContact(
        guid="5f0c3e7a-1b9d-4c58-9a51-00000000000a",
        name="Named",
        routing_script_id=script,
        allowed_origins=["https://shop.example"],
        identity_secret="s" * 32,
        active=False,
        **own,
    )
    page = admin.get(f"/admin/points-of-contact/{scene.put(named)}/snippets").text
    assert "data-any-site" not in page
    assert "https://shop.example" in page
    assert "switched off" in page
    assert code(page, "secret") == "s" * 32


def test_what_the_example_signs_is_believed(monkeypatch):
    monkeypatch.setenv("CHAT_IDENTITY_SECRET", "a secret of the site")
    user = type("User", (), {"id": 7, "name": "Zoé Martin", "email": "zoe@example.org"})
    found: dict = {}
    exec(PYTHON, found)
    identity = verify(found["chat_identity"](user), "a secret of the site", clock.now())
    assert (identity.sub, identity.name, identity.email) == ("7", "Zoé Martin", "zoe@example.org")


def test_the_manual_shows_the_same_examples():
    manual = (ROOT / "docs/embedding.md").read_text("utf-8")
    for example in (PYTHON, NODE, POPUP_FEATURES):
        assert example in manual
