"""Recognise what version control prints: patches, logs, blame, statistics."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom.compressors.interface import Content
from headroom.notation.blame import read_blamed
from headroom.notation.patch_commits import is_stat_row, is_totals
from headroom.notation.patches import is_commit, starts_file
from headroom.routing.sample import sample_of

DIFF = "diff"
HISTORY = "history"
BLAME = "blame"
STATISTICS = "diffstat"
STATUS = "status"

# A patch may stand below a line or two: the command itself, files that exist on one side only.
_GLANCE = 12
_SHARE = 0.8
_NEARLY_ALL = 0.9
_FEWEST_ROWS = 4

# How lines of a patch start: those of hunks, headers of files, heads of commits.
_OF_PATCH = re.compile(
    r"[ +\-@\\<>\t]|$|\d+(?:,\d+)?[acd]\d|diff |index |old mode |new mode |new file |deleted file "
    r"|similarity |dissimilarity |rename |copy |Binary files |Only in |Submodule |Index: |====="
    r"|commit |Merge: |Author: |AuthorDate: |Commit: |CommitDate: |Date: |From |From: |Subject: "
    r"|[MADRCTU]\d{0,3}\t|\d+\t\d+\t|:\d{6} "
    r"|Notes:|gpg: |Property changes on: |Modified: |Added: |Deleted: |___"
)
_ONE_LINE = re.compile(r"[*|\\/_ ]{0,40}([0-9a-f]{7,40}) (?:\([^)]{1,400}\) )?\S")
_STATUS = re.compile(r"On branch |HEAD detached (?:at|from) |Not currently on any branch")
_STATUS_LINE = re.compile(r"\t|  \(use |[A-Z][^\n]*:$|On branch |HEAD |Your branch |$|no changes ")


def find_diff(content: Content) -> str | None:
    r"""Return what a text shows of versions of files, or None if it plainly is something else.

    >>> from headroom.counting.o200k import O200kCounter
    >>> find_diff(Content("--- a.py\n+++ b.py\n@@ -1 +1 @@\n-x\n+y\n", O200kCounter()))
    'diff'
    """
    sample = sample_of(content)
    if not sample.lines:
        return None
    return _of_rows(sample.lines) or _of_patch(sample.pieces[0], sample.lines)


def _of_rows(lines: Sequence[str]) -> str | None:
    first = lines[0]
    if _STATUS.match(first) and _share(lines, _STATUS_LINE) >= _SHARE:
        return STATUS
    if is_stat_row(first) and _is_statistics(lines):
        return STATISTICS
    if read_blamed(first) and _is_blame(lines):
        return BLAME
    if _ONE_LINE.match(first) and _is_one_line_log(lines):
        return HISTORY
    return None


def _of_patch(piece: Sequence[str], lines: Sequence[str]) -> str | None:
    if not _starts_patch(piece) or _share(lines, _OF_PATCH) < _SHARE:
        return None
    is_patch = any(line.startswith(("diff ", "--- ", "@@")) for line in lines)
    return DIFF if is_patch else HISTORY


def _starts_patch(piece: Sequence[str]) -> bool:
    """Say whether a patch or a commit starts among the first lines."""
    return any(
        line.startswith(("diff ", "commit ", "From ", "--- ", "Index: "))
        and (is_commit(line) or starts_file(piece, at))
        for at, line in enumerate(piece[:_GLANCE])
    )


def _share(lines: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(pattern.match(line) is not None for line in lines) / len(lines)


def _is_statistics(lines: Sequence[str]) -> bool:
    rows = sum(map(is_stat_row, lines))
    others = len(lines) - rows - sum(map(is_totals, lines))
    return rows >= _FEWEST_ROWS and others <= (1 - _NEARLY_ALL) * len(lines)


def _is_blame(lines: Sequence[str]) -> bool:
    rows = sum(read_blamed(line) is not None for line in lines)
    return rows >= _FEWEST_ROWS and rows >= _NEARLY_ALL * len(lines)


def _is_one_line_log(lines: Sequence[str]) -> bool:
    found = [m[1] for line in lines if (m := _ONE_LINE.match(line))]
    if len(found) < max(_FEWEST_ROWS, _NEARLY_ALL * len(lines)):
        return False
    # Numbers are made of digits too, and other hashes are longer than those that people read.
    letters = sum(not value.isdigit() for value in found)
    return letters >= len(found) // 2 and max(map(len, found)) - min(map(len, found)) <= 4
