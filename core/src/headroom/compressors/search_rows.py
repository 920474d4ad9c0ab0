"""A search result taken apart: hits, their context, headings, and lines that are none of these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.notation.headings_rows import looks_like_path, read_row
from headroom.routing.search_kind import has_known_name
from headroom.selection.hits import Hit

# Rows below a heading, or of a single file: ``12:content``, ``12-context``, and ESLint's
# ``  12:5  error  message``.
_BARE = re.compile(r"([0-9]{1,9})([:-])(.*)|\s{1,6}[0-9]{1,9}:[0-9]{1,9}\s+(\S.*)", re.DOTALL)
_SEPARATOR = "--"

# How far a context line looks for the hit that it belongs to, in rows.
_FARTHEST_HIT = 12


@dataclass(frozen=True, slots=True)
class SearchRows:
    """A search result's lines, and what each of them is.

    Args:
        lines: The text's lines; the empty one behind a final line break is left out.
        rows: Hits and context lines, in order.
        group: Per row, the number of the run of rows of one file in which it stands.
        hits: Positions of the rows that are hits.
        heading: Per row, the index of the heading line that names its file; -1: its own line
            does, or nothing.
        strays: Indices of lines that are neither row, heading, separator nor blank.
    """

    lines: Sequence[str]
    rows: Sequence[Hit]
    group: Sequence[int]
    hits: Sequence[int]
    heading: Sequence[int]
    strays: Sequence[int]

    def beside(self, position: int) -> list[int]:
        """Return positions of the rows that should stand with a row.

        These are the context lines next to it, and for a context line the nearest hit.
        """
        if len(self.hits) == len(self.rows):
            return []
        near = [
            i
            for i in (position - 1, position + 1)
            if self._together(position, i) and self.rows[i].is_context
        ]
        if self.rows[position].is_context:
            for distance in range(1, _FARTHEST_HIT + 1):
                for i in (position - distance, position + distance):
                    if self._together(position, i) and not self.rows[i].is_context:
                        return [*near, i]
        return near

    def _together(self, one: int, other: int) -> bool:
        return 0 <= other < len(self.rows) and self.group[one] == self.group[other]

    def is_separator(self, index: int) -> bool:
        """Say whether a line only separates groups of rows."""
        return self.lines[index].rstrip("\r") == _SEPARATOR


# A context line without a path (one file searched) belongs to this owner.
ONLY_FILE = "this file"


class _Parser:
    def __init__(self) -> None:
        self.rows: list[Hit] = []
        self.group: list[int] = []
        self.heading: list[int] = []
        self.path = ""
        self.under = -1
        self.groups = 0
        self.last = -2

    def row(self, index: int, content: str, *, is_context: bool) -> None:
        path = self.path or ONLY_FILE
        follows = self.last == index - 1 and self.rows[-1].path == path
        self.groups += not follows
        self.last = index
        self.rows.append(Hit(index, path, content, is_context))
        self.group.append(self.groups)
        self.heading.append(self.under)


def read_rows(lines: Sequence[str]) -> SearchRows:
    r"""Take a search result apart.

    >>> found = read_rows(["a.py:1:x", "a.py-2-y", "--", "b.py:9:z"])
    >>> [row.path for row in found.rows], found.hits
    (['a.py', 'a.py', 'b.py'], [0, 2])
    """
    if lines and not lines[-1]:
        lines = lines[:-1]
    parser = _Parser()
    strays: list[int] = []
    headings: list[int] = []
    for index, line in enumerate(lines):
        row = read_row(line, parser.path)
        if row is not None:
            parser.path, parser.under = row.path, -1
            parser.row(index, row.content, is_context=row.joint == "-")
            continue
        found = _BARE.match(line)
        if found is not None:
            content = found[3] if found[1] else found[4]
            parser.row(index, content, is_context=found[2] == "-")
        elif line and line != _SEPARATOR and not line.isspace():
            if _is_heading(line):
                parser.path, parser.under = line.rstrip("\r"), index
                headings.append(index)
            else:
                strays.append(index)
    # A path on a line of its own that no row follows is a stray line after all.
    claimed = set(parser.heading)
    strays = sorted([*strays, *(index for index in headings if index not in claimed)])
    hits = [i for i, row in enumerate(parser.rows) if not row.is_context]
    return SearchRows(lines, parser.rows, parser.group, hits, parser.heading, strays)


def _is_heading(line: str) -> bool:
    path = line.rstrip("\r")
    return looks_like_path(path) and has_known_name(path)
