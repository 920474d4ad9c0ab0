"""Records drawn line by line: psql's expanded display, and MySQL's ``\\G``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from headroom.notation.grid import WIDEST, Align

_OPENING = re.compile(r"(-\[ RECORD )(\d{1,9})( \])([-+]*)|(\*{3,60} )(\d{1,9})(\. row \*{3,60})()")
_NAME = re.compile(r"( *)([^|:]*?)( *)( \| |: )")
_FEWEST = 2


@dataclass(frozen=True)
class Records:
    """How records are written: a line with a number, then a line for each value.

    Args:
        names: What stands before the values.
        opening: What stands before the number.
        closing: What stands behind it.
        length: Characters that the line with the number is filled up to with dashes; 0: none.
        cross: Where among the dashes a cross stands; 0: nowhere.
        gap: What stands between name and value.
        align: How the names are padded to the longest of them.
    """

    names: tuple[str, ...]
    opening: str
    closing: str
    length: int
    cross: int
    gap: str
    align: Align

    @cached_property
    def _dashes(self) -> str:
        line = "-" * self.length
        return f"{line[: self.cross]}+{line[self.cross + 1 :]}" if self.cross else line

    @cached_property
    def _starts(self) -> list[str]:
        width = max(map(len, self.names), default=0)
        return [f"{name:{self.align}{width}}{self.gap}" for name in self.names]

    def render(self, values: Sequence[str]) -> str:
        r"""Return a record; the first of the values is its number.

        >>> Records(("id", "name"), "-[ RECORD ", " ]", 16, 0, " | ", "<").render(["1", "7", "a"])
        '-[ RECORD 1 ]---\nid   | 7\nname | a'
        """
        label = f"{self.opening}{values[0]}{self.closing}"
        pairs = zip(self._starts, values[1:], strict=True)
        return "\n".join(
            [label + self._dashes[len(label) :], *[start + value for start, value in pairs]]
        )


def is_opening(line: str) -> bool:
    """Say whether a record begins with a line.

    >>> is_opening("-[ RECORD 1 ]----+---"), is_opening("*** 1. row ***"), is_opening("- [1]")
    (True, True, False)
    """
    return line[:1] in "-*" and _OPENING.fullmatch(line) is not None


def read_records(lines: Sequence[str], at: int, stop: int) -> tuple[Records, list[str]] | None:
    """Return how the records that begin at a line are written, and each of them as it stands."""
    starts = [i for i in range(at, stop) if is_opening(lines[i])]
    if len(starts) < _FEWEST:
        return None
    layout = _layout(lines[at : starts[1]])
    if layout is None:
        return None
    rows = [lines[a:b] for a, b in zip(starts, [*starts[1:], stop], strict=True)]
    # What follows the last value of the last record belongs to the text below.
    rows[-1] = rows[-1][: 1 + len(layout.names)]
    return layout, ["\n".join(row) for row in rows]


def _layout(record: Sequence[str]) -> Records | None:
    found = _OPENING.fullmatch(record[0])
    pieces = [_NAME.match(line) for line in record[1:]]
    if found is None or not pieces or len(record[0]) > WIDEST:
        return None
    names = tuple([piece[2] for piece in pieces if piece is not None])
    if len(names) < len(pieces) or len(set(names)) < len(names):
        return None
    first = pieces[0]
    gap = first[4] if first is not None else ""
    align: Align = ">" if gap == ": " else "<"
    dashes = found[4] or ""
    length = len(record[0]) if dashes else 0
    opening, closing = found[1] or found[5], found[3] or found[7]
    return Records(names, opening, closing, length, max(0, record[0].find("+")), gap, align)


def read_record(layout: Records, row: str) -> list[str] | None:
    """Return the number and the values of a record, or None if it is written in another way."""
    lines = row.split("\n")
    found = _OPENING.fullmatch(lines[0])
    if found is None or len(lines) != len(layout.names) + 1:
        return None
    width = max(map(len, layout.names)) + len(layout.gap)
    values = [found[2] or found[6], *[line[width:] for line in lines[1:]]]
    return values if layout.render(values) == row else None
