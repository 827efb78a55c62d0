"""What a contact meets that enters somewhere: values with their sources, and what will not apply."""

import pytest

from app.models import ChatProfile, OpeningHours, PointOfContact, RoutingScript, Skill, Tenant
from app.models.tenant import CURRENT, ENTRY
from app.routing.effective import Problem, Source, conflicts, requested_skills, settings, timeout_conflicts


def skill(number, name, idle=None, **values):
    fields = {
        "active": True,
        "idle_enabled": idle is not None,
        "idle_seconds": idle or 600,
        "idle_countdown_seconds": 60,
        "idle_warning": {},
        "idle_closing": {},
        "priority_initial": 0,
        "priority_acceleration": 1,
        "priority_maximum": 1000,
        "post_contact": "none",
        "wrap_up_seconds": 60,
        "disposition_required": False,
    }
    return Skill(id=number, name=name, **{**fields, **values})


class Entry:
    """A point of contact with everything around it, none of it in a database."""

    guid = "x"

    def __init__(self, default, *, follows=None, tenant=ENTRY, steps=None, profile=None, hours=None):
        self.name, self.default_skill, self.timeout_follows = "Shop page", default, follows
        self.tenant = Tenant(name="Maison Lumen", timeout_follows=tenant, default_language="fr")
        self.routing_script = RoutingScript(steps=steps or {"start": [{"step": "request_agent", "skill": "Default"}]})
        self.chat_profile, self.opening_hours, self.default_language, self.allowed_origins = profile, hours, None, []

    effective_timeout_follows = PointOfContact.effective_timeout_follows


def told(entry, key):
    (one,) = [setting for setting in settings(entry) if setting.key == key]
    return one.value, one.source, one.name


A, B, C = skill(1, "A"), skill(2, "B", 600), skill(3, "C", 120)


@pytest.mark.parametrize(
    ("tenant", "own", "value", "source"),
    [
        (ENTRY, None, ENTRY, Source.TENANT),
        (CURRENT, None, CURRENT, Source.TENANT),
        (CURRENT, ENTRY, ENTRY, Source.POINT_OF_CONTACT),
        (ENTRY, CURRENT, CURRENT, Source.POINT_OF_CONTACT),
    ],
)
def test_whose_time_out_governs_and_who_says_so(tenant, own, value, source):
    entry = Entry(B, tenant=tenant, follows=own)
    assert told(entry, "timeout_follows")[:2] == (value, source)
    of = Source.DEFAULT_SKILL if value == ENTRY else Source.CURRENT_SKILL
    assert told(entry, "idle_seconds") == (600, of, "B")


def test_a_time_out_that_is_off_has_no_seconds():
    assert told(Entry(A), "idle_enabled") == (False, Source.DEFAULT_SKILL, "A")
    assert "idle_seconds" not in [setting.key for setting in settings(Entry(A))]


def test_hours_are_the_entrys_else_the_skills_else_none():
    shop, night = OpeningHours(name="Shop hours"), OpeningHours(name="Night")
    assert told(Entry(skill(1, "A", opening_hours=shop), hours=night), "opening_hours")[:2] == (
        "Night",
        Source.POINT_OF_CONTACT,
    )
    assert told(Entry(skill(1, "A", opening_hours=shop)), "opening_hours") == ("Shop hours", Source.DEFAULT_SKILL, "A")
    assert told(Entry(A), "opening_hours")[:2] == (None, Source.BUILT_IN)


def test_what_version_one_cannot_show_is_off_whatever_the_profile_says():
    values = {"name": "Classic", "pre_chat_enabled": True, "waiting_enabled": True, "default_language": "de"}
    for version, shown in ((1, False), (2, True)):
        entry = Entry(A, profile=ChatProfile(interface=version, **values))
        assert told(entry, "pre_chat_enabled") == (shown, Source.PROFILE, "Classic")
        assert told(entry, "waiting_enabled")[0] is shown
    assert told(entry, "default_language") == ("de", Source.PROFILE, "Classic")
    assert told(Entry(A), "interface")[:2] == (2, Source.BUILT_IN)
    assert told(Entry(A), "default_language") == ("fr", Source.TENANT, "Maison Lumen")


def test_the_same_time_out_is_no_conflict_and_every_other_one_is():
    twin = skill(4, "D", 600)
    found = timeout_conflicts(ENTRY, B, [A, B, C, twin])
    assert [(one.problem, one.skill) for one in found] == [
        (Problem.TIMEOUT_IGNORED, "A"),
        (Problem.TIMEOUT_IGNORED, "C"),
    ]
    assert (found[0].own, found[0].in_force.idle_seconds, found[1].own.idle_seconds) == (None, 600, 120)
    assert {one.problem for one in timeout_conflicts(CURRENT, B, [A, C])} == {Problem.TIMEOUT_CHANGES}
    other_words = skill(5, "E", 600, idle_warning={"en": "Hello?"})
    assert [one.skill for one in timeout_conflicts(ENTRY, B, [other_words])] == ["E"]


def test_skills_that_lead_nowhere_are_told():
    steps = {
        "start": [{"step": "request_agent", "skill": name} for name in ("Gone", "C", "Off", "Default", "C")],
        "on_answer": [{"step": "text", "text": {}}],
    }
    off = skill(6, "Off", active=False)
    entry = Entry(A, steps=steps)
    assert requested_skills(steps) == ["Gone", "C", "Off"]
    found = conflicts(entry, [A, B, C, off], served={1})
    assert [(one.problem, one.skill) for one in found] == [
        (Problem.UNKNOWN_SKILL, "Gone"),
        (Problem.NOBODY, "C"),
        (Problem.INACTIVE_SKILL, "Off"),
        (Problem.TIMEOUT_IGNORED, "B"),
        (Problem.TIMEOUT_IGNORED, "C"),
    ]
    assert conflicts(Entry(A), [A], served={1}) == []
