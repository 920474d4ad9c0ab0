"""Tables of delimited cells (CSV, TSV and kin): found, and cut into rows where they stand."""

from __future__ import annotations

import csv
from dataclasses import dataclass

_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_ROWS = 40
_FEWEST_ROWS = 3
_LONGEST_HEADER = 4_000


@dataclass(frozen=True, slots=True)
class DelimitedTable:
    """Where the rows of a table stand.

    Args:
        delimiter: One character.
        header: Span of the header line.
        names: Names of the columns.
        spans: Spans of the rows below the header, blank lines left out.
    """

    delimiter: str
    header: tuple[int, int]
    names: tuple[str, ...]
    spans: list[tuple[int, int]]


def cells(row: str, delimiter: str) -> list[str]:
    """Split one row into its cells, quotes undone.

    >>> cells('1,"a, b",', ",")
    ['1', 'a, b', '']
    """
    if '"' not in row:
        return row.split(delimiter)
    try:
        return next(csv.reader([row], delimiter=delimiter), [])
    except csv.Error:
        return row.split(delimiter)


def find_table(text: str) -> DelimitedTable | None:
    """Return the table that the whole text is, or None.

    It is one when the first line names at least two columns, and nearly all of the first rows have
    as many cells as it.
    """
    first = text[:_LONGEST_HEADER].partition("\n")[0].rstrip("\r")
    for delimiter in _DELIMITERS:
        names = [name.strip() for name in cells(first, delimiter)]
        if len(names) < 2 or not all(names) or len(set(names)) < len(names):
            continue
        if delimiter == "," and any(name.startswith(("{", "[")) for name in names):
            continue
        spans = _rows(text)
        sample = [text[a:b] for a, b in spans[1 : _SAMPLE_ROWS + 1]]
        fitting = sum(len(cells(row, delimiter)) == len(names) for row in sample)
        if len(sample) >= _FEWEST_ROWS and fitting * 10 >= len(sample) * 9:
            return DelimitedTable(delimiter, spans[0], tuple(names), spans[1:])
    return None


def _rows(text: str) -> list[tuple[int, int]]:
    """Cut at line breaks outside quotes; blank lines are no rows."""
    spans: list[tuple[int, int]] = []
    start = at = quotes = 0
    for line in text.split("\n"):
        quotes += line.count('"')
        end = at + len(line)
        at = end + 1
        if quotes % 2:
            continue
        if text[start:end].strip():
            spans.append((start, end))
        start, quotes = at, 0
    if start < len(text):
        spans.append((start, len(text)))
    return spans
