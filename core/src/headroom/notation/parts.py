"""A text of several parts: which lines of it stand for something else, said above them.

    lines 2-14, 17-30 are compressed, the others as they were
    $ pytest
    [headroom 8a2a5c9b768827de: kept 12 of 400 lines]
    ...

Each of the named runs of lines is a text of ours by itself: a marker or a legend, and its body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

NOTATION = "parts"

_NOTE = re.compile(
    r"lines (\d{1,9}-\d{1,9}(?:, \d{1,9}-\d{1,9})*) are compressed, the others as they were"
)


def write_parts(pieces: Sequence[tuple[str, bool]]) -> tuple[str, str]:
    r"""Return the note and the body for pieces of a text, whole lines each.

    Args:
        pieces: The text in order; True for a piece that stands for something else. Such a piece
            has no line break at its end, and stands on lines of its own.

    >>> write_parts([("$ ls\n", False), ("[headroom x: y]\nz", True), ("\n", False)])[0]
    'lines 2-3 are compressed, the others as they were'
    """
    line = 1
    runs: list[str] = []
    for text, is_ours in pieces:
        breaks = text.count("\n")
        if is_ours:
            runs.append(f"{line}-{line + breaks}")
        line += breaks
    note = f"lines {', '.join(runs)} are compressed, the others as they were"
    return note, "".join(text for text, _ in pieces)


def read_parts(note: str, body: str) -> list[tuple[str, bool]] | None:
    """Undo `write_parts`; None if the note is not one that it writes, or does not fit the body."""
    found = _NOTE.fullmatch(note)
    if found is None:
        return None
    lines = body.split("\n")
    pieces: list[tuple[str, bool]] = []
    at = 0
    for run in found[1].split(", "):
        first, last = map(int, run.split("-"))
        if not at < first <= last <= len(lines):
            return None
        # The line break that ends a run belongs to what follows it.
        between = ("\n" if at else "") + "".join(f"{line}\n" for line in lines[at : first - 1])
        pieces.append((between, False))
        pieces.append(("\n".join(lines[first - 1 : last]), True))
        at = last
    if at < len(lines):
        pieces.append(("\n" + "\n".join(lines[at:]), False))
    return [piece for piece in pieces if piece[0] or piece[1]]
