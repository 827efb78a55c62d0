"""When a quiet customer is warned and when the chat closes: the rule as a table, and its edges."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.tenant import CURRENT, ENTRY
from app.routing.idleness import IdlePolicy, Next, Quiet, after_transfer, next_step

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
POLICY = IdlePolicy("Shop", 600, 60)


def ago(seconds):
    return NOW - timedelta(seconds=seconds)


def ahead(seconds):
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("quiet", "what", "at"),
    [
        (Quiet(None), Next.LOOK, ahead(600)),  # the customer waits: at the earliest a whole time from now
        (Quiet(None, stirred_at=ago(900), warned_at=ago(900)), Next.LOOK, ahead(600)),
        (Quiet(ago(0)), Next.LOOK, ahead(600)),
        (Quiet(ago(599)), Next.LOOK, ahead(1)),
        (Quiet(ago(600)), Next.WARN, ahead(60)),
        (Quiet(ago(90_000)), Next.WARN, ahead(60)),  # asleep for a day: still warned first
        (Quiet(ago(600), warned_at=ago(59)), Next.LOOK, ahead(1)),
        (Quiet(ago(600), warned_at=ago(60)), Next.CLOSE, NOW),
        (Quiet(ago(900), stirred_at=ago(10), warned_at=ago(61)), Next.LOOK, ahead(590)),  # "I am still here"
        (Quiet(ago(10), warned_at=ago(61)), Next.LOOK, ahead(590)),  # somebody has spoken since the warning
        (Quiet(ago(700), stirred_at=ago(800)), Next.WARN, ahead(60)),  # stirred before the newest line: no matter
        (
            Quiet(ago(700), stirred_at=ago(600), warned_at=ago(650)),
            Next.WARN,
            ahead(60),
        ),  # an old warning
    ],
)
def test_look_warn_or_close(quiet, what, at):
    step = next_step(POLICY, quiet, NOW)
    assert (step.what, step.at) == (what, at)


def test_whoever_looks_when_told_never_comes_too_late():
    """Lines at any moment, looking only at the moments that were given: the warning comes to the second."""
    lines = [3, 250, 599, 601, 1000]
    look, warned = 600, None
    while warned is None:
        spoken = max(line for line in lines if line <= look)
        step = next_step(POLICY, Quiet(NOW + timedelta(seconds=spoken)), ahead(look))
        if step.what is Next.WARN:
            warned = look
        look = (step.at - NOW).total_seconds()
    assert warned == 1600


OFF, SHORT, LONG = None, IdlePolicy("B", 120, 60), IdlePolicy("A", 600, 60)


@pytest.mark.parametrize(
    ("carried", "new", "entry", "current"),
    [(OFF, LONG, OFF, LONG), (LONG, OFF, LONG, OFF), (LONG, SHORT, LONG, SHORT), (OFF, OFF, OFF, OFF)],
)
def test_whose_time_out_governs_after_a_transfer(carried, new, entry, current):
    assert after_transfer(ENTRY, carried, new) is entry
    assert after_transfer(CURRENT, carried, new) is current


LIVES = st.lists(st.tuples(st.integers(1, 400), st.sampled_from(["agent", "customer", "stir"])), max_size=12)


def watched(lives, policy) -> list[tuple[int, str]]:
    """Second by second, as somebody who never looks away would do it by the rule's words."""
    quiet, warned, told, owes = 0, None, [], False
    at = {}
    for moment, what in lives:
        at.setdefault(moment, []).append(what)
    for second in range(1, 3000):
        for what in at.get(second, []):
            owes = {"agent": True, "customer": False}.get(what, owes)
            quiet, warned = second, None
        if not owes:
            continue
        if warned is None and second - quiet >= policy.idle_seconds:
            warned = second
            told.append((second, "warn"))
        elif warned is not None and second - warned >= policy.countdown_seconds:
            return [*told, (second, "close")]
    return told


def looked_at(lives, policy) -> list[tuple[int, str]]:
    """The same by looking only at the moments that the decision gives, the first one a whole time after the start."""
    warned, told, look = None, [], policy.idle_seconds
    while look < 3000:
        lines = [(moment, what) for moment, what in lives if moment <= look]
        spoken = [(moment, what) for moment, what in lines if what != "stir"]
        owes_since = ahead(spoken[-1][0]) if spoken and spoken[-1][1] == "agent" else None
        stirs = [moment for moment, what in lines if what == "stir"]
        quiet = Quiet(owes_since, ahead(stirs[-1]) if stirs else None, None if warned is None else ahead(warned))
        step = next_step(policy, quiet, ahead(look))
        if step.what is Next.CLOSE:
            return [*told, (look, "close")]
        if step.what is Next.WARN:
            warned = look
            told.append((look, "warn"))
        look = int((step.at - NOW).total_seconds())
    return told


@given(LIVES)
@settings(deadline=None, max_examples=300)
def test_looking_only_when_told_is_as_good_as_never_looking_away(gaps):
    policy, moment, lives = IdlePolicy("Shop", 100, 40), 0, []
    for gap, what in gaps:
        moment += gap
        lives.append((moment, what))
    assert looked_at(lives, policy) == watched(lives, policy)
