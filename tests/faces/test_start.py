"""The click that begins a chat: the form's answers, the name, the language."""

import pytest

from app.extensions import db
from app.models import AuditEntry, ChatSession, Contact
from app.transaction import transaction
from tests.cast import GUID, Listener, cast, inside
from tests.faces.start_scene import FORM, give_profile, only_contact, visitor, with_form

__all__ = ["cast", "inside", "visitor", "with_form"]

ANSWERS = {"name": "Zoé Ito", "mail": "zoe@a.example", "topic": "order", "terms": True}


@pytest.mark.both_databases
def test_answers_become_parameters_and_tell_who_the_customer_is(with_form):
    answer = with_form.start(answers=ANSWERS, params=["", "", "", "", "cart 7"])
    assert answer.status_code == 201
    assert answer.get_json()["email"] == "zoe@a.example"
    contact = only_contact()
    assert (contact.customer_name, contact.customer_email) == ("Zoé Ito", "zoe@a.example")
    assert [(one["name"], one["value"]) for one in contact.parameters] == [
        ("name", "Zoé Ito"),
        ("mail", "zoe@a.example"),
        ("topic", "order"),
        ("terms", "yes"),
        ("", "cart 7"),
    ]


def test_every_field_at_fault_is_told_at_once_in_the_readers_language(with_form):
    answer = with_form.start(answers={"mail": "nowhere", "topic": "weather"}, locale="fr-CA")
    assert answer.status_code == 422
    body = answer.get_json()
    assert [error["field"] for error in body["errors"]] == ["name", "mail", "topic", "terms"]
    assert body["error"] == {"code": "required", "field": "name", "message": body["errors"][0]["message"]}
    assert all(error["message"] for error in body["errors"])
    assert db.session.query(Contact).count() == 0


def test_a_program_without_answers_says_its_name(with_form):
    answer = with_form.start(name="Zoe")
    assert [error["field"] for error in answer.get_json()["errors"]] == ["terms"]
    assert with_form.start(name="Zoe", answers={"terms": "on"}).status_code == 201
    assert only_contact().parameters[0] == {"name": "name", "value": "Zoe"}


@pytest.mark.parametrize("answers", ["text", 7, ["name"], {"name": {"a": 1}}, {"name": "\ud800"}])
def test_answers_of_another_form_are_told_and_break_nothing(with_form, answers):
    assert with_form.start(answers=answers).status_code == 422


def test_the_classic_window_asks_no_form(cast, visitor):
    give_profile(cast, interface=1, pre_chat_enabled=True, pre_chat_fields=FORM)
    assert visitor.start(answers={}).status_code == 201


def test_a_form_that_is_switched_off_is_not_asked(cast, visitor):
    give_profile(cast, pre_chat_enabled=False, pre_chat_fields=FORM)
    assert visitor.start().status_code == 201


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({}, ""),
        ({"name": "  "}, ""),
        ({"name": " Zoe \n Ito "}, "Zoe Ito"),
        ({"params": ["Zoe", "Ito"]}, "Zoe Ito"),
        ({"params": ["FirstName", "Last Name"]}, ""),
        ({"name": "", "params": ["Zoe", "Ito"]}, ""),
        ({"name": "Ana", "params": ["Zoe", "Ito"]}, "Ana"),
    ],
)
def test_without_a_form_a_name_is_optional_and_the_page_may_tell_it(visitor, body, name):
    assert visitor.start(**body).status_code == 201
    assert only_contact().customer_name == name


def test_without_a_form_the_page_may_tell_address_and_number(visitor):
    visitor.start(params=["Zoe", "Ito", "zoe@a.example", "+33 1 23"])
    contact = only_contact()
    assert (contact.customer_email, contact.customer_phone) == ("zoe@a.example", "+33 1 23")
    assert [one["value"] for one in contact.parameters] == ["Zoe", "Ito", "zoe@a.example", "+33 1 23"]


@pytest.mark.parametrize(
    ("own", "profile", "tenant", "language"),
    [("ja", "fr", "de", "ja"), (None, "fr", "de", "fr"), (None, None, "de", "de")],
)
def test_who_speaks_none_of_our_languages_reads_the_entrys_the_profiles_or_the_tenants(
    cast, visitor, own, profile, tenant, language
):
    if profile:
        give_profile(cast, default_language=profile)
    with transaction() as tx:
        poc = tx.session.merge(cast.poc())
        poc.default_language = own
        poc.tenant.default_language = tenant
    answer = visitor.start(headers={"Accept-Language": "tlh"})
    assert answer.get_json()["language"] == language
    page = visitor.client.get(f"/inContact/ChatClient/ChatClient.aspx?poc={GUID}", headers={"Accept-Language": "tlh"})
    assert f'<html lang="{language}"' in page.text


@pytest.mark.both_databases
def test_the_customer_changes_the_language_and_the_agent_is_told(cast, visitor, app):
    visitor.start(locale="en", name="Zoe")
    contact = only_contact()
    cast.work("ana")
    from app.actions.offers import accept_offer

    accept_offer(cast.offer("ana").id, cast.user("ana"))
    ear = Listener(app, f"agent-{cast.user('ana').id}")
    answer = visitor.ask("POST", "/chat/language", json={"language": "zh-TW"})
    assert (answer.status_code, answer.get_json()["language"]) == (200, "zh_Hant")
    db.session.rollback()
    assert db.session.query(ChatSession).one().language == "zh_Hant"
    assert only_contact().language == "en"
    assert [type(event).__name__ for event in ear.heard if event.contact == contact.id] == ["ContactChanged"]
    visitor.ask("POST", "/chat/language", json={"language": "zh-Hant"})
    assert len(ear.heard) == 1
    assert db.session.query(AuditEntry).filter_by(attribute="language").count() == 1


@pytest.mark.parametrize("body", [{}, {"language": "tlh"}, {"language": 5}, {"language": "' OR 1=1"}])
def test_a_language_that_we_do_not_speak_is_invalid(visitor, body):
    visitor.start()
    answer = visitor.ask("POST", "/chat/language", json=body)
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (422, "language")


def test_a_language_is_changed_with_a_token_only(visitor):
    visitor.start()
    visitor.token = "x" * 40
    assert visitor.ask("POST", "/chat/language", json={"language": "fr"}).status_code == 401
