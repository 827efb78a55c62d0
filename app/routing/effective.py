"""What a contact meets that enters at a point of contact: each value with its source, and what will not apply."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..models import PointOfContact, Skill
from ..models.tenant import ENTRY
from .idleness import IdlePolicy, policy_of


class Source(StrEnum):
    """Who says it."""

    POINT_OF_CONTACT = "point_of_contact"
    DEFAULT_SKILL = "default_skill"  # of the entry, for the whole life of a contact
    CURRENT_SKILL = "current_skill"  # of the moment: begins with the first one, changes with a transfer
    PROFILE = "profile"
    TENANT = "tenant"
    BUILT_IN = "built_in"


@dataclass(frozen=True)
class Setting:
    """One value. ``name``: of the source, where it has one."""

    key: str
    value: Any
    source: Source
    name: str = ""


class Problem(StrEnum):
    """Why something that was set will not do what it says."""

    UNKNOWN_SKILL = "unknown_skill"  # a script requests a skill that is not there
    INACTIVE_SKILL = "inactive_skill"
    NOBODY = "nobody"  # no user serves the skill
    TIMEOUT_IGNORED = "timeout_ignored"  # rule R24: the entry's default skill governs
    TIMEOUT_CHANGES = "timeout_changes"  # the tenant lets the skill of the moment govern


@dataclass(frozen=True)
class Conflict:
    """skill: by name; own: the time-out that it has; in_force: the one of the entry (None: off)."""

    problem: Problem
    skill: str
    own: IdlePolicy | None = None
    in_force: IdlePolicy | None = None


def requested_skills(script: dict) -> list[str]:
    """The names of the skills that a script may request, in its order; without "Default", which is the entry's own."""
    steps = (step for event in script.values() for step in event if step.get("step") == "request_agent")
    names = (step.get("skill", "Default") for step in steps)
    return list(dict.fromkeys(name for name in names if name and name != "Default"))


def settings(poc: PointOfContact) -> list[Setting]:
    """Every value that a contact entering here has."""
    skill, profile = poc.default_skill, poc.chat_profile
    return [_hours(poc), *_timeout(poc), *_of_default_skill(skill), *_of_current_skill(skill), *_of_look(poc, profile)]


def conflicts(poc: PointOfContact, skills: Iterable[Skill], served: set[int]) -> list[Conflict]:
    """What will not apply, or not lead anywhere, for contacts that enter here.

    skills: all of the tenant; served: the ids of those that some user serves. Reachable by the script are those that it
    requests, and by a transfer all that are active.
    """
    known = {skill.name: skill for skill in skills}
    requested = requested_skills(poc.routing_script.steps)
    found = [Conflict(Problem.UNKNOWN_SKILL, name) for name in requested if name not in known]
    entered = [poc.default_skill, *(known[name] for name in requested if name in known)]
    for skill in dict.fromkeys(entered):
        if not skill.active:
            found.append(Conflict(Problem.INACTIVE_SKILL, skill.name))
        elif skill.id not in served:
            found.append(Conflict(Problem.NOBODY, skill.name))
    reachable = [skill for skill in known.values() if skill.active or skill in entered]
    return found + timeout_conflicts(poc.effective_timeout_follows, poc.default_skill, reachable)


def timeout_conflicts(follows: str, entry: Skill, skills: Iterable[Skill]) -> list[Conflict]:
    """Skills whose time-out is another one than that of the entry's default skill, and what becomes of it."""
    in_force = policy_of(entry)
    problem = Problem.TIMEOUT_IGNORED if follows == ENTRY else Problem.TIMEOUT_CHANGES
    others = ((skill.name, policy_of(skill)) for skill in skills if skill.id != entry.id)
    return [Conflict(problem, name, own, in_force) for name, own in others if not _alike(own, in_force)]


def _alike(one: IdlePolicy | None, other: IdlePolicy | None) -> bool:
    def told(policy):
        return policy and {**policy.packed(), "skill": ""}

    return told(one) == told(other)


def _hours(poc: PointOfContact) -> Setting:
    if poc.opening_hours is not None:
        return Setting("opening_hours", poc.opening_hours.name, Source.POINT_OF_CONTACT, poc.name)
    own = poc.default_skill.opening_hours
    if own is not None:
        return Setting("opening_hours", own.name, Source.DEFAULT_SKILL, poc.default_skill.name)
    return Setting("opening_hours", None, Source.BUILT_IN)


def _timeout(poc: PointOfContact) -> list[Setting]:
    own = poc.timeout_follows is not None
    who = (Source.POINT_OF_CONTACT, poc.name) if own else (Source.TENANT, poc.tenant.name)
    follows = poc.effective_timeout_follows
    of = Source.DEFAULT_SKILL if follows == ENTRY else Source.CURRENT_SKILL
    policy, name = policy_of(poc.default_skill), poc.default_skill.name
    found = [Setting("timeout_follows", follows, *who), Setting("idle_enabled", policy is not None, of, name)]
    if policy is not None:
        found += [
            Setting("idle_seconds", policy.idle_seconds, of, name),
            Setting("idle_countdown_seconds", policy.countdown_seconds, of, name),
        ]
    return found


def _of_default_skill(skill: Skill) -> list[Setting]:
    return [Setting("messages_when_closed", skill.messages_when_closed, Source.DEFAULT_SKILL, skill.name)]


def _of_current_skill(skill: Skill) -> list[Setting]:
    priority = skill.priority_initial, skill.priority_acceleration, skill.priority_maximum
    after = skill.post_contact, None if skill.disposition_required else skill.wrap_up_seconds
    values = {
        "priority": priority,
        "typing_indicator": skill.typing_indicator,
        "post_contact": after,
        "transcript_available": skill.transcript_available,
        "rating_enabled": skill.rating_enabled,
        "thank_you_enabled": skill.thank_you_enabled,
    }
    return [Setting(key, value, Source.CURRENT_SKILL, skill.name) for key, value in values.items()]


def _of_look(poc: PointOfContact, profile) -> list[Setting]:
    source, name = (Source.PROFILE, profile.name) if profile else (Source.BUILT_IN, "")
    second = profile is None or profile.interface == 2
    values = {
        "interface": profile.interface if profile else 2,
        "pre_chat_enabled": bool(profile and second and profile.pre_chat_enabled),
        "waiting_enabled": bool(profile and second and profile.waiting_enabled),
    }
    found = [Setting(key, value, source, name) for key, value in values.items()]
    if poc.default_language:
        language = Setting("default_language", poc.default_language, Source.POINT_OF_CONTACT, poc.name)
    elif profile:
        language = Setting("default_language", profile.default_language, Source.PROFILE, profile.name)
    else:
        language = Setting("default_language", poc.tenant.default_language, Source.TENANT, poc.tenant.name)
    sites = Setting("allowed_origins", list(poc.allowed_origins or []), Source.POINT_OF_CONTACT, poc.name)
    return [*found, language, sites]
