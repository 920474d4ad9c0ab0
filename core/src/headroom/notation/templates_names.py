"""Names for long values that lines of different templates share."""

from __future__ import annotations

import re
from collections import Counter

# Roughly the tokens of a value: digits go by three, letters by four, signs alone.
_PIECES = re.compile(r"\d{1,3}|[^\W\d_]{1,4}|[\W_]")

# A value is named if it is written this often, has this many pieces, and saves this many.
_LEAST_TIMES = 3
_LEAST_PIECES = 5
_LEAST_GAIN = 6
_MOST_NAMES = 999


def name_values(rows: list[list[str]], sign: str) -> bool:
    """Write ``value^1`` where a long value stands first, and ``^1`` where it stands again.

    Changes the cells of ``rows`` in place and says whether any value was named.
    """
    tally: Counter[str] = Counter()
    for cells in rows:
        tally.update(cells)
    gains: dict[str, int] = {}
    for value, times in tally.items():
        if times >= _LEAST_TIMES and len(value) >= _LEAST_PIECES:
            pieces = len(_PIECES.findall(value))
            gain = (times - 1) * (pieces - 2) - 2
            if pieces >= _LEAST_PIECES and gain >= _LEAST_GAIN:
                gains[value] = gain
    if not gains:
        return False
    numbers = dict.fromkeys(sorted(gains, key=lambda v: -gains[v])[:_MOST_NAMES], 0)
    count = 0
    for cells in rows:
        for j, cell in enumerate(cells):
            if cell not in numbers:
                continue
            if numbers[cell]:
                cells[j] = f"{sign}{numbers[cell]}"
            else:
                count += 1
                numbers[cell] = count
                cells[j] = f"{cell}{sign}{count}"
    return True
