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

# Lines of context that a kept hit brings along on each side.
_CONTEXT = 2


@dataclass(frozen=True, slots=True)
class SearchRows:
    """A search result's lines, and what each of them is.

    Args:
        lines: The text's lines; the empty one behind a final line break is left out.
        hits: The hits, in order.
        context: Per line, the file whose context the line is; "" for other lines.
        heading_of: Per hit, the index of the heading line that names its file; -1: its own line
            does, or nothing.
        strays: Indices of lines that are neither hit, context, heading, separator nor blank.
    """

    lines: Sequence[str]
    hits: Sequence[Hit]
    context: Sequence[str]
    heading_of: Sequence[int]
    strays: Sequence[int]

    @property
    def context_lines(self) -> int:
        """Lines of context."""
        return sum(1 for path in self.context if path)

    def around(self, position: int) -> list[int]:
        """Return the indices of a hit's context lines: up to two on each side."""
        at = self.hits[position].index
        near: list[int] = []
        for step in (-1, 1):
            for distance in range(1, _CONTEXT + 1):
                index = at + step * distance
                if not 0 <= index < len(self.lines) or not self.context[index]:
                    break
                near.append(index)
        return near

    def unit_text(self, position: int) -> str:
        """Return a hit's line with its context: what a question is compared with."""
        indices = sorted([self.hits[position].index, *self.around(position)])
        return "\n".join(self.lines[index] for index in indices)

    def is_separator(self, index: int) -> bool:
        """Say whether a line only separates groups of rows."""
        return self.lines[index].rstrip("\r") == _SEPARATOR


# A context line without a path (one file searched) belongs to this owner.
ONLY_FILE = "this file"


def read_rows(lines: Sequence[str]) -> SearchRows:
    r"""Take a search result apart.

    >>> rows = read_rows(["a.py:1:x", "a.py-2-y", "--", "b.py:9:z"])
    >>> [hit.path for hit in rows.hits], list(rows.context)
    (['a.py', 'b.py'], ['', 'a.py', '', ''])
    """
    if lines and not lines[-1]:
        lines = lines[:-1]
    hits: list[Hit] = []
    headings: list[int] = []
    context = [""] * len(lines)
    strays: list[int] = []
    current, heading = "", -1
    for index, line in enumerate(lines):
        row = read_row(line, current)
        if row is not None:
            current, heading = row.path, -1
            if row.joint == "-":
                context[index] = current
            else:
                hits.append(Hit(index, current, row.content))
                headings.append(-1)
            continue
        found = _BARE.match(line)
        if found is not None and (found[1] is None or found[2] == ":"):
            hits.append(Hit(index, current, found[4] if found[1] is None else found[3]))
            headings.append(heading)
        elif found is not None:
            context[index] = current or ONLY_FILE
        elif line and line != _SEPARATOR and not line.isspace():
            if _is_heading(line):
                current, heading = line.rstrip("\r"), index
            else:
                strays.append(index)
    return SearchRows(lines, hits, context, headings, _unclaimed(lines, strays, headings))


def _is_heading(line: str) -> bool:
    return looks_like_path(line.rstrip("\r")) and has_known_name(line.rstrip("\r"))


def _unclaimed(lines: Sequence[str], strays: list[int], headings: Sequence[int]) -> list[int]:
    # A path on a line of its own that no hit follows is a stray line after all.
    claimed = set(headings)
    lonely = [i for i, line in enumerate(lines) if line and _is_heading(line) and i not in claimed]
    return sorted({*strays, *lonely}) if lonely else strays
