"""Writing what stays of a test run or a build, and counting what does not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import islice

from headroom.compressors.checks_blocks import Block, Role, Sort
from headroom.compressors.checks_choice import Choice
from headroom.compressors.checks_limits import Limits
from headroom.compressors.checks_view import CheckView
from headroom.originals.markers import write_gap
from headroom.selection.terminal import without_codes

# Shortest run of left-out lines that gets a gap of its own, in lines.
_SHORTEST_GAP = 12
_FEWEST_PASSING = 3

# So many lines are looked for inside of the lines of another form.
_MOST_SOUGHT = 64

# Line and column at the end of a place.
_NUMBERS = re.compile(r":\d+(?::\d+)?$")


def write_body(view: CheckView, choice: Choice, limits: Limits) -> str:
    """Return the kept lines in order, without colour codes, with counts of what is missing.

    ``[+41 passing]`` stands where 41 tests or steps that went well stood, ``[+3 like it: a.py:7]``
    below a finding of which there are three more.
    """
    below = _lists(view, choice, limits)
    block_of = view.block_of()
    out: list[str] = []
    expected = 0
    kept = sorted(choice.kept)
    for position, i in enumerate(kept):
        out += _gap(view, expected, i, block_of)
        out.append(without_codes(view.lines[i]))
        expected = i + 1
        number = block_of.get(i)
        following = kept[position + 1] if position + 1 < len(kept) else -1
        if number in below and block_of.get(following) != number:
            out.append(below[number])
    out += _gap(view, expected, len(view.lines), block_of)
    return "\n".join(out)


def telling_lines(view: CheckView, besides: Collection[int]) -> list[str]:
    """Return lines that tell what failed, the first so many, without those at some indices."""
    told = (i for block in view.blocks if block.sort >= Sort.ERROR for i in block.core)
    return [view.lines[i] for i in islice(told, _MOST_SOUGHT) if i not in besides]


def shows(view: CheckView, body: str) -> bool:
    """Say whether another form of the text still spells every line that tells what failed."""
    held = frozenset(body.split("\n"))
    missing = {
        view.lines[i]: None
        for block in view.blocks
        if block.sort >= Sort.ERROR
        for i in block.core
        if view.lines[i] not in held
    }
    return len(missing) <= _MOST_SOUGHT and all(line in body for line in missing)


def _gap(view: CheckView, start: int, end: int, listed: Collection[int]) -> list[str]:
    """Return what to say of the lines from ``start`` to ``end``, all of which are left out."""
    passing = view.roles[start:end].count(Role.PASSING)
    if passing >= _FEWEST_PASSING:
        return [f"[+{passing} passing]"]
    if (
        end - start >= _SHORTEST_GAP
        and sum(i not in listed for i in range(start, end)) >= _SHORTEST_GAP
    ):
        return [write_gap(end - start, "lines")]
    return []


def _lists(view: CheckView, choice: Choice, limits: Limits) -> dict[int, str]:
    """Return for each shown block what is to be said of those of its kind that are not shown."""
    missing = {
        first: [view.blocks[n] for n in others if n not in choice.shown]
        for first, others in choice.alike.items()
        if first in choice.shown
    }
    # Each kind gets the same number of places; fewer where they take too much.
    most, room = limits.places, limits.listed * choice.room
    while most > 1 and sum(len(_places(blocks, most, "")) for blocks in missing.values()) > room:
        most = most // 2
    return {
        first: f"[+{len(blocks)} like it{_places(blocks, most, view.blocks[first].place)}]"
        for first, blocks in missing.items()
        if blocks
    }


def _places(blocks: Sequence[Block], most: int, above: str) -> str:
    """Return where blocks are as far as there is room: each file once, and not the one above."""
    of_file: dict[str, dict[str, None]] = {}
    for block in blocks[:most]:
        found = None if block.sort is Sort.FAILURE else _NUMBERS.search(block.place)
        path = block.place[: found.start()] if found else block.place
        if path:
            of_file.setdefault(path, {}).update({found[0][1:]: None} if found else {})
    if not of_file:
        return ""
    parts = []
    for path, numbers in of_file.items():
        file = "" if numbers and above.startswith(f"{path}:") else f"{path}:" if numbers else path
        parts.append(f"{file}{', '.join(numbers)}")
    return f": {'; '.join(parts)}{', ...' if len(blocks) > most else ''}"


def summarise(view: CheckView, choice: Choice) -> str:
    """Return one line: what was left out, and that colour codes were."""
    of_line = view.block_of()
    missing = Counter(
        role for i, role in enumerate(view.roles) if i not in choice.kept and i not in of_line
    )
    parts = []
    if missing[Role.PASSING]:
        parts.append(f"{missing[Role.PASSING]} passing")
    if missing[Role.STEP]:
        parts.append(f"{missing[Role.STEP]} of progress")
    hidden = len(view.blocks) - len(choice.shown)
    if hidden:
        parts.append(f"{hidden} of {len(view.blocks)} findings")
    if view.library:
        parts.append(f"{view.library} library frames")
    said = [f"omitted: {', '.join(parts)}"] if parts else []
    if any("\x1b" in view.lines[i] for i in choice.kept):
        said.append("colour codes left out")
    return "; ".join(said)
