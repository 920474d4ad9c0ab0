"""Recognising logs, test runs and build output from a bounded sample of lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

# The sample: so many lines from the start, the middle and the end, each cut to so many characters.
_SAMPLE = 120
_REACH = 240

# A clock time near the start of a line, in the ways of log libraries, servers and kernels.
_STAMP = re.compile(
    r"[^\w\n]{0,4}(?:[A-Z]{3,8}[\]: ]+|[A-Za-z][\w.-]{0,30}(?: +\| |: \[| \[)|-? ?\w{1,16} \d{9,10} |\S{1,40} \S{1,40} \S{1,40} \[)?"
    r"(?:\[?\d{4}[-/.]\d\d[-/.]\d\d[T _-]{1,2}\d\d[:.]\d\d|\d{4}\.\d\d\.\d\d "
    r"|(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d"
    r"|\d\d[-/](?:\d\d|[A-Z][a-z]{2})(?:[-/]\d{2,4})?[ T:]\d\d:\d\d:\d\d|\d{6} \d{6} |\d{8}[-T ]\d\d?:?\d\d:?\d"
    r"|[IWEF]\d{4} \d\d:\d\d:\d\d|\[? ?\d{1,7}\.\d{6}\]|\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b|\d{10}(?:\.\d+)? )"
)
_LOGFMT = re.compile(r"(?:\S+ )?(?:time|ts|t|level|lvl|logger|msg)=\"?\S+.* \w+=")
_LEVEL = re.compile(
    r"\W{0,3}(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE|[Ii]nfo|[Ww]arn(?:ing)?|[Ee]rror"
    r"|npm (?:ERR!|WARN|error|warn|verb|http|info|notice|sill|silly|timing)|gyp (?:info|ERR!|verb|WARN))\b[\]:|)]?(?:\s|$)"
)
_RUN = re.compile(
    r"\s*(?:=== (?:RUN|CONT|PAUSE)|--- (?:PASS|FAIL|SKIP):|not ok \d+|ok \d+ |TAP version|\d+\.\.\d+$"
    r"|[\u2713\u2714\u2717\u2716\u2718\u221a] |test \S+.* \.\.\. |(?:PASS|FAIL|FAILED|PASSED|ERROR)[: ] ?\S+"
    r"|make(?:\[\d+\])?: |(?:CC|CXX|LD|AR|LINK|CCLD)(?:\(target\))? |\S+/(?:gcc|cc|g\+\+|c\+\+|clang\S*|ld) "
    r"|(?:gcc|cc|g\+\+|c\+\+) -|Compiling \S+ v|Downloading \S+|Collecting \S+|Building wheel|running \w+|copying \S+ -> "
    r"|Step \d+/\d+|#\d+ \[|> Task :|\[(?: +OK| RUN| +FAILED|  PASSED) +\]|[EF.sxXIS]{20,}(?:\s*\[ *\d+%\])?$"
    r"|==\d+== |E   [A-Za-z])|\+{1,4} [a-z.\[]"
    r"|.*(?:\.\.\. (?:ok|FAIL|ERROR|FAILED|skipped.*|done)\s*$|::\S+ (?:PASSED|FAILED|ERROR|SKIPPED)\b)"
    r"|\S+[:(]\d+(?:[:,]\d+)?\)?: (?:fatal )?(?:error|warning|note)\b"
)
_RESULT = re.compile(
    r"=+ .*(?:test session starts|short test summary|\d+ (?:passed|failed|error)).*|test result: (?:ok|FAILED)\."
    r"|Traceback \(most recent call last\):|Ran \d+ tests? in |FAILED \((?:failures|errors)=|Tests run: \d+"
    r"|BUILD (?:SUCCESS|FAILURE|FAILED|SUCCESSFUL)|Finished: (?:SUCCESS|FAILURE|ABORTED|UNSTABLE)|There w(?:as|ere) \d+ failures?:"
    r"|error(?:\[E\d+\])?: |\d+ (?:passing|failing)\b|(?:FAIL|ok)\s+\S+\s+\d+\.\d+s$|goroutine \d+ \[|panic: "
    r"|thread '.*' panicked at|npm (?:ERR!|error)|\[ERROR\] |\d+ (?:errors?|warnings?)(?: generated\.?)?$"
    r"|\d+ (?:failed|passed)(?:, \d+ \w+)* in "
    r"|Exception in thread |\w+(?:\.\w+)+(?:Exception|Error): "
)
_FRAME = re.compile(r"\s+at \S.*[(:]|\s+File \".*\", line \d+")

_ROW = re.compile(r"[\s\u2502]*[\u2500-\u257f]|.* \| |\S+\s*$")

# What is not a log although it may hold times and errors.
_JSON_LINE = re.compile(r"\{\".*")
_FOUND = re.compile(r"(?:\.{0,2}/?[\w.@+-]+/)*[\w@+-]*(?:\.\w+|/[\w@+-]+)[:-]\d+[:-](?! ?(?:\d+: )?(?:fatal )?(?:error|warning|note)\b)")
_YAML = re.compile(r"\s*(?:- )?[\"']?[A-Za-z_][\w./-]*[\"']?:(?: \S|\s*$)|\s*- \S")
_MARKDOWN = re.compile(r"#{1,6} \S|```|~~~|\* \S|- \S|\d+\. \S|> \S|\|.*\|\s*$|\[[^\]]+\]: \S")
_CODE = re.compile(
    r"\s*(?:def |class |import |from \w+ import|return\b|if \(|for \(|while \(|public |private |const |let |var |func |fn |#include"
    r"|package |using |static |type |struct |enum |else\b|try\b|except\b|//|/\*|\* )|.*[;{}]\s*$"
)
_DIFF = re.compile(r"diff --git |@@ -\d|--- [ab]/|\+\+\+ [ab]/|index [0-9a-f]{7,}\.\.")
_LISTING = re.compile(r"[-dlbcps][-rwxsStT]{9}[.+@]? |commit [0-9a-f]{7,40}\b|\s*<[!/a-zA-Z]|total \d+$")

# Shares of the sample that make it a log: lines with a time (others belong to the line above), with
# a level, with marks of a test run or a build; and shares that make it something else.
_TIMED = 0.15
_LEAST_MIXED = 10
_LEVELLED = 0.4
_MARKED = 0.12
_OTHER = 0.5
_REPEATED = 0.6


@dataclass(frozen=True, slots=True)
class _Counts:
    total: int
    timed: int
    levelled: int
    marked: int
    results: int


def looks_like_log(text: str) -> bool:
    """Say whether a text is a log, a test run or the output of a build.

    Reads a bounded sample. Times in a line's middle, errors that a document speaks of, rows of
    search results, tables, YAML, JSON lines, source code and diffs do not make a log.

    >>> looks_like_log("\\n".join(f"2024-05-01 10:00:{i:02} INFO tick {i}" for i in range(20)))
    True
    >>> looks_like_log("# Errors\\n\\nAn error is logged when the disk is full.\\n" * 5)
    False
    """
    lines = _sample(text)
    if len(lines) < 3:
        return bool(lines) and sum(map(_is_result, lines)) >= 1
    json_lines = _share(_JSON_LINE, lines)
    if json_lines >= _OTHER:
        # Lines that are all JSON have a better notation; with others between, they are a log.
        return json_lines < 1.0 and len(lines) >= _LEAST_MIXED
    counts = _count(lines)
    if _is_other(lines, counts):
        return False
    total = counts.total
    if counts.timed >= _TIMED * total or counts.levelled >= _LEVELLED * total:
        return True
    if counts.marked + counts.results >= max(2.0, _MARKED * total):
        return True
    if counts.results >= 2 or (counts.results and counts.marked >= 2):
        return not _is_document(lines)
    return _repeats(lines)


def _sample(text: str) -> list[str]:
    """Return the lines of the sample that are not blank."""
    reach = _SAMPLE * _REACH
    if len(text) <= 3 * reach:
        lines = text.split("\n")
    else:
        middle = len(text) // 2
        lines = text[:reach].split("\n")[:-1]
        lines += text[middle : middle + reach].split("\n")[1:-1]
        lines += text[-reach:].split("\n")[1:]
    if len(lines) > 3 * _SAMPLE:
        half = len(lines) // 2
        lines = [*lines[:_SAMPLE], *lines[half : half + _SAMPLE], *lines[-_SAMPLE:]]
    return [line[:_REACH] for line in lines if line.strip()]


def _is_result(line: str) -> bool:
    return _RESULT.match(line.lstrip()) is not None


def _count(lines: list[str]) -> _Counts:
    timed = levelled = marked = results = 0
    for line in lines:
        if _STAMP.match(line) or _LOGFMT.match(line):
            timed += 1
        elif _LEVEL.match(line):
            levelled += 1
        elif _RUN.match(line) or _FRAME.match(line):
            marked += 1
        if _is_result(line):
            results += 1
    return _Counts(len(lines), timed, timed + levelled, marked, results)


def _share(pattern: re.Pattern[str], lines: list[str]) -> float:
    return sum(pattern.match(line) is not None for line in lines) / len(lines)


def _is_other(lines: list[str], counts: _Counts) -> bool:
    """Say whether the lines plainly are something that only resembles a log."""
    if any(_DIFF.match(line) for line in lines[:40]) and _share(_DIFF, lines) > 0.02:
        return True
    if _share(_LISTING, lines) >= _OTHER / 2 or _is_table(lines):
        return True
    if counts.timed >= _OTHER * counts.total:
        return False
    found = sum(_FOUND.match(line) is not None and not _STAMP.match(line) for line in lines)
    if found >= _OTHER * len(lines):
        return True
    if counts.marked >= _MARKED * counts.total or counts.levelled >= _LEVELLED * counts.total:
        return False
    return _is_document(lines)


def _is_document(lines: list[str]) -> bool:
    if _share(_YAML, lines) >= _OTHER or _share(_CODE, lines) >= _OTHER:
        return True
    headings = sum(line.startswith(("# ", "## ", "### ", "```", "~~~")) for line in lines)
    return headings >= 2 and _share(_MARKDOWN, lines) >= 0.1


def _is_table(lines: list[str]) -> bool:
    """Say whether the lines are rows with the same number of separators."""
    for sign, least in ((",", 2), ("\t", 1), ("|", 2)):
        tally = Counter(line.count(sign) for line in lines)
        number, rows = tally.most_common(1)[0]
        if number >= least and rows >= 0.9 * len(lines):
            # Loggers write fixed separators too; a table's first line names the columns.
            first = lines[0]
            if not _STAMP.match(first) and not any(c.isdigit() for c in first):
                return True
    return False


def _repeats(lines: list[str]) -> bool:
    """Say whether most lines are prose-like and the same but for their numbers."""
    if len(lines) < 12 or _is_document(lines) or _share(_ROW, lines) >= _OTHER:
        return False
    if lines[0].count(",") >= 3 and " " not in lines[0]:
        return False
    keys = Counter(re.sub(r"\S*\d\S*", "0", line) for line in lines)
    repeated = sum(n for key, n in keys.items() if n >= 4 and len(key.split()) >= 3)
    return repeated >= _REPEATED * len(lines)
