"""When does a chat whose customer has gone quiet end (rule R24 of docs/rules.md)? Values in, decision out."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from ..models import Skill
from ..models.tenant import CURRENT


@dataclass(frozen=True)
class IdlePolicy:
    """A skill's time-out as a contact carries it. ``warning``, ``closing``: {language: text}, empty: our own words."""

    skill: str
    idle_seconds: int
    countdown_seconds: int
    warning: dict[str, str] = field(default_factory=dict)
    closing: dict[str, str] = field(default_factory=dict)

    def packed(self) -> dict[str, Any]:
        """As plain values, for the contact's row."""
        return asdict(self)


def policy_of(skill: Skill) -> IdlePolicy | None:
    """A skill's messaging time-out, None when that is off."""
    if not skill.idle_enabled:
        return None
    texts = skill.idle_warning, skill.idle_closing
    return IdlePolicy(skill.name, skill.idle_seconds, skill.idle_countdown_seconds, *texts)


class Next(StrEnum):
    """What is to be done now."""

    LOOK = "look"  # nothing: look again at the given moment
    WARN = "warn"
    CLOSE = "close"


@dataclass(frozen=True)
class Step:
    """``at``: when to look again; of a warning the moment when the chat closes, of a closing now."""

    what: Next
    at: datetime


@dataclass(frozen=True)
class Quiet:
    """How a running chat stands.

    owes_since: the newest line of an agent or script after the customer's last one, None when it is the customer who
    waits; stirred_at: when the customer last said in another way that they are there; warned_at: of the last warning.
    """

    owes_since: datetime | None
    stirred_at: datetime | None = None
    warned_at: datetime | None = None

    @property
    def since(self) -> datetime | None:
        """Since when nothing was heard of a customer who should speak; None when it is not their turn."""
        if self.owes_since is None:
            return None
        return max(self.owes_since, self.stirred_at or self.owes_since)

    @property
    def warned(self) -> bool:
        """Does the last warning still stand?"""
        return self.since is not None and self.warned_at is not None and self.warned_at >= self.since


def next_step(policy: IdlePolicy, quiet: Quiet, now: datetime) -> Step:
    """The one decision: look again later, warn now, or close now.

    Whoever looks again at the given moment misses nothing: a line that is written meanwhile only makes it later.
    """
    idle, countdown = timedelta(seconds=policy.idle_seconds), timedelta(seconds=policy.countdown_seconds)
    if quiet.since is None:
        return Step(Next.LOOK, now + idle)
    if quiet.warned:
        closes = quiet.warned_at + countdown
        return Step(Next.CLOSE, now) if now >= closes else Step(Next.LOOK, closes)
    if now >= quiet.since + idle:
        return Step(Next.WARN, now + countdown)
    return Step(Next.LOOK, quiet.since + idle)


def after_transfer(follows: str, carried: IdlePolicy | None, new: IdlePolicy | None) -> IdlePolicy | None:
    """Which time-out a contact carries once it is in another skill: by the product's rule the one it came with."""
    return new if follows == CURRENT else carried
