"""When a point of contact takes chats, for its window."""

from flask import Blueprint, jsonify

from .. import clock
from ..access import allowed, entry_point
from ..errors import Unavailable
from ..models import PointOfContact
from ..routing.hours import days, is_open, next_change
from .origin import guard

blueprint = guard(Blueprint("hours", __name__))


@blueprint.get("/chat/<guid>/hours")
@allowed("anyone")
def hours(guid: str):
    """Open or not, until when, and the seven days ahead."""
    poc = entry_point(guid)
    if not poc.active:
        raise Unavailable()
    answer = jsonify(opening(poc))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def opening(poc: PointOfContact) -> dict:
    """{open, changes_at, days}: moments in UTC; which days they are is decided by the zone of the hours."""
    effective, now = poc.effective_hours, clock.now()
    changes_at = next_change(effective, now)
    return {
        "open": is_open(effective, now),
        "changes_at": clock.iso(changes_at) if changes_at else None,
        "days": [
            {"date": day.isoformat(), "ranges": [[clock.iso(start), clock.iso(end)] for start, end in ranges]}
            for day, ranges in days(effective, now)
        ],
    }


def is_closed(poc: PointOfContact) -> bool:
    """Is this a moment in which no chat begins (rule R16)?"""
    return not is_open(poc.effective_hours, clock.now())
