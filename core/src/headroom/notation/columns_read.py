"""Read a table back: the header as columns, each line as a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headroom.errors import DecodingError
from headroom.notation.columns import (
    CODE,
    REFERENCE,
    Column,
    cell_columns,
    fill,
    instead_mark,
    read_key,
)
from headroom.notation.json_read import read_node, string_end
from headroom.notation.json_tree import DEEPEST, STRING, Node, is_scalar_lexeme

# Lines without such a cell are bare or quoted cells, and commas.
_MARKED = re.compile(r"(?:\A|,)[{\[!]")
_CELLS = re.compile(rf"({STRING.pattern}|[^,\"][^,]*|)(?:,|\Z)")
_SEPARATORS = frozenset(",{}[]=")

# So many cells of a table are remembered with their values: enough for columns that repeat theirs.
_MOST_KNOWN = 8_192


@dataclass(slots=True)
class _Cursor:
    text: str
    at: int = 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, mark: str) -> None:
        if not self.text.startswith(mark, self.at):
            raise DecodingError(f"expected {mark!r} in {self.text[:80]!r}")
        self.at += len(mark)


def read_header(line: str) -> tuple[Column, ...]:
    """Return the columns of a header line.

    Raises:
        DecodingError: If the line is no header.
    """
    cursor = _Cursor(line)
    columns = _read_columns(cursor, "", 0)
    if cursor.at != len(line):
        raise DecodingError("a header ends too early")
    return columns


def _read_columns(cursor: _Cursor, end: str, depth: int) -> tuple[Column, ...]:
    if depth > DEEPEST:
        raise DecodingError("a header is nested too deep")
    columns: list[Column] = []
    while True:
        columns.append(_read_column(cursor, depth))
        if cursor.peek() != ",":
            break
        cursor.take(",")
    cursor.take(end)
    if len({column.key for column in columns}) < len(columns):
        raise DecodingError("a header names a column twice")
    return tuple(columns)


def _read_column(cursor: _Cursor, depth: int) -> Column:
    key = _read_key(cursor)
    mark = cursor.peek()
    if mark == "{":
        cursor.take("{")
        return Column(key, "object", _read_columns(cursor, "}", depth + 1))
    if mark == "[":
        cursor.take("[")
        return Column(key, "list", _read_columns(cursor, "]", depth + 1))
    if mark != "=":
        return Column(key, "cell")
    cursor.take("=")
    if cursor.peek() == "(":
        return Column(key, "cell", codes=_read_codes(cursor))
    return _read_shared(key, cursor)


def _read_key(cursor: _Cursor) -> str:
    start = cursor.at
    if cursor.peek() == '"':
        cursor.at = string_end(cursor.text, start)
        return cursor.text[start + 1 : cursor.at - 1]
    while cursor.at < len(cursor.text) and cursor.text[cursor.at] not in _SEPARATORS:
        cursor.at += 1
    return read_key(cursor.text[start : cursor.at])


def _read_codes(cursor: _Cursor) -> tuple[tuple[str, str], ...]:
    cursor.take("(")
    codes: list[tuple[str, str]] = []
    while True:
        code = _read_key(cursor)
        if not CODE.match(code):
            raise DecodingError(f"{code!r} is no code")
        cursor.take("=")
        codes.append((code, _read_value(cursor, ",)")))
        if cursor.peek() != ",":
            break
        cursor.take(",")
    cursor.take(")")
    return tuple(codes)


def _read_value(cursor: _Cursor, ends: str) -> str:
    """Read one lexeme, or one container's JSON, up to one of the characters ``ends``."""
    start = cursor.at
    if cursor.peek() in ('"', "{", "["):
        _, cursor.at = read_node(cursor.text, start)
        return cursor.text[start : cursor.at]
    while cursor.at < len(cursor.text) and cursor.text[cursor.at] not in ends:
        cursor.at += 1
    text = cursor.text[start : cursor.at]
    return text if is_scalar_lexeme(text) else f'"{text}"'


def _read_shared(key: str, cursor: _Cursor) -> Column:
    start = cursor.at
    if cursor.peek() in ('"', "[") or cursor.text.startswith(('{"', "{}"), start):
        return Column(key, "same", prefix=_read_value(cursor, ""))
    while cursor.at < len(cursor.text) and cursor.text[cursor.at] not in ",}]":
        reference = REFERENCE.match(cursor.text, cursor.at)
        cursor.at = reference.end() if reference is not None else cursor.at + 1
    text = cursor.text[start : cursor.at]
    if "*" in text:
        prefix, _, suffix = text.partition("*")
        return Column(key, "text", prefix=prefix, suffix=suffix)
    if REFERENCE.search(text):
        return Column(key, "made", prefix=text)
    return Column(key, "same", prefix=text if is_scalar_lexeme(text) else f'"{text}"')


class RowReader:
    """Read the rows of one table."""

    def __init__(self, columns: tuple[Column, ...]) -> None:
        self.columns = columns
        self._plain = None if any(map(_has_lists, columns)) else cell_columns(columns)
        self._known: dict[tuple[int, str], Node | None] = {}
        self._fills = any(map(_is_made, columns))

    def read(self, line: str) -> Node:
        """Return the row that stands on a line.

        Raises:
            DecodingError: If the line is no row of this table.
        """
        if line.startswith("="):
            node, end = read_node(line, 1)
            if end != len(line):
                raise DecodingError("a row goes on behind its JSON")
            return node
        if self._plain is not None and not _MARKED.search(line):
            texts = _split(line)
            if texts is not None:
                return self._plain_row(texts)
        cursor = _Cursor(line)
        row = self.read_at(cursor, nested=False)
        if cursor.at != len(line):
            raise DecodingError("a row has more cells than columns")
        return row

    def _plain_row(self, texts: list[str]) -> Node:
        if len(texts) != self._plain and (self._plain or texts != [""]):
            raise DecodingError("a row has not as many cells as columns")
        values: dict[str, str] = {}
        row = self._plain_members(self.columns, iter(texts), values, "")
        return _filled(self.columns, row, values) if self._fills else row

    def _plain_members(
        self, columns: tuple[Column, ...], texts: Iterator[str], values: dict[str, str], path: str
    ) -> dict[str, Node]:
        row: dict[str, Node] = {}
        known, fills = self._known, self._fills
        for column in columns:
            if column.form == "same":
                row[column.key] = read_node(column.prefix, 0)[0]
            elif column.form == "made":
                row[column.key] = ""
            elif column.form == "object":
                inner = f"{path}{column.key}."
                row[column.key] = self._plain_members(column.members, texts, values, inner)
            else:
                place = (id(column), next(texts))
                if place in known:
                    value = known[place]
                else:
                    value = _bare_value(column, place[1])
                    if len(known) < _MOST_KNOWN:
                        known[place] = value
                if value is not None:
                    row[column.key] = value
                    if fills and isinstance(value, str):
                        values[path + column.key] = value[1:-1] if value[0] == '"' else value
        return row

    def read_at(self, cursor: _Cursor, *, nested: bool) -> dict[str, Node]:
        """Read the row at a cursor and move behind it."""
        cells = _Cells(cursor, nested)
        values: dict[str, str] = {}
        row = _members(self.columns, cells, values, "")
        return _filled(self.columns, row, values)


def _split(line: str) -> list[str] | None:
    """Return the cells of a line, or None if they are not all bare or quoted."""
    if '"' not in line:
        return line.split(",")
    texts: list[str] = _CELLS.findall(line)
    if not line.endswith(","):
        # The end of the line matches once more, as an empty cell.
        texts.pop()
    return texts if ",".join(texts) == line else None


def _is_made(column: Column) -> bool:
    return column.form == "made" or any(map(_is_made, column.members))


def _has_lists(column: Column) -> bool:
    return column.form == "list" or any(map(_has_lists, column.members))


@dataclass(slots=True)
class _Cells:
    """The cells of one row, read from left to right."""

    cursor: _Cursor
    nested: bool
    first: bool = True

    def begin(self) -> None:
        if self.first:
            self.first = False
        else:
            self.cursor.take(",")

    def bare(self) -> str:
        text, at = self.cursor.text, self.cursor.at
        if self.nested:
            end = at
            while end < len(text) and text[end] not in ",;]":
                end += 1
        else:
            end = text.find(",", at)
            end = len(text) if end < 0 else end
        self.cursor.at = end
        return text[at:end]

    def json(self) -> Node:
        node, self.cursor.at = read_node(self.cursor.text, self.cursor.at)
        return node


def _members(
    columns: Sequence[Column], cells: _Cells, values: dict[str, str], path: str
) -> dict[str, Node]:
    row: dict[str, Node] = {}
    for column in columns:
        name = path + column.key
        if column.form == "same":
            row[column.key] = read_node(column.prefix, 0)[0]
        elif column.form == "made":
            row[column.key] = ""
        elif column.form == "object":
            member = _object(column, cells, values, name)
            if member is not None:
                row[column.key] = member
        else:
            value = _cell(column, cells)
            if value is not None:
                row[column.key] = value
                if isinstance(value, str):
                    values[name] = value[1:-1] if value[0] == '"' else value
    return row


def _object(column: Column, cells: _Cells, values: dict[str, str], path: str) -> Node | None:
    cursor = cells.cursor
    at = cursor.at if cells.first else cursor.at + 1
    count = cell_columns(column.members)
    mark = instead_mark(column)
    if count and cursor.text.startswith(mark, at):
        cells.begin()
        cursor.take(mark)
        value = None if cursor.peek() in ("", ",", ";", "]") else cells.json()
        for _ in range(count - 1):
            cells.begin()
        return value
    return _members(column.members, cells, values, path + ".")


def _cell(column: Column, cells: _Cells) -> Node | None:
    cells.begin()
    cursor = cells.cursor
    mark = cursor.peek()
    if mark in ("", ",", ";"):
        return None
    if mark == "!":
        cursor.take("!")
        return cells.json()
    if column.form == "list":
        return _list(column, cells)
    if mark in ('"', "{", "["):
        return cells.json()
    return _bare_value(column, cells.bare())


def _bare_value(column: Column, text: str) -> Node | None:
    if text == "~" or not text:
        return None
    if text[0] == '"':
        return text
    if column.form == "text":
        return f'"{column.prefix}{text}{column.suffix}"'
    for code, value in column.codes:
        if text == code:
            return read_node(value, 0)[0]
    return text if is_scalar_lexeme(text) else f'"{text}"'


def _list(column: Column, cells: _Cells) -> Node | None:
    cursor = cells.cursor
    if cursor.peek() == "~":
        cursor.take("~")
        return None
    cursor.take("[")
    rows: list[Node] = []
    reader = RowReader(column.members)
    if cursor.peek() == "]":
        cursor.take("]")
        return rows
    while True:
        rows.append(reader.read_at(cursor, nested=True))
        if cursor.peek() != ";":
            break
        cursor.take(";")
    cursor.take("]")
    return rows


def _filled(
    columns: Sequence[Column], row: dict[str, Node], values: dict[str, str]
) -> dict[str, Node]:
    for column in columns:
        if column.form == "made":
            row[column.key] = f'"{fill(column.prefix, values)}"'
        elif column.form == "object":
            member = row.get(column.key)
            if isinstance(member, dict) and member:
                _filled(column.members, member, values)
    return row


def read_rows(header: str, lines: Sequence[str]) -> Iterator[Node]:
    """Return the rows of a table, in order.

    Raises:
        DecodingError: If header or lines are not well-formed.
    """
    reader = RowReader(read_header(header))
    return (reader.read(line) for line in lines)
