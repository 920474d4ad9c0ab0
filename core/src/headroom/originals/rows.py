"""The rows of an original: of a JSON array or object, of JSON lines, of a table."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from headroom.errors import SelectorError
from headroom.originals.delimited import find_table
from headroom.originals.json_values import is_json
from headroom.originals.paths import Node, children, root

# Cells keep their numbers as they were written.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)

_LEVELS = 6
_FLAT_DEPTH = 6

_CLAUSE = re.compile(
    r"\s*(?P<name>\"[^\"]+\"|[^\s=!<>~\"][^=!<>~\"]*?)\s*(?P<op>==|=|!=|>=|<=|>|<|~)\s*"
    r"(?P<value>\"[^\"]*\"|'[^']*'|.*?)\s*$",
    re.DOTALL,
)
_AND = re.compile(r"\s+(?:and|AND|&&)\s+|\s*&&\s*")
_NUMBER = re.compile(r"-?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][+-]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a text, where they stand.

    Args:
        spans: Start and end of each row, in characters.
        read: Gives the cells of a row, from its text: dotted name to value as text.
        header: Span of the line that names the columns, where there is one.
    """

    spans: list[tuple[int, int]]
    read: Callable[[str], Mapping[str, str]]
    header: tuple[int, int] | None = None


def find_rows(text: str) -> Rows | None:
    """Return the rows of a text, or None where it has none.

    Rows are the elements of a JSON array, the entries of an object whose entries are all objects
    or arrays, those of the largest such part inside a document, the lines of JSON lines, and the
    rows of delimited and drawn tables below their headers.
    """
    if is_json(text):
        nodes = _dominant(text)
        return None if nodes is None else Rows([(n.key_start, n.end) for n in nodes], _json_cells)
    lines = _json_lines(text)
    if lines is not None:
        return Rows(lines, _json_cells)
    table = find_table(text)
    if table is None:
        return None

    def read(row: str) -> dict[str, str]:
        pairs = zip(table.names, table.cells(row), strict=False)
        return {name: cell.strip() for name, cell in pairs}

    return Rows(table.spans, read, table.header)


def _dominant(text: str) -> list[Node] | None:
    """Follow the largest container down to the first one that has rows."""
    node = root(text)
    for _ in range(_LEVELS):
        inside = list(children(text, node))
        nested = [child for child in inside if text[child.start] in "{["]
        if text[node.start] == "[" or (len(nested) == len(inside) >= 3):
            return inside
        if not nested:
            return None
        node = max(nested, key=lambda child: (child.end - child.start, -child.start))
    return None


def _json_lines(text: str) -> list[tuple[int, int]] | None:
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            if not is_json(line):
                return None
            spans.append((start, end))
        start = end + 1
    return spans if len(spans) > 1 else None


def _json_cells(row: str) -> dict[str, str]:
    """Flatten one row; an entry of an object gives its key as ``key``."""
    flat: dict[str, str] = {}
    if row.startswith('"'):
        try:
            entry = _DECODER.decode(f"{{{row}}}")
        except (ValueError, RecursionError):
            return {"value": row.strip('"')}
        for key, value in entry.items():
            flat["key"] = key
            _flatten(flat, "", value, 0)
        return flat
    try:
        _flatten(flat, "", _DECODER.decode(row), 0)
    except (ValueError, RecursionError):
        return {}
    return flat


def _flatten(flat: dict[str, str], path: str, value: object, depth: int) -> None:
    if isinstance(value, dict) and depth < _FLAT_DEPTH:
        for key, inner in value.items():
            _flatten(flat, f"{path}.{key}" if path else str(key), inner, depth + 1)
    elif isinstance(value, list) and depth < _FLAT_DEPTH:
        for index, inner in enumerate(value):
            _flatten(flat, f"{path}.{index}" if path else str(index), inner, depth + 1)
    elif isinstance(value, str):
        flat[path or "value"] = value
    else:
        flat[path or "value"] = json.dumps(value)


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of a filter: ``status = failed``."""

    name: str
    operator: str
    value: str

    def holds(self, row: Mapping[str, str]) -> bool:
        """Say whether a row meets the condition; a missing cell meets ``!=`` only."""
        cell = _cell(row, self.name)
        if cell is None:
            return self.operator == "!="
        if self.operator == "~":
            return self.value.lower() in cell.lower()
        order = _compare(cell, self.value)
        return {
            "=": order == 0,
            "!=": order != 0,
            ">": order > 0,
            ">=": order >= 0,
            "<": order < 0,
            "<=": order <= 0,
        }[self.operator]


def _cell(row: Mapping[str, str], name: str) -> str | None:
    if name in row:
        return row[name]
    lowered = name.lower()
    for key, value in row.items():
        if key.lower() == lowered or key.lower().endswith(f".{lowered}"):
            return value
    return None


def _compare(cell: str, value: str) -> int:
    """Order two cells: as numbers where both are, else as text."""
    cell = cell.strip()
    if _NUMBER.fullmatch(cell) and _NUMBER.fullmatch(value):
        left, right = float(cell), float(value)
        return (left > right) - (left < right)
    return (cell > value) - (cell < value)


def parse_filter(words: str) -> list[Clause]:
    """Read a filter such as ``status=failed and latency>500``.

    Operators are ``= != > >= < <=`` and ``~`` (contains); a value may stand in quotes.

    Raises:
        SelectorError: If it is not understood.

    >>> parse_filter("status=failed and latency > 500")[1]
    Clause(name='latency', operator='>', value='500')
    """
    clauses: list[Clause] = []
    for part in _AND.split(words):
        found = _CLAUSE.match(part)
        if found is None:
            raise SelectorError(
                f"rows={words[:80]!r} is neither a range such as 10-20 nor a filter such as "
                "status=failed and latency>500 (operators: = != > >= < <= ~)"
            )
        operator = "=" if found["op"] == "==" else found["op"]
        clauses.append(Clause(found["name"].strip('"'), operator, found["value"].strip("\"'")))
    return clauses


def filter_rows(text: str, rows: Rows, clauses: Sequence[Clause]) -> list[int]:
    """Return the indices of the rows that meet all conditions.

    Raises:
        SelectorError: If no row has a cell of a name that the filter uses.
    """
    names: dict[str, None] = {}
    missing = {clause.name: None for clause in clauses}
    met: list[int] = []
    for index, (start, end) in enumerate(rows.spans):
        row = rows.read(text[start:end])
        for name in [name for name in missing if _cell(row, name) is not None]:
            del missing[name]
        if len(names) < 40:
            names.update(dict.fromkeys(row))
        if all(clause.holds(row) for clause in clauses):
            met.append(index)
    if missing:
        raise SelectorError(
            f"no row has {next(iter(missing))[:60]!r}; "
            f"columns: {', '.join(name[:40] for name in list(names)[:15])}"
        )
    return met
