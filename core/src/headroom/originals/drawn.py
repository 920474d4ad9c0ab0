"""Drawn tables (psql, kubectl, Markdown, boxes): found, and cut into rows where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from headroom.notation.delimited_tables import Table
from headroom.notation.grid_columns import is_rule
from headroom.notation.grid_read import read_grids

# So many lines tell whether a text is drawn: tables cover at least this share of them.
_SAMPLE = 240
_LONGEST_SAMPLE = 24_000
_COVERED = 0.6


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """Where the rows of a text's tables stand, and what the largest table holds.

    Args:
        header: Span of the line with the names of the largest table; None where each row has them.
        names: Its columns.
        spans: Spans of the rows of all tables; rules and blank lines are no rows.
        values: The cells of each row of the largest table, by the row as it stands.
    """

    header: tuple[int, int] | None
    names: tuple[str, ...]
    spans: list[tuple[int, int]]
    values: dict[str, tuple[str, ...]]

    def cells(self, row: str) -> tuple[str, ...]:
        """Return the cells of a row; none for a row of another table than the largest."""
        return self.values.get(row, ())


def find_drawn_table(text: str) -> DrawnTable | None:
    """Return the tables that most lines of a text are, or None.

    >>> found = find_drawn_table("NAME   READY   AGE\\n" + "a-1    1/1     5d\\n" * 5)
    >>> found.names, len(found.spans), found.cells("a-1    1/1     5d")
    (('NAME', 'READY', 'AGE'), 5, ('a-1', '1/1', '5d'))
    """
    sample = text[:_LONGEST_SAMPLE].split("\n", _SAMPLE)
    if len(sample) > 1 and (len(text) > _LONGEST_SAMPLE or len(sample) > _SAMPLE):
        sample.pop()
    filled = sum([1 for line in sample if line.strip()])
    if sum([table.lines for table in read_grids(sample).tables]) < _COVERED * max(1, filled):
        return None
    parts = read_grids(text.split("\n")).parts
    tables = [part for part in parts if isinstance(part, Table)]
    if not tables:
        return None
    largest = max(tables, key=lambda table: len(table.rows))
    spans: list[tuple[int, int]] = []
    header = None
    at = 0
    for part in parts:
        if not isinstance(part, Table):
            at += sum(map(len, part)) + len(part)
            continue
        if part.head is not None:
            if part is largest:
                header = (at, at + len(part.head))
            at += len(part.head) + 1
        for row, cells in zip(part.rows, part.cells, strict=True):
            if cells is not None or (row.strip() and not is_rule(row)):
                spans.append((at, at + len(row)))
            at += len(row) + 1
    pairs = zip(largest.rows, largest.cells, strict=True)
    values = {row: tuple(cells) for row, cells in pairs if cells is not None}
    return DrawnTable(header, tuple(largest.names), spans, values)
