"""A text as tables with plain lines around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


def read_delimited(
    lines: Sequence[str], start: int, delimiter: str, *, headed: bool = True
) -> TableText:
    """Return the text whose header is line ``start`` and whose other lines are rows below it.

    Without a header (``headed`` is False) that line is the first row, and columns are numbered.
    """
    stop = len(lines)
    while stop > start + 1 and not lines[stop - 1].strip():
        stop -= 1
    rows = join_lines(lines[start:stop])
    head = rows[0]
    if headed:
        del rows[0]
    layout = guess_layout(head, rows[:_SAMPLE], delimiter)
    names = _names(layout, head) if headed else _numbered(head.count(delimiter) + 1)
    columns, read = layout.read(rows, len(names))
    table = Table(layout, names, head if headed else None, rows, columns, read)
    return TableText([list(lines[:start]), table, list(lines[stop:])])


def _names(layout: Delimited, head: str) -> list[str]:
    names = layout.parse(head)
    if names is None:
        # Names in quotes above values without them, and the reverse.
        others = [Delimited(layout.delimiter, quotes, layout.end).parse(head) for quotes in QUOTES]
        names = next((found for found in others if found is not None), None)
    return head.split(layout.delimiter) if names is None else names


def _numbered(count: int) -> list[str]:
    return [f"c{i + 1}" for i in range(count)]
