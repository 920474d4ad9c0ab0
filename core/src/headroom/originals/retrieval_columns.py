"""What a question's column names point at: extremes and rare values of those columns."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from headroom.originals.units import FEWEST_CELLS, Column, Units
from headroom.selection.outliers import asks_for_extremes
from headroom.selection.relevance import question_terms, terms

_NUMBER = re.compile(r"-?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][+-]?\d{1,3})?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_WORD = re.compile(r"\w+")
_LABEL = re.compile(r'"?[^\s"/:=?&{}\[\]][^":=?&{}\[\]\n]{1,79}"?')
_FEWEST_LETTERS = 2

# A value is rare when it stands in at most one row of so many, among few different values.
_ROWS_PER_RARE = 20
_MOST_RARE = 6
_RARE = 0.6

# What stands out in a column that the question does not name; more if it asks for what does.
_OUTSTANDING = 0.4
_OF_A_SUPERLATIVE = 1.2

_ABSENT = ("", "null", "NA", "NaN")
_MOST_LABELS = 4


def named(column: Column, wanted: tuple[str, ...]) -> float:
    """How plainly a question names a column: 0.0 not at all, 1.0 by its whole last key."""
    key = column.name.rpartition(".")[2]
    own = question_terms(key) or tuple(terms(key))
    return sum(any(_alike(term, w) for w in wanted) for term in own) / len(own) if own else 0.0


def _alike(term: str, word: str) -> bool:
    shorter = min(len(term), len(word))
    return term == word or (shorter > 2 and (word.startswith(term) or term.startswith(word)))


def outstanding(column: Column) -> dict[int, float]:
    """Return the units with the largest, the smallest, and the rare values of a column.

    Each comes with its weight: 1.0, but less for a rare value, of which there may be several.
    """
    plain = [value.strip('"') for value in column.values]
    places = {place: 1.0 for place in _extremes(plain)}
    counts = Counter(plain)
    if len(counts) <= max(2 * _MOST_RARE, len(plain) // 50):
        first: dict[str, int] = {}
        for i, value in enumerate(plain):
            first.setdefault(value, i)
        rare = [v for v, n in counts.items() if n * _ROWS_PER_RARE <= len(plain)]
        for v in rare[:_MOST_RARE]:
            places.setdefault(first[v], _RARE)
    return {column.members[at]: weight for at, weight in places.items()}


def _extremes(plain: Sequence[str]) -> list[int]:
    filled = sum(value not in _ABSENT for value in plain)
    numbers = [(float(v), -i) for i, v in enumerate(plain) if _NUMBER.fullmatch(v)]
    numbers = [pair for pair in numbers if math.isfinite(pair[0])]
    dates = [(v, -i) for i, v in enumerate(plain) if _DATE.match(v)]
    for ordered in (numbers, dates):
        if len(ordered) > 2 and len(ordered) * 10 > filled * 9:
            smallest = min(ordered, key=lambda pair: (pair[0], -pair[1]))
            return [-max(ordered)[1], -smallest[1]]
    return []


def is_label(column: Column) -> bool:
    """Say whether a column's values are short words: what a person calls the rows by."""
    sample = column.values[:200]
    words = [
        value
        for value in sample
        if _LABEL.fullmatch(value)
        and sum(map(str.isalpha, value)) >= _FEWEST_LETTERS
        and value not in _ABSENT
        and not _DATE.match(value.strip('"'))
    ]
    return len(words) * 10 >= len(sample) * 8


def _is_telling(column: Column) -> bool:
    sample = column.values[:200]
    return len(set(sample)) * 2 >= len(sample)


def column_scores(question: str, units: Units) -> tuple[list[tuple[int, float]], dict[int, float]]:
    """Score what stands out in each column, and how much each unit belongs into an answer.

    Returns:
        Scores of single units: extremes and rare values, above all of columns that the question
        names; and for each unit of a named or a labelling column a share from 0 to 1: how much
        it belongs beside the best value of its record.
    """
    wanted = question_terms(question)
    scores: list[tuple[int, float]] = []
    shares: dict[int, float] = {}
    labels = 0
    unnamed = _OF_A_SUPERLATIVE if asks_for_extremes(question) else _OUTSTANDING
    for column in units.columns:
        if len(column.members) < FEWEST_CELLS:
            continue
        how = named(column, wanted)
        weight = 8.0 * how * how if how else unnamed
        scores.extend((unit, weight * how_far) for unit, how_far in outstanding(column).items())
        share = 0.8 * how
        if labels < _MOST_LABELS and is_label(column):
            share = max(share, (0.9 if _is_telling(column) else 0.6) - 0.1 * labels)
            labels += 1
        if share:
            shares.update((unit, share) for unit in column.members)
    return scores, shares


def without_names(question: str, columns: Sequence[Column]) -> str:
    """Return the question without the words that name a column: they say nothing about a row."""
    wanted = question_terms(question)
    naming = {
        term
        for column in columns
        if len(column.members) >= FEWEST_CELLS and named(column, wanted) == 1.0
        for term in terms(column.name.rpartition(".")[2])
    }

    def keep(word: re.Match[str]) -> str:
        return "" if naming.issuperset(terms(word[0])) else word[0]

    return _WORD.sub(keep, question) if naming else question
