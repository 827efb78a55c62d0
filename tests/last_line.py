"""The last line of a run: what passed, what was left out and why. Loaded by tests/conftest.py."""

import os
from collections import Counter

import pytest

REQUIRE_ALL = os.environ.get("REQUIRE_ALL", "") not in ("", "0")
_reasons: Counter = Counter()
_state = {"ran": False, "left_out": 0}


def _reason(report) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


def _refuse_skip(report):
    """Under REQUIRE_ALL=1 nothing may be left out: the skip becomes a failure that says why."""
    if report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        if REQUIRE_ALL:
            report.longrepr = f"REQUIRE_ALL=1, but this was skipped: {_reason(report)}"
            report.outcome = "failed"
        else:
            _reasons[_reason(report)] += 1


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    """Count or refuse each skipped test."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector):
    """Count or refuse each skipped module."""
    report = yield
    _refuse_skip(report)
    return report


def pytest_deselected(items):
    """Count what ``-m`` and ``-k`` left out."""
    _state["left_out"] += len(items)


def pytest_sessionstart(session):
    """Only a session that started has a last line (``--version`` has none)."""
    _state["ran"] = True


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    """Write the line, after pytest's own last word."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if _state["ran"] and reporter and not config.option.collectonly:
        reporter.write_line(summary(reporter.stats, _reasons, _state["left_out"], os.environ.get("FAILED_CHECKS", "")))


def summary(stats: dict, reasons: Counter, left_out: int, failed_checks: str) -> str:
    """The line itself, from pytest's lists of reports."""
    count = {name: len(stats.get(name, [])) for name in ("passed", "failed", "error", "skipped")}
    # An expected failure that failed did what it should.
    passed = count["passed"] + len(stats.get("xfailed", []))
    failed = count["failed"] + count["error"]
    line = f"clavardage tests: {passed} passed, {failed} failed, {count['skipped']} skipped"
    if reasons:
        line += " (" + "; ".join(f"{reason}: {n}" for reason, n in sorted(reasons.items())) + ")"
    if left_out:
        line += f", {left_out} left out by choice"
    if failed_checks:
        line += f"; failed before them: {failed_checks}"
    return line
