"""Which of many short units a question names, at the cost of a substring search."""

from __future__ import annotations

import math
import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from headroom.selection.relevance import question_terms, terms

# Units that are split into terms; which ones is decided by substrings alone.
_MOST_SPLIT = 64

# Units in one piece of what is joined.
_BLOCK = 1_024

# Names that are looked for as they stand, their places, and the units that may hold one of them.
_MOST_NAMES = 16
_SHORTEST_NAME = 4
_MOST_PLACES = 64
_MOST_HOLDING = 6
_NAME = re.compile(r"\w[^\w\s]+\w|\d")
_WITHIN = re.compile(r"[\w.-]")
_GOES_ON = re.compile(r"\w|[-./@]\w")
_AROUND = "()[]{}<>\"'`,.;:?!"

# Up to this many occurrences for each unit, going to each is faster than asking every unit.
_FEW = 0.1


def name_scores(question: str, units: Sequence[str]) -> dict[int, float]:
    """Score the units that hold the rarest terms of the question; units not listed score nothing.

    A unit's score is the sum, over the terms of the question that it holds, of the logarithm of
    how rare the term is among the units. How often a term occurs in a unit, and how long the unit
    is, say nothing in a list of lines.

    >>> name_scores("why did disk 7 fail?", ["disk 7 failed", "disk 6 ok", "cpu ok"])[0] > 0.5
    True
    """
    wanted = question_terms(question)
    if not wanted or not units:
        return {}
    # No list of lowered units, nor of numbers: either takes as much memory as a long text.
    together = _joined(units).lower()
    is_ascii = together.isascii()  # else lower case may be longer
    sizes = (len(unit if is_ascii else unit.lower()) + 1 for unit in units)
    starts = array("Q", accumulate(sizes, initial=0))
    weights: dict[str, float] = {}
    rough: dict[int, float] = {}
    for term in wanted:
        times = together.count(term)
        if not times:
            continue
        if times < _FEW * len(units):
            holding = _holding(term, together, starts)
        else:
            holding = array("Q", (i for i, unit in enumerate(units) if term in unit.lower()))
        weights[term] = weight = math.log((len(units) + 1.0) / (len(holding) + 0.5))
        # A term that most units hold singles none of them out.
        if 2 * len(holding) <= len(units) + 1:
            for i in holding:
                rough[i] = rough.get(i, 0.0) + weight
    best = sorted(rough, key=lambda i: (-rough[i], i))[:_MOST_SPLIT]
    scores: dict[int, float] = {}
    for i in best:
        held = set(terms(units[i]))
        score = sum(weight for term, weight in weights.items() if term in held)
        if score > 0.0:
            scores[i] = score
    return scores


def verbatim_units(question: str, units: Sequence[str]) -> list[int]:
    """Return the units that hold a name just as the question writes it, where few do.

    A name is what has a sign or a digit within: a path, a version, a host, a process. It stands
    as a whole, or at the end of a longer path.

    >>> verbatim_units("What of lib/a.py?", ["x/lib/a.py:3", "lib/a.pyc", "lib/a.py/b"])
    [0]
    """
    names = [word.strip(_AROUND) for word in question.split()]
    names = [n for n in dict.fromkeys(names) if len(n) >= _SHORTEST_NAME and _NAME.search(n)]
    if not names or not units:
        return []
    together = _joined(units)
    starts = array("Q", accumulate((len(unit) + 1 for unit in units), initial=0))
    found: dict[int, None] = {}
    for name in names[:_MOST_NAMES]:
        holding: dict[int, None] = {}
        at = together.find(name)
        for _ in range(_MOST_PLACES):
            if at < 0:
                break
            end = at + len(name)
            if not _WITHIN.search(together, at - 1, at) and not _GOES_ON.match(together, end):
                holding[bisect_right(starts, at) - 1] = None
            at = together.find(name, end)
        if len(holding) <= _MOST_HOLDING:
            found.update(holding)
    return list(found)


def _joined(units: Sequence[str]) -> str:
    """Return the units joined by line breaks, without holding all of them where they are made."""
    blocks = range(0, len(units), _BLOCK)
    return "\n".join(["\n".join(units[start : start + _BLOCK]) for start in blocks])


def _holding(term: str, together: str, starts: Sequence[int]) -> array[int]:
    """Return the units that hold a term, given where each starts in ``together``."""
    found = array("Q")
    at = together.find(term)
    while at >= 0:
        i = bisect_right(starts, at) - 1
        found.append(i)
        at = together.find(term, starts[i + 1])
    return found
