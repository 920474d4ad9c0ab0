"""Find drawn tables among the lines of a text: by rules and bars, or by columns of spaces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from headroom.notation.delimited_tables import Table, TableText, table_of_rows
from headroom.notation.grid import Grid
from headroom.notation.grid_columns import (
    aligned_grid,
    bar_fields,
    bar_grid,
    is_rule,
    may_name,
    rule_starts,
)
from headroom.notation.grid_records import is_opening, read_record, read_records

BARS = "|\u2502\u2503\u2551"

_SAMPLE = 120
_FIRST = 12
_FEWEST_ROWS = 2
_FEWEST_ALIGNED = 4
_LONGEST_LINE = 4_000
_FITTING = 0.75

# A table ends where so many lines in a row are none of it.
_STRAY = 24

# Without a rule, only the first lines of a block may name columns.
_HIGHEST = 6

Parse = Callable[[str], "list[str] | None"]


def read_grids(lines: Sequence[str]) -> TableText:
    """Return the lines with the drawn tables among them found."""
    parts: list[list[str] | Table] = []
    plain: list[str] = []
    for start, stop in _blocks(lines):
        at = begin = start
        while at < stop:
            table = _table_at(lines, begin, at, stop)
            if table is None:
                plain.append(lines[at])
                at += 1
                continue
            if table.head is None and isinstance(table.layout, Grid):
                # Its first rows were taken for lines above a header.
                del plain[len(plain) - (at - begin) :]
                at = begin
            if plain:
                parts.append(plain)
                plain = []
            parts.append(table)
            at += table.lines
            begin = at
    if plain:
        parts.append(plain)
    return TableText(parts)


def _blocks(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Cut the lines at blank ones, which are blocks by themselves."""
    blocks: list[tuple[int, int]] = []
    start = 0
    for i, line in enumerate(lines):
        if not line or line.isspace():
            if start < i:
                blocks.append((start, i))
            blocks.append((i, i + 1))
            start = i + 1
    if start < len(lines):
        blocks.append((start, len(lines)))
    return blocks


def _table_at(lines: Sequence[str], begin: int, at: int, stop: int) -> Table | None:
    """Return the table whose header is line ``at``, if there is one.

    Rows above it, from ``begin`` on, show that it is no header: then the table begins with them.
    """
    line = lines[at]
    is_high = at < begin + _HIGHEST
    if is_opening(line):
        return _records(lines, at, stop) if is_high else None
    if stop - at < _FEWEST_ROWS + 1 or len(line) > _LONGEST_LINE or is_rule(line):
        return None
    below = lines[at + 1]
    ruled = is_rule(below)
    if ruled and any(sign in line for sign in BARS):
        table = _bar_table(lines, at, stop)
        if table is not None:
            return table
    ruled = ruled and len(rule_starts(below)) > 1
    if not ruled and not (is_high and may_name(line)):
        return None
    # Another table may follow in the same block, with other columns: then the first rows tell.
    # Wider cells may follow far below: then rows from everywhere do.
    count = stop - at - 1
    steps = (-(-count // _SAMPLE),) if count > _SAMPLE else ()
    samples = [lines[at + 1 : stop : step] for step in steps]
    samples += [lines[at + 1 : min(stop, at + 1 + size)] for size in (_SAMPLE, _FIRST)]
    for rows in samples:
        table = _aligned_table(lines, (begin, at, stop), rows, below if ruled else None)
        if table is not None:
            return table
    return None


def _records(lines: Sequence[str], at: int, stop: int) -> Table | None:
    found = read_records(lines, at, stop)
    if found is None:
        return None
    layout, rows = found
    cells = [read_record(layout, row) for row in rows]
    written = [values is not None for values in cells]
    if not _fits(cells, written) or sum(written) < _FITTING * len(rows):
        return None
    return table_of_rows(layout, ["record", *layout.names], None, rows, cells, written)


def _aligned_table(
    lines: Sequence[str], where: tuple[int, int, int], rows: Sequence[str], rule: str | None
) -> Table | None:
    begin, at, stop = where
    sample = [row for row in rows if len(row) <= _LONGEST_LINE and not is_rule(row)]
    if len(sample) < (_FEWEST_ALIGNED if rule is None else _FEWEST_ROWS):
        return None
    found = aligned_grid(lines[at], rule, sample)
    if found is None:
        return None
    grid, names, parse = found
    if rule is None and begin < at and all(_is_row(row, grid, parse) for row in lines[begin:at]):
        table = _collect(
            grid, [f"c{i + 1}" for i in range(len(names))], parse, lines, begin - 1, stop
        )
        return None if table is None else replace(table, head=None)
    return _collect(grid, names, parse, lines, at, stop)


def _is_row(line: str, grid: Grid, parse: Parse) -> bool:
    cells = parse(line)
    return cells is not None and all(cells) and grid.render(cells) == line


def _bar_table(lines: Sequence[str], at: int, stop: int) -> Table | None:
    head = lines[at]
    bar = next(sign for sign in BARS if sign in head)
    names = bar_fields(head, bar)
    if names is None:
        return None
    rows = [row for row in lines[at + 1 : min(stop, at + 1 + _SAMPLE)] if not is_rule(row)]
    inner = next((sign for sign in BARS if rows and sign in rows[0]), bar)
    found = bar_grid(names, rows, inner)
    if found is None:
        return None

    def parse(row: str) -> list[str] | None:
        fields = None if is_rule(row) else bar_fields(row, inner)
        if fields is None or len(fields.cells) != len(names.cells):
            return None
        return [cell.strip(" ") for cell in fields.cells]

    return _collect(found, [name.strip(" \r") for name in names.cells], parse, lines, at, stop)


def _collect(
    grid: Grid, names: Sequence[str], parse: Parse, lines: Sequence[str], at: int, stop: int
) -> Table | None:
    """Return the table up to its last row that is as the grid draws it."""
    cells: list[list[str] | None] = []
    written: list[bool] = []
    last = 0
    for i in range(at + 1, stop):
        row = lines[i]
        values = parse(row) if len(row) <= _LONGEST_LINE else None
        fits = values is not None and grid.render(values) == row
        cells.append(values)
        written.append(fits)
        if fits or is_rule(row):
            last = i - at
        elif values is not None and len(row.split()) >= len(names) and 2 * sum(written) > i - at:
            # Drawn a little askew, in the midst of a table.
            last = i - at
        elif i - at - last > _STRAY:
            break
        if i - at == _SAMPLE and not _fits(cells[:last], written[:last]):
            return None
    if not _fits(cells[: min(last, _SAMPLE)], written[: min(last, _SAMPLE)]):
        return None
    rows = lines[at + 1 : at + 1 + last]
    return table_of_rows(grid, names, lines[max(0, at)], rows, cells[:last], written[:last])


def _fits(cells: Sequence[list[str] | None], written: Sequence[bool]) -> bool:
    good = sum(written)
    return good >= _FEWEST_ROWS and good >= _FITTING * sum([row is not None for row in cells])
