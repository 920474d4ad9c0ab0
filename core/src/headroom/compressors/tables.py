"""Tables: CSV and kin, and those that psql, kubectl and other tools draw."""

from __future__ import annotations

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.tables_selection import is_spoken_of, named_positions, select_rows
from headroom.errors import DecodingError
from headroom.notation.delimited_body import describe, read_tables, write_tables
from headroom.notation.delimited_tables import TableText, read_delimited
from headroom.notation.grid_read import read_grids
from headroom.routing.sample import sample_of
from headroom.routing.table_kind import CSV, TABLE, DelimitedKind, find_delimited, find_drawn

_NOTATION = "tables"
_SCRATCH = "tables.text"
_KIND = "tables.delimited"

# Not worth a change of looks below these.
_FEWEST_TOKENS = 20


class TableCompressor:
    r"""Compress delimited tables (CSV, TSV) and drawn ones (psql, kubectl, Markdown, boxes).

    Lossless: how the table is drawn is said once, and so is what all cells of a column share
    (`headroom.notation.delimited_body`). Selection: header, first and last row, rows that the
    question names, extremes, outliers, rare values and failures, as they stood.

    >>> from headroom.counting.o200k import O200kCounter
    >>> table = "name      | state\n----------+-------\n" + "a b c d e | ready\n" * 20
    >>> encoding = TableCompressor().encode(Content(table, O200kCounter()))
    >>> TableCompressor().decode(encoding) == table
    True
    """

    name = "tables"
    kinds = (CSV, TABLE)
    notations = (_NOTATION,)

    def detect(self, content: Content) -> str | None:
        """Return ``"csv"`` or ``"table"`` if the text is plainly one, else None."""
        if _delimited(content) is not None:
            return CSV
        found = find_drawn(content.text, sample_of(content))
        if found is None:
            return None
        if found.lines == len(content.lines):
            content.scratch[_SCRATCH] = found
        return TABLE

    def encode(self, content: Content) -> Encoding | None:
        """Return the tables without their padding and repeats, or None if that saves too little."""
        tables = _tables(content)
        if not tables.tables or content.tokens < _FEWEST_TOKENS:
            return None
        stay = [named_positions(table, content) for table in tables.tables]
        # Nobody knows which row will be looked up: then values stand as they were.
        whole = not is_spoken_of(tables, content)
        lines = write_tables(tables, content.counter.count, stay, whole=whole)
        del tables
        content.forget()
        note, body = describe(lines), "\n".join(lines)
        return Encoding(_NOTATION, note, body)

    def decode(self, encoding: Encoding) -> str:
        """Undo `encode`.

        Raises:
            DecodingError: If the encoding is not well-formed.
        """
        if encoding.notation != _NOTATION:
            raise DecodingError(f"not the notation {_NOTATION!r}: {encoding.notation!r}")
        return "\n".join(read_tables(encoding.body))

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Return the rows that matter, with the lines around the tables, and a profile of all."""
        return select_rows(_tables(content), content, goal)


def _tables(content: Content) -> TableText:
    found = content.scratch.get(_SCRATCH)
    if not isinstance(found, TableText):
        at = _delimited(content)
        if at is not None:
            found = read_delimited(content.text, at.line, at.delimiter, headed=at.headed)
        else:
            found = read_grids(content.lines)
        content.scratch[_SCRATCH] = found
    return found


def _delimited(content: Content) -> DelimitedKind | None:
    if _KIND not in content.scratch:
        content.scratch[_KIND] = find_delimited(content.text)
    found = content.scratch[_KIND]
    return found if isinstance(found, DelimitedKind) else None
