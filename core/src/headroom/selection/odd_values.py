"""Lines whose words are common but one of whose values is odd: a 502 among 200s."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

# A column is a choice among few values, one of which most lines have.
_MOST_VALUES = 8
_LEAST_SHARE = 0.5
_LEAST_LINES = 20

# So many odd lines of one key are enough to show that there are some.
_MOST_LINES = 8


def odd_lines(keys: Sequence[str], place: str, values: Sequence[str]) -> list[int]:
    """Return the first line of each odd value, in the order of the lines.

    A value is odd if its column has few values and another one in most lines, before and after
    it: dates and hours, which move on and stay, are not odd.

    Args:
        keys: For each line its text with ``place`` where a value stood.
        place: The stand-in.
        values: The values of all lines, in order.
    """
    widths = {key: key.count(place) for key in set(keys)}
    starts = list(accumulate((widths[key] for key in keys), initial=0))
    by_key: dict[str, list[int]] = {}
    for i, key in enumerate(keys):
        by_key.setdefault(key, []).append(i)
    found: dict[int, None] = {}
    shown: set[tuple[str, str]] = set()
    for key, lines in by_key.items():
        if len(lines) < _LEAST_LINES or not widths[key]:
            continue
        odd: dict[int, tuple[str, str]] = {}
        pieces = key.split(place)
        for column in range(widths[key]):
            cells = [values[starts[i] + column] for i in lines]
            if 1 < len(set(cells)) <= _MOST_VALUES:
                odd.update((lines[k], (pieces[column], cells[k])) for k in _odd_cells(cells))
        # What is odd behind the same words of another key was shown before.
        fresh = [i for i in sorted(odd) if odd[i] not in shown][:_MOST_LINES]
        shown.update(odd[i] for i in fresh)
        found.update(dict.fromkeys(fresh))
    return sorted(found)


def _odd_cells(cells: list[str]) -> list[int]:
    """Return the first place of each value that interrupts the usual one."""
    tally = Counter(cells)
    usual, times = tally.most_common(1)[0]
    if times < _LEAST_SHARE * len(cells):
        return []
    last = len(cells) - 1 - cells[::-1].index(usual)
    first = cells.index(usual)
    return [k for k in map(cells.index, tally) if first < k < last and cells[k] != usual]
