r"""Blocks about one failing test, as test runners print them.

pytest, unittest, jest, vitest, mocha, Playwright, node, TAP, Perl, cargo, Go, Gradle, Surefire,
JUnit, ctest, GoogleTest, RSpec, PHPUnit, .NET.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_PYTEST = re.compile(r"_{3,} (?P<name>\S.{0,300}?) _{3,}\s*$")
_RULER = re.compile(r"={3,}(?: .{1,300} ={3,}|=*)\s*$|\d+ (?:failed|error|passed)\b.* in \d")
_UNITTEST = re.compile(r"(?:ERROR|FAIL|UNEXPECTED SUCCESS): (?P<name>\S.*)")
_CARGO = re.compile(r"-{3,}\s+(?P<name>\S.{0,300}?) (?:stdout|stderr) -{3,}\s*$")
_NEXTEST = re.compile(r"[\u2500-]{2,} ?STD(?:OUT|ERR): +(?P<name>\S.{0,300}?) *[\u2500-]*\s*$")
_JEST = re.compile(r"  \u25cf (?P<name>\S.*)")
_VITEST = re.compile(r" FAIL  (?P<name>\S+.* > .*|\S+ \[ \S+ \])")
_VITEST_END = re.compile(r"\u23af{3,}")
_NUMBERED = re.compile(r"(?P<indent> {0,8})\d{1,5}\) (?P<name>\S.*)")
_FAILED_TEST = re.compile(r"#\s+Failed test(?P<name>.*)")
_SUREFIRE = re.compile(
    r"(?:\[ERROR\] )?(?P<name>\S.{0,300}?)\s+(?:Time elapsed: .*)?<<< (?:FAILURE|ERROR)!"
)
_GTEST = re.compile(
    r"(?P<name>\S{1,250}:\d{1,7}): Failure\s*$|(?P<windows>\S{1,250}\(\d{1,7}\)): error: *$"
)
_CTEST = re.compile(r"\s*\d+/\d+ Test +#\d+: (?P<name>\S+) .*\*\*\*(?!Skipped)")
_INDENTED = re.compile(
    r"(?P<indent>\s{0,40})(?:--- FAIL: |not ok \d+(?! .*# (?:TODO|SKIP))(?: - | |$)"
    r"|[\u2716\u2717\u00d7\u2718] ?|"
    r"(?=\S.{0,300} FAILED\s*$)|Failed (?=\S+ \[))(?P<name>.*)"
)
_GO_EVENT = re.compile(r"=== (?:RUN|CONT|NAME|PAUSE) +(?P<name>\S+)")
_GO_RESULT = re.compile(r"\s*--- (?P<how>PASS|FAIL|SKIP): (?P<name>\S+)")

# Where numbered failures begin, and where a list of them ends.
_SECTION = re.compile(
    r"\s*\d+ failing|Failures:|Errors:|There (?:was|were) \d+ (?:failure|error)|\s*\d+ failed$"
    r"|Failed tests?:"
)
_RESULT = re.compile(
    r"FAILURES!|ERRORS!|Tests(?: run)?:|Test Suites:|OK \(|\d+ examples?,|Finished in "
    r"|Failed examples:|npm (?:ERR|error)"
    r"|Time:|Randomized |\s*\d+ (?:passing|failing|pending)\b|There (?:was|were) |Snapshots:"
    r"|Ran all test|(?:PASS|FAIL) \S"
    r"|Summary of all failing|failures:$|test result:|\s*Test Files |\s*\d+ failed|##\[|={3,} "
)
_CTEST_END = re.compile(r"\s*(?:Start +\d+: |\d+/\d+ Test |\d+% tests passed)")
_NUMBER_ENDS = re.compile(r"\[(?:INFO|ERROR|WARNING)\]|\s*$|Tests run:")

_LONGEST = 3_000


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a failing test is reported.

    Args:
        start: Index of the first line.
        end: Index after the last line.
        name: The test.
    """

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class GoRun:
    """Which tests of a verbose run of `go test` failed; output stands above the result."""

    failed: frozenset[str]
    ended: frozenset[str]


def read_go(lines: Sequence[str]) -> GoRun:
    """Return which tests a verbose run of `go test` names as failed."""
    results = [found for line in lines if "--- " in line[:40] and (found := _GO_RESULT.match(line))]
    return GoRun(
        frozenset(found["name"] for found in results if found["how"] == "FAIL"),
        frozenset(found["name"] for found in results),
    )


def is_section(line: str) -> bool:
    """Say whether numbered failures follow a line."""
    return _SECTION.match(line) is not None


def failure_at(lines: Sequence[str], i: int, *, numbered: bool) -> Failure | None:
    """Return the report of a failing test that begins at line ``i``, if one does.

    Args:
        lines: The lines of the run.
        i: Where to look.
        numbered: True below a heading that announces numbered failures.
    """
    line = lines[i]
    first = line.lstrip()[:1]
    if not first or len(line) > _LONGEST:
        return None
    if first in "_=-#\u2500":
        return _ruled(lines, i)
    if line.startswith("  \u25cf ") and (jest := _JEST.match(line)):
        return _failure(lines, i, _until(lines, i + 1, _is_jest_end), jest["name"])
    if line.startswith(" FAIL  ") and (vitest := _VITEST.match(line)):
        end = _until(lines, i + 1, _is_vitest_end)
        return _failure(lines, i, end, vitest["name"])
    if first.isdigit():
        return _counted(lines, i, numbered=numbered)
    if "<<< " in line and (surefire := _SUREFIRE.match(line)):
        end = _until(lines, i + 1, _is_surefire_end)
        return _failure(lines, i, end, surefire["name"])
    if (gtest := _GTEST.match(line)) is not None:
        end = _until(lines, i + 1, _is_gtest_end)
        return _failure(lines, i, end, gtest["name"] or gtest["windows"])
    indented = _INDENTED.match(line)
    if indented is not None:
        end = _indented_end(lines, i, len(indented["indent"].expandtabs()))
        if end > i + 1:
            return _failure(lines, i, end, indented["name"])
    return None


def go_output_at(lines: Sequence[str], i: int, run: GoRun) -> tuple[int, bool] | None:
    """Return where the output of a Go test that begins at ``i`` ends, and whether it failed."""
    event = _GO_EVENT.match(lines[i])
    if event is None or event["name"] not in run.ended:
        return None
    end = i + 1
    while end < len(lines) and not lines[end].lstrip().startswith(("=== ", "--- ")):
        if lines[end].startswith(("FAIL", "PASS", "ok  ", "panic: ", "exit status")):
            break
        end += 1
    return end, event["name"] in run.failed


def _failure(lines: Sequence[str], start: int, end: int, name: str) -> Failure:
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    return Failure(start, end, name.strip())


def _until(lines: Sequence[str], at: int, ends: Callable[[str], bool]) -> int:
    while at < len(lines) and not ends(lines[at]):
        at += 1
    return at


def _ruled(lines: Sequence[str], i: int) -> Failure | None:
    line = lines[i]
    if line.startswith("___") and (pytest := _PYTEST.match(line)):
        end = i + 1
        while end < len(lines) and not (_PYTEST.match(lines[end]) or _RULER.match(lines[end])):
            end += 1
        return _failure(lines, i, end, pytest["name"])
    if line.startswith("=====") and i + 1 < len(lines) and line.rstrip().strip("=") == "":
        unittest = _UNITTEST.match(lines[i + 1])
        if unittest is not None:
            return _failure(lines, i, _unittest_end(lines, i), unittest["name"])
    headed = _headed(lines, i)
    if headed is not None:
        return headed
    indented = _INDENTED.match(line)
    if indented is None:
        return None
    end = _indented_end(lines, i, len(indented["indent"].expandtabs()))
    return _failure(lines, i, end, indented["name"]) if end > i + 1 else None


def _headed(lines: Sequence[str], i: int) -> Failure | None:
    line = lines[i]
    for heading in (_CARGO, _NEXTEST):
        found = heading.match(line)
        if found is not None:
            end = i + 1
            while end < len(lines) and not (
                heading.match(lines[end]) or lines[end].startswith(("failures:", "test result:"))
            ):
                end += 1
            return _failure(lines, i, end, found["name"])
    failed = _FAILED_TEST.match(line)
    if failed is not None:
        end = i + 1
        while (
            end < len(lines) and lines[end].startswith("#") and not _FAILED_TEST.match(lines[end])
        ):
            end += 1
        return _failure(lines, i, end, failed["name"])
    return None


def _unittest_end(lines: Sequence[str], i: int) -> int:
    end = i + 3
    while end < len(lines) and not (
        lines[end].startswith(("=====", "-----")) and not lines[end].strip("=-\r ")
    ):
        end += 1
    return min(end, len(lines))


def _is_jest_end(line: str) -> bool:
    return _JEST.match(line) is not None or _RESULT.match(line) is not None


def _is_vitest_end(line: str) -> bool:
    return _VITEST_END.match(line) is not None or line.startswith(" FAIL  ")


def _is_surefire_end(line: str) -> bool:
    return _NUMBER_ENDS.match(line) is not None


def _is_gtest_end(line: str) -> bool:
    return line.startswith("[ ") or _GTEST.match(line) is not None


def _counted(lines: Sequence[str], i: int, *, numbered: bool) -> Failure | None:
    ctest = _CTEST.match(lines[i])
    if ctest is not None:
        end = i + 1
        while end < len(lines) and not _CTEST_END.match(lines[end]):
            end += 1
        return _failure(lines, i, end, ctest["name"])
    found = _NUMBERED.match(lines[i])
    if found is None:
        return None
    indent = len(found["indent"])
    if not numbered:
        end = _indented_end(lines, i, indent)
        return _failure(lines, i, end, found["name"]) if end > i + 1 else None
    end = i + 1
    while end < len(lines):
        again = _NUMBERED.match(lines[end])
        if (again and len(again["indent"]) == indent) or _RESULT.match(lines[end]):
            break
        end += 1
    return _failure(lines, i, end, found["name"])


def _indented_end(lines: Sequence[str], i: int, indent: int) -> int:
    end = last = i + 1
    while end < len(lines):
        line = lines[end]
        if line.strip():
            if _indent(line) <= indent:
                break
            last = end + 1
        end += 1
    return last


def _indent(line: str) -> int:
    expanded = line.expandtabs()
    return len(expanded) - len(expanded.lstrip())
