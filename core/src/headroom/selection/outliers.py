"""What stands out in a column: extremes, outliers, rare values and rare wordings.

Every function takes a column and returns positions in it; equal columns give equal answers.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

# Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): modified z-scores above 3.5. The
# median of absolute deviations does not grow with the outliers that it is meant to find.
_MODIFIED_Z = 3.5
_MAD_TO_SIGMA = 0.6745

# A value is rare if at most this share of the rows has it, and only columns with few such rows
# have rare values at all: where most are rare, none stands out.
_RARE_SHARE = 0.02
_RARE_ROWS_SHARE = 0.1
_MOST_KINDS = 24

_SUPERLATIVE = re.compile(
    r"\b(?:most|least|max\w*|min(?:imum|imal)?|peaks?|spikes?|outliers?|worst|best|top|extreme\w*"
    r"|(?:cheap|clos|deep|earli|fast|few|far|furth|great|heavi|high|larg|lat|long|low|near|new|old"
    r"|rar|short|slow|small|strong|thick|thin|warm|weak|wid|young|bigg|hott|cold)est)\b",
    re.IGNORECASE,
)

_MASK = re.compile(r"0x[0-9a-fA-F]+|\b[0-9a-fA-F]{6,}\b|\d+")
_WORD = re.compile(r"[A-Za-z]{3,}")
_LARGEST = 1e300
_NOTHING = frozenset((None, "null", ""))
_SAMPLE = 40
_FIRST_LOOK = 64


def asks_for_extremes(question: str) -> bool:
    """Say whether a question asks for the largest, the first, the odd one of something.

    >>> asks_for_extremes("Which disk is the slowest?"), asks_for_extremes("Is it the latest test?")
    (True, True)
    >>> asks_for_extremes("Which request failed?")
    False
    """
    return _SUPERLATIVE.search(question) is not None


def as_numbers(column: Sequence[str | None]) -> list[float | None] | None:
    """Return a column as numbers, or None if fewer than four in five of its cells are numbers."""
    sample = [cell for cell in column[:_SAMPLE] if cell not in _NOTHING]
    if 2 * sum([_number(cell) is not None for cell in sample]) < len(sample):
        return None
    numbers = [_number(cell) for cell in column]
    good = len(numbers) - numbers.count(None)
    present = len(column) - sum([column.count(cell) for cell in (None, "null", "")])
    return numbers if good and good >= 0.8 * present else None


def _number(cell: str | None) -> float | None:
    if not cell or cell[0] not in "-0123456789.":
        return None
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if -_LARGEST < number < _LARGEST else max(-_LARGEST, min(_LARGEST, number))


def extremes(numbers: Sequence[float | None], each: int = 1) -> list[int]:
    """Return the positions of the ``each`` smallest and the ``each`` largest numbers.

    >>> extremes([3.0, 1.0, None, 9.0])
    [1, 3]
    """
    known = [n for n in numbers if n is not None]
    if not known or min(known) == max(known):
        return []
    if each == 1:
        return list(dict.fromkeys((numbers.index(min(known)), numbers.index(max(known)))))
    # Generators: a list of pairs takes several times the memory of the numbers.
    low = heapq.nsmallest(each, ((n, i) for i, n in enumerate(numbers) if n is not None))
    high = heapq.nsmallest(each, ((-n, i) for i, n in enumerate(numbers) if n is not None))
    return list(dict.fromkeys(i for _, i in (*low, *high)))


def outliers(numbers: Sequence[float | None], most: int) -> list[int]:
    """Return the positions of at most ``most`` outliers by modified z-score, farthest first.

    >>> outliers([1.0, 2.0, 3.0, 2.0, 900.0], 2)
    [4]
    """
    known = [n for n in numbers if n is not None]
    if len(known) < 5:
        return []
    middle = median(known)
    spread = median([abs(n - middle) for n in known])
    if spread == 0:
        return []
    limit = _MODIFIED_Z * spread / _MAD_TO_SIGMA
    far = [
        (-abs(n - middle), i)
        for i, n in enumerate(numbers)
        if n is not None and abs(n - middle) > limit
    ]
    return [i for _, i in heapq.nsmallest(most, far)]


def rare_values(column: Sequence[str | None]) -> list[int]:
    """Return the positions of values that hardly any other row of a column of few values has.

    >>> rare_values(["ok"] * 40 + ["dead"])
    [40]
    """
    tally = Counter(column)
    if not 1 < len(tally) <= _MOST_KINDS or len(tally) > len(column) // 2:
        return []
    limit = max(1.0, _RARE_SHARE * len(column))
    rare = [i for i, value in enumerate(column) if tally[value] <= limit]
    return rare if len(rare) <= max(2.0, _RARE_ROWS_SHARE * len(column)) else []


def kinds(column: Sequence[str | None]) -> list[int]:
    """Return the position of the first row of each value, for a column of few values."""
    # A few rows tell of most columns that their values are many.
    if len(set(column[:_FIRST_LOOK])) > _MOST_KINDS:
        return []
    values = dict.fromkeys(column)
    if len(values) > min(_MOST_KINDS, len(column) // 3):
        return []
    return [column.index(value) for value in values]


def mask(text: str) -> str:
    """Return the text with numbers and ids masked: what near-duplicates have in common.

    >>> mask("Issue #1000: 5 retries"), mask("deadbeef01")
    ('Issue #0: 0 retries', '0')
    """
    return _MASK.sub("0", text)


def rare_wordings(column: Sequence[str | None]) -> list[int]:
    """Return the positions of texts whose words, or whose words' order, the others do not have.

    Nothing is returned for a column in which most texts are different anyway.
    """
    texts = [cell or "" for cell in column]
    if len(texts) < 8:
        return []
    few = max(1.0, 0.01 * len(texts))
    most = max(2.0, _RARE_ROWS_SHARE * len(texts))
    masked = {text: mask(text) for text in dict.fromkeys(texts)}
    shapes = [masked[text] for text in texts]
    tally = Counter(shapes)
    rare = [i for i, shape in enumerate(shapes) if tally[shape] <= few and texts[i]]
    if len(rare) <= most:
        return rare
    # The words of each shape are found twice rather than kept: long columns lack memory.
    spread: dict[str, int] = {}
    for shape, times in tally.items():
        for word in frozenset(_WORD.findall(shape)):
            spread[word] = spread.get(word, 0) + times
    lonely = {word for word, times in spread.items() if times <= few}
    if not lonely:
        return []
    odd = {shape for shape in tally if not lonely.isdisjoint(_WORD.findall(shape))}
    rare = [i for i, shape in enumerate(shapes) if shape in odd]
    return rare if len(rare) <= most else []
