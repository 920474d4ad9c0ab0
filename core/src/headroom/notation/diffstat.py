r"""The rows of ``git diff --stat`` with each folder said once.

A file in the folder of the row above is a tab, its name, and its counts::

     src/routing/router.py   | 12 ++++++------
        sample.py 3 +++

The columns' widths are those of the first row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from headroom.errors import DecodingError

NOTE = "TAB NAME N = in the folder of the row above"

_ROW = re.compile(r" (\S.*?)( +)\| ( *)(\d{1,9}|Bin)((?: .*)?)")
_SHORT = re.compile(r"\t(.+?) (\d{1,9}|Bin)((?: [+\-]+| \d.*)?)")

# No row is longer, in characters; looking at longer lines would cost more than it is worth.
_LONGEST_ROW = 1_000


class _Row(NamedTuple):
    path: str
    padding: str
    number_padding: str
    number: str
    bar: str

    @property
    def width(self) -> int:
        return len(self.path) + len(self.padding)

    @property
    def number_width(self) -> int:
        return len(self.number_padding) + len(self.number)

    @property
    def folder(self) -> str:
        return self.path[: self.path.rfind("/") + 1]


def _read(line: str) -> _Row | None:
    found = _ROW.fullmatch(line) if "|" in line and len(line) <= _LONGEST_ROW else None
    return None if found is None else _Row(*found.groups())


def encode_diffstat(lines: Sequence[str]) -> list[str] | None:
    """Return the lines of the notation, or None if some line would be misread."""
    body: list[str] = []
    above: _Row | None = None
    for line in lines:
        row = _read(line)
        if row is None and line.startswith("\t"):
            return None
        short = None if row is None or above is None else _shortened(row, above)
        body.append(line if short is None or _written(short, above) != line else short)
        if row is not None:
            above = row
    return body


def _shortened(row: _Row, above: _Row) -> str | None:
    if row.folder != above.folder:
        return None
    return f"\t{row.path[len(row.folder) :]} {row.number}{row.bar}"


def _written(short: str, above: _Row | None) -> str | None:
    """Return the row that a short one stands for below another."""
    found = _SHORT.fullmatch(short) if len(short) <= _LONGEST_ROW else None
    if found is None or above is None:
        return None
    name, number, bar = found.groups()
    path = f"{above.folder}{name}".ljust(above.width)
    return f" {path}| {number.rjust(above.number_width)}{bar}"


def decode_diffstat(body: Sequence[str]) -> list[str]:
    """Undo `encode_diffstat`.

    Raises:
        DecodingError: If the body is not in this notation.
    """
    lines: list[str] = []
    above: _Row | None = None
    for line in body:
        whole = _written(line, above) if line.startswith("\t") else line
        if whole is None:
            raise DecodingError("a row of the folder of no row")
        lines.append(whole)
        above = _read(whole) or above
    return lines
