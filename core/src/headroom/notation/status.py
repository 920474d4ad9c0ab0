"""``git status`` without its hints, and with labels and folders that repeat said once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

NOTE = "git's hints below headings are left out"
ROWS_NOTE = "TAB SPACE = labelled as the row above; TAB TAB = in its folder, too"

# With fewer rows that repeat a label or a folder, saying how they are read costs as much.
_FEWEST_ROWS = 12
_LABEL = re.compile(r"\t[a-z][a-z ]{2,24}: {1,20}")

# Nothing is taken from a longer row, in characters: a text must not grow without bound.
_LONGEST_ROW = 1_000

_STAGED = '  (use "git restore --staged <file>..." to unstage)'
_ADD = '  (use "git add <file>..." to update what will be committed)'
_ADD_OR_REMOVE = '  (use "git add/rm <file>..." to update what will be committed)'
_DISCARD = '  (use "git restore <file>..." to discard changes in working directory)'
_UNTRACKED = '  (use "git add <file>..." to include in what will be committed)'
_PUSH = '  (use "git push" to publish your local commits)'
_PULL = '  (use "git pull" to update your local branch)'


def _hints(lines: Sequence[str], at: int) -> tuple[str, ...]:
    """Return the hints that git gives below a line (wording since git 2.23)."""
    line = lines[at]
    if line == "Changes to be committed:":
        return (_STAGED,)
    if line == "Changes not staged for commit:":
        deleted = any(row.startswith("\tdeleted:") for row in _rows_below(lines, at))
        return (_ADD_OR_REMOVE if deleted else _ADD, _DISCARD)
    if line == "Untracked files:":
        return (_UNTRACKED,)
    if line.startswith("Your branch is ahead of "):
        return (_PUSH,)
    if line.startswith("Your branch is behind "):
        return (_PULL,)
    return ()


def _rows_below(lines: Sequence[str], at: int) -> Iterator[str]:
    for below in range(at + 1, len(lines)):
        row = lines[below]
        if not row.startswith(("\t", "  (")):
            return
        yield row


def encode_status(lines: Sequence[str]) -> list[str] | None:
    """Return the lines without hints, or None if other hints would come back."""
    body: list[str] = []
    at = 0
    while at < len(lines):
        body.append(lines[at])
        hints = _hints(lines, at)
        at += 1
        if hints and tuple(lines[at : at + len(hints)]) == hints:
            at += len(hints)
    rows = _without_labels(body)
    shorter = rows if sum(map(_is_short, rows)) >= _FEWEST_ROWS else body
    return shorter if decode_status(shorter) == list(lines) else None


def note_of(body: Sequence[str]) -> str:
    """Return what a reader of these lines must know."""
    return f"{NOTE}; {ROWS_NOTE}" if any(map(_is_short, body)) else NOTE


def decode_status(body: Sequence[str]) -> list[str]:
    """Bring hints, labels and folders back."""
    lines: list[str] = []
    whole = _with_labels(body)
    for at, line in enumerate(whole):
        lines += (line, *_hints(whole, at))
    return lines


def _is_short(line: str) -> bool:
    return line.startswith(("\t ", "\t\t"))


def _is_row(line: str) -> bool:
    return line.startswith("\t") and len(line) <= _LONGEST_ROW


def _parts(row: str) -> tuple[str, str]:
    """Return the label of a row with the white space around it, and its folder."""
    found = _LABEL.match(row)
    label = found[0] if found else "\t"
    return label, row[len(label) : row.rfind("/") + 1]


def _without_labels(lines: Sequence[str]) -> list[str]:
    body: list[str] = []
    above = None
    for line in lines:
        here = _parts(line) if _is_row(line) else None
        short = line
        if here is not None and above is not None and here[0] == above[0]:
            if here == above and here[1]:
                short = f"\t\t{line[sum(map(len, here)) :]}"
            elif len(here[0]) > 1:
                short = f"\t {line[len(here[0]) :]}"
        body.append(short)
        above = here
    return body


def _with_labels(body: Sequence[str]) -> list[str]:
    lines: list[str] = []
    above = "", ""
    for line in body:
        if line.startswith("\t\t"):
            line = f"{above[0]}{above[1]}{line[2:]}"
        elif line.startswith("\t "):
            line = f"{above[0]}{line[2:]}"
        lines.append(line)
        above = _parts(line) if _is_row(line) else ("", "")
    return lines
