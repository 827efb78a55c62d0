"""What the window's page says before any chat: the form, the screens, the languages."""

from flask import url_for

from ..models import ChatProfile, Image, PointOfContact
from ..routing.pre_chat import TYPES, details_of_page, shown_fields
from ..texts import in_language
from . import language
from .arrival import PARAMETERS, form_of, page_parameters
from .hours import opening


def params_of_query(query: dict[str, str]) -> list[dict]:
    """`p1` to `p9` of an address, in places; empty ones keep their number (rules R14 and R15)."""
    values = [query.get(f"p{place}", "") for place in range(1, PARAMETERS + 1)]
    while values and not values[-1]:
        values.pop()
    return page_parameters(values)


def page_values(poc: PointOfContact, profile: ChatProfile, lang: str, query: dict[str, str]) -> dict:
    """The values of customer/window.html that depend on profile, language and address.

    form: the fields to ask in the reader's language (none: one optional name, which begins as `name_given`).
    """
    params, hours = params_of_query(query), opening(poc)
    default = profile.default_language

    def say(texts: dict[str, str] | None) -> str:
        return in_language(texts, lang, default)

    second = profile.interface == 2
    return {
        "form": [_field(field, say) for field in shown_fields(form_of(profile), params)],
        "name_given": details_of_page(params)["name"],
        "welcome": say(profile.pre_chat_welcome) if second and profile.pre_chat_enabled else "",
        "waiting_message": say(profile.waiting_message) if second and profile.waiting_enabled else "",
        "languages": list(language.OWN_NAMES.items()),
        "closed": not hours["open"],
        "opening": hours,
        "popup": query.get("pop") == "1",
        "messages_when_closed": poc.default_skill.messages_when_closed,
    }


def image_url(image: Image | None) -> str:
    """The address of a picture, named after its content; empty for none."""
    return url_for("images.picture", sha256=image.sha256) if image is not None else ""


def _field(field: dict, say) -> dict:
    return {
        "name": field["name"],
        "type": field["type"],
        "label": say(field.get("label")),
        "help": say(field.get("help")),
        "required": bool(field.get("required")) or field["type"] == "consent",
        "value": field["value"],
        "options": [
            {"value": option["value"], "label": say(option.get("label")) or option["value"]}
            for option in field.get("options", [])
        ],
        "url": field.get("url", ""),
        "maxlength": TYPES[field["type"]],
        "role": field.get("role", "other"),
        "place": field["place"],
        "ask_anyway": bool(field.get("ask_anyway")),
    }
