"""A line about rows that were left out: what values they have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from headroom.selection.outliers import as_numbers, kinds
from headroom.selection.relevance import question_terms, terms

_MOST_COLUMNS = 4
_MOST_VALUES = 4
_LONGEST = 40


def profile(
    columns: Mapping[str, Sequence[str | None]], left_out: Sequence[int], question: str
) -> str:
    """Return how often each value of the telling columns was left out, and ranges of numbers.

    Columns that the question names come first; at most four columns are told.

    >>> profile({"state": ["open", "open", "shut"] * 3}, [0, 1, 2, 3], "")
    'state: 3 open, 1 shut'
    """
    if not left_out:
        return ""
    asked = frozenset(question_terms(question))
    names = sorted(columns, key=lambda name: not asked.intersection(terms(name)))
    told: list[str] = []
    for name in names:
        words = _counts(columns[name], left_out) or _range(columns[name], left_out)
        if words:
            told.append(f"{printable(name)}: {words}" if name else words)
        if len(told) == _MOST_COLUMNS:
            break
    return "; ".join(told)


def _counts(column: Sequence[str | None], left_out: Sequence[int]) -> str:
    # A column in which rows have one value or none says nothing.
    if len(set(column) - {None, "", "null"}) < 2 or not kinds(column):
        return ""
    tally = Counter([column[i] for i in left_out])
    most = [(value, n) for value, n in tally.most_common(_MOST_VALUES) if value is not None]
    if not any(value for value, _ in most) or any(len(value) > _LONGEST for value, _ in most):
        return ""
    words = [f"{n} {printable(value)}" for value, n in most]
    rest = sum(tally.values()) - sum([n for _, n in most])
    return ", ".join([*words, f"{rest} other"] if rest else words)


def _range(column: Sequence[str | None], left_out: Sequence[int]) -> str:
    numbers = as_numbers(column)
    if numbers is None:
        return ""
    known = [(n, column[i]) for i in left_out if (n := numbers[i]) is not None]
    if not known or min(known)[0] == max(known)[0]:
        return ""
    return f"{min(known, key=lambda pair: pair[0])[1]} to {max(known, key=lambda pair: pair[0])[1]}"


def printable(value: str) -> str:
    r"""Return a value of the data as a marker may show it: in ASCII, without brackets.

    >>> printable("Malm\xf6 [north]")
    'Malm\\xf6 (north)'
    """
    if not (value.isascii() and value.isprintable()):
        value = value.encode("unicode_escape").decode()
    return value.replace("]", ")").replace("[", "(")
