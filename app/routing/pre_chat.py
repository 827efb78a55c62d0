"""The form before a chat: which fields are asked, which answers will do, what they say of the customer (rule R17).

A form is a list of up to nine fields: `name` (a slug), `type`, `label` and `help` per language, `required`, `default`,
`options` ([{"value", "label"}]), `role`, `ask_anyway`, `url` (of a consent). The answer of field n is parameter n.
"""

import re
from collections.abc import Callable, Iterator

from ..errors import Invalid
from ..texts import one_line, storable

# Characters an answer may have, by type; a tick is stored as "yes" or "no".
TYPES = {
    "text": 255,
    "long_text": 1000,
    "email": 254,
    "phone": 32,
    "choice": 80,
    "radio": 80,
    "checkbox": 3,
    "consent": 3,
    "hidden": 1000,
}
ROLES = ("name", "first_name", "last_name", "email", "phone", "question", "other")
FIELDS, LABEL, HELP, OPTIONS = 9, 80, 200, (2, 30)
NAME_LENGTH = 255
TICKED, NOT_TICKED = "yes", "no"
# What the stock snippets hold where nobody put the visitor's data: no answer. The telephone number is one that
# JavaScript has worked out, because it stands there without quotes.
PLACEHOLDERS = {
    "firstname", "first name", "first_name", "lastname", "last name", "last_name", "name", "email", "e-mail", "phone",
    "first.last@company.com", "555-555-5555", "-5555",
}  # fmt: skip

_SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")
_EMAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[^\s@<>()\[\]\\,;:\"]+\.[^\s@<>()\[\]\\,;:\".]{2,63}")
_PHONE = re.compile(r"[\d+\-(). ]*\d[\d+\-(). ]*")


def email_fits(text: str) -> bool:
    """Does it look like an address that mail can be sent to?"""
    return len(text) <= TYPES["email"] and _EMAIL.fullmatch(text) is not None and ".." not in text


def phone_fits(text: str) -> bool:
    """Up to 32 digits (of any alphabet), spaces and + - ( ) . with at least one digit."""
    return len(text) <= TYPES["phone"] and _PHONE.fullmatch(text) is not None


def check_form(fields: list[dict]) -> None:
    """Raises ``Invalid`` (field: the name of the field at fault) for a form that could not be asked."""
    if len(fields) > FIELDS:
        raise Invalid(f"a form has up to {FIELDS} fields", field="pre_chat_fields")
    names = [str(field.get("name", "")) for field in fields]
    for field, name in zip(fields, names, strict=True):
        if problem := _problem(field, name, names):
            raise Invalid(f"{name or 'a field'}: {problem}", field=name or "pre_chat_fields")


def _problem(field: dict, name: str, names: list[str]) -> str:
    kind = field.get("type")
    if not _SLUG.fullmatch(name) or names.count(name) > 1:
        return "the name must be one lower-case word and stand once"
    if kind not in TYPES or field.get("role", "other") not in ROLES:
        return "unknown type or role"
    if kind != "hidden" and not any(field.get("label", {}).values()):
        return "a label is missing"
    if any(len(text) > LABEL for text in field.get("label", {}).values()):
        return f"a label has up to {LABEL} characters"
    if any(len(text) > HELP for text in field.get("help", {}).values()):
        return f"a help text has up to {HELP} characters"
    return _problem_of_kind(field, kind)


def _problem_of_kind(field: dict, kind: str) -> str:
    values = [option.get("value", "") for option in field.get("options", [])]
    if kind in ("choice", "radio"):
        if not OPTIONS[0] <= len(values) <= OPTIONS[1] or len(set(values)) < len(values) or not all(values):
            return f"it needs {OPTIONS[0]} to {OPTIONS[1]} options with a value each"
        if any(len(text) > TYPES[kind] for option in field["options"] for text in _texts(option)):
            return f"an option has up to {TYPES[kind]} characters"
    url = field.get("url", "")
    if (kind == "consent" or url) and not re.fullmatch(r"https://[^\s<>\"']{1,500}", url):
        return "the link must begin with https://"
    if field.get("default") and _judged(field, field["default"])[1]:
        return "the default does not fit the field"
    return ""


def _texts(option: dict) -> Iterator[str]:
    yield option["value"]
    yield from option.get("label", {}).values()


def shown_fields(fields: list[dict], params: list[dict]) -> list[dict]:
    """The fields that the customer is asked, each with its `place` (1 to 9) and the `value` that it begins with.

    A value that the page already gave for a place, and that fits its field, is taken over and not asked again, unless
    the field says `ask_anyway`. A consent is always asked: nobody can give it for somebody else.
    """
    shown = []
    for place, field in enumerate(fields, 1):
        given = _of_page(field, params, place)
        if field["type"] == "hidden" or (given and not field.get("ask_anyway")):
            continue
        shown.append({**field, "place": place, "value": given or field.get("default", "")})
    return shown


def check_answers(
    fields: list[dict], answers: dict, params: list[dict]
) -> tuple[list[dict], dict[str, str], dict[str, str]]:
    """What the customer answered: (parameters, details, errors).

    answers: {field name: value}, as a page sent it, so anything may be in there; params: what the page gave, in places.
    parameters: up to nine {"name", "value"} in places; details: name, email and phone by the fields' roles;
    errors: {field name: required, email, phone, too_long, option or invalid}, in the order of the form.
    """
    parameters = [dict(parameter) for parameter in params]
    parameters += [{"name": "", "value": ""}] * (len(fields) - len(parameters))
    said: dict[str, str] = {}
    errors: dict[str, str] = {}
    for place, field in enumerate(fields, 1):
        value, error = _answer(field, answers.get(field["name"]), params, place)
        if error:
            errors[field["name"]] = error
        before = parameters[place - 1]
        if value or not before["value"] or field.get("ask_anyway"):
            cut = {"cut": True} if before.get("cut") and before["value"] == value else {}
            parameters[place - 1] = {"name": field["name"], "value": value, **cut}
        if value:
            said.setdefault(field.get("role", "other"), value)
    return parameters, _details(said), errors


def details_of_page(params: list[dict]) -> dict[str, str]:
    """What a page without a form tells: first name, last name, e-mail, telephone, the order of the stock snippet."""
    values = [_given(params, place) for place in range(1, 5)]
    parts = [value for value in values[:2] if value and len(value) <= 80 and "@" not in value]
    email, phone = values[2], values[3]
    return {
        "name": one_line(" ".join(parts)),
        "email": email if email_fits(email) else "",
        "phone": phone if phone_fits(phone) else "",
    }


def _details(said: dict[str, str]) -> dict[str, str]:
    parts = [said.get("first_name", ""), said.get("last_name", "")]
    name = said.get("name") or " ".join(part for part in parts if part)
    email, phone = said.get("email", ""), said.get("phone", "")
    return {
        "name": one_line(name)[:NAME_LENGTH],
        "email": email if email_fits(email) else "",
        "phone": phone if phone_fits(phone) else "",
    }


def _answer(field: dict, answer, params: list[dict], place: int) -> tuple[str, str]:
    value, error = _judged(field, answer)
    given = _of_page(field, params, place)
    if not error and value in ("", NOT_TICKED):
        if field["type"] == "hidden":
            value = given or field.get("default", "")
        elif given and (not field.get("ask_anyway")):
            value = given
    missing = value in ("", NOT_TICKED) and (field.get("required") or field["type"] == "consent")
    if not error and missing and field["type"] != "hidden":
        error = "required"
    return value, error


def _of_page(field: dict, params: list[dict], place: int) -> str:
    """What the page gave for this field; empty for a stock placeholder and for what the field would not take."""
    given = _given(params, place)
    if not given or field["type"] == "consent":
        return ""
    value, error = _judged(field, given)
    return "" if error else value


def _given(params: list[dict], place: int) -> str:
    value = params[place - 1]["value"].strip() if place <= len(params) else ""
    return "" if value.lower() in PLACEHOLDERS else value


def _judged(field: dict, answer) -> tuple[str, str]:
    """The answer in its stored form, and what is wrong with it."""
    kind = field["type"]
    if kind in ("checkbox", "consent"):
        return _tick(answer), ""
    if answer is None:
        return "", ""
    if not isinstance(answer, str | int | float) or not storable(text := str(answer)):
        return "", "invalid"
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip() if kind == "long_text" else one_line(text)
    if not text:
        return "", ""
    if check := _CHECKS.get(kind):
        return text, "" if check(field, text) else kind if kind in ("email", "phone") else "option"
    return text, "too_long" if len(text) > TYPES[kind] else ""


_CHECKS: dict[str, Callable[[dict, str], bool]] = {
    "email": lambda _, text: email_fits(text),
    "phone": lambda _, text: phone_fits(text),
    "choice": lambda field, text: any(option["value"] == text for option in field["options"]),
    "radio": lambda field, text: any(option["value"] == text for option in field["options"]),
}


def _tick(answer) -> str:
    if answer is None or answer == "":
        return ""
    return TICKED if answer is True or str(answer).lower() in ("true", "on", "yes", "1", "y") else NOT_TICKED
