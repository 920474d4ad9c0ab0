"""The units that a question can be answered with.

Lines, rows of a table, values of JSON, elements of a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from headroom.originals.delimited import DelimitedTable, find_table
from headroom.originals.drawn import DrawnTable
from headroom.originals.html_elements import element_spans, is_html, visible_text
from headroom.originals.json_values import (
    Container,
    Value,
    is_json,
    join_path,
    read_values,
    records,
)

# A unit longer than this many characters (some 100 tokens) is cut into windows, so that one long
# line does not use up a whole answer. A window ends after a sentence, or else after a word.
LONGEST_UNIT = 400
WINDOW = 240

_SENTENCE_END = re.compile(r"[.!?;](?=[\s\"')\]])\W?|[\u3002\uff01\uff1f\uff1b\u0964]|\\n|>(?=<)")
_WORD_END = re.compile(r"[\s,;|&}\]]")
_NUMBERS = re.compile(r"\[\s*-?[\d.eE+-]{1,40}(?:\s*,\s*-?[\d.eE+-]{1,40}){1,3}\s*\]")
_INDEX = re.compile(r"(?:(?<=\.)|^)\d+(?=\.|$)")

# A unit is compared with this much of its path: the nearest keys say most.
_PATH_CHARACTERS = 200

# A path that occurs this often is a column: its name tells fields apart, but not rows.
FEWEST_CELLS = 5


@dataclass(frozen=True, slots=True)
class Column:
    """Values that stand at the same place in several records.

    Args:
        name: Dotted path within the record.
        members: Indices of units, in order.
        values: The lexeme of each.
    """

    name: str
    members: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Units:
    """The units of an original, in order.

    Args:
        noun: What is numbered: ``lines``, ``rows``, ``values`` or ``elements``.
        spans: Where each unit stands in the original: start and end, in characters.
        numbers: Number (from 1) of the line, row, value or element that the unit is a window
            of, or is.
        total: How many of these the original has.
        texts: What a question is compared with, one for each unit.
        columns: Columns of its tables.
        header: Span of the line that names the columns; None where there is none.
        paths: Dotted path of each value.
        containers: Of a JSON document, in the order in which they open.
        values: The value that each unit of a JSON document is, or is a window of.
        record: The record that each of them belongs to, as index of a container.
        outer: The record that each record stands in, where it stands in one.
        lines: All lines, where lines are the units.
    """

    noun: str
    spans: list[tuple[int, int]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    total: int = 0
    texts: list[str] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    header: tuple[int, int] | None = None
    paths: list[str] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    record: list[int] = field(default_factory=list)
    outer: dict[int, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def windows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a long span into windows that end after a sentence or a word where there is one."""
    cuts: list[tuple[int, int]] = []
    longest, window = LONGEST_UNIT, WINDOW
    if end - start > longest // 2 and _is_unspaced(text[start : start + WINDOW]):
        longest, window = longest // 2, window // 2
    while end - start > longest:
        cut = _cut(text, start + window // 2, start + window)
        cuts.append((start, cut))
        start = cut
    cuts.append((start, end))
    return cuts


def _is_unspaced(sample: str) -> bool:
    """Say whether a text has hardly any spaces and is no ASCII: its characters cost more tokens."""
    return not sample.isascii() and sample.count(" ") * 20 < len(sample)


def _cut(text: str, low: int, high: int) -> int:
    for ending in (_SENTENCE_END, _WORD_END):
        last = -1
        for found in ending.finditer(text, low, high):
            last = found.end()
        if last > 0:
            return last
    return high


def units_of(text: str) -> Units:
    """Return the units of a text: values of JSON, elements of HTML, rows of a table, else lines."""
    if is_json(text):
        return value_units(text)
    if is_html(text):
        return element_units(text)
    table = find_table(text)
    return line_units(text) if table is None else row_units(text, table)


def line_units(text: str) -> Units:
    """Return the lines of a text, long ones as windows; blank lines are no units."""
    lines = text.split("\n")
    units = Units("lines", total=len(lines), lines=lines)
    start = 0
    for number, line in enumerate(lines, 1):
        end = start + len(line)
        if line and not line.isspace():
            cuts = windows(text, start, end)
            units.spans.extend(cuts)
            units.numbers.extend([number] * len(cuts))
        start = end + 1
    units.texts.extend(text[a:b] for a, b in units.spans)
    return units


def element_units(text: str) -> Units:
    """Return the elements of a page; long ones as windows."""
    elements = list(element_spans(text))
    units = Units("elements", total=len(elements))
    for number, (start, end) in enumerate(elements, 1):
        cuts = windows(text, start, end)
        units.spans.extend(cuts)
        units.numbers.extend([number] * len(cuts))
    units.texts.extend(visible_text(text[a:b]) for a, b in units.spans)
    return units


def row_units(text: str, table: DelimitedTable | DrawnTable) -> Units:
    """Return the rows of a table; long ones as windows."""
    columns = [Column(name) for name in table.names]
    units = Units("rows", total=len(table.spans), columns=columns, header=table.header)
    for number, (start, end) in enumerate(table.spans, 1):
        first = len(units.spans)
        cuts = windows(text, start, end)
        units.spans.extend(cuts)
        units.numbers.extend([number] * len(cuts))
        for column, cell in zip(columns, table.cells(text[start:end]), strict=False):
            column.members.append(first)
            column.values.append(cell.strip())
    units.texts.extend(text[a:b] for a, b in units.spans)
    return units


def value_units(text: str) -> Units:
    """Return the scalar values (and short arrays of scalars) of a JSON document.

    The text must be JSON (`headroom.originals.json_values.is_json`).
    """
    containers, values = read_values(text)
    of_container = records(containers)
    units = Units("values", total=len(values), containers=containers)
    columns: dict[str, Column] = {}
    for number, value in enumerate(values, 1):
        holder = value.holder
        record = of_container[holder] if holder >= 0 else -1
        path = join_path(containers[holder].path, value.key) if holder >= 0 else ""
        lexeme = text[value.value_start : value.end]
        is_row = record >= 0 and containers[record].parent >= 0
        if is_row or _NUMBERS.fullmatch(lexeme):
            table, name = (
                _column_of(path, containers[record], containers)
                if is_row
                else ("", _INDEX.sub("*", path))
            )
            for part, cell in _cells(name, lexeme):
                column = columns.setdefault(f"{table}\n{part}", Column(part))
                column.members.append(len(units.spans))
                column.values.append(cell)
        cuts = windows(text, value.start, value.end)
        units.spans.extend(cuts)
        units.numbers.extend([number] * len(cuts))
        units.paths.extend([path] * len(cuts))
        units.values.extend([value] * len(cuts))
        units.record.extend([record] * len(cuts))
        shown = cuts if len(cuts) > 1 else [(value.value_start, value.end)]
        units.texts.extend(text[a:b] for a, b in shown)
    for record in sorted(set(units.record) - {-1}):
        above = containers[record].parent
        if above >= 0 and of_container[above] != record:
            units.outer[record] = of_container[above]
    units.columns.extend(c for c in columns.values() if len(c.members) >= FEWEST_CELLS)
    _add_paths(units)
    return units


def _column_of(path: str, row: Container, containers: list[Container]) -> tuple[str, str]:
    """Return the table and the column of a value, its indices left open."""
    table = _INDEX.sub("*", containers[row.parent].path)
    return table, _INDEX.sub("*", path[len(row.path) + 1 :])


def _cells(name: str, lexeme: str) -> list[tuple[str, str]]:
    """Return the cells of a value with their names: of a pair of numbers (time, reading), two."""
    if _NUMBERS.fullmatch(lexeme) is None:
        return [(name, lexeme)]
    return [(f"{name}.{i}", part.strip()) for i, part in enumerate(lexeme[1:-1].split(","))]


def _add_paths(units: Units) -> None:
    """Put the words that a value's place adds before its text: its path, or its row's key."""
    in_column = {unit for column in units.columns for unit in column.members}
    for i, path in enumerate(units.paths):
        if i not in in_column:
            units.texts[i] = f"{path[-_PATH_CHARACTERS:]} {units.texts[i]}"
            continue
        key = units.containers[units.record[i]].key
        if isinstance(key, str):
            units.texts[i] = f"{key} {units.texts[i]}"
