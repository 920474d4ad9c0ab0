"""A line about all rows of a table: what its columns hold, in exact numbers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal

from headroom.compressors.tables_columns import ColumnFacts, read_wish
from headroom.compressors.tables_rows import names_in
from headroom.selection.rows_profile import printable

_MOST_VALUES = 4
_LONGEST = 32
_PLAIN = re.compile(r"-?(?:\d{1,40}(?:\.\d{0,20})?|\.\d{1,20})\Z")
_TOTAL = re.compile(r"\b(?:total|sum|average|mean|avg|overall|altogether)\b", re.IGNORECASE)
_SAID = 3


def profile(columns: Sequence[ColumnFacts], question: str, characters: int) -> str:
    """Return what the columns hold, those that the question names first.

    Args:
        columns: The columns of the whole table.
        question: What was asked.
        characters: How long the line may be; what the question names is told in any case.

    >>> profile([ColumnFacts("state", ["up"] * 5 + ["down"])], "", 80)
    'state: 5 up, 1 down'
    """
    wish = read_wish(question, columns)
    first = [*wish.named, *wish.touched]
    order = list(dict.fromkeys([*first[:_SAID], *range(len(columns))]))
    runs = names_in(question)
    told: list[str] = []
    left = characters
    for i in order:
        column = columns[i]
        asked = i in first[:_SAID]
        words = _describe(column, asked, _TOTAL.search(question) is not None)
        times = column.times(runs)
        said = [f"{times[run]} {printable(run)}" for run in runs if times.get(run, 0) > 1]
        said = [count for count in said[:_SAID] if f"{count}," not in f"{words},"]
        must = asked or bool(said)
        words = ", ".join([*[f"{count} (asked)" for count in said], *[words] * bool(words)])
        if not words:
            continue
        words = f"{printable(column.name)}: {words}"
        if must or len(words) <= left:
            left -= len(words) + 2
            told.append(words)
    return "; ".join(told)


def _describe(column: ColumnFacts, asked: bool, totals: bool) -> str:
    if column.numbers is not None:
        return _range(column, column.numbers, asked, totals)
    distinct = column.distinct
    if distinct < 2 or distinct > len(column.values) // 2:
        return f"{distinct} distinct" if asked and distinct > 1 else ""
    tally = column.tally
    most = tally.most_common(_MOST_VALUES)
    if any(len(value) > _LONGEST for value, _ in most):
        return f"{len(tally)} distinct"
    words = [f"{n} {printable(value) or '(empty)'}" for value, n in most]
    others = len(tally) - len(most)
    return ", ".join([*words, f"{others} more values"] if others else words)


def _range(column: ColumnFacts, numbers: Sequence[float | None], asked: bool, totals: bool) -> str:
    known = sorted([n for n in numbers if n is not None])
    count = len(known)
    places = (0, (count - 1) // 2, count // 2, count - 1)
    low, *middle, high = [_at_rank(column, numbers, known, rank) for rank in places]
    if low == high:
        return ""
    words = f"{low} to {high}"
    median = _between(*middle)
    if median:
        words += f", median {median}"
    if asked and totals:
        pairs = zip(numbers, column.values, strict=True)
        values = [value for n, value in sorted(p for p in pairs if p[0] is not None)]
        if all(map(_PLAIN.match, values)):
            words += f", sum {sum(map(Decimal, values), Decimal(0)):f} over {count}"
    if count < len(numbers):
        words += f", {len(numbers) - count} without"
    return words


def _at_rank(
    column: ColumnFacts, numbers: Sequence[float | None], known: Sequence[float], rank: int
) -> str:
    """Return the value at a rank, equal numbers ordered as they are written.

    Args:
        column: The column.
        numbers: Its values as numbers.
        known: Those numbers in order.
        rank: The rank.
    """
    number = known[rank]
    equal = [column.values[i] for i, n in enumerate(numbers) if n == number]
    return sorted(equal)[rank - bisect_left(known, number)]


def _between(low: str, high: str) -> str:
    """Return two values' middle, exactly, or "" if they are no plain numbers."""
    if low == high:
        return low
    if not (_PLAIN.match(low) and _PLAIN.match(high)):
        return ""
    return f"{(Decimal(low) + Decimal(high)) / 2:f}"
