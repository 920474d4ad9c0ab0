"""The line above a table that says how the original wrote it, and how the rows below are cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.errors import DecodingError
from headroom.notation.delimited import DELIMITERS, QUOTES, Delimited
from headroom.notation.delimited_tables import Layout
from headroom.notation.grid import WIDEST, Align, Grid
from headroom.notation.grid_records import Records

MARK = "#table "
CUTS = {",": "", " ": "spaces"}

_WORD = re.compile(r'([a-z]+)(?:=("(?:[^"]|"")*"|[^ ",]*(?:,[^ ",]*)*))?(?: |$)')
_NUMBERS = re.compile(r"\d{1,4}(?:,\d{1,4})*")
_MOST_NAMES = 100_000


@dataclass(frozen=True, slots=True)
class Directive:
    """What stands in the line above a table.

    Args:
        entries: Lines and rows that follow the header.
        layout: How the original writes rows; widths of a grid may still be open (None).
        cut: What stands between the cells below.
        head: How a grid draws its names; None where a table has no line with names.
        head_lines: How many such lines follow.
    """

    entries: int
    layout: Layout
    cut: str
    head: str | None = ""
    head_lines: int = 0
    open_widths: bool = False


def write_directive(directive: Directive) -> str:
    """Return the line of a directive, without a line break."""
    layout = directive.layout
    words = [f"rows={directive.entries}"]
    if isinstance(layout, Delimited):
        name = next(name for name, sign in DELIMITERS.items() if sign == layout.delimiter)
        words.append(name)
        if layout.quotes != "needed":
            words.append(f"quotes={layout.quotes}")
        if layout.end:
            words.append("crlf")
        if directive.head is None:
            words.append("bare")
    elif isinstance(layout, Records):
        words += _write_records(layout)
    else:
        words += _write_grid(layout, directive.open_widths)
        if directive.head:
            words.append(f"head={directive.head}")
        elif directive.head is None:
            words.append("bare")
    if directive.head_lines:
        words.append(f"lines={directive.head_lines}")
    if CUTS[directive.cut]:
        words.append(CUTS[directive.cut])
    return MARK + " ".join(words)


def _write_grid(grid: Grid, open_widths: bool) -> list[str]:
    words = ["grid"]
    if grid.left:
        words.append(f"left={_quoted(grid.left)}")
    if len(set(grid.gaps)) == 1:
        words.append(f"gap={_quoted(grid.gaps[0])}")
    elif grid.gaps:
        words.append(f"gaps={','.join([str(len(gap)) for gap in grid.gaps])}")
    if grid.right:
        words.append(f"end={_quoted(grid.right)}")
    if not open_widths:
        words.append(f"w={','.join(map(str, grid.widths)) if any(grid.widths) else 0}")
    rights = [str(i + 1) for i, align in enumerate(grid.aligns) if align == ">"]
    if rights:
        words.append(f"right={','.join(rights)}")
    words += ["trim"] * grid.trim + ["loose"] * grid.loose + ["wide"] * grid.wide
    return words


def _write_records(layout: Records) -> list[str]:
    words = [f"records={_quoted(layout.opening)}", f"closing={_quoted(layout.closing)}"]
    words.append(f"gap={_quoted(layout.gap)}")
    words += [f"length={layout.length}"] * (layout.length > 0)
    words += [f"cross={layout.cross}"] * (layout.cross > 0)
    return words + ["right"] * (layout.align == ">")


def _read_records(words: dict[str, str], names: Sequence[str]) -> Records:
    if not names:
        raise DecodingError("records without names")
    length = _numbers(words.get("length", "0"))[0]
    cross = _numbers(words.get("cross", "0"))[0]
    if length > WIDEST or sum(map(len, names)) > _MOST_NAMES:
        raise DecodingError("records too wide")
    opening, closing, gap = [_unquoted(words.get(w, '""')) for w in ("records", "closing", "gap")]
    align: Align = ">" if "right" in words else "<"
    return Records(tuple(names), opening, closing, length, min(cross, length), gap, align)


def _quoted(text: str) -> str:
    escaped = text.replace('"', '""').replace("\r", "\\r")
    return f'"{escaped}"'


def read_directive(line: str, names: Sequence[str]) -> Directive:
    """Return the directive of a line, for a table with columns of these names.

    Raises:
        DecodingError: If it is none.
    """
    words: dict[str, str] = {}
    at = len(MARK)
    while at < len(line):
        found = _WORD.match(line, at)
        if found is None or found[1] in words:
            raise DecodingError(f"{line[at : at + 40]!r} says nothing of a table")
        words[found[1]] = found[2] or ""
        at = found.end()
    entries, lines = words.pop("rows", ""), words.pop("lines", "0")
    if not entries.isdecimal() or len(entries) > 9 or not lines.isdecimal() or len(lines) > 6:
        raise DecodingError("a table without its number of rows")
    cut = " " if "spaces" in words else ","
    words.pop("spaces", None)
    head: str | None = words.pop("head", "")
    if "records" in words:
        return Directive(int(entries), _read_records(words, names[1:]), cut)
    if "bare" in words:
        head = None
    if "grid" not in words:
        return Directive(int(entries), _read_delimited(words), cut, head, int(lines))
    open_widths = "w" not in words
    grid = _read_grid(words, len(names))
    return Directive(int(entries), grid, cut, head, int(lines), open_widths)


def _read_delimited(words: dict[str, str]) -> Delimited:
    delimiter = next((sign for name, sign in DELIMITERS.items() if name in words), None)
    quotes = words.get("quotes", "needed")
    if delimiter is None or quotes not in QUOTES:
        raise DecodingError("a table without its delimiter")
    return Delimited(delimiter, quotes, "\r" if "crlf" in words else "")


def _read_grid(words: dict[str, str], columns: int) -> Grid:
    if "gaps" in words:
        gaps = tuple([" " * number for number in _numbers(words["gaps"])])
    else:
        gaps = (_unquoted(words.get("gap", '""')),) * (columns - 1)
    if len(gaps) != columns - 1:
        raise DecodingError("not as many gaps as columns")
    widths = _numbers(words.get("w", "0"))
    if widths == [0]:
        widths = [0] * columns
    if len(widths) != columns or sum(widths) > WIDEST or sum(map(len, gaps)) > WIDEST:
        raise DecodingError("not as many widths as columns")
    rights = frozenset(_numbers(words["right"])) if "right" in words else frozenset()
    aligns: Sequence[Align] = [">" if i + 1 in rights else "<" for i in range(columns)]
    left, right = _unquoted(words.get("left", '""')), _unquoted(words.get("end", '""'))
    signs = {sign: sign in words for sign in ("trim", "loose", "wide")}
    return Grid(left, gaps, right, tuple(widths), tuple(aligns), **signs)


def _numbers(text: str) -> list[int]:
    if not _NUMBERS.fullmatch(text):
        raise DecodingError(f"{text[:40]!r} are no numbers")
    return [int(number) for number in text.split(",")]


def _unquoted(text: str) -> str:
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        raise DecodingError(f"{text[:40]!r} is not in quotes")
    return text[1:-1].replace('""', '"').replace("\\r", "\r")
