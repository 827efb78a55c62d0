"""The form before a chat on a page without a script: what it carries, and how a post of it is read."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import get_datetime_format, get_timezone_name, match_skeleton
from flask import request
from flask_babel import format_date, format_time, get_locale

from .. import clock
from ..models import PointOfContact
from ..routing import hours
from ..tokens import random_token, valid_cid
from .arrival import PARAMETERS
from .words import words_of

PLACES = tuple(f"p{place}" for place in range(1, PARAMETERS + 1))


def plain_values(query: Mapping[str, str], start_key: str = "") -> dict:
    """What the form carries unseen: the page's parameters, where the visitor came from, and the start's key.

    The key is made for each view of the page: a form sent twice is one chat, a page opened twice may be two. start_key:
    of a form that came back, never of an address: whoever knows the key can ask for the chat that it began.
    """
    return {
        "start_key": start_key if valid_cid(start_key) else random_token(),
        "carried": {place: query[place] for place in PLACES if query.get(place)},
        "came_from": query.get("page_url") or request.referrer or "",
    }


def carried_values() -> dict:
    """The same, of the form that was posted: what its page carries goes on with every page after it."""
    given = {name: request.form.get(name, "") for name in (*PLACES, "page_url")}
    return plain_values(given, request.form.get("start_key", ""))


def body_of(form: Mapping[str, str], fields: list[dict]) -> dict:
    """A posted form as the JSON body of `POST /chat/<guid>/contacts`, which says what each part means."""
    answers = {field["name"]: answer_to(form, field["name"]) for field in fields}
    params = [form.get(place, "") for place in PLACES]
    while params and not params[-1]:
        params.pop()
    return {
        "name": form.get("name"),
        "email": form.get("email"),
        "phone": form.get("phone"),
        "text": form.get("text"),
        "answers": answers,
        "params": params,
        "locale": form.get("lang") or form.get("locale"),
        "page_url": form.get("page_url", ""),
    }


def answer_to(form: Mapping[str, str], name: str) -> str | None:
    """A field's own name may be that of a hidden one (`lang`), so it stands behind `field-`."""
    return form.get(f"field-{name}", form.get(name))


def window_values(poc: PointOfContact, query: Mapping[str, str], *, closed: bool) -> dict:
    """What readers without a script need in the window's page. Call inside a locale."""
    return {**(opening_times(poc) if closed else {}), **plain_values(query)}


def kept(shown: list[dict], form: Mapping[str, str], errors: dict[str, str]) -> list[dict]:
    """The shown fields as they were filled in, each with its `error` in words."""
    filled = []
    for field in shown:
        answer = answer_to(form, field["name"])
        ticked = field["type"] in ("checkbox", "consent")
        value = ("yes" if answer else "no") if ticked else answer or ""
        error = words_of(errors[field["name"]]) if field["name"] in errors else ""
        filled.append({**field, "value": value, "error": error})
    return filled


def by_role(shown: list[dict], given: Mapping[str, str]) -> list[dict]:
    """The shown fields with what is known of the customer already: {role: text}."""
    return [{**field, "value": given.get(field["role"]) or field["value"]} for field in shown]


def _zone_name(zone: ZoneInfo) -> str:
    """UTC is a zone of no region, for which CLDR has no generic name."""
    if zone.key in ("UTC", "Etc/UTC"):
        return "UTC"
    return get_timezone_name(zone, locale=get_locale())


def _day(day: date) -> str:
    """Weekday, day and month in full, in the language's own order (CLDR has that pattern mostly for short names)."""
    patterns = get_locale().datetime_skeletons
    pattern = str(patterns[match_skeleton("MMMMEEEEd", patterns)])
    return format_date(day, re.sub("MMM+", "MMMM", re.sub("[Ec]+", "EEEE", pattern)), rebase=False)


def opening_times(poc: PointOfContact) -> dict:
    """In words, in the zone of the entry's hours: a page without a script knows no other. Call inside a locale."""
    own, moment = poc.effective_hours, clock.now()
    zone = ZoneInfo(own.timezone) if own else ZoneInfo("UTC")

    def time(at: datetime) -> str:
        return format_time(at.astimezone(zone), "short", rebase=False)

    days = [
        {
            "day": _day(day.date),
            "today": n == 0,
            "ranges": [f"{time(start)} – {time(end)}" for start, end in day.ranges],
        }
        for n, day in enumerate(hours.days(own, moment))
    ]
    opens = hours.next_change(own, moment)
    when = ""
    if opens:
        both = get_datetime_format("full", locale=get_locale())
        when = both.replace("{1}", _day(opens.astimezone(zone))).replace("{0}", time(opens))
    return {"days": days, "opens": when, "zone": _zone_name(zone)}
