"""Tables of delimited cells (CSV, TSV and kin): found, and cut into rows where they stand."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.originals.drawn import DrawnTable, find_drawn_table

_DELIMITERS = (",", "\t", ";")

# Names of columns are no such numbers, though years may be: the first line is a row then.
_MEASURE = re.compile(r"\s*(?!(?:19|20)\d\d\s*\Z)-?[\d.,]+%?\s*")
_SAMPLE_ROWS = 40
_FEWEST_ROWS = 3
_LONGEST_HEADER = 4_000


@dataclass(frozen=True, slots=True)
class DelimitedTable:
    """Where the rows of a table stand.

    Args:
        delimiter: One character.
        header: Span of the header line; None for rows without names, whose columns are numbered.
        names: Names of the columns.
        spans: Spans of the rows below the header, blank lines left out.
    """

    delimiter: str
    header: tuple[int, int] | None
    names: tuple[str, ...]
    spans: list[tuple[int, int]]

    def cells(self, row: str) -> Sequence[str]:
        """Return the cells of a row."""
        return split_cells(row, self.delimiter)


def split_cells(row: str, delimiter: str) -> list[str]:
    """Split one row into its cells, quotes undone.

    >>> split_cells('1,"a, b",', ",")
    ['1', 'a, b', '']
    """
    if '"' not in row:
        return row.split(delimiter)
    try:
        return next(csv.reader([row], delimiter=delimiter), [])
    except csv.Error:
        return row.split(delimiter)


def find_table(text: str) -> DelimitedTable | DrawnTable | None:
    """Return the table that the whole text is, or None.

    It is a delimited one when the first line has at least two cells, and nearly all of the first
    rows have as many as it.
    """
    first = text[:_LONGEST_HEADER].partition("\n")[0].rstrip("\r")
    for delimiter in _DELIMITERS:
        found = _delimited(text, first, delimiter)
        if found is not None:
            return found
    return find_drawn_table(text) or _delimited(text, first, "|")


def _delimited(text: str, first: str, delimiter: str) -> DelimitedTable | None:
    names = [name.strip() for name in split_cells(first, delimiter)]
    if len(names) < 2 or not all(names) or len(set(names)) < len(names):
        return None
    if delimiter == "," and any(name.startswith(("{", "[")) for name in names):
        return None
    spans = _rows(text)
    sample = [text[a:b] for a, b in spans[1 : _SAMPLE_ROWS + 1]]
    fitting = sum(len(split_cells(row, delimiter)) == len(names) for row in sample)
    if len(sample) < _FEWEST_ROWS or fitting * 10 < len(sample) * 9:
        return None
    if any(_MEASURE.fullmatch(name) for name in names):
        numbered = tuple([f"c{i + 1}" for i in range(len(names))])
        return DelimitedTable(delimiter, None, numbered, spans)
    return DelimitedTable(delimiter, spans[0], tuple(names), spans[1:])


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
