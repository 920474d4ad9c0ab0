r"""Lines that repeat, written once: ``[again 3 lines "Text of the first"]``.

What repeats in retrieved passages is a chunk that came twice, or a header and a footer around each
page. A reference says how many lines, and how the first of them begins; it stands for the lines
from the first place on where a line begins so. It never refers to another reference.
"""

from __future__ import annotations

import re

from headroom.errors import DecodingError

# Characters of a line that a reference quotes; a line of up to so many is quoted whole.
_QUOTED = 40
_LONGEST_WHOLE = 80

# A run of lines that is shorter than this, in characters, costs as much as its reference.
_SHORTEST_RUN = 90

# A text that grows more than this by decoding was not written by us.
_MOST_GROWTH = 200

_SIGN = "[again "
_REFERENCE = re.compile(r"\[again ([1-9]\d{0,6}) lines? \"(.*?)(\.\.\.)?\"\]", re.DOTALL)


def _head(line: str) -> str:
    """Return what a reference to this line quotes, or "" if it cannot be quoted."""
    if len(line) <= _QUOTED:
        return line
    return line[:_QUOTED]


def encode_repeats(text: str) -> str | None:
    """Return the text with repeated lines as references, or None if nothing repeats."""
    if f"\n{_SIGN}" in text or text.startswith(_SIGN):
        return None
    lines = text.split("\n")
    first: dict[str, int] = {}
    literal = [True] * len(lines)
    body: list[str] = []
    at = 0
    found = False
    while at < len(lines):
        run = _run(lines, literal, first, at)
        if run:
            found = True
            literal[at : at + run] = [False] * run
            body.append(_reference(run, lines[at]))
            at += run
        else:
            first.setdefault(_head(lines[at]), at)
            body.append(lines[at])
            at += 1
    return "\n".join(body) if found else None


def _run(lines: list[str], literal: list[bool], first: dict[str, int], at: int) -> int:
    """Return how many lines from ``at`` on stand before as well; 0 if a reference would not pay."""
    origin = first.get(_head(lines[at]), -1)
    if origin < 0 or not lines[at].strip() or lines[origin] != lines[at]:
        return 0
    length = characters = 0
    while (
        at + length < len(lines)
        and origin + length < at
        and literal[origin + length]
        and lines[origin + length] == lines[at + length]
    ):
        characters += len(lines[at + length]) + 1
        length += 1
    while length and not lines[at + length - 1]:
        length -= 1
    return length if characters >= _SHORTEST_RUN + len(_head(lines[at])) else 0


def _reference(count: int, line: str) -> str:
    more = "..." if len(line) > _QUOTED else ""
    return f'{_SIGN}{count} line{"s" if count > 1 else ""} "{_head(line)}{more}"]'


def decode_repeats(body: str) -> str:
    """Undo `encode_repeats`.

    Raises:
        DecodingError: If a reference is malformed, or names lines that do not stand before it.
    """
    written: list[str] = []
    literal: list[bool] = []
    first: dict[str, int] = {}
    room = _MOST_GROWTH * len(body)
    for line in body.split("\n"):
        if not line.startswith(_SIGN):
            first.setdefault(_head(line), len(written))
            written.append(line)
            literal.append(True)
            continue
        found = _REFERENCE.fullmatch(line)
        origin = first.get(found.group(2), -1) if found else -1
        if found is None or origin < 0:
            raise DecodingError("a reference to lines that do not stand before it")
        count = int(found.group(1))
        copied = written[origin : origin + count]
        room -= sum(map(len, copied)) + count
        if len(copied) < count or room < 0 or not all(literal[origin : origin + count]):
            raise DecodingError("a reference to lines that do not stand before it")
        written.extend(copied)
        literal.extend([False] * count)
    return "\n".join(written)
