"""A text with tables in it, written so that only what differs from row to row stands in a row.

A table is a line ``#table`` that says how the original writes rows, a header (see
`headroom.notation.delimited_columns`), and as many entries as the first line says: rows;
``=`` and a line as it stood; ``#`` and how a rule looks over two cells of one character. All other
lines stand as they were; a line that begins with ``=`` or ``#table`` has a ``=`` before it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import compress, islice

from headroom.errors import DecodingError
from headroom.notation.delimited_columns import (
    Column,
    choose_column,
    read_cells,
    read_header,
    write_cells,
    write_header,
)
from headroom.notation.delimited_layout import MARK, Directive, read_directive, write_directive
from headroom.notation.delimited_tables import Layout, Table, TableText
from headroom.notation.grid import WIDEST, Grid, screen_width
from headroom.notation.grid_records import Records

Measure = Callable[[str], int]

# Spaces between cells save a token for many a word; commas are what readers of tables expect.
_SAMPLE = 48
_SPACES_WORTH = 0.97

# A column, or a pair of them, whose values are so many, of all rows, tells them apart.
_KEY = 0.9
_MEASURE = re.compile(r"-?\d+[.,]\d+%?")

# Of so many rows one may stand as it was, for the sake of a column that then has one value.
_ODD = 100

# Rows in one piece of the body.
_BLOCK = 256

_LEGEND = (
    ("~", "~x = the cell above, its end replaced by x"),
    ("=(", "name=(a=v) = cell a stands for v"),
    ("*", "name=p*s = each cell stands at the *"),
    ("=", "name=v = v in every row"),
)


def write_tables(
    text: TableText,
    measure: Measure,
    stay: Sequence[Collection[int]],
    *,
    whole: bool = False,
) -> list[str]:
    """Return the body's lines.

    Args:
        text: The text.
        measure: Counts tokens, of samples only.
        stay: For each table the positions of rows that are written as they stood.
        whole: True where any row may be looked up: values are cut only where it pays well. Those
            that tell rows apart stand in full then, and in a table without rows that stay.
    """
    lines: list[str] = []
    positions = iter(stay)
    for part in text.parts:
        if isinstance(part, Table):
            named = next(positions)
            lines += _write_table(part, measure, named, whole=whole)
        else:
            lines += [_escaped(line) for line in part]
    return lines


def describe(body: Sequence[str]) -> str:
    """Return what a reader must know of the signs in a body's headers."""
    heads = [body[i + 1] for i, line in enumerate(body[:-1]) if line.startswith(MARK)]
    signs = "".join(heads)
    words = [meaning for sign, meaning in _LEGEND if sign in signs]
    return "; ".join(["tables, a line =x stands as it was", *words])


def _escaped(line: str) -> str:
    return f"={line}" if line.startswith(("=", MARK)) else line


def _write_table(
    table: Table, measure: Measure, stay: Collection[int], *, whole: bool
) -> list[str]:
    at, by_column = _alike(*_written_rows(table, stay))
    columns = [
        choose_column(n, v, whole=whole) for n, v in zip(table.names, by_column, strict=True)
    ]
    if whole or not stay:
        for i in _key(by_column):
            columns[i] = Column(table.names[i])
    cut = _choose_cut(columns, by_column, measure)
    rows = _write_rows(columns, by_column, cut, len(at))
    layout, open_widths = _open_widths(table, by_column)
    head, above = _write_head(table, layout)
    if len(at) == len(table.rows):
        directive = Directive(len(at), layout, cut, head, len(above), open_widths)
        # Joined: strings for the rows, each by itself, take twice the memory of the text.
        blocks = ["\n".join(islice(rows, _BLOCK)) for _ in range(0, len(at), _BLOCK)]
        return [write_directive(directive), write_header(columns), *above, *blocks]
    entries: list[str] = []
    positions = frozenset(at)
    for i, row in enumerate(table.rows):
        if i in positions:
            entries.append(next(rows))
            continue
        sketch = layout.sketch(row) if isinstance(layout, Grid) else None
        if sketch is not None:
            entries.append(f"#{sketch}")
        else:
            entries += [f"={line}" for line in row.split("\n")]
    directive = Directive(len(entries), layout, cut, head, len(above), open_widths)
    return [write_directive(directive), write_header(columns), *above, *entries]


def _key(by_column: Sequence[Sequence[str]]) -> Sequence[int]:
    """Return the column that tells rows apart, or the first two that do so together."""
    if not by_column or not by_column[0]:
        return ()
    for i, values in enumerate(by_column):
        # A measure may happen to differ in each row.
        if len(set(values)) >= _KEY * len(values) and not _MEASURE.fullmatch(values[0]):
            return (i,)
    varied = [i for i, values in enumerate(by_column) if len(set(values)) > 1][:2]
    pairs = frozenset(zip(*[by_column[i] for i in varied], strict=True))
    return varied if len(pairs) >= _KEY * len(by_column[0]) else ()


Columns = Sequence[Sequence[str]]


def _written_rows(table: Table, stay: Collection[int]) -> tuple[Sequence[int], Columns]:
    """Return the positions of the rows that are not written as they stood, and their values."""
    leave = table.askew.union(stay)
    chosen = [i not in leave for i in table.read] if leave else []
    return _chosen(table.read, table.columns, chosen)


def _chosen(
    at: Sequence[int], by_column: Columns, chosen: Sequence[bool]
) -> tuple[Sequence[int], Columns]:
    if all(chosen):
        return at, by_column
    return list(compress(at, chosen)), [list(compress(values, chosen)) for values in by_column]


def _alike(at: Sequence[int], by_column: Columns) -> tuple[Sequence[int], Columns]:
    """Leave out the rare rows without which a column has one value alone: they stay as they are."""
    odd: set[int] = set()
    most = len(at) // _ODD
    if most:
        for column in by_column:
            usual, times = Counter(column[:_SAMPLE]).most_common(1)[0]
            if times < len(column[:_SAMPLE]) or not usual:
                continue
            here = [i for i, value in enumerate(column) if value != usual]
            if 0 < len(here) and len(odd.union(here)) <= most:
                odd.update(here)
    return _chosen(at, by_column, [i not in odd for i in range(len(at))] if odd else [])


def _write_head(table: Table, layout: Layout) -> tuple[str | None, list[str]]:
    if table.head is None:
        return ("" if isinstance(layout, Records) else None), []
    if isinstance(layout, Grid):
        way = layout.header(table.names, table.head)
        if way is not None:
            return way, []
    elif layout.render(table.names) == table.head:
        return "", []
    return "", [f"={line}" for line in table.head.split("\n")]


def _open_widths(table: Table, by_column: Columns) -> tuple[Layout, bool]:
    """Return the layout, and whether its widths follow from the cells."""
    layout = table.layout
    if not isinstance(layout, Grid) or table.head is None:
        return layout, False
    widths = _natural_widths(table.names, by_column, wide=layout.wide)
    natural = replace(layout, widths=widths)
    rows = zip(*by_column, strict=True)
    if sum(widths) > WIDEST or any(natural.render(v) != layout.render(v) for v in rows):
        return layout, False
    if layout.header(table.names, table.head) != natural.header(table.names, table.head):
        return layout, False
    return natural, True


def _natural_widths(names: Sequence[str], by_column: Columns, *, wide: bool) -> tuple[int, ...]:
    size = screen_width if wide else len
    pairs = zip(names, by_column, strict=True)
    return tuple([max(size(name), *map(size, cells), 0) for name, cells in pairs])


def _choose_cut(
    columns: Sequence[Column], by_column: Sequence[Sequence[str]], measure: Measure
) -> str:
    sample = [values[:_SAMPLE] for values in by_column]
    count = len(sample[0]) if sample else 0
    commas = measure("\n".join(_write_rows(columns, sample, ",", count)))
    spaces = measure("\n".join(_write_rows(columns, sample, " ", count)))
    return " " if spaces < _SPACES_WORTH * commas else ","


def _write_rows(
    columns: Sequence[Column], by_column: Sequence[Sequence[str]], cut: str, count: int
) -> Iterator[str]:
    written: list[list[str]] = []
    for column, values in zip(columns, by_column, strict=True):
        if column.form != "same":
            written.append(write_cells(column, values, _plainness(cut, is_first=not written)))
    if not written:
        return iter([""] * count)
    return map(cut.join, zip(*written, strict=True))


_AFTER = {",": re.compile(r'[^,"\r\n~][^,"\r\n]*|'), " ": re.compile(r'[^ "\r\n~][^ "\r\n]*')}
_FIRST = {
    ",": re.compile(r'[^,"\r\n~=#][^,"\r\n]*|'),
    " ": re.compile(r'[^ "\r\n~=#][^ "\r\n]*'),
}


def _plainness(cut: str, *, is_first: bool) -> Callable[[str], bool]:
    match = (_FIRST if is_first else _AFTER)[cut].fullmatch
    known: dict[str, bool] = {}

    def is_plain(text: str) -> bool:
        plain = known.get(text)
        if plain is None:
            plain = known[text] = match(text) is not None
        return plain

    return is_plain


def read_tables(body: str) -> list[str]:
    """Return the original's lines.

    Raises:
        DecodingError: If the body is not well-formed.
    """
    lines = body.split("\n")
    out: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.startswith(MARK):
            at = _read_table(lines, at, line, out)
        else:
            out.append(line[1:] if line.startswith("=") else line)
    return out


def _read_table(lines: Sequence[str], at: int, first: str, out: list[str]) -> int:
    header, at = _take_row(lines, at)
    columns = read_header(header)
    directive = read_directive(first, [column.name for column in columns])
    above = [line[1:] for line in lines[at : at + directive.head_lines] if line[:1] == "="]
    if len(above) < directive.head_lines:
        raise DecodingError("a header as it stood is missing")
    entries, at = _take_entries(lines, at + len(above), directive.entries)
    rows = [entry for entry in entries if not entry.startswith(("=", "#"))]
    values = list(_read_rows(columns, rows, directive.cut))
    names = [column.name for column in columns]
    layout = directive.layout
    if isinstance(layout, Grid) and directive.open_widths:
        by_column = list(zip(*values, strict=True)) or [()] * len(names)
        layout = replace(layout, widths=_natural_widths(names, by_column, wide=layout.wide))
        if sum(layout.widths) > WIDEST:
            raise DecodingError("a table too wide")
    if above:
        out += above
    elif directive.head is None or isinstance(layout, Records):
        pass
    elif isinstance(layout, Grid):
        out.append(layout.render_header(names, directive.head))
    else:
        out.append(layout.render(names))
    written = map(layout.render, values)
    for entry in entries:
        if entry.startswith("="):
            out.append(entry[1:])
        elif entry.startswith("#"):
            out.append(_rule(layout, entry[1:]))
        else:
            out.append(next(written))
    return at


def _take_entries(lines: Sequence[str], at: int, count: int) -> tuple[list[str], int]:
    entries: list[str] = []
    for _ in range(count):
        if at < len(lines) and lines[at].startswith(("=", "#")):
            entries.append(lines[at])
            at += 1
        else:
            entry, at = _take_row(lines, at)
            entries.append(entry)
    return entries, at


def _rule(layout: Layout, drawn: str) -> str:
    if not isinstance(layout, Grid) or not layout.gaps:
        raise DecodingError("a rule in a table without any")
    if len(drawn) < len(layout.left) + 2 + len(layout.gaps[0]):
        raise DecodingError("a rule that is too short")
    return layout.rule(drawn)


def _take_row(lines: Sequence[str], at: int) -> tuple[str, int]:
    """Return the row that begins at a line: quotes may hold line breaks."""
    if at >= len(lines):
        raise DecodingError("a table ends too early")
    if lines[at].count('"') % 2 == 0:
        return lines[at], at + 1
    stop = at + 1
    while stop < len(lines) and lines[stop].count('"') % 2 == 0:
        stop += 1
    if stop >= len(lines):
        raise DecodingError("a quote does not end")
    return "\n".join(lines[at : stop + 1]), stop + 1


def _read_rows(columns: Sequence[Column], rows: Sequence[str], cut: str) -> Iterator[list[str]]:
    shown = [column for column in columns if column.form != "same"]
    if not shown:
        if any(rows):
            raise DecodingError("a cell without a column")
        yield from ([column.prefix for column in columns] for _ in rows)
        return
    cells = [row.split(cut) if '"' not in row else _split(row, cut) for row in rows]
    if any(len(row) != len(shown) for row in cells):
        raise DecodingError("a row with too few or too many cells")
    read = iter([read_cells(c, v) for c, v in zip(shown, zip(*cells, strict=True), strict=False)])
    by_column = [
        [column.prefix] * len(rows) if column.form == "same" else next(read, [])
        for column in columns
    ]
    yield from map(list, zip(*by_column, strict=True))


def _split(row: str, cut: str) -> list[str]:
    cells: list[str] = []
    parts: list[str] = []
    quotes = 0
    for piece in row.split(cut):
        parts.append(piece)
        quotes += piece.count('"')
        if quotes % 2 == 0:
            cells.append(cut.join(parts) if len(parts) > 1 else piece)
            parts = []
            quotes = 0
    if parts:
        raise DecodingError("a quote does not end")
    return cells
