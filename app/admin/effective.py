"""What will a customer meet here? Each value of a point of contact with its source, and what will not apply."""

from babel.lists import format_list
from flask import render_template
from flask_babel import get_locale
from flask_babel import gettext as _

from ..access import allowed, signed_in_user
from ..errors import NotFound
from ..models import records
from ..routing.effective import Conflict, Setting, conflicts, settings
from . import blueprint
from .effective_words import FOLLOWS, LABELS, PROBLEMS, SOURCES
from .words import POST_CONTACT


@blueprint.get("/points-of-contact/<int:poc_id>/settings")
@allowed("administrator")
def effective_settings(poc_id: int):
    """Every effective value of one point of contact, and the conflicts among the skills that it leads to."""
    user = signed_in_user()
    poc = records.point_of_contact(user.tenant_id, poc_id)
    if poc is None:
        raise NotFound()
    found = conflicts(poc, records.all_skills(user.tenant_id), records.served_skills(user.tenant_id))
    rows = [
        {"label": LABELS[one.key], "value": words_of(one), "source": SOURCES[one.source], "name": one.name}
        for one in settings(poc)
    ]
    return render_template("admin/effective.html", poc=poc, rows=rows, problems=[explained(one) for one in found])


def words_of(setting: Setting) -> str:
    """A value in the reader's words. Call inside a request."""
    value = setting.value
    tell = TELL.get(setting.key)
    if tell is not None:
        return tell(value)
    if isinstance(value, bool):
        return _("On") if value else _("Off")
    return str(value)


def explained(conflict: Conflict) -> str:
    """A conflict in words: what is set where, what happens instead, and why."""
    return str(PROBLEMS[conflict.problem]) % {
        "skill": conflict.skill,
        "own": _timeout(conflict.own),
        "in_force": _timeout(conflict.in_force),
    }


def _timeout(policy) -> str:
    return _seconds(policy.idle_seconds) if policy else _("off")


def _seconds(number: int) -> str:
    return _("%(seconds)s s", seconds=number)


def _priority(value: tuple[float, float, float]) -> str:
    first, growth, most = (f"{part:g}" for part in value)
    return _("%(first)s, plus %(growth)s a minute, at most %(most)s", first=first, growth=growth, most=most)


def _after(value: tuple[str, int | None]) -> str:
    kind, seconds = value
    name = str(POST_CONTACT[kind])
    return name if kind == "none" or seconds is None else format_list([name, _seconds(seconds)], "unit", get_locale())


TELL = {
    "opening_hours": lambda name: name or _("always open"),
    "timeout_follows": lambda value: str(FOLLOWS[value]),
    "idle_seconds": _seconds,
    "idle_countdown_seconds": _seconds,
    "priority": _priority,
    "post_contact": _after,
    "interface": lambda version: f"V{version}",
    "default_language": lambda code: get_locale().languages.get(code, code),
    "allowed_origins": lambda sites: ", ".join(sites) or _("any site may show it"),
}
