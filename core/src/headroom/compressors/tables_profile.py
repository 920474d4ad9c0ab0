"""A line about all rows of a table: what its columns hold, in exact numbers."""

from __future__ import annotations

import re
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
        said = [f"{column.tally[run]} {printable(run)}" for run in runs if column.tally[run] > 1]
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
    tally = column.tally
    if len(tally) < 2 or len(tally) > len(column.values) // 2:
        return f"{len(tally)} distinct" if asked and len(tally) > 1 else ""
    most = tally.most_common(_MOST_VALUES)
    if any(len(value) > _LONGEST for value, _ in most):
        return f"{len(tally)} distinct"
    words = [f"{n} {printable(value) or '(empty)'}" for value, n in most]
    others = len(tally) - len(most)
    return ", ".join([*words, f"{others} more values"] if others else words)


def _range(column: ColumnFacts, numbers: Sequence[float | None], asked: bool, totals: bool) -> str:
    pairs = zip(numbers, column.values, strict=True)
    known = sorted([(n, value) for n, value in pairs if n is not None])
    low, high = known[0][1], known[-1][1]
    if low == high:
        return ""
    words = f"{low} to {high}"
    middle = _median([value for _, value in known])
    if middle:
        words += f", median {middle}"
    if asked and totals and all(_PLAIN.match(value) for _, value in known):
        total = sum([Decimal(value) for _, value in known], Decimal(0))
        words += f", sum {total:f} over {len(known)}"
    if len(known) < len(numbers):
        words += f", {len(numbers) - len(known)} without"
    return words


def _median(values: Sequence[str]) -> str:
    """Return the median as it stands, or exactly between the two in the middle."""
    low, high = values[(len(values) - 1) // 2], values[len(values) // 2]
    if low == high:
        return low
    if not (_PLAIN.match(low) and _PLAIN.match(high)):
        return ""
    return f"{(Decimal(low) + Decimal(high)) / 2:f}"
