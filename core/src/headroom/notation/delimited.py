"""Delimited tables (CSV, TSV and kin): rows cut into values, and values written as they stood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Quotes = Literal["needed", "text", "all", "none"]

QUOTES: tuple[Quotes, ...] = ("needed", "text", "all", "none")
DELIMITERS: dict[str, str] = {"comma": ",", "tab": "\t", "semicolon": ";", "bar": "|"}

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_CELL = re.compile(r'"((?:[^"]|"")*)"|([^"]*)')

# Rows read at a time; of each column so many values, or one for so many rows, are held once.
_CHUNK = 1_024
_FEWEST_KNOWN = 256
_KNOWN_SHARE = 4

# A quoted cell may run over so many lines; beyond, its quote is taken for a slip.
_MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Delimited:
    """How the rows of a delimited table are written.

    Args:
        delimiter: The character between cells.
        quotes: Which cells stand in quotes: those that need them, all that are no numbers, all,
            or none: then a quote is a character like others.
        end: What stands between the last cell and the line break: "" or a carriage return.
    """

    delimiter: str = ","
    quotes: Quotes = "needed"
    end: Literal["", "\r"] = ""

    def render(self, values: Sequence[str]) -> str:
        r"""Return a row as the table writes it.

        >>> Delimited(quotes="text").render(["a", "1"])
        '"a",1'
        """
        if self.quotes == "none":
            return self.delimiter.join(values) + self.end
        quote = self._quote
        return self.delimiter.join([quote(value) for value in values]) + self.end

    def _quote(self, value: str) -> str:
        if self.quotes == "needed":
            if self.delimiter not in value and not needs_quotes(value):
                return value
        elif self.quotes == "text" and _NUMBER.fullmatch(value):
            return value
        escaped = value.replace('"', '""')
        return f'"{escaped}"'

    def parse(self, row: str) -> list[str] | None:
        """Return the values of a row, or None if `render` would write them in another way."""
        if self.end:
            if not row.endswith(self.end):
                return None
            row = row[: -len(self.end)]
        if self.quotes == "none":
            return row.split(self.delimiter)
        if self.quotes == "needed" and '"' not in row:
            return None if "\r" in row else row.split(self.delimiter)
        values = split_quoted(row, self.delimiter)
        if values is None or self.render(values) != row + self.end:
            return None
        return values

    def read(self, rows: Sequence[str], count: int) -> tuple[list[list[str]], Sequence[int]]:
        """Return the values by column, and the positions of the rows with ``count`` values."""
        parse = self._parser(rows)
        # A value that stands in many rows is held once, as far as that takes little memory.
        known: list[dict[str, str]] = [{} for _ in range(count)]
        most = max(_FEWEST_KNOWN, len(rows) // _KNOWN_SHARE)
        columns: list[list[str]] = [[] for _ in range(count)]
        others: list[int] = []
        for start in range(0, len(rows), _CHUNK):
            cells: list[list[str]] = []
            for i, row in enumerate(rows[start : start + _CHUNK], start):
                values = parse(row)
                if values is not None and len(values) == count:
                    cells.append(values)
                else:
                    others.append(i)
            for at, column in enumerate(zip(*cells, strict=True)):
                held = known[at].setdefault if len(known[at]) < most else known[at].get
                columns[at] += map(held, column, column)
        if not others:
            return columns, range(len(rows))
        unread = frozenset(others)
        return columns, [i for i in range(len(rows)) if i not in unread]

    def _parser(self, rows: Sequence[str]) -> Callable[[str], list[str] | None]:
        if self.quotes != "needed" or self.end or any(map(needs_quotes, rows)):
            return self.parse
        delimiter = self.delimiter
        return lambda row: row.split(delimiter)


def needs_quotes(value: str) -> bool:
    """Say whether a value holds a quote or a line break."""
    return '"' in value or "\n" in value or "\r" in value


def split_quoted(row: str, delimiter: str) -> list[str] | None:
    """Return the values of a row in which quoted cells may hold anything; None if none has sense.

    >>> split_quoted('1,"a ""b"", c",', ",")
    ['1', 'a "b", c', '']
    """
    # Pieces between delimiters belong together as long as their quotes are not closed.
    values: list[str] = []
    parts: list[str] = []
    quotes = 0
    for piece in row.split(delimiter):
        parts.append(piece)
        quotes += piece.count('"')
        if quotes % 2:
            continue
        cell = delimiter.join(parts) if len(parts) > 1 else piece
        parts = []
        if not quotes:
            values.append(cell)
            continue
        quotes = 0
        found = _CELL.fullmatch(cell)
        if found is None or found[1] is None:
            return None
        values.append(found[1].replace('""', '"'))
    return None if parts else values


def join_lines(lines: Sequence[str]) -> list[str]:
    r"""Join lines that belong to one row because a quoted cell runs over their breaks.

    >>> join_lines(['a,"b', 'c",d', 'e'])
    ['a,"b\nc",d', 'e']
    """
    if sum([1 for line in lines if line.count('"') % 2]) == 0:
        return list(lines)
    rows: list[str] = []
    open_at = -1
    for i, line in enumerate(lines):
        odd = line.count('"') % 2 == 1
        if open_at < 0:
            if odd:
                open_at = i
            else:
                rows.append(line)
        elif odd:
            rows.append("\n".join(lines[open_at : i + 1]))
            open_at = -1
        elif i - open_at >= _MOST_LINES:
            rows.extend(lines[open_at : i + 1])
            open_at = -1
    if open_at >= 0:
        rows.extend(lines[open_at:])
    return rows


def guess_layout(header: str, rows: Sequence[str], delimiter: str) -> Delimited:
    """Return the layout that most of the rows follow."""
    end: Literal["", "\r"] = "\r" if header.endswith("\r") else ""
    if not any('"' in row for row in rows):
        return Delimited(delimiter, "needed", end)
    layouts = [Delimited(delimiter, quotes, end) for quotes in QUOTES]
    count = Counter(row.count(delimiter) for row in rows).most_common(1)[0][0] + 1

    def fitting(layout: Delimited) -> int:
        read = map(layout.parse, rows)
        return sum([values is not None and len(values) == count for values in read])

    return max(layouts, key=fitting)
