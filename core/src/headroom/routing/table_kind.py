"""Recognise tables: delimited (CSV and kin), drawn with bars, or in columns of spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.notation.delimited import DELIMITERS, join_lines, split_quoted
from headroom.notation.delimited_tables import TableText
from headroom.notation.grid_columns import is_rule
from headroom.notation.grid_read import read_grids
from headroom.notation.grid_records import is_opening
from headroom.routing.log_signs import LEVEL, LOGFMT, STAMP
from headroom.routing.sample import Sample, take_sample

CSV = "csv"
TABLE = "table"

# The sample: so many characters and lines from the start, and as many characters before the end.
_REACH = 24_000
_LINES = 240
_END = 4_000

_FEWEST_ROWS = 4
_FEWEST_BARE = 8
_BARE = ("\t", ",", "|")
_NO_ROW = frozenset("|+{[(<#\"'")
_FEWEST_BARE_CELLS = 3
_BARE_NUMERIC = 0.3
_EVEN = 0.9
_COVERED = 0.6

# With fewer lines that may be drawn among a few, the others are not looked at.
_GLANCED = 0.3
_LONGEST_NAME = 80
_MOST_ABOVE = 3

_LETTER = re.compile(r"[^\W\d_]")
_NO_NAME = re.compile(r"[{}<>=;\\\r\n]|://|[.!?:]\Z|\A[-*+#/]|[|].*[|]")
# A log between commas begins with a time, and numbers alone are no table to look things up in.
_DAY = re.compile(r"\W?\d{2,4}[-/.:]\d\d")
_MEASURED = re.compile(r"(?!(?:19|20)\d\d\Z)-?[\d.,]+%?")
_NUMERIC = re.compile(r"[-+$\u20ac]?[\d.,:/ TZ-]+%?\Z")
_WORDS = 8
_BARS = "|\u2502\u2503\u2551"
_HEAD = 8


@dataclass(frozen=True, slots=True)
class DelimitedKind:
    """Where the header of a delimited table stands, or its first row, and its delimiter."""

    line: int
    delimiter: str
    headed: bool = True


def find_delimited(text: str) -> DelimitedKind | None:
    r"""Return where the header of a delimited table stands, or None if the text is none.

    >>> find_delimited("id,name\n1,a\n2,b\n3,c\n4,d\n")
    DelimitedKind(line=0, delimiter=',', headed=True)
    """
    lines = _sample(text)
    for at, line in enumerate(lines[: _MOST_ABOVE + 1]):
        if not line.strip():
            continue
        for delimiter in DELIMITERS.values():
            if delimiter in line and _is_delimited(lines[at:], delimiter):
                # The rows at the end are of the table too, or this is a file of another kind.
                return DelimitedKind(at, delimiter) if _ends_so(text, delimiter, line) else None
        if len(line.split()) < 2:
            break
    for delimiter in _BARE:
        if _are_bare_rows(lines, delimiter) and _ends_so(text, delimiter, lines[0]):
            return DelimitedKind(0, delimiter, headed=False)
    return None


def _are_bare_rows(lines: Sequence[str], delimiter: str) -> bool:
    """Say whether the lines are rows that are alike in their columns, without names above."""
    if not lines or lines[0].count(delimiter) + 1 < _FEWEST_BARE_CELLS:
        return False
    rows = [line.rstrip("\r") for line in lines if line.strip()]
    if len(rows) < _FEWEST_BARE or any(row[:1] in _NO_ROW for row in rows):
        return False
    if STAMP.match(rows[0]) or LEVEL.match(rows[0]) or _is_other(rows, delimiter):
        return False
    cells = [row.split(delimiter) for row in rows]
    if any(len(row) != len(cells[0]) for row in cells):
        return False
    if delimiter == ",":
        # Sentences have a space behind their commas, and code does.
        if any(cell[:1] == " " for row in cells for cell in row):
            return False
    elif delimiter == "|":
        cells = [[cell.strip() for cell in row] for row in cells]
    numeric = [
        all(_NUMERIC.match(cell) is not None for cell in column if cell)
        for column in zip(*cells, strict=True)
    ]
    if delimiter != "\t" and (all(numeric) or _DAY.match(rows[0])):
        return False
    return sum(numeric) >= _BARE_NUMERIC * len(numeric)


def _sample(text: str) -> list[str]:
    lines = text[:_REACH].split("\n", _LINES)
    if len(text) > _REACH or len(lines) > _LINES:
        lines = lines[:-1]
    return lines


def _ends_so(text: str, delimiter: str, header: str) -> bool:
    if len(text) <= _REACH:
        return True
    tail = text[-_END:]
    if '"' in tail:  # a quoted cell may begin anywhere above
        return True
    rows = [row for row in tail.split("\n")[1:] if row.strip()]
    count = header.count(delimiter)
    return not rows or sum([row.count(delimiter) >= count for row in rows]) >= 0.5 * len(rows)


def _is_delimited(lines: Sequence[str], delimiter: str) -> bool:
    first = lines[0].rstrip("\r")
    if '"' not in first:  # then the row is that line, and most texts have no names there
        names = split_quoted(first, delimiter)
        if names is None or not _are_names(names, delimiter, first):
            return False
    rows = [row.rstrip("\r") for row in join_lines(lines) if row.strip()]
    if len(rows) <= _FEWEST_ROWS:
        return False
    if delimiter == "|" and (rows[0].startswith("|") or is_rule(rows[1])):
        return False
    names = split_quoted(rows[0], delimiter)
    if names is None or not _are_names(names, delimiter, rows[0]):
        return False
    if delimiter == "|" and any(_MEASURED.fullmatch(name.strip()) for name in names):
        return False
    even = 0
    spaced = 0
    for row in rows[1:]:
        cells = (split_quoted(row, delimiter) if '"' in row else None) or row.split(delimiter)
        if len(cells) == len(names):
            even += 1
            spaced += all(cell[:1] == " " for cell in cells[1:])
    body = len(rows) - 1
    if even < _EVEN * body or _is_other(rows[1:], delimiter):
        return False
    # Sentences have a space behind their commas; tables seldom, and then in the header too.
    return delimiter != "," or spaced < 0.5 * body or all(n[:1] == " " for n in names[1:])


def _are_names(names: Sequence[str], delimiter: str, line: str) -> bool:
    if (
        sum([1 for name in names if name.strip()]) < 2
        or STAMP.match(line)
        or LEVEL.match(line)
        or line[:1] in " \t{[<"
    ):
        return False
    if max(map(len, names)) > _LONGEST_NAME or len(set(names)) < 0.8 * len(names):
        return False
    if delimiter == "," and all(name[:1] == " " for name in names[1:]) and len(names) < 4:
        return False
    worded = [name for name in names if _LETTER.search(name)]
    if len(worded) < 0.5 * len(names) or (_NUMERIC.match(names[0]) and names[0].strip()):
        return False
    if any(_NO_NAME.search(name.strip()) for name in names if not name.startswith('"')):
        return False
    return all(len(name.split()) <= _WORDS for name in names)


def _is_other(rows: Sequence[str], delimiter: str) -> bool:
    sample = rows[:60]
    ends = ";{}(:" if delimiter != ";" else "{}("
    code = sum([row.rstrip()[-1:] in ends for row in sample])
    if code > 0.5 * len(sample):
        return True
    indented = sum([row[:1] in " \t" for row in sample])
    logged = sum([LOGFMT.match(row) is not None for row in sample])
    return indented > 0.5 * len(sample) or logged > 0.3 * len(sample)


def find_drawn(text: str, sample: Sample | None = None) -> TableText | None:
    r"""Return the first lines with the drawn tables among them, if most are of those; else None.

    Args:
        text: The text.
        sample: Its sample, where there is one already.

    >>> found = find_drawn("NAME   READY   AGE\n" + "a-1    1/1     5d\n" * 5)
    >>> found.tables[0].names
    ['NAME', 'READY', 'AGE']
    """
    sample = sample or take_sample(text)
    if sample.seldom(_may_be_drawn, _GLANCED) and not any(
        [is_rule(x) or is_opening(x) or x.isupper() for x in sample.lines[:_HEAD]]
    ):
        return None
    lines = [line for line in _sample(text) if len(line) < _REACH]
    rows = sum([1 for line in lines if line.strip()])
    if rows <= _FEWEST_ROWS:
        return None
    found = read_grids(lines)
    return found if _covered(found) >= _COVERED * rows else None


def _may_be_drawn(line: str) -> bool:
    bare = line.strip(" +-\t\r")  # as in diffs
    return "  " in bare or any([bar in bare for bar in _BARS]) or is_rule(line)


def _covered(found: TableText) -> int:
    return sum([table.lines for table in found.tables])
