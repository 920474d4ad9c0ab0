"""What a report is made of: blocks about one failure or finding, and the roles of other lines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """What a line outside of all blocks is."""

    OTHER = 0
    BLANK = 1
    PASSING = 2  # one test or step that went well
    STEP = 3  # progress, and what a passing test printed
    NAME = 4  # names a failing test
    SUMMARY = 5  # says how the run ended
    ERROR = 6  # speaks of a failure
    WARNING = 7


class Sort(IntEnum):
    """What a block is about; the graver, the larger."""

    NOTE = 0
    WARNING = 1
    ERROR = 2
    TRACE = 3
    FAILURE = 4


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together because they are about one failure, finding or trace.

    Args:
        start: Index of its first line.
        end: Index after its last line.
        sort: What it is about.
        key: What it has in common with blocks that say the same of another place.
        core: Indices of the lines that say what is wrong and where, ascending.
        detail: Indices of further lines that explain it, ascending.
        place: Where it is, as it stands in the text; "" if it does not say.
    """

    start: int
    end: int
    sort: Sort
    key: str
    core: tuple[int, ...]
    detail: tuple[int, ...] = ()
    place: str = ""
