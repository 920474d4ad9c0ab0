"""JUnit reports, the XML that test runners of all languages write: test by test."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headroom.compressors.checks_blocks import Block, Role, Sort
from headroom.compressors.checks_essence import read_failure
from headroom.compressors.checks_tests import Failure
from headroom.compressors.checks_view import CheckView
from headroom.selection.traces import find_traces

_TAG_END = re.compile(r"(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_FAILING = re.compile(r"<(?:failure|error|rerunFailure|flakyFailure)\b")
_NAME = re.compile(r"\bname=(?:\"([^\"]*)\"|'([^']*)')")
# What a suite prints and is set up with.
_ASIDE = re.compile(r"<(system-out|system-err|properties)\b")
_TEST = "<testcase"


def view_report(text: str) -> CheckView:
    """Return a JUnit report as parts: what opens and closes suites, tests, lines of failing ones.

    >>> view_report('<testsuite tests="1"><testcase name="a"/></testsuite>').lines
    ['<testsuite tests="1">', '<testcase name="a"/>', '</testsuite>']
    """
    parts: list[str] = []
    roles: list[Role] = []
    blocks: list[Block] = []
    for piece, role in _pieces(text):
        if role is Role.NAME:
            lines = piece.split("\n")
            blocks.append(_failing(lines, len(parts)))
            parts += lines
            roles += [Role.OTHER] * len(lines)
        elif piece and not piece.isspace():
            parts.append(piece.strip())
            roles.append(role)
    return CheckView(parts, parts, roles, blocks, 0)


def _failing(lines: list[str], start: int) -> Block:
    named = _NAME.search(lines[0])
    name = (named[1] or named[2] or "") if named else ""
    block = read_failure(lines, Failure(0, len(lines), name), find_traces(lines))
    return Block(
        start,
        start + len(lines),
        Sort.FAILURE,
        block.key or name,
        tuple(i + start for i in block.core),
        tuple(i + start for i in block.detail),
        name,
    )


def _pieces(text: str) -> Iterator[tuple[str, Role]]:
    at = 0
    while True:
        start = text.find(_TEST, at)
        if start < 0:
            break
        yield from _around(text[at:start])
        opened = _TAG_END.match(text, start + len(_TEST))
        at = opened.end() if opened else len(text)
        if opened and not text.endswith("/>", start, at):
            closed = text.find("</testcase>", at)
            at = len(text) if closed < 0 else closed + len("</testcase>")
        piece = text[start:at]
        yield piece, Role.NAME if _FAILING.search(piece) else Role.PASSING
    yield from _around(text[at:])


def _around(text: str) -> Iterator[tuple[str, Role]]:
    """Yield what stands between tests: tags of suites, and what is aside."""
    at = 0
    while (found := _ASIDE.search(text, at)) is not None:
        yield text[at : found.start()], Role.SUMMARY
        end = text.find(f"</{found[1]}>", found.end())
        end = len(text) if end < 0 else end + len(found[1]) + 3
        yield text[found.start() : end], Role.STEP
        at = end
    yield text[at:], Role.SUMMARY
