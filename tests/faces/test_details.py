"""What the agent sees of a customer: who is verified, how to reach them, what they answered, what they read now."""

import re
from html import unescape

import pytest

from app.models import ChatProfile, ChatSession, User
from tests.faces.start_scene import FORM

ANSWERS = [
    {"name": "name", "value": "Zoé"},
    {"name": "mail", "value": ""},
    {"name": "topic", "value": "order"},
    {"name": "terms", "value": "yes"},
    {"name": "", "value": "cart\n7"},
    {"name": "Order", "value": "ML-1", "cut": True},
]


@pytest.fixture
def console(scene, place):
    """The agent's browser; the console speaks French."""
    with scene.app.app_context(), scene.app.extensions["gate"].passing():
        from app.extensions import db

        db.session.query(User).filter_by(id=place.agent).update({"language": "fr"})
        db.session.query(ChatProfile).update({"pre_chat_enabled": True, "pre_chat_fields": FORM})
        db.session.commit()
    browser = scene.signed_in(place.agent, place.id)
    scene.shift(place, place.agent)
    return browser


def details(console, contact_id):
    return console.get(f"/agent/contacts/{contact_id}/details").text


def test_answers_stand_under_the_labels_of_the_form_in_the_agents_language(scene, place, console):
    page = details(console, scene.contact(place, agent=place.agent, parameters=ANSWERS))
    for label, value in (
        ("Nom", "Zoé"),
        ("Sujet", "Ma commande"),
        ("I agree", "Oui"),
        ("p5", "cart\n7"),
        ("Order", "ML-1"),
    ):
        assert f"<dt><bdi>{label}</bdi></dt><dd" in page
        assert f">{value}" in page
    assert "E-mail</bdi>" not in page


def test_who_is_verified_says_so_beside_their_name(scene, place, console):
    known = scene.contact(place, agent=place.agent, verified_id='customer "7"')
    unknown = scene.contact(place, agent=place.agent)
    for path in ("", "/details"):
        assert "customer &#34;7&#34;" in console.get(f"/agent/contacts/{known}{path}").text
        assert "verified" not in console.get(f"/agent/contacts/{unknown}{path}").text


def test_the_id_that_was_signed_can_be_read_in_the_badge_and_not_only_pointed_at(scene, place, console):
    known = scene.contact(place, agent=place.agent, verified_id="<b>7</b>")
    for path in ("", "/details"):
        page = console.get(f"/agent/contacts/{known}{path}").text
        badge = re.search(r'<span class="badge[^"]* verified".*?</span>', page, re.DOTALL)[0]
        assert "<b>" not in badge
        assert "<b>7</b>" in unescape(re.sub(r"<[^>]*>", "", badge))  # its text, as it is read


def test_a_customer_can_be_written_to_and_called(scene, place, console):
    reach = {"customer_email": "zoe+x&y@a.example", "customer_phone": "+33 1 23"}
    page = details(console, scene.contact(place, agent=place.agent, **reach))
    assert 'href="mailto:zoe%2Bx%26y@a.example"' in page
    assert ">zoe+x&amp;y@a.example<" in page
    assert "+33 1 23" in page
    assert "mailto:" not in details(console, scene.contact(place, agent=place.agent))


def test_a_language_that_the_customer_has_changed_stands_in_the_agents_words(scene, place, console):
    contact_id = scene.contact(place, agent=place.agent)
    assert "<dd>français</dd>" in details(console, contact_id)
    with scene.app.app_context(), scene.app.extensions["gate"].passing():
        from app.extensions import db

        db.session.query(ChatSession).filter_by(contact_id=contact_id).update({"language": "zh_Hant"})
        db.session.commit()
    assert "<dd>chinois traditionnel</dd>" in details(console, contact_id)


def test_a_message_that_was_left_while_closed_is_marked(scene, place, console):
    left = details(console, scene.contact(place, agent=place.agent, left_message=True))
    assert "details-note" in left
    assert "details-note" not in details(console, scene.contact(place, agent=place.agent))


def test_a_customer_without_a_name_is_called_customer_everywhere(scene, place, console):
    contact_id = scene.contact(place, "", agent=place.agent)
    assert "<bdi>Client</bdi>" in details(console, contact_id)
    page = console.get("/agent/").text
    assert 'data-nobody="Client"' in page
    assert "<bdi></bdi>" not in page
