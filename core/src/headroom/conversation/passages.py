"""Runs of lines that an earlier text of the conversation shows already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from headroom.conversation.index import FEWEST_LINES, LONG_LINE, LineIndex, Shown, keys_of
from headroom.conversation.lines import changes_between, run_of
from headroom.originals.markers import Change

# A run of this many lines that is not worth a reference is of blank lines: no use to look for a
# better one inside it.
_HOPELESS_LINES = 40


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines ``start`` to ``end`` (exclusive, from 0) of a text: the shown ones, changed."""

    start: int
    end: int
    shown: Shown
    first: int
    change: Change


def passages(
    lines: list[str], index: LineIndex, is_worth: Callable[[Passage], bool]
) -> Iterator[Passage]:
    """Yield the passages that are worth a reference, in order; none overlaps another.

    Greedy: at each line the longest run, of equally long ones the earliest shown. Linear: each
    line is compared with a bounded number of places, and lines inside a passage not again.
    """
    if index.is_blank:
        return
    keys = keys_of(lines)
    here = done = 0
    while here < len(lines):
        found = _longest(lines, keys, here, index)
        if found is None:
            here += 1
            continue
        found = _from_its_beginning(found, lines, done)
        if is_worth(found):
            yield found
            here = done = found.end
        else:
            here += 1 if found.end - here < _HOPELESS_LINES else found.end - here


def _longest(lines: list[str], keys: list[str], start: int, index: LineIndex) -> Passage | None:
    best: Passage | None = None
    length = 0
    for shown, first in index.starts(keys, start):
        for change in changes_between(shown.lines[first], lines[start]):
            run = run_of(lines, start, shown.lines, first, change)
            if run > length:
                best, length = Passage(start, start + run, shown, first, change), run
    if best is None or (length < FEWEST_LINES and len(lines[start]) < LONG_LINE):
        return None
    return best


def _from_its_beginning(passage: Passage, lines: list[str], done: int) -> Passage:
    """Take in the blank lines and brackets above, which start no passage themselves."""
    start, first = passage.start, passage.first
    if passage.change.numbered or passage.change.indent:
        return passage
    while start > done and first > 0:
        change = passage.change
        if not run_of(lines[start - 1 : start], 0, passage.shown.lines, first - 1, change):
            break
        start, first = start - 1, first - 1
    return replace(passage, start=start, first=first)
