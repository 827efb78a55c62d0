"""The record of contacts: the list with its filters, and one contact with its timeline and transcript."""

from flask import Response, render_template, request

from ..access import allowed, contact_for_history, signed_in_user
from ..actions.lines import line_event
from ..errors import Invalid
from ..models import records
from ..models.user import initials
from . import blueprint
from .words import disposition_of, language_of

NAME_LIMIT = 255


@blueprint.get("/contacts")
@allowed("administrator")
def contacts():
    """Open and closed contacts, newest first; ``before`` is the last id of the page above."""
    state, name = request.args.get("state", ""), request.args.get("name", "").strip()[:NAME_LIMIT]
    if state not in ("", "open", "ended"):
        raise Invalid(field="state")
    tenant_id = signed_in_user().tenant_id
    rows, total = records.contacts(tenant_id, state=state, name=name, before=_before())
    more = rows[records.PAGE - 1].Contact.id if len(rows) > records.PAGE else None
    return render_template(
        "admin/contacts.html",
        rows=rows[: records.PAGE],
        total=total,
        more=more,
        state=state,
        name=name,
        paged=_before(),
    )


@blueprint.get("/contacts/<int:contact_id>")
@allowed("administrator")
def contact(contact_id: int):
    """Facts, timeline and transcript of one contact."""
    found = contact_for_history(contact_id, signed_in_user())
    return render_template(
        "admin/contact.html",
        contact=found,
        language=language_of(found),
        disposition=disposition_of(found),
        lines=_lines(found),
        spoken=records.spoken_lines(found),
        timeline=records.timeline(found),
    )


@blueprint.get("/contacts/<int:contact_id>/transcript.txt")
@allowed("administrator")
def transcript(contact_id: int):
    """The transcript as text, to download."""
    found = contact_for_history(contact_id, signed_in_user())
    page = render_template("admin/transcript.txt", contact=found, lines=_lines(found))
    name = f"{found.created_at:%Y%m%dT%H%M%SZ}-{found.id}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(page, content_type="text/plain; charset=utf-8", headers=headers)


def _lines(found) -> list[dict]:
    """The lines as the shared markup wants them: the frame's names, and initials for the disc."""
    frames = [line_event(row).frame() for row in records.lines(found)]
    return [{**frame, "initials": initials(frame["name"]), **_told(frame)} for frame in frames]


def _told(frame: dict) -> dict:
    name = (frame.get("data") or {}).get("name")
    return {"name": name} if name else {}


def _before() -> int | None:
    raw = request.args.get("before", "")
    if not raw:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) < 16):
        raise Invalid(field="before")
    return int(raw)
