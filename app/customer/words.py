"""The words of error codes of a form, in the reader's language."""

from flask_babel import lazy_gettext as _

from ..errors import Invalid, TooLong

_WORDS = {
    "required": _("Please fill in this field."),
    "email": _("Please enter a valid e-mail address, such as name@example.com."),
    "phone": _("Please enter a phone number: digits, spaces and + - ( ) . only."),
    "option": _("Please choose one of the options."),
    "too_long": TooLong.words,
    "invalid": Invalid.words,
}


def words_of(code: str) -> str:
    """What to tell the customer. Call inside the language that is wanted (`force_locale`)."""
    return str(_WORDS[code])


def form_problem(errors: dict[str, str]) -> dict:
    """The body of a 422: every field with its words, and the first one as `error`. errors: {field name: code}."""
    listed = [{"field": field, "message": words_of(code)} for field, code in errors.items()]
    first, code = next(iter(errors.items()))
    return {"error": {"code": code, "message": words_of(code), "field": first}, "errors": listed}
