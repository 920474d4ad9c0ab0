"""The entries of a plain text of lines: what is indented below a line belongs to it.

Help pages, listings of settings, outlines and reports are written so: an option and what it does,
a name and its fields. An entry is a line with everything indented below it; a large one is divided
into its first line, which stays as a heading wherever a part of it stays, and the entries inside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.selection.passages import Role, Unit

# An entry of more lines, or of more characters, is divided into the entries inside it.
_MOST_LINES = 12
_MOST_CHARACTERS = 1_200

# A divided paragraph has pieces of so many lines at most.
_MOST_TOGETHER = 4

_TAB = 8

# Rulers, and the bars that pydoc draws beside the members of a class, count as indentation.
_INDENT = re.compile(r"[ \t|]*")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    indent: int


def read_entries(text: str) -> list[Unit]:
    r"""Return the entries of a text, in order; every line that is not blank is in exactly one.

    >>> [text[u.start : u.end] for text in ["-a  all\n-b  both\n    at once\n"]
    ...  for u in read_entries(text)]
    ['-a  all', '-b  both\n    at once']
    """
    lines = _lines(text)
    reach = _reach(lines)
    units: list[Unit] = []
    open_headings: list[tuple[int, int]] = []  # (indent, unit)
    at = block = 0
    while at < len(lines):
        line = lines[at]
        while open_headings and open_headings[-1][0] >= line.indent:
            open_headings.pop()
        needs = tuple(unit for _, unit in open_headings[-1:])
        end = reach[at]
        if end > at + 1 and not _is_small(lines, at, end):
            open_headings.append((line.indent, len(units)))
            level = len(open_headings)
            units.append(Unit(line.start, line.end, Role.HEADING, block, needs, level))
            at += 1
        else:
            if end == at + 1:
                end = _paragraph(text, lines, reach, at)
            units.append(Unit(line.start, lines[end - 1].end, Role.ITEM, block, needs))
            at = end
        block += 1
    return units


def _lines(text: str) -> list[_Line]:
    """Return the lines that are not blank."""
    found = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        inside = _INDENT.match(line)
        width = inside.end() if inside else 0
        if width < len(line.rstrip()):
            indent = width if "\t" not in line[:width] else len(line[:width].expandtabs(_TAB))
            found.append(_Line(start, end, indent))
        start = end + 1
    return found


def _reach(lines: Sequence[_Line]) -> list[int]:
    """Return for each line the index after the last line that is indented below it."""
    reach = [0] * len(lines)
    waiting: list[int] = []
    for i, line in enumerate(lines):
        while waiting and lines[waiting[-1]].indent >= line.indent:
            reach[waiting.pop()] = i
        waiting.append(i)
    for i in waiting:
        reach[i] = len(lines)
    return reach


def _is_small(lines: Sequence[_Line], start: int, end: int) -> bool:
    length = lines[end - 1].end - lines[start].start
    return end - start <= _MOST_LINES and length <= _MOST_CHARACTERS


def _paragraph(text: str, lines: Sequence[_Line], reach: Sequence[int], start: int) -> int:
    """Return the index after the lines that go on where the first one was wrapped.

    Only a line that ends in the middle of a sentence goes on, and only without a blank line.
    """
    end = start + 1
    while (
        end < len(lines)
        and end - start < _MOST_TOGETHER
        and lines[end].start == lines[end - 1].end + 1
        and lines[end].indent == lines[start].indent
        and reach[end] == end + 1
        and _goes_on(text, lines[end - 1], lines[end])
    ):
        end += 1
    return end


def _goes_on(text: str, line: _Line, following: _Line) -> bool:
    first = text[following.start + following.indent : following.start + following.indent + 1]
    return first.islower() and text[line.end - 1 : line.end].isalnum()
