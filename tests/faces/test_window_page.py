"""What the window's page knows before any chat: its form, its screens, its languages, its colours."""

import re

import pytest
from babel import Locale

from app.actions.images import press_image, store_image
from app.customer.colours import properties
from app.customer.language import LANGUAGES, OWN_NAMES
from app.customer.look import DEFAULT_PROFILE
from app.customer.page import page_values
from app.models import ChatProfile, OpeningHours
from app.transaction import transaction
from tests.cast import GUID, cast, inside
from tests.faces.start_scene import FORM, give_profile
from tests.faces.test_images import drawn, encoded

__all__ = ["cast", "inside"]


def values(app, cast, lang="fr", **query):
    poc = cast.poc()
    with app.test_request_context():
        return page_values(poc, poc.chat_profile or DEFAULT_PROFILE, lang, query)


def colours(client) -> str:
    """What the profile adds to the widget's own paint."""
    return client.get(f"/looks/{GUID}.css").text.rpartition(":root {")[2]


def test_the_form_stands_in_the_readers_language(app, cast):
    give_profile(cast, pre_chat_enabled=True, pre_chat_fields=FORM, pre_chat_welcome={"en": "Hello", "fr": "Bonjour"})
    page = values(app, cast)
    assert page["welcome"] == "Bonjour"
    assert [field["label"] for field in page["form"]] == ["Nom", "E-mail", "Sujet", "I agree"]
    assert [field["required"] for field in page["form"]] == [True, False, False, True]
    assert page["form"][0]["maxlength"] == 255
    assert page["form"][2]["options"] == [
        {"value": "order", "label": "Ma commande"},
        {"value": "other", "label": "other"},
    ]
    assert page["form"][3]["url"] == "https://a.example/terms"


def test_what_the_address_gives_is_not_asked(app, cast):
    give_profile(cast, pre_chat_enabled=True, pre_chat_fields=FORM)
    page = values(app, cast, p1="Zoe", p3="order")
    assert [(field["name"], field["place"]) for field in page["form"]] == [("mail", 2), ("terms", 4)]


@pytest.mark.parametrize("profile", [{"interface": 1, "pre_chat_enabled": True}, {"pre_chat_enabled": False}])
def test_without_a_form_there_is_a_name_that_the_address_may_tell(app, cast, profile):
    give_profile(cast, pre_chat_fields=FORM, pre_chat_welcome={"en": "Hello"}, **profile)
    page = values(app, cast, p1="Zoe", p2="Ito")
    assert page["form"] == []
    assert page["name_given"] == "Zoe Ito"
    assert (page["welcome"] == "") == (not profile["pre_chat_enabled"] or profile["interface"] == 1)


def test_the_queue_screen_is_of_the_second_version_and_can_be_switched_off(app, cast):
    texts = {"en": "Please wait", "fr": "Un instant"}
    give_profile(cast, waiting_enabled=True, waiting_message=texts, default_language="en")
    assert values(app, cast)["waiting_message"] == "Un instant"
    assert values(app, cast, "ja")["waiting_message"] == "Please wait"
    with transaction() as tx:
        tx.session.query(ChatProfile).update({"waiting_enabled": False})
    assert values(app, cast)["waiting_message"] == ""


def test_a_closed_window_knows_when_it_opens(app, cast):
    assert values(app, cast)["closed"] is False
    with transaction() as tx:
        poc = tx.session.merge(cast.poc())
        hours = OpeningHours(tenant_id=poc.tenant_id, name="Never", timezone="UTC")
        tx.session.add(hours)
        tx.session.flush()
        poc.opening_hours_id = hours.id
    page = values(app, cast)
    assert page["closed"] is True
    assert page["opening"]["open"] is False
    assert len(page["opening"]["days"]) == 7


def test_a_pop_up_knows_that_it_is_one(app, cast):
    assert [values(app, cast, **query)["popup"] for query in ({}, {"pop": "1"}, {"pop": "x"})] == [False, True, False]


def test_every_language_is_offered_in_its_own_words(app, cast):
    assert [code for code, _ in values(app, cast)["languages"]] == list(LANGUAGES)
    for code, name in OWN_NAMES.items():
        locale = Locale.parse(code)
        assert (locale.languages.get(code) or locale.display_name).lower() in name.lower()
    assert len(set(OWN_NAMES.values())) == len(LANGUAGES) == 32


@pytest.mark.parametrize(
    ("interface", "field", "name"),
    [
        (1, "header_color", "--profile-header"),
        (1, "header_text_color", "--profile-header-text"),
        (1, "agent_line_color", "--profile-agent-line"),
        (1, "customer_line_color", "--profile-customer-line"),
        (1, "status_color", "--profile-status"),
        (2, "waiting_color", "--profile-waiting"),
        (2, "waiting_text_color", "--profile-waiting-text"),
        (2, "primary_color", "--profile-primary"),
    ],
)
def test_a_colour_stands_in_the_stylesheet_when_it_was_chosen(cast, client, interface, field, name):
    assert properties(DEFAULT_PROFILE) == ":root {\n  \n}\n"
    give_profile(cast, interface=interface, **{field: "#123ABC"})
    css = colours(client)
    ground = name.removesuffix("-text")
    pair = [] if name.endswith(("line", "status")) else [ground, f"{ground}-text"]  # what is read on each other
    assert set(re.findall(r"(--[a-z-]+): ", css)) == {name, *pair}
    assert f"{name}: #123ABC;" in css


def test_colours_of_one_version_do_not_reach_the_other(cast, client):
    give_profile(cast, interface=2, header_color="#123ABC")
    assert "--profile" not in colours(client)


def test_a_window_shows_the_pictures_of_its_profile(cast, client):
    picture = press_image(encoded(drawn()), "logo")
    with transaction() as tx:
        image_id = store_image(tx, cast.poc().tenant_id, picture).id
    give_profile(cast, interface=1, logo_id=image_id, logo_alt="A house")
    profile = cast.poc().chat_profile
    assert profile.logo.sha256
    assert client.get(f"/images/{profile.logo.sha256}").status_code == 200
