"""What a line of a log, a test run or a build says of success and failure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

# How far into a line to look, in characters: results stand near an end of it.
_REACH = 80
_FAILURE_REACH = 2_000

# Words of failure, by a part that all their forms share: looking for a part is much cheaper than
# a search for all forms, and rules most lines out.
_FAILURE_WORDS = {
    "fail": r"fail(?:ed|ure|ures|ing|s)?",
    "abort": r"abort(?:ed|ing)?",
    "assertion": r"assertion",
    "cannot": r"cannot",
    "can't": r"can't",
    "corrupt": r"corrupt(?:ed|ion)?",
    "could not": r"could not",
    "crash": r"crash(?:ed)?",
    "critical": r"critical",
    "denied": r"denied",
    "does not exist": r"does not exist",
    "error": r"(?:\w*[a-z])?errors?",
    "exception": r"\w*exception",
    "fatal": r"fatal",
    "invalid": r"invalid",
    "killed": r"killed",
    "lost": r"lost",
    "no such": r"no such",
    "not found": r"not found",
    "not ok": r"not ok",
    "oom": r"oom",
    "out of memory": r"out of memory",
    "panic": r"panic(?:ked)?",
    "refused": r"refused",
    "segfault": r"segfault",
    "segmentation": r"segmentation",
    "timeout": r"timeout",
    "timed": r"timed[ -]?out",
    "traceback": r"traceback",
    "unable to": r"unable to",
    "undefined": r"undefined",
    "unreachable": r"unreachable",
    "unresolved": r"unresolved",
}
_FAILURE = re.compile(rf"\b(?:{'|'.join(_FAILURE_WORDS.values())})\b")
# The same from the part on: what may stand before it within its word is looked at backwards.
_FAILURE_FROM = {
    **{part: re.compile(rf"\b{form}\b") for part, form in _FAILURE_WORDS.items()},
    "error": re.compile(r"(?<![^\Wa-z])errors?\b"),
    "exception": re.compile(r"exception\b"),
}
# pytest's error lines, the line that failed, a failing test's heading; junit's and mocha's numbers;
# the crosses of many runners.
_FAILURE_MARK = re.compile(
    r"E   |>  +\S|_{3,} .+ _{3,}$| *\d{1,5}\) \S|\s*(?:\u2717|\u2716|\u2718|\u00d7) "
)
# Lines that name a failing test, as runners print them.
_FAILING_TEST = re.compile(
    r"(?:FAILED|FAIL|ERROR):? \S|\s*(?:--- FAIL: |not ok \d|\d{1,5}\) \S)"
    r"|\S.{0,300} (?:FAILED|FAIL|ERROR)\s*(?:\[ *\d+%\]\s*)?$|---- \S.{0,300} ----\s*$"
)
# "0 errors, 0 failures", "errors=0", "no errors": the absence of what the words say.
_NO_FAILURE = re.compile(
    r"(?i:(?<![\w.])(?:0|no|zero|without) (?:\w+ )?(?:errors?|failures?|failed|failing|exceptions?|"
    r"problems?|warnings?)\b|\b(?:errors?|failures?|failed|fail|exceptions?)\s*[=:]\s*0(?![\w.]))"
)
# Every such absence holds one of these.
_ABSENCES = ("0", "no ", "zero ", "without ")
_SUCCESS_START = re.compile(
    r"\s*(?:ok \d+\b|\u2713|\u2714|\u221a|PASS(?:ED)?\b|--- PASS|=== (?:RUN|CONT|PAUSE)"
    r"|\[ +(?:OK|RUN|PASSED) +\]|\[-{5,}\])"
)
_SUCCESS_END = re.compile(
    r"(?:\.\.\. ?ok|\bPASSED(?:\s{1,9}\[ {0,2}\d{1,3}%\])?|\.{5} ?ok)\s{0,9}\Z"
)


def is_failure(line: str) -> bool:
    """Say whether a line speaks of something that went wrong.

    >>> is_failure("connection refused"), is_failure("12 passed, 0 failed")
    (True, False)
    """
    if _FAILURE_MARK.match(line):
        return True
    start = line[:_FAILURE_REACH].lower()
    return any([part in start for part in _FAILURE_WORDS]) and _speaks_of_failure(start)


def which_fail(lines: Sequence[str]) -> list[bool]:
    """Say for each line what `is_failure` says, faster than one by one."""
    lowered = [line[:_FAILURE_REACH].lower() for line in lines]
    found = [_FAILURE_MARK.match(line) is not None for line in lines]
    # Only the lines that hold a word of failure are looked at more closely.
    for i in _holding_failure(lowered):
        found[i] = found[i] or not _is_absent(lowered[i])
    return found


def _holding_failure(lowered: Sequence[str]) -> set[int]:
    """Return which lower-case lines hold a word of failure."""
    together = "\n".join(lowered)
    starts = list(accumulate([len(line) + 1 for line in lowered], initial=0))
    holding: set[int] = set()
    for part, form in _FAILURE_FROM.items():
        at = together.find(part)
        while at >= 0:
            i = bisect_right(starts, at) - 1
            if i in holding or form.match(together, at):
                holding.add(i)
                at = together.find(part, starts[i + 1])
            else:
                at = together.find(part, at + 1)
    return holding


def _speaks_of_failure(start: str) -> bool:
    return _FAILURE.search(start) is not None and not _is_absent(start)


def _is_absent(start: str) -> bool:
    """Say whether all that a lower-case line says of failure is that there was none."""
    if not any([word in start for word in _ABSENCES]) or _NO_FAILURE.search(start) is None:
        return False
    return _FAILURE.search(_NO_FAILURE.sub("", start)) is None


def names_failing_test(line: str) -> bool:
    """Say whether a line names a test that failed.

    >>> names_failing_test("FAILED tests/test_a.py::test_b - assert 1 == 2")
    True
    """
    return _FAILING_TEST.match(line[:_FAILURE_REACH]) is not None


def is_success(line: str) -> bool:
    """Say whether a line only reports that one test or step went well.

    >>> is_success("test_a (app.tests.Case) ... ok"), is_success("ok 12 - parses")
    (True, True)
    """
    if _SUCCESS_START.match(line[:_REACH]):
        return True
    end = line[-_REACH:]
    return ("ok" in end or "PASSED" in end) and _SUCCESS_END.search(end) is not None
