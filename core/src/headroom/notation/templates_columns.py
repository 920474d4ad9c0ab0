"""The columns of a template: what is constant after all, what repeats, what is aligned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import eq

from headroom.notation.templates_grammar import EXACT
from headroom.notation.templates_mining import Mined, Template

# A column is written as the copy of another if it equals it in this share of the rows.
_COPY_SHARE = 0.9
_MOST_COPY_SOURCES = 24

# Shared ends of a column's values move into the template from this length on, in characters.
_SHORTEST_PREFIX = 3


@dataclass(slots=True)
class Plan:
    """How one template, or the common start of lines, is written.

    Args:
        pieces: Constant text before, between and after the columns.
        rows: The values of each line.
        copies: For each column the value of the same line that a blank stands for, counted from
            the first value of the line; -1 where a blank stands for the value above.
        widths: For each column the width in which its cells are aligned to the right, or 0.
        number: Number of the template, 0 until it is first written.
        previous: Values of the line of this template that was written last.
    """

    pieces: list[str]
    rows: list[tuple[str, ...]]
    copies: list[int]
    widths: list[int]
    number: int = 0
    previous: tuple[str, ...] = ()
    _aligned: list[tuple[int, int]] = field(init=False)
    _copied: list[tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        """Note which columns need more than a comparison: most need no more."""
        self._aligned = [(j, width) for j, width in enumerate(self.widths) if width]
        self._copied = [(j, source) for j, source in enumerate(self.copies) if source >= 0]

    @property
    def has_copies(self) -> bool:
        """True if a blank of some column stands for another value of the line."""
        return bool(self._copied)

    def cells(self, values: tuple[str, ...], line: tuple[str, ...]) -> list[str]:
        """Return what to write for ``values``; ``line`` holds all values of the line."""
        cells = ["" if a == b else a for a, b in zip(values, self.previous)]  # noqa: B905
        for j, width in self._aligned:
            if cells[j]:
                cells[j] = _aligned(cells[j], width)
        for j, source in self._copied:
            cells[j] = "" if values[j] == line[source] else values[j]
        return cells

    def exemplar(self, values: tuple[str, ...], marks: str) -> str:
        """Return the template with ``values`` in marks."""
        opening, closing = marks[0], marks[1]
        text = [self.pieces[0]]
        for value, source, piece in zip(values, self.copies, self.pieces[1:], strict=True):
            text += (opening, value if source < 0 else f"={source + 1}", closing, piece)
        return "".join(text)


def plan_header(mined: Mined, marks: str) -> Plan | None:
    """Return the plan of the common start of lines, or None if there is none to speak of."""
    if not mined.header_columns or any(c in piece for piece in mined.header for c in marks):
        return None
    rows = [head for head in mined.heads if head is not None]
    columns = list(zip(*rows, strict=True))
    copies = [_copy_source(column, columns[:j]) for j, column in enumerate(columns)]
    return Plan(list(mined.header), rows, copies, _widths(rows[0], copies), previous=rows[0])


def plan_template(template: Template, mined: Mined) -> Plan:
    """Return the plan of a template: constant columns and shared ends become its text."""
    pieces = [template.pieces[0]]
    kept: list[Sequence[str]] = []
    for column, piece in zip(zip(*template.rows, strict=True), template.pieces[1:], strict=True):
        if column.count(column[0]) == len(column):
            pieces[-1] += column[0] + piece
            continue
        before, behind = _shared_ends(column)
        pieces[-1] += before
        if before or behind:
            kept.append([v[len(before) : len(v) - len(behind)] for v in column])
        else:
            kept.append(column)
        pieces.append(behind + piece)
    heads: list[Sequence[str]] = []
    if template.headed:
        heads = list(zip(*(mined.heads[i] or () for i in template.lines), strict=True))
    copies = [_copy_source(column, [*heads, *kept[:j]]) for j, column in enumerate(kept)]
    rows: list[tuple[str, ...]] = [()] * len(template.lines)
    if kept:
        rows = list(zip(*kept, strict=True))
    return Plan(pieces, rows, copies, _widths(rows[0], copies))


def _widths(first: tuple[str, ...], copies: list[int]) -> list[int]:
    return [
        len(value) if value.startswith(" ") and source < 0 else 0
        for value, source in zip(first, copies, strict=True)
    ]


def _aligned(value: str, width: int) -> str:
    bare = value.lstrip(" ")
    if bare.rjust(width) == value:
        return bare
    return value if value.startswith(" ") else EXACT + value


def _copy_source(column: Sequence[str], others: Sequence[Sequence[str]]) -> int:
    """Return which of the columns before it this one repeats, or -1."""
    count = len(column)
    middle = count // 2
    best, most = -1, max(sum(map(eq, column, column[1:])), int(_COPY_SHARE * count) - 1)
    for i, other in enumerate(others[:_MOST_COPY_SOURCES]):
        # The line that shows the template must hold; two more places rule out most others.
        if column[0] != other[0] or (column[-1], column[middle]) != (other[-1], other[middle]):
            continue
        votes = sum(map(eq, column, other))
        if votes > most:
            best, most = i, votes
    return best


def _shared_ends(column: Sequence[str]) -> tuple[str, str]:
    """Return what all values start with, a word and a sign, and end with, a unit or a sign."""
    before = _shared_start(min(column), max(column))
    while before and before[-1].isalnum():
        before = before[:-1]
    if len(before) < _SHORTEST_PREFIX or not before[0].isalpha():
        before = ""
    turned = [value[::-1] for value in column]
    behind = _shared_start(min(turned), max(turned))
    bare = 0
    while bare < len(behind) and not behind[bare].isdigit():
        bare += 1
    behind = behind[:bare][::-1]
    shortest = min(map(len, column))
    if behind and not all(v[: len(v) - len(behind)][-1:].isdigit() for v in column):
        behind = ""
    if len(before) + len(behind) >= shortest:
        return "", ""
    return before, behind


def _shared_start(low: str, high: str) -> str:
    """Return what two strings start with; for the least and the greatest of many, what all do."""
    for i, (a, b) in enumerate(zip(low, high, strict=False)):
        if a != b:
            return low[:i]
    return low[: len(high)]
