"""Reading log templates back, byte for byte."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from headroom.errors import DecodingError
from headroom.notation.templates_grammar import EXACT, LONGEST_TEXT, Notes

_ROW = re.compile(r"([0-9]{0,9})\|(.*)", re.DOTALL)
_PLAIN = re.compile(r"([0-9]{1,9})=(.*)", re.DOTALL)
_REPEAT = re.compile(r"\*([0-9]{1,9})")
_ROW_STARTS = frozenset("0123456789|")
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(slots=True)
class _Form:
    """A template as it is read: pieces, and for each column its copy source and width."""

    pieces: list[str]
    copies: list[int]
    widths: list[int]
    headed: bool
    previous: list[str]


@dataclass(slots=True)
class _Reader:
    notes: Notes
    names: dict[str, str] = field(default_factory=dict)
    forms: dict[int, _Form] = field(default_factory=dict)
    header: _Form | None = None
    current: _Form | None = None


def decode_templates(notes: Notes, body: str) -> str:
    """Return the text that a body in the template notation stands for.

    Raises:
        DecodingError: If the body is not well-formed.
    """
    reader = _Reader(notes)
    rows = body.split("\n")
    if notes.headed:
        if not rows[0].startswith("H="):
            raise DecodingError("the common start is missing")
        reader.header = _form(reader, rows.pop(0)[2:], [], headed=True)
    text = "\n".join(_lines(reader, rows))
    if notes.returns:
        text = text.replace("\n\r", "\r")
    return text.replace("\n", "\r\n") if notes.crlf else text


def _lines(reader: _Reader, rows: list[str]) -> list[str]:
    """Return the lines that the rows below the header stand for."""
    lines: list[str] = []
    size = 0
    above: str | None = None
    for row in rows:
        repeat = _REPEAT.fullmatch(row) if row[:1] == "*" else None
        if repeat is None:
            times, above = 1, row
        elif above is None:
            raise DecodingError("nothing to repeat")
        else:
            times = int(repeat[1])
        if len(lines) + times > reader.notes.lines:
            raise DecodingError("more lines than the note says")
        for _ in range(times):
            line = _line(reader, above)
            size += len(line) + 2
            if size > LONGEST_TEXT:
                raise DecodingError("the text would be too long")
            lines.append(line)
    if len(lines) != reader.notes.lines:
        raise DecodingError("fewer lines than the note says")
    return lines


def _line(reader: _Reader, row: str) -> str:
    first = row[:1]
    if first == ">":
        return row[1:]
    if first not in _ROW_STARTS:
        return row
    found = _ROW.fullmatch(row)
    if found is not None:
        cells, equals, text = found[2].partition("=")
        if equals:
            return _headed(reader, found[1], cells, text)
        return _again(reader, found[1], cells)
    found = _PLAIN.fullmatch(row)
    if found is None:
        return row
    form = _form(reader, found[2], [], headed=False)
    reader.forms[int(found[1])] = reader.current = form
    return _fill(form, form.previous)


def _headed(reader: _Reader, number: str, cells: str, text: str) -> str:
    header = reader.header
    if header is None:
        raise DecodingError("no common start was given")
    given = _cells(reader, cells)
    if len(given) > len(header.copies):
        raise DecodingError("too many values for the common start")
    head = _values(header, given, [])
    start = _fill(header, head)
    if not number:
        return start + text
    form = _form(reader, text, head, headed=True)
    reader.forms[int(number)] = reader.current = form
    return start + _fill(form, form.previous)


def _again(reader: _Reader, number: str, cells: str) -> str:
    form = reader.forms.get(int(number)) if number else reader.current
    if form is None:
        raise DecodingError("no such template")
    reader.current = form
    given = _cells(reader, cells)
    header = reader.header if form.headed else None
    width = len(header.copies) if header is not None else 0
    if len(given) > width + len(form.copies):
        raise DecodingError("too many values")
    head: list[str] = []
    start = ""
    if header is not None:
        head = _values(header, given[:width], [])
        start = _fill(header, head)
    return start + _fill(form, _values(form, given[width:], head))


def _values(form: _Form, given: list[str], head: list[str]) -> list[str]:
    values = list(form.previous)
    for j, cell in enumerate(given):
        if cell:
            values[j] = _aligned(cell, form.widths[j])
    for j, source in enumerate(form.copies):
        if source >= 0 and not (j < len(given) and given[j]):
            values[j] = head[source] if source < len(head) else values[source - len(head)]
    form.previous = values
    return values


def _aligned(cell: str, width: int) -> str:
    if not width or cell[0] == " ":
        return cell
    return cell[1:] if cell[0] == EXACT else cell.rjust(width)


def _fill(form: _Form, values: list[str]) -> str:
    parts = [""] * (2 * len(values) + 1)
    parts[::2] = form.pieces
    parts[1::2] = values
    return "".join(parts)


def _cells(reader: _Reader, cells: str) -> list[str]:
    if not cells:
        return []
    sign = reader.notes.sign
    if sign and sign in cells:
        return [_named(reader, cell) for cell in cells.split("|")]
    return cells.split("|")


def _named(reader: _Reader, cell: str) -> str:
    sign = reader.notes.sign
    if not sign or sign not in cell:
        return cell
    value, _, number = cell.partition(sign)
    if not _NUMBER.fullmatch(number):
        raise DecodingError("a name is not a number")
    if value:
        reader.names[number] = value
        return value
    if number not in reader.names:
        raise DecodingError("no such name")
    return reader.names[number]


def _form(reader: _Reader, text: str, head: list[str], *, headed: bool) -> _Form:
    opening, closing = reader.notes.marks[0], reader.notes.marks[1]
    parts = text.split(opening)
    form = _Form([parts[0]], [], [], headed, [])
    for part in parts[1:]:
        shown, closed, piece = part.partition(closing)
        if not closed:
            raise DecodingError("a mark is not closed")
        column = len(form.copies)
        source = -1
        if shown.startswith("="):
            known = len(head) + column
            if not _NUMBER.fullmatch(shown[1:]) or not 0 < int(shown[1:]) <= known:
                raise DecodingError("no such value to copy")
            source = int(shown[1:]) - 1
            shown = head[source] if source < len(head) else form.previous[source - len(head)]
        form.pieces.append(piece)
        form.copies.append(source)
        form.widths.append(len(shown) if source < 0 and shown.startswith(" ") else 0)
        form.previous.append(shown)
    return form
