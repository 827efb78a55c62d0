"""Read-only pages of the nouns: skills, points of contact, chat profiles."""

from flask import render_template, request

from ..access import allowed, signed_in_user, tenant_of
from ..models import records
from . import blueprint
from .snippets import direct_page, embedded_code


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
    host, bus_no = request.url_root.rstrip("/"), tenant_of(user).bus_no
    rows = [
        {"poc": poc, "page": direct_page(host, poc.guid, bus_no), "snippet": embedded_code(host, poc.guid, bus_no)}
        for poc in records.points_of_contact(user.tenant_id)
    ]
    return render_template("admin/points_of_contact.html", rows=rows)


@blueprint.get("/chat-profiles")
@allowed("administrator")
def chat_profiles():
    """How the windows look."""
    return render_template("admin/chat_profiles.html", rows=records.chat_profiles(signed_in_user().tenant_id))
