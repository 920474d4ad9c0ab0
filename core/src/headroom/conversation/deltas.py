r"""What changed since an earlier text: a unified diff of the new lines, and its inverse.

    [headroom changed since result 4; old lines not shown]
    @@ -12,2 +12 @@
    +state: failed

The lines that were replaced stand in the earlier text already: to show them again would cost more
than references to everything that did not change.

Lines are those of the two texts, split at "\n"; nothing stands for a line break at
the end, an empty last line does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter as Tally
from collections.abc import Iterator, Sequence

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")

# Lines (from, to, exclusive) of the old text, and of the new one that stand in their place.
Change = tuple[int, int, int, int]


def diff(old: Sequence[str], new: Sequence[str]) -> str:
    r"""Return what turns ``old`` into ``new``.

    >>> print(diff(["a", "b", "c"], ["a", "x", "c"]))
    @@ -2 +2 @@
    +x
    """
    written: list[str] = []
    for a, b, c, d in changes(old, new):
        written.append(f"@@ -{_range(a, b)} +{_range(c, d)} @@")
        written += [f"+{line}" for line in new[c:d]]
    return "\n".join(written)


def patched(old: Sequence[str], body: str) -> list[str] | None:
    """Undo `diff`; None if the body is no diff of the old lines."""
    lines = body.split("\n")
    new: list[str] = []
    here = at = 0
    while at < len(lines):
        found = _HUNK.fullmatch(lines[at])
        if found is None:
            return None
        first, removed = _start(found[1], found[2])
        start, added = _start(found[3], found[4])
        new += old[here:first]
        end = at + 1 + added
        come = lines[at + 1 : end]
        if (
            not here <= first <= len(old) - removed
            or len(new) != start
            or len(come) != added
            or not all(line.startswith("+") for line in come)
        ):
            return None
        new += [line[1:] for line in come]
        here, at = first + removed, end
    return [*new, *old[here:]]


def _range(start: int, end: int) -> str:
    # As diff(1) writes it: an empty range names the line before it.
    count = end - start
    return str(end) if count == 1 else f"{start + (count > 0)},{count}"


def _start(number: str, count: str | None) -> tuple[int, int]:
    size = 1 if count is None else int(count)
    return int(number) - (size > 0), size


def changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Yield what differs, in order.

    The longest rising row of lines that both texts hold once stands still ("patience diff", Bram
    Cohen), and equal lines around each of them. Takes n log n steps for n lines.
    """
    here, there = 0, 0
    for i, j in [*_anchors(old, new), (len(old), len(new))]:
        while here < i and there < j and old[here] == new[there]:
            here, there = here + 1, there + 1
        end, stop = i, j
        while end > here and stop > there and old[end - 1] == new[stop - 1]:
            end, stop = end - 1, stop - 1
        if end > here or stop > there:
            yield here, end, there, stop
        here, there = i, j


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    once_old, once_new = Tally(old), Tally(new)
    places = {line: n for n, line in enumerate(new) if once_new[line] == 1}
    pairs = [
        (n, places[line]) for n, line in enumerate(old) if once_old[line] == 1 and line in places
    ]
    return _rising(pairs)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest row of pairs whose second numbers rise."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for n, (_, place) in enumerate(pairs):
        size = bisect_left(ends, place)
        before.append(last[size - 1] if size else -1)
        ends[size : size + 1] = [place]
        last[size : size + 1] = [n]
    row: list[tuple[int, int]] = []
    n = last[-1] if last else -1
    while n >= 0:
        row.append(pairs[n])
        n = before[n]
    return row[::-1]
