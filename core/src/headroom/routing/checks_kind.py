"""Recognising test runs, builds, findings and stack traces from a bounded sample of lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom.compressors.interface import Content
from headroom.routing.checks_signs import (
    DOCUMENT,
    FINDING,
    FRAME,
    MARKS,
    RESULT,
    RULE,
    SIGNS,
    STEP,
    TRACE_LINE,
    is_test,
)
from headroom.routing.sample import sample_of
from headroom.selection.terminal import seen_lines

TEST = "test"
FINDINGS = "findings"
BUILD = "build"
TRACE = "trace"
REPORT = "junit"
KINDS = (TEST, FINDINGS, BUILD, TRACE, REPORT)

# A glance at so many lines, and at the last ones, rules most texts out.
_GLANCE = 28
_LAST = 8
_REACH = 160

# Shares of the sample's lines.
_TESTS = 0.25
_SOME_TESTS = 0.12
_WITH_RESULT = 0.04
_FOUND = 0.5
_TRACED = 0.35
_STEPS = 0.25
_DOCUMENT = 0.08

_FEWEST_TESTS = 3
_FEWEST_FOUND = 2
_FEWEST_STEPS = 3
_MANY_TESTS = 10
_SHORT = 40

# How far into a document the first test of a JUnit report stands, in characters.
_REPORT_REACH = 4_000


def find_checks(content: Content) -> str | None:
    r"""Return what a text reports on: ``test``, ``findings``, ``build``, ``trace``, or None.

    ``junit`` is the XML that runners of all languages write for CI systems.
    """
    if content.text.startswith("<"):
        return REPORT if is_report(content.text) else None
    lines = sample_of(content).lines
    if not lines or lines[0].startswith(("{", "[{", "diff --git", "<")) or not _glance(lines):
        return None
    return _kind_of(seen_lines(lines))


def is_report(text: str) -> bool:
    """Say whether a text is a JUnit report."""
    head = text[:_REPORT_REACH]
    return "<testsuite" in head and "<testcase" in head


def _glance(lines: Sequence[str]) -> bool:
    step = max(1, len(lines) // _GLANCE)
    few = seen_lines([line[:_REACH] for line in (*lines[::step], *lines[-_LAST:])])
    return any(any(map(sign.match, few)) for sign in SIGNS) or any(map(is_test, few))


def _kind_of(lines: Sequence[str]) -> str | None:
    total = len(lines)
    results = _count(RESULT, lines)
    tests = sum(map(is_test, lines))
    steps = _count(STEP, lines)
    frames = _count(TRACE_LINE, lines)
    around = tests + results + steps + frames
    if (results and around >= max(2.0, _WITH_RESULT * total)) or (
        tests >= max(_FEWEST_TESTS, (_TESTS if tests < _MANY_TESTS else _SOME_TESTS) * total)
    ):
        return None if _is_document(lines) else TEST
    if frames >= 2 and frames >= _TRACED * total:
        return TRACE
    found = _count(FINDING, lines)
    if found < _FEWEST_FOUND:
        found += sum(_is_ruled(lines, i) for i in range(total - 1))
    enough = _FEWEST_FOUND if total > _SHORT // 4 else 1
    if found >= enough:
        marked = sum(
            MARKS.match(line) is not None or FRAME.match(line) is not None for line in lines
        )
        if found + marked >= _FOUND * total and not _is_document(lines):
            return FINDINGS
    if steps + results >= max(_FEWEST_STEPS, _STEPS * total) and not _is_document(lines):
        return BUILD
    return None


def _count(sign: re.Pattern[str], lines: Sequence[str]) -> int:
    return len(lines) - list(map(sign.match, lines)).count(None)


def _is_ruled(lines: Sequence[str], i: int) -> bool:
    """Say whether a finding starts here whose place stands below it, as rustc and ruff print it."""
    return RULE.match(lines[i]) is not None and FRAME.match(lines[i + 1]) is not None


def _is_document(lines: Sequence[str]) -> bool:
    marks = sum(DOCUMENT.match(line) is not None for line in lines)
    return marks >= max(2.0, _DOCUMENT * len(lines))
