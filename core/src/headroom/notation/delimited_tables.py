"""A text as tables with plain lines around them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import overload

from headroom.notation.delimited import QUOTES, Delimited, guess_layout, join_lines
from headroom.notation.grid import Grid
from headroom.notation.grid_records import Records

Layout = Delimited | Grid | Records

_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a text.

    Args:
        layout: How its rows are written.
        names: The names of its columns.
        head: The line with the names; None for records, each of which has them, and for rows
            without names.
        rows: The lines below, each row as it stands (a quoted cell may hold line breaks), rules
            and lines that are no rows among them.
        columns: The values of the rows that could be read, by column: a list of values for each
            row would take more memory than the text.
        read: Positions of those rows; neither rules nor lines that are no rows.
        askew: Positions of those among them that the layout would write in another way.
    """

    layout: Layout
    names: Sequence[str]
    head: str | None
    rows: Sequence[str]
    columns: Sequence[Sequence[str]]
    read: Sequence[int]
    askew: frozenset[int] = frozenset()

    @property
    def cells(self) -> list[tuple[str, ...] | None]:
        """The values of each row; None for a rule and for a line that is no row."""
        found: list[tuple[str, ...] | None] = [None] * len(self.rows)
        for i, values in zip(self.read, zip(*self.columns, strict=True), strict=True):
            found[i] = values
        return found

    @property
    def lines(self) -> int:
        """Lines of the text that the table takes."""
        head = 0 if self.head is None else 1 + self.head.count("\n")
        return head + sum([row.count("\n") + 1 for row in self.rows])


@dataclass(frozen=True, slots=True)
class TableText:
    """A text in order: plain lines (as lists) and tables."""

    parts: Sequence[list[str] | Table]

    @property
    def tables(self) -> list[Table]:
        """The tables, in order."""
        return [part for part in self.parts if isinstance(part, Table)]

    @property
    def lines(self) -> int:
        """Lines of the text."""
        return sum([part.lines if isinstance(part, Table) else len(part) for part in self.parts])


def table_of_rows(
    layout: Layout,
    names: Sequence[str],
    head: str | None,
    rows: Sequence[str],
    cells: Sequence[Sequence[str] | None],
    written: Sequence[bool],
) -> Table:
    """Return the table whose rows have these values, and which of them the layout writes so."""
    read = [i for i, values in enumerate(cells) if values is not None]
    columns = list(zip(*[values for values in cells if values is not None], strict=True))
    askew = frozenset(i for i in read if not written[i])
    return Table(layout, names, head, rows, columns or [()] * len(names), read, askew)


class TextRows(Sequence[str]):
    r"""Rows of a text, cut out where they are wanted: held apart they take twice its memory.

    Args:
        text: The text.
        rows: All of its rows, joined by line breaks from ``start`` on.
        start: Where the first of them starts, in characters.

    >>> list(TextRows("x\na,b\nc,d", ["a,b", "c,d"], 2))
    ['a,b', 'c,d']
    """

    __slots__ = ("_starts", "_text")

    def __init__(self, text: str, rows: Iterable[str], start: int) -> None:
        self._text = text
        self._starts = array("Q", accumulate((len(row) + 1 for row in rows), initial=start))

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            first, stop, step = at.indices(len(self))
            if step == 1 and first < stop:
                text, starts = self._text, self._starts[first : stop + 1]
                return [text[start : end - 1] for start, end in pairwise(starts)]
            return [self[i] for i in range(first, stop, step)]
        if at < 0:
            at += len(self)
        return self._text[self._starts[at] : self._starts[at + 1] - 1]

    def __iter__(self) -> Iterator[str]:
        text = self._text
        return (text[start : end - 1] for start, end in pairwise(self._starts))


def read_delimited(text: str, start: int, delimiter: str, *, headed: bool = True) -> TableText:
    """Return the text whose header is line ``start`` and whose other lines are rows below it.

    Without a header (``headed`` is False) that line is the first row, and columns are numbered.
    """
    lines = text.split("\n")
    stop = len(lines)
    while stop > start + 1 and not lines[stop - 1].strip():
        stop -= 1
    before, after = lines[:start], lines[stop:]
    rows: Sequence[str] = join_lines(lines[start:stop])
    head = rows[0]
    at = sum(map(len, before)) + start
    rows = TextRows(text, rows[1:], at + len(head) + 1) if headed else TextRows(text, rows, at)
    del lines
    layout = guess_layout(head, rows[:_SAMPLE], delimiter)
    names = _names(layout, head) if headed else _numbered(head.count(delimiter) + 1)
    columns, read = layout.read(rows, len(names))
    table = Table(layout, names, head if headed else None, rows, columns, read)
    return TableText([before, table, after])


def _names(layout: Delimited, head: str) -> list[str]:
    names = layout.parse(head)
    if names is None:
        # Names in quotes above values without them, and the reverse.
        others = [Delimited(layout.delimiter, quotes, layout.end).parse(head) for quotes in QUOTES]
        names = next((found for found in others if found is not None), None)
    return head.split(layout.delimiter) if names is None else names


def _numbered(count: int) -> list[str]:
    return [f"c{i + 1}" for i in range(count)]
