"""Read-only pages of the nouns: skills, points of contact, chat profiles."""

from urllib.parse import urlencode

from flask import render_template, request

from ..access import allowed, signed_in_user, tenant_of
from ..models import records
from . import blueprint


@blueprint.get("/")
@allowed("administrator")
def overview():
    """The tenant at a glance; every number leads to its list."""
    user = signed_in_user()
    return render_template("admin/overview.html", tenant=tenant_of(user), counts=records.counts(user.tenant_id))


@blueprint.get("/skills")
@allowed("administrator")
def skills():
    """The queues and their policies."""
    return render_template("admin/skills.html", rows=records.skills(signed_in_user().tenant_id))


@blueprint.get("/points-of-contact")
@allowed("administrator")
def points_of_contact():
    """The public entries, each with the snippet for the site and the direct page."""
    user = signed_in_user()
    bus_no = tenant_of(user).bus_no
    rows = [
        {"poc": poc, "page": _direct_page(poc.guid, bus_no), "snippet": _snippet(poc.guid, bus_no)}
        for poc in records.points_of_contact(user.tenant_id)
    ]
    return render_template("admin/points_of_contact.html", rows=rows)


@blueprint.get("/chat-profiles")
@allowed("administrator")
def chat_profiles():
    """How the windows look."""
    return render_template("admin/chat_profiles.html", rows=records.chat_profiles(signed_in_user().tenant_id))


def _direct_page(guid: str, bus_no: int) -> str:
    return request.url_root + "inContact/ChatClient/ChatClient.aspx?" + urlencode({"poc": guid, "bu": bus_no})


def _snippet(guid: str, bus_no: int) -> str:
    host = request.url_root.rstrip("/")
    return (
        f'<script src="{host}/inContact/ChatClient/js/embed.min.js"></script>\n'
        "<script>\n"
        f'  icPatronChat.init({{serverHost: "{host}", bus_no: {bus_no}, poc: "{guid}"}});\n'
        "</script>"
    )
