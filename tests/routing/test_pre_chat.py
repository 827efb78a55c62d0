"""The form before a chat: what is asked, what will do, and what it says about the customer."""

import re
from pathlib import Path

import pytest

from app.errors import Invalid
from app.routing.pre_chat import (
    PLACEHOLDERS,
    check_answers,
    check_form,
    details_of_page,
    email_fits,
    phone_fits,
    shown_fields,
)


def field(name, kind="text", **more):
    return {"name": name, "type": kind, "label": {"en": name}, **more}


TOPICS = [{"value": "order", "label": {"en": "My order"}}, {"value": "other", "label": {"en": "Something else"}}]
FORM = [
    field("first", role="first_name"),
    field("last", role="last_name", required=True),
    field("mail", "email", role="email"),
    field("tel", "phone", role="phone"),
    field("topic", "choice", options=TOPICS, required=True),
    field("story", "long_text", role="question"),
    field("news", "checkbox"),
    field("terms", "consent", url="https://a.example/terms"),
    field("origin", "hidden", default="shop"),
]
GOOD = {"last": "Ito", "topic": "order", "terms": True}


def page(*values):
    return [{"name": "", "value": value} for value in values]


def names(fields):
    return [field["name"] for field in fields]


def test_everything_but_the_hidden_is_asked_when_the_page_gave_nothing():
    assert names(shown_fields(FORM, [])) == ["first", "last", "mail", "tel", "topic", "story", "news", "terms"]


def test_what_the_page_gave_is_taken_over_and_not_asked_again():
    given = page("Sam", "Ito", "sam@a.example")
    assert names(shown_fields(FORM, given)) == ["tel", "topic", "story", "news", "terms"]
    parameters, details, errors = check_answers(FORM, {"topic": "order", "terms": True}, given)
    assert errors == {}
    assert parameters[1] == {"name": "last", "value": "Ito"}
    assert details == {"name": "Sam Ito", "email": "sam@a.example", "phone": ""}


@pytest.mark.parametrize(
    "given", [page("", "", "no address"), page("FirstName", "Last Name", "first.last@company.com", "-5555")]
)
def test_what_does_not_fit_and_what_a_stock_snippet_holds_is_asked(given):
    assert names(shown_fields(FORM, given))[:4] == ["first", "last", "mail", "tel"]
    assert all(shown["value"] == "" for shown in shown_fields(FORM, given))
    assert check_answers(FORM, {"topic": "order", "terms": True}, given)[2] == {"last": "required"}


def test_a_value_of_the_page_that_was_no_answer_stays_readable():
    parameters, details, _ = check_answers(FORM, GOOD, page("FirstName", "Last Name", "no address"))
    assert [parameter["value"] for parameter in parameters[:3]] == ["FirstName", "Ito", "no address"]
    assert details == {"name": "Ito", "email": "", "phone": ""}


def test_a_field_that_asks_anyway_begins_with_what_the_page_gave():
    form = [field("name", role="name", ask_anyway=True)]
    assert [shown["value"] for shown in shown_fields(form, page("Zoe"))] == ["Zoe"]
    assert check_answers(form, {"name": ""}, page("Zoe"))[0] == [{"name": "name", "value": ""}]
    assert check_answers(form, {"name": "Ana"}, page("Zoe"))[1]["name"] == "Ana"


def test_an_answer_of_the_customer_beats_the_page():
    assert check_answers(FORM, {**GOOD, "first": "Ana"}, page("Zoe"))[1]["name"] == "Ana Ito"


def test_nobody_consents_for_somebody_else():
    given = page("", "", "", "", "", "", "", "yes")
    assert "terms" in names(shown_fields(FORM, given))
    assert check_answers(FORM, {**GOOD, "terms": None}, given)[2] == {"terms": "required"}


def test_every_error_is_told_at_once_in_the_order_of_the_form():
    answers = {"first": "x" * 256, "mail": "a@b", "tel": "call me", "topic": "nonsense", "story": "x" * 1001}
    assert list(check_answers(FORM, answers, [])[2].items()) == [
        ("first", "too_long"),
        ("last", "required"),
        ("mail", "email"),
        ("tel", "phone"),
        ("topic", "option"),
        ("story", "too_long"),
        ("terms", "required"),
    ]


@pytest.mark.parametrize("odd", [{}, [], ["a"], {"a": 1}, "\ud800", "a\x00"])
def test_what_is_no_text_is_invalid(odd):
    assert check_answers([field("a")], {"a": odd}, [])[2] == {"a": "invalid"}


def test_a_hidden_field_takes_the_page_else_its_default():
    assert check_answers(FORM, GOOD, [])[0][8] == {"name": "origin", "value": "shop"}
    assert check_answers(FORM, GOOD, page(*[""] * 8, "mail"))[0][8] == {"name": "origin", "value": "mail"}


@pytest.mark.parametrize(
    ("said", "stored"), [(True, "yes"), ("on", "yes"), (False, "no"), ("off", "no"), (None, ""), ("", "")]
)
def test_a_tick_is_yes_or_no(said, stored):
    assert check_answers(FORM, {**GOOD, "news": said}, [])[0][6]["value"] == stored


def test_lines_stay_in_a_long_text_and_nowhere_else():
    parameters, _, _ = check_answers(FORM, {**GOOD, "first": " A\n B ", "story": " one\r\ntwo "}, [])
    assert (parameters[0]["value"], parameters[5]["value"]) == ("A B", "one\ntwo")


def test_places_behind_the_form_keep_what_the_page_gave():
    parameters, _, _ = check_answers([field("a")], {"a": "x"}, page("", "cart 7"))
    assert parameters == [{"name": "a", "value": "x"}, {"name": "", "value": "cart 7"}]


def test_details_fit_their_columns_whatever_the_type_of_their_field():
    form = [field("a", role="first_name"), field("b", role="last_name"), field("c", role="email")]
    _, details, errors = check_answers(form, {"a": "x" * 255, "b": "y" * 255, "c": "no address"}, [])
    assert errors == {}
    assert (len(details["name"]), details["email"]) == (255, "")


@pytest.mark.parametrize("good", ["a@b.example", "é+x@exämple.fr", "a.b@c.d.museum", "o'hara@a.ie"])
def test_an_address_is_taken(good):
    assert email_fits(good)


@pytest.mark.parametrize(
    "bad",
    ["", "a", "a@b", "@a.de", "a@", "a b@c.de", "a@b..de", "a@b.c", "a@b@c.de", "<a@b.de>", "a@b.de\n", "x" * 255],
)
def test_what_is_no_address_is_refused(bad):
    assert not email_fits(bad)


def test_a_phone_number_has_digits_of_any_alphabet():
    assert all(phone_fits(good) for good in ("+33 (0)1.23-45", "٠١٢٣٤٥", "7"))
    assert not any(phone_fits(bad) for bad in ("", "+", "-", "call 7", "7" * 33, "7;8"))


@pytest.mark.parametrize(
    ("given", "name", "email", "phone"),
    [
        (page("Zoe", "Ito", "z@a.example", "+33 1"), "Zoe Ito", "z@a.example", "+33 1"),
        (page("FirstName", "Last name", "first.last@company.com", "-5555"), "", "", ""),
        (page("", "Ito", "Zoe", "none"), "Ito", "", ""),
        (page("z@a.example"), "", "", ""),
        (page("x" * 81), "", "", ""),
        ([], "", "", ""),
    ],
)
def test_without_a_form_the_places_of_the_stock_snippet_count(given, name, email, phone):
    assert details_of_page(given) == {"name": name, "email": email, "phone": phone}


def test_this_form_may_be_asked():
    check_form(FORM)


@pytest.mark.parametrize(
    "form",
    [
        [field(f"f{n}") for n in range(10)],
        [field("a"), field("a")],
        [field("Not a slug")],
        [field("a", "file")],
        [field("a", role="boss")],
        [{"name": "a", "type": "text"}],
        [field("a", label={"en": "x" * 81})],
        [field("a", "choice", options=TOPICS[:1])],
        [field("a", "radio", options=[TOPICS[0], TOPICS[0]])],
        [field("a", "consent")],
        [field("a", "consent", url="javascript:x")],
        [field("a", "email", default="nobody")],
    ],
)
def test_a_form_that_could_not_be_asked_is_refused(form):
    with pytest.raises(Invalid):
        check_form(form)


@pytest.mark.parametrize("hostile", ["a" * 100_000, "@" * 50_000, "a@" + "b." * 50_000, "+" * 50_000 + "x"])
def test_long_hostile_answers_are_judged_and_not_stored(hostile):
    form = [field("mail", "email"), field("tel", "phone"), field("story", "long_text")]
    errors = check_answers(form, dict.fromkeys(("mail", "tel", "story"), hostile), [])[2]
    assert errors == {"mail": "email", "tel": "phone", "story": "too_long"}


def test_the_window_knows_the_same_placeholders():
    script = (Path(__file__).parents[2] / "app/static/js/params.js").read_text("utf-8")
    listed = re.search(r"PLACEHOLDERS = new Set\(\[(.*?)\]\)", script, re.DOTALL)[1]
    assert set(re.findall(r'"([^"]+)"', listed)) == PLACEHOLDERS
