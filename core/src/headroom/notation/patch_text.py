"""A whole patch or log in fewer tokens, every byte of which comes back.

The header of a file in git's diffs stands on one line (`headroom.notation.patch_headers`), hunks
with the lines of an earlier one point to it, and what repeats above the messages of a log is left
out (`headroom.notation.patch_commits`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom.errors import DecodingError
from headroom.notation.diffstat import NOTE as STATISTICS_NOTE
from headroom.notation.diffstat import decode_diffstat, encode_diffstat
from headroom.notation.patch_commits import (
    author_at,
    author_of,
    with_totals,
    without_totals,
)
from headroom.notation.patch_headers import decode_header, encode_header, looks_written
from headroom.notation.patches import Commit, FilePatch, Hunk, read_hunk, read_patch

HEADERS = (
    "diff PATH (OLD..NEW MODE) = git's diff, index, --- and +++ lines, MODE 100644 if not said"
)
AUTHORS = "no Author = that above"
TOTALS = "no totals = those of the rows"
FOLDERS = STATISTICS_NOTE
REPEATS = "[same lines as @@ A @@] = those of the first hunk at A"

_SAME = "[same lines as "
_RANGES = re.compile(r"@@+ .*? @@+")

# A hunk with fewer characters than this costs as much as a reference to another.
_SHORTEST_BODY = 160

# A text that grows more than this by decoding was not written by us.
_MOST_GROWTH = 200


def encode_patch(lines: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """Return the lines of the notation and the notes that a reader needs; None if nothing helps."""
    parts = read_patch(lines)
    commits = [lines[part.start : part.end] for part in parts if isinstance(part, Commit)]
    encoder = _Encoder(
        lines,
        # What is left out must come back in every commit.
        authors=all(author_of(commit) is not None for commit in commits),
        folders=not any(line.startswith("\t") for commit in commits for line in commit),
        totals=all(with_totals(without_totals(commit)) == list(commit) for commit in commits),
    )
    for part in parts:
        if isinstance(part, Commit):
            encoder.add_commit(lines[part.start : part.end])
        elif isinstance(part, FilePatch):
            encoder.add_file(part)
        else:
            encoder.add_literal(lines[part.start : part.end])
    if encoder.is_ambiguous or not encoder.notes:
        return None
    return encoder.body, list(encoder.notes)


class _Encoder:
    def __init__(self, lines: Sequence[str], *, authors: bool, totals: bool, folders: bool) -> None:
        self.lines = lines
        self.authors = authors
        self.totals = totals
        self.folders = folders
        self.body: list[str] = []
        # In the order in which they were first needed.
        self.notes: dict[str, None] = {}
        self.is_ambiguous = False
        self._author: str | None = None
        self._bodies: dict[str, str] = {}
        self._ranges: set[str] = set()

    def add_literal(self, lines: Sequence[str]) -> None:
        if any(looks_written(line) or line.startswith(_SAME) for line in lines):
            self.is_ambiguous = True
        self.body += lines

    def add_commit(self, lines: Sequence[str]) -> None:
        head = without_totals(lines) if self.totals else list(lines)
        if len(head) < len(lines):
            self.notes[TOTALS] = None
        rows = encode_diffstat(head) if self.folders else None
        if rows is not None and rows != head:
            head = rows
            self.notes[FOLDERS] = None
        author = author_of(head)
        if self.authors and author is not None and author == self._author:
            del head[author_at(head)]
            self.notes[AUTHORS] = None
        elif author is not None:
            self._author = author
        self.add_literal(head)

    def add_file(self, file: FilePatch) -> None:
        header = self.lines[file.start : file.header_end]
        short = encode_header(header)
        if short is None:
            self.add_literal(header)
        else:
            self.body.append(short)
            self.notes[HEADERS] = None
        for hunk in file.hunks:
            self._add_hunk(hunk)

    def _add_hunk(self, hunk: Hunk) -> None:
        head = self.lines[hunk.start]
        body = list(self.lines[hunk.start + 1 : hunk.end])
        self.body.append(head)
        key = ranges_of(head)
        text = "\n".join(body)
        same = self._bodies.get(text) if len(text) >= _SHORTEST_BODY else None
        if same is not None:
            self.body.append(f"{_SAME}{same}]")
            self.notes[REPEATS] = None
            return
        self.body += body
        if key and key not in self._ranges:
            self._ranges.add(key)
            self._bodies.setdefault(text, key)


def ranges_of(head: str) -> str:
    """Return the line numbers that a hunk's first line says, without what stands behind them.

    >>> ranges_of("@@ -4,7 +4,7 @@ def go():")
    '@@ -4,7 +4,7 @@'
    """
    found = _RANGES.match(head)
    return found[0] if found else ""


def decode_patch(body: Sequence[str], notes: Sequence[str]) -> list[str]:
    """Undo `encode_patch`.

    Raises:
        DecodingError: If the body is not in this notation.
    """
    lines = _expanded(body)
    whole: list[str] = []
    author: str | None = None
    for part in read_patch(lines):
        some = lines[part.start : part.end]
        if isinstance(part, Commit):
            if AUTHORS in notes:
                author = author_of(some) or author
                if author_of(some) is None and author is not None:
                    some.insert(author_at(some), author)
            if FOLDERS in notes:
                some = decode_diffstat(some)
            if TOTALS in notes:
                some = with_totals(some)
        whole += some
    return whole


def _expanded(body: Sequence[str]) -> list[str]:
    lines: list[str] = []
    bodies: dict[str, Sequence[str]] = {}
    room = _MOST_GROWTH * sum(len(line) + 1 for line in body)
    at = 0
    while at < len(body):
        line = body[at]
        at += 1
        if looks_written(line):
            lines += decode_header(line)
            continue
        lines.append(line)
        hunk = read_hunk(body, at - 1) if line.startswith("@@") else None
        if hunk is None:
            continue
        key = ranges_of(line)
        if at < len(body) and body[at].startswith(_SAME):
            same = bodies.get(body[at][len(_SAME) : -1])
            room -= sum(len(copied) + 1 for copied in same or ())
            if same is None or room < 0:
                raise DecodingError("a hunk as another that does not stand before it")
            lines += same
            at += 1
            continue
        copied = body[at : hunk.end]
        bodies.setdefault(key, copied)
        lines += copied
        at = hunk.end
    return lines
