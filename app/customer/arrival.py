"""What a customer's page sends with its first click, read into an `Arrival`; what is wrong is told field by field."""

import json
from dataclasses import dataclass, field

from .. import clock
from ..actions.arrivals import Arrival
from ..models import PointOfContact
from ..routing import pre_chat
from ..texts import one_line, storable
from . import identity, language
from .look import default_language, profile_of

PARAMETERS, PARAMETER_LIMIT, PARAMETER_NAME, URL_LIMIT = 9, 1000, 80, 2000


@dataclass(frozen=True)
class Reading:
    """errors: {field: code}, see app/customer/words.py; identity_error: why a signed identity was not believed."""

    arrival: Arrival
    errors: dict[str, str] = field(default_factory=dict)
    identity_error: str | None = None


def read_arrival(poc: PointOfContact, body: dict, accept_language: str | None) -> Reading:
    """body: name, answers, params, locale, page_url and identity as the page sent them, each of any type."""
    profile = profile_of(poc)
    params = page_parameters(body.get("params"))
    parameters, details, errors = _told(profile, body, params)
    who, identity_error = _identity(poc, body.get("identity"))
    arrival = Arrival(
        name=details["name"],
        parameters=parameters,
        language=reader_language(poc, body, accept_language),
        page_url=page_url(body.get("page_url")),
        interface=profile.interface,
        email=details["email"],
        phone=details["phone"],
        identity=who,
    )
    return Reading(arrival, errors, identity_error)


def form_of(profile) -> list[dict]:
    """The fields that this profile asks for before a chat; none in version 1, and where the form is switched off."""
    return profile.pre_chat_fields if profile.interface == 2 and profile.pre_chat_enabled else []


def page_parameters(given) -> list[dict]:
    """Up to nine, in places; whatever a page passes becomes text (rule R15)."""
    if not isinstance(given, list):
        return []
    return [_parameter(value) for value in given[:PARAMETERS]]


def reader_language(poc: PointOfContact, body: dict, accept_language: str | None) -> str:
    """The language that the page says it is written in, else the browser's, else the entry's."""
    asked = body.get("locale") if isinstance(body.get("locale"), str) else None
    return language.choose(asked, accept_language, default_language(poc))


def page_url(given) -> str:
    """The address of the page around the chat, as that page says."""
    return given[:URL_LIMIT] if isinstance(given, str) and storable(given) else ""


def _told(profile, body: dict, params: list[dict]) -> tuple[list[dict], dict[str, str], dict[str, str]]:
    name, errors = _name(body.get("name"))
    fields = form_of(profile)
    if not fields:
        details = pre_chat.details_of_page(params)
        return params, details if body.get("name") is None else {**details, "name": name}, errors
    answers = body["answers"] if isinstance(body.get("answers"), dict) else {}
    own = next((field["name"] for field in fields if field.get("role") == "name"), None)
    if own and name and answers.get(own) is None:  # a program that knows no form, but who is writing
        answers = {**answers, own: name}
    parameters, details, found = pre_chat.check_answers(fields, answers, params)
    return parameters, {**details, "name": details["name"] or name}, {**errors, **found}


def _name(given) -> tuple[str, dict[str, str]]:
    if given is None:
        return "", {}
    if not isinstance(given, str) or not storable(given):
        return "", {"name": "invalid"}
    name = one_line(given)
    return name, {"name": "too_long"} if len(name) > pre_chat.NAME_LENGTH else {}


def _identity(poc: PointOfContact, signed) -> tuple[identity.Identity | None, str | None]:
    if not signed:
        return None, None
    try:
        return identity.verify(signed, poc.identity_secret, clock.now()), None
    except identity.NotBelieved as error:
        return None, error.code


def _parameter(value) -> dict:
    name = ""
    if isinstance(value, dict):
        name, value = str(value.get("name") or ""), value.get("value")
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text, name = (part if storable(part) else "" for part in (text, name))
    parameter = {"name": name[:PARAMETER_NAME], "value": text[:PARAMETER_LIMIT]}
    if len(text) > PARAMETER_LIMIT:
        parameter["cut"] = True  # the agent is told that there was more
    return parameter
