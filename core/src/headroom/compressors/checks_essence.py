"""What of the report on a failing test has to be seen: what was expected, what came, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom.compressors.checks_blocks import Block, Sort
from headroom.compressors.checks_tests import Failure
from headroom.selection.frames import is_library, read_trace
from headroom.selection.traces import Trace

# pytest's lines on the error, and the line that failed: code above and below it is context.
_PYTEST_ERROR = re.compile(r"E  |E$")
_PYTEST_PLACE = re.compile(r"\S.{0,300}:\d{1,7}: ?")
_CODE_MARK = re.compile(r">  |\s*> +\d+ \||\s+>\s*\d+\|")
_CODE = re.compile(r"\s*\d+ *\||\s*\|\s*[\^~]|\s+\d+\| ")
# What was expected, what came instead; the lines of a diff.
_VALUES = re.compile(
    r"[\s#|]*(?:(?i:expected|actual|received|got|want(?:ed)?|but (?:was|got)|left|right|diff"
    r"|found|returned|to equal|which is|with message)\b.{0,40}[:=\[]"
    r"|(?i:expected|received) |Which is: |assertion|expect\(|\$(?:got|expected)\b"
    r"|Failure/Error|Error Message:|operator: |\S.{0,100} (?:!==?|===?|<>) \S)"
)
_DIFF = re.compile(r"\s*[-+] ?\S|\s*\? ")
_ERROR = re.compile(
    r"[\s#|\u276f]*(?:[\w.$:]*(?:Error|Exception|Failure|Warning|Panic|Fault|Exit)\b(?:: | \["
    r"|$|\s*$)|thread '|panicked|panic: |fatal|FAILED|error: |Failed: |assert(?:ion)?\b"
    r"|Failed asserting|Value of: |Invalid |Segmentation|Timeout|timed out)"
)
_PLACE = re.compile(
    r"(?<![\w/\\.-])(?:file://)?(?:[A-Za-z]:)?[\w./\\@+~-]{1,250}\.[A-Za-z]{1,5}(?::| line |\("
    r"|, line |:line )\d{1,7}"
)
_CAPTURED = re.compile(
    r"-{3,} Captured .* -{3,}\s*$|\s*(?:stdout|stderr|Standard (?:Output|Error)"
    r"|console\.\w+)\b.{0,40}$"
)
_FRAME = re.compile(r"\s*(?:at |\u276f |# |from )\S")
_SEPARATOR = re.compile(r"(?:_ ){3,}|[=\-_*\u23af\s]*$")

_REACH = 600
_MOST_ERRORS = 4
_MOST_GISTS = 6
_FEW_GISTS = 2
_MOST_TELLING = 3
_MOST_MESSAGE = 4
_MOST_VALUES = 8
_MOST_DIFF = 10
_MOST_MARKS = 3
_SHORT = 6
_CAPTURED_LINES = 4
_KEY = 200
# What differs between reports of the same failure: names with digits, quoted and bracketed values.
_VARIABLE = re.compile(
    r"[\w-]*\d[\w.-]*|'[^'\n]{0,300}'|\"[^\"\n]{0,300}\"|`[^`\n]{0,300}`|\[[^\[\]\n]{0,300}\]"
)


class _Sieve:
    """Takes so many lines of each sort, in order."""

    def __init__(self) -> None:
        self.core: dict[int, None] = {}
        self.detail: dict[int, None] = {}
        self.places: list[int] = []
        self.gists: list[int] = []
        self.telling: list[int] = []
        self._taken: dict[str, int] = {}

    def take(self, sort: str, i: int, most: int) -> None:
        taken = self._taken[sort] = self._taken.get(sort, 0) + 1
        (self.core if taken <= most else self.detail)[i] = None
        if sort in ("value", "error"):
            self.telling.append(i)

    def settle_gists(self) -> None:
        """Take the first lines of each run of pytest's error lines, most of the last run."""
        runs: list[list[int]] = []
        for i in self.gists:
            if runs and i - runs[-1][-1] == 1:
                runs[-1].append(i)
            else:
                runs.append([i])
        if runs:
            self.telling = runs[-1]
        for number, run in enumerate(reversed(runs)):
            most = _MOST_GISTS if number == 0 else _FEW_GISTS
            for i in run:
                (self.core if i < run[0] + most else self.detail)[i] = None

    def settle_places(self, lines: Sequence[str]) -> None:
        """Take the outermost own place and the innermost two: the test, and where it broke."""
        own = [i for i in self.places if not is_library(lines[i])]
        near = {*own[:1], *own[-2:], *self.places[-1:]}
        for i in self.places:
            (self.core if i in near else self.detail)[i] = None


def read_failure(lines: Sequence[str], failure: Failure, traces: Sequence[Trace]) -> Block:
    """Return the block of a failing test.

    Args:
        lines: The lines of the run.
        failure: Where the test is reported.
        traces: The traces within it.
    """
    sieve = _Sieve()
    start = failure.start
    if not lines[start].strip("=-_ "):
        start += 1
    sieve.core[start] = None
    in_trace: set[int] = set()
    for number, trace in enumerate(traces):
        reading = read_trace(lines, trace)
        in_trace.update(range(max(trace.start, start + 1), trace.end))
        (sieve.core if number == 0 else sieve.detail).update(dict.fromkeys(reading.core))
        sieve.detail.update(dict.fromkeys(reading.detail))
    others = [i for i in range(start + 1, failure.end) if i not in in_trace and lines[i].strip()]
    captured = _captured(lines, others)
    _sift(sieve, lines, [i for i in others if i not in captured])
    for i in _tails(lines, captured):
        sieve.detail[i] = None
    if len(sieve.core) == 1:
        rest = others[:3] + others[-2:] if len(others) > _SHORT else others
        sieve.core.update(dict.fromkeys(rest))
    core = tuple(sorted(sieve.core))
    detail = tuple(sorted(i for i in sieve.detail if i not in sieve.core))
    telling = sieve.telling[:_MOST_TELLING] or core[1 : 1 + _MOST_TELLING]
    said = _VARIABLE.sub("", " ".join(lines[i].strip() for i in telling))
    return Block(failure.start, failure.end, Sort.FAILURE, said[:_KEY], core, detail, failure.name)


def _sift(sieve: _Sieve, lines: Sequence[str], others: Sequence[int]) -> None:
    # pytest marks what matters; its other lines are source and values.
    marked = any(_PYTEST_ERROR.match(lines[i]) for i in others)
    for i in others:
        line = lines[i][:_REACH]
        if _SEPARATOR.match(line) or (_FRAME.match(line) and is_library(line)):
            continue
        if _PYTEST_ERROR.match(line):
            if sieve.gists and _DIFF.match(line, 1):
                sieve.take("diff", i, _MOST_DIFF)
            else:
                sieve.gists.append(i)
        elif _CODE_MARK.match(line):
            sieve.take("mark", i, _MOST_MARKS)
        elif _CODE.match(line) or (marked and not _PYTEST_PLACE.match(line)):
            sieve.detail[i] = None
        else:
            _sift_plain(sieve, line, i)
    sieve.settle_gists()
    sieve.settle_places(lines)


def _sift_plain(sieve: _Sieve, line: str, i: int) -> None:
    if _VALUES.match(line):
        sieve.take("value", i, _MOST_VALUES)
    elif _ERROR.match(line):
        sieve.take("error", i, _MOST_ERRORS)
    elif _PLACE.search(line):
        sieve.places.append(i)
    elif _DIFF.match(line):
        sieve.take("diff", i, _MOST_DIFF)
    elif not sieve.places:
        # What stands above the first place is the message.
        sieve.take("message", i, _MOST_MESSAGE)
    else:
        sieve.detail[i] = None


def _captured(lines: Sequence[str], others: Sequence[int]) -> frozenset[int]:
    """Return the lines that a test printed, below the headings that say so."""
    found: list[int] = []
    inside = False
    for i in others:
        if _CAPTURED.match(lines[i]):
            inside = True
        elif inside and _PYTEST_ERROR.match(lines[i]):
            inside = False
        if inside:
            found.append(i)
    return frozenset(found)


def _tails(lines: Sequence[str], captured: frozenset[int]) -> list[int]:
    """Return of each captured output its heading and its last lines."""
    tails: list[int] = []
    run: list[int] = []
    for i in [*sorted(captured), -1]:
        if i < 0 or (run and _CAPTURED.match(lines[i])):
            tails += [*run[:1], *run[1:][-_CAPTURED_LINES:]]
            run = []
        run.append(i)
    return tails
