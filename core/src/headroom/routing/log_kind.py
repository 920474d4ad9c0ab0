"""Recognising logs, test runs and build output from a bounded sample of lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from headroom.routing.log_signs import (
    DIFF,
    FOUND,
    LEVEL,
    LISTING,
    LOGFMT,
    MARKDOWN,
    ROW,
    STAMP,
    YAML,
    is_code,
    is_result,
    is_step,
)
from headroom.routing.sample import Sample, take_sample

# A glance rules most texts out; its lines differ if so large a share is unlike.
_VARIED = 0.7

# A word with a digit in it, where lines are compared; only word starts are tried.
_NUMBER = re.compile(r"(?<!\S)[^\s\d]*\d\S*")
_LETTERS = re.compile(r"[^\W\d_]{2,}")

# Shares of the sample that make it a log: lines with a time (others belong to the line above), with
# a level, with marks of a test run or a build; and shares that make it something else.
_TIMED = 0.15
_LEAST_MIXED = 10
_LEVELLED = 0.4
_MARKED = 0.12
_OTHER = 0.5
_CODE = 0.35
_REPEATED = 0.6


@dataclass(frozen=True, slots=True)
class _Counts:
    total: int
    timed: int
    levelled: int
    marked: int
    results: int


def looks_like_log(text: str, sample: Sample | None = None) -> bool:
    """Say whether a text is a log, a test run or the output of a build.

    Times in a line's middle, errors that a document speaks of, rows of
    search results, tables, YAML, JSON lines, source code and diffs do not make a log.

    Args:
        text: The text.
        sample: Its sample, where there is one already.

    >>> looks_like_log("\\n".join(f"2024-05-01 10:00:{i:02} INFO tick {i}" for i in range(20)))
    True
    >>> looks_like_log("# Errors\\n\\nAn error is logged when the disk is full.\\n" * 5)
    False
    """
    sample = sample or take_sample(text)
    lines = sample.lines
    if len(lines) < 3:
        return any(map(is_result, lines))
    json_lines = sum([line.startswith('{"') for line in lines]) / len(lines)
    if json_lines >= _OTHER:
        # Lines that are all JSON have a better notation; with others between, they are a log.
        return json_lines < 1.0 and len(lines) >= _LEAST_MIXED
    if len(lines) > len(sample.glance) and _is_plainly_other(lines, sample.glance):
        return False
    if _is_listed(lines, sample.glance):
        return False
    counts = _count(lines)
    if _is_other(lines, counts):
        return False
    total = counts.total
    if not counts.timed and not counts.results and _has_headings(lines):
        return False
    if counts.timed >= _TIMED * total or counts.levelled >= _LEVELLED * total:
        return True
    if counts.marked + counts.results >= max(2.0, _MARKED * total):
        return True
    if counts.results >= 2 or (counts.results and counts.marked >= 2):
        return not _is_document(lines)
    return _repeats(lines)


def _is_plainly_other(lines: list[str], few: list[str]) -> bool:
    """Say whether a few of the lines show no sign of a log, nor the others a result."""
    counts = _count(few)
    if counts.timed or counts.levelled or counts.marked or counts.results:
        return False
    if _is_document(few):
        return True
    shapes = len(set(_NUMBER.sub("0", "\n".join(few)).split("\n")))
    return shapes > _VARIED * len(few) and not any(map(is_result, lines))


def _count(lines: list[str]) -> _Counts:
    timed = levelled = marked = results = 0
    for line in lines:
        if STAMP.match(line) or ("=" in line and LOGFMT.match(line)):
            timed += 1
        elif LEVEL.match(line):
            levelled += 1
        elif is_step(line):
            marked += 1
        if is_result(line):
            results += 1
    return _Counts(len(lines), timed, timed + levelled, marked, results)


def _share(pattern: re.Pattern[str], lines: list[str]) -> float:
    return sum([pattern.match(line) is not None for line in lines]) / len(lines)


def _is_listed(lines: list[str], few: list[str]) -> bool:
    """Say whether the lines are a diff, a listing, HTML or a table."""
    if any(DIFF.match(line) for line in lines[:40]) and _share(DIFF, lines) > 0.02:
        return True
    if _share(LISTING, few) >= _OTHER or _share(LISTING, lines) >= _OTHER / 2:
        return True
    return _is_table(lines)


def _is_other(lines: list[str], counts: _Counts) -> bool:
    """Say whether the lines plainly are something that only resembles a log."""
    if counts.timed >= _OTHER * counts.total:
        return False
    found = sum([FOUND.match(line) is not None and not STAMP.match(line) for line in lines])
    if found >= _OTHER * len(lines):
        return True
    if counts.marked >= _MARKED * counts.total or counts.levelled >= _LEVELLED * counts.total:
        return False
    return _is_document(lines)


def _is_document(lines: list[str]) -> bool:
    if _share(YAML, lines) >= _OTHER or sum(map(is_code, lines)) / len(lines) >= _CODE:
        return True
    return _has_headings(lines)


def _has_headings(lines: list[str]) -> bool:
    """Say whether the lines are of a Markdown document."""
    headings = sum([line.startswith(("# ", "## ", "### ", "```", "~~~")) for line in lines])
    return headings >= 2 and _share(MARKDOWN, lines) >= 0.1


def _is_table(lines: list[str]) -> bool:
    """Say whether the lines are rows with the same number of separators."""
    together = "\n".join(lines)
    for sign, least in ((",", 2), ("\t", 1), ("|", 2)):
        if together.count(sign) < 0.9 * least * len(lines):
            continue
        tally = Counter([line.count(sign) for line in lines])
        number, rows = tally.most_common(1)[0]
        if number >= least and rows >= 0.9 * len(lines):
            # Loggers write fixed separators too; a table's first line names the columns.
            first = lines[0]
            if not STAMP.match(first) and not any(c.isdigit() for c in first):
                return True
    return False


def _repeats(lines: list[str]) -> bool:
    """Say whether most lines are prose-like and the same but for their numbers."""
    if len(lines) < 12 or _is_document(lines) or _share(ROW, lines) >= _OTHER:
        return False
    if lines[0].count(",") >= 3 and " " not in lines[0]:
        return False
    keys = Counter(_NUMBER.sub("0", "\n".join(lines)).split("\n"))
    repeated = sum([n for key, n in keys.items() if n >= 4 and len(_LETTERS.findall(key)) >= 3])
    return repeated >= _REPEATED * len(lines)
