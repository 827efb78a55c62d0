"""The customer's pages: launcher, window and the profile's colours. They make no cookie and no row."""

import re

from flask import Blueprint, make_response, render_template, request
from flask_babel import force_locale

from ..access import allowed, entry_point
from ..errors import Invalid, NotFound, Refused, Unavailable
from . import language
from .colours import custom_properties, properties
from .look import default_language, look_of, paint_of, profile_of
from .page import page_values
from .plain_form import window_values
from .strings import window_strings

blueprint = Blueprint("window", __name__)

POSITIONS = ("BottomRight", "BottomLeft", "TopRight", "TopLeft")
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,255}")


@blueprint.get("/incontact/chatclient/chatclient.aspx")
@blueprint.get("/incontact/chatclient/chatclientpatron.aspx")
@blueprint.get("/incontact/chatclient/index.html")
@allowed("anyone")
def window():
    """The chat window: a page of its own, a pop-up, or framed by the loader (`frame=1`, `from=<the page's origin>`)."""
    poc, profile, lang = _asked_for()
    with force_locale(lang):
        values = {"strings": window_strings(lang), **page_values(poc, profile, lang, _query())}
        values |= window_values(poc, _query(), closed=values["closed"])
    return _page(look_of(profile).template, poc, profile, lang, **values)


@blueprint.get("/incontact/chatclient/launcher.html")
@allowed("anyone")
def launcher():
    """The button in the corner; tells the loader its place and whether a chat is running."""
    poc, profile, lang = _asked_for()
    position = profile.button_position if profile.button_position in POSITIONS else POSITIONS[0]
    return _page("customer/launcher.html", poc, profile, lang, position=position, colours=custom_properties(profile))


@blueprint.get("/looks/<guid>.css")
@allowed("anyone")
def look_css(guid: str):
    """The widget's own paint, then the profile's colours and font as custom properties: inline styles are forbidden."""
    profile = profile_of(entry_point(guid))
    css = paint_of(look_of(profile)) + properties(profile)
    response = make_response(css, {"Content-Type": "text/css; charset=utf-8"})
    response.cache_control.public, response.cache_control.max_age = True, 60
    return response


@blueprint.errorhandler(NotFound)
@blueprint.errorhandler(Unavailable)
@blueprint.errorhandler(Invalid)
def unavailable(error):
    """A page in words instead of a chat; framed, it also tells the loader to take the button away."""
    query = _query()
    frame, lang = _frame(query), language.choose(query.get("lang"), request.headers.get("Accept-Language"))
    with force_locale(lang):
        page = render_template(
            "customer/unavailable.html",
            code=error.code,
            asked=query.get("poc", "").strip().lower(),
            frame=frame,
            **language.page_language(lang),
        )
    # Of a button the loader says what is wrong; a status would be a second line, a red one, on somebody's console.
    status = 200 if frame and request.endpoint == "window.launcher" else error.status
    return page, status, {"Content-Security-Policy": content_policy([]), "Cache-Control": "no-store"}


def content_policy(allowed_origins: list[str]) -> str:
    """The window's Content-Security-Policy; only the point of contact's sites may frame it (none named: any)."""
    host = request.host
    named = " ".join(origin for origin in allowed_origins if _ORIGIN.fullmatch(origin))
    ancestors = named or ("'none'" if allowed_origins else "*")
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        f"connect-src 'self' ws://{host} wss://{host}; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    )


def _query() -> dict[str, str]:
    """Query keys in any case; the first of two that differ in case only wins (rule R14)."""
    query: dict[str, str] = {}
    for key, value in request.args.items(multi=True):
        query.setdefault(key.lower(), value)
    return query


def _asked_for():
    """The active point of contact of the address, its profile and the reader's language.

    Raises Invalid without `poc`, NotFound for one that does not exist or does not fit `bu`, Unavailable when it is
    switched off, Refused when the framing page is not on its list. Switched off, it still opens for `resume=1`: a chat
    that runs goes on (the page asks so when it has a token); that a new one starts is refused where it would start.
    """
    query = _query()
    guid, bu = query.get("poc", "").strip(), query.get("bu", "").strip()
    if not guid:
        raise Invalid(field="poc")
    if bu and not re.fullmatch(r"[0-9]{1,18}", bu):
        raise NotFound()
    poc = entry_point(guid, int(bu) if bu else None)
    frame = _frame(query)
    resumed = query.get("resume") == "1"
    if not (poc.active or resumed):
        raise Unavailable()
    if frame and poc.allowed_origins and frame not in poc.allowed_origins:
        raise Refused()
    profile = profile_of(poc)
    accepted = request.headers.get("Accept-Language")
    return poc, profile, language.choose(query.get("lang"), accepted, default_language(poc))


def _frame(query: dict[str, str]) -> str | None:
    """The origin that frames us, as the loader says. Lying gains nothing: browsers deliver to the true one only."""
    origin = query.get("from", "").lower()
    return origin if query.get("frame") == "1" and _ORIGIN.fullmatch(origin) else None


def _page(template: str, poc, profile, lang: str, **values):
    with force_locale(lang):
        page = render_template(
            template,
            poc=poc,
            profile=profile,
            look=look_of(profile),
            frame=_frame(_query()),
            **language.page_language(lang),
            **values,
        )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = content_policy(poc.allowed_origins or [])
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept-Language"
    return response
