"""What is known about one customer, in the words of the agent who reads it."""

from flask_babel import get_locale
from flask_babel import gettext as _

from ..models import Contact
from ..models.aftermath import chat_of
from ..routing.pre_chat import NOT_TICKED, TICKED
from ..texts import in_language


def details_part(contact: Contact) -> dict:
    """What the details need: the contact, what the customer reads now, and their answers."""
    return {"contact": contact, "language": language_name(chat_of(contact).language), "answers": answers(contact)}


def language_name(code: str) -> str:
    """A language in the reader's words, its code where there are none."""
    return get_locale().languages.get(code, code)


def answers(contact: Contact) -> list[dict]:
    """Each parameter that has a value: {label, value, cut}. A field of the form is called as the form calls it."""
    profile = contact.point_of_contact.chat_profile
    fields = {field["name"]: field for field in profile.pre_chat_fields} if profile else {}
    default = profile.default_language if profile else "en"
    reader = str(get_locale())

    def label(texts: dict | None) -> str:
        return in_language(texts, reader, default)

    found = []
    for place, parameter in enumerate(contact.parameters, 1):
        field = fields.get(parameter["name"], {})
        name = label(field.get("label")) or parameter["name"] or f"p{place}"
        if parameter["value"]:
            value = _value(field, parameter["value"], label)
            found.append({"label": name, "value": value, "cut": parameter.get("cut", False)})
    return found


def _value(field: dict, value: str, label) -> str:
    if field.get("type") in ("checkbox", "consent"):
        return {TICKED: _("Yes"), NOT_TICKED: _("No")}.get(value, value)
    option = next((option for option in field.get("options", []) if option["value"] == value), {})
    return label(option.get("label")) or value
