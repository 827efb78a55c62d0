"""Without a script: old pages, another language and an end in the middle of a sentence lose nothing."""

from datetime import timedelta

import pytest

from app import clock
from app.extensions import db
from app.models import ChatProfile, Contact, PointOfContact, Skill
from app.tokens import random_token
from app.transaction import transaction
from tests.cast import GUID, cast, inside
from tests.faces.test_plain import Page, closed, page, talking

__all__ = ["cast", "closed", "inside", "page", "talking"]


def test_an_old_page_whose_chat_is_over_begins_a_new_one_with_all_that_was_typed(page):
    form = page.fields
    page.start()
    page.post("/chat/plain/ending", sure="1")
    clock.turn(timedelta(minutes=16))
    page.post(f"/chat/{GUID}/plain", **form, name="Zoé", text="My lamp hums")
    assert (page.answer.status_code, page.draft) == (200, "My lamp hums")
    assert db.session.query(Contact).filter_by(state="QUEUED").count() == 1


def test_a_message_that_is_corrected_after_it_opened_becomes_a_chat(closed, client):
    page = Page(client)
    form = {**page.fields, "name": "Zoé", "email": "zoe@a.example"}
    page.post(f"/chat/{GUID}/plain/message", **form, text="Call me")
    with transaction() as tx:
        tx.session.query(PointOfContact).filter_by(guid=GUID).one().opening_hours_id = None
    page.post(f"/chat/{GUID}/plain/message", **form, text="Call me tomorrow")
    assert (page.answer.status_code, page.draft) == (409, "Call me tomorrow")
    page.start(text=page.draft)
    assert (page.answer.status_code, page.draft) == (200, "Call me tomorrow")


def test_a_key_that_was_another_pages_is_no_dead_end(page, closed, client):
    key = random_token()
    page.post(f"/chat/{GUID}/plain/message", start_key=key, name="Zoé", email="zoe@a.example", text="Call me")
    with transaction() as tx:
        tx.session.query(PointOfContact).filter_by(guid=GUID).one().opening_hours_id = None
    page.start(start_key=key, text="Hello")
    assert (page.answer.status_code, page.draft) == (422, "Hello")
    page.start(text=page.draft)
    assert page.answer.status_code == 200


def test_what_stood_in_the_field_when_the_chat_ended_stays_to_be_read(talking):
    with transaction() as tx:
        tx.session.query(Skill).filter_by(name="Shop").first().rating_enabled = True
    talking.post("/chat/plain/ending", text="Half a sen")
    talking.post("/chat/plain/ending", sure="1")
    assert talking.draft == "Half a sen"
    talking.post("/chat/plain/rating", score="5")
    assert talking.draft == "Half a sen"


def test_another_language_keeps_everything_that_was_typed(cast, client):
    page = Page(client, {"p2": "order 7", "page_url": "https://a.example/lamps"})
    page.post(f"/chat/{GUID}/plain/language", to="fr", name="Zoé", text="My lamp hums")
    assert '<html lang="fr"' in page.text
    assert ('value="Zoé"' in page.text, page.draft) == (True, "My lamp hums")
    assert (page.fields["p2"], page.fields["page_url"]) == ("order 7", "https://a.example/lamps")
    page.start(text=page.draft)
    assert db.session.query(Contact).one().language == "fr"


def test_another_language_while_closed_keeps_the_message(closed, client):
    page = Page(client)
    page.post(f"/chat/{GUID}/plain/language", to="ar", name="Zoé", email="zoe@a.example", text="Call me")
    assert '<html lang="ar" dir="rtl"' in page.text
    assert ('value="zoe@a.example"' in page.text, page.draft) == (True, "Call me")
    assert '<option value="ar" lang="ar" selected>' in page.text


@pytest.mark.parametrize("path", ["/chat/plain", "/chat/plain/messages", "/chat/transcript", f"/chat/{GUID}/plain"])
def test_an_address_that_only_takes_forms_says_so_in_words(client, cast, path):
    answer = client.get(path, headers={"Accept-Language": "fr"})
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert "Le chat n’est pas disponible" in answer.text


@pytest.fixture
def form(cast):
    """A profile that asks for a name, an address and a question."""
    fields = [
        {"name": "who", "type": "text", "role": "name", "label": {"en": "Name"}},
        {"name": "mail", "type": "email", "role": "email", "label": {"en": "E-mail"}},
        {"name": "what", "type": "long_text", "role": "question", "label": {"en": "Question"}},
    ]
    with transaction() as tx:
        poc = tx.session.query(PointOfContact).filter_by(guid=GUID).one()
        profile = ChatProfile(
            tenant_id=poc.tenant_id, name="Form", interface=2, pre_chat_enabled=True, pre_chat_fields=fields
        )
        tx.session.add(profile)
        tx.session.flush()
        poc.chat_profile_id = profile.id


ANSWERS = {"field-who": "Zoé", "field-mail": "zoe@a.example", "field-what": "My lamp hums"}


def test_another_language_at_the_moment_when_it_closes_keeps_the_answers(form, closed, client):
    page = Page(client)
    page.post(f"/chat/{GUID}/plain/language", to="fr", **ANSWERS)
    assert ('value="Zoé"' in page.text, 'value="zoe@a.example"' in page.text) == (True, True)
    assert page.draft == "My lamp hums"


def test_another_language_at_the_moment_when_it_opens_keeps_the_message(form, client):
    page = Page(client)
    page.post(f"/chat/{GUID}/plain/language", to="fr", name="Zoé", email="zoe@a.example", text="Call me")
    assert ('value="Zoé"' in page.text, 'value="zoe@a.example"' in page.text) == (True, True)
    assert "Call me</textarea>" in page.text


def test_another_language_keeps_the_answers(form, client):
    page = Page(client)
    page.post(f"/chat/{GUID}/plain/language", to="fr", **ANSWERS)
    assert ('value="Zoé"' in page.text, 'value="zoe@a.example"' in page.text) == (True, True)
    assert "My lamp hums</textarea>" in page.text
