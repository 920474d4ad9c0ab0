"""The order in which the units of an original deserve a place in an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headroom.compressors.interface import Relevance
from headroom.originals.retrieval_columns import column_scores, without_names
from headroom.originals.retrieval_scores import (
    line_number_scores,
    path_scores,
    prominence,
    relevance_scores,
    template_of,
    total_scores,
)
from headroom.originals.stanza_names import naming_lines
from headroom.originals.units import Units

# Share of a line's score that its neighbours get, by distance: what explains a line more often
# follows it than comes before.
_AFTER = (0.45, 0.32, 0.24, 0.18, 0.13, 0.1, 0.08, 0.06)
_BEFORE = (0.4, 0.25, 0.16, 0.1)

# A neighbour longer than this many characters gets less: it must pay for its place.
_CHEAP = 120

# Of lines that differ in numbers only, each next one is worth less than the last, above all when
# there are more than a few of them.
_FEW_ALIKE = 6
_REPEATED = 0.5
_REPEATED_SELDOM = 0.85

_MOST_COMPARED = 5_000
_SLOTS = 3

# A value this near to the best may name the key of another record, which then belongs to it.
_NEAR_BEST = 0.6
_REFERRED = 0.7
_LONGEST_NAME = 100

# What a value in a record of a record gets of the score of the outer one.
_OUTER_SHARE = 0.35

# The best lines that bring the names of their stanzas, and what a name gets of its line's worth.
_MOST_NAMED = 8
_OF_ITS_NAME = 0.7

_NUMBER = re.compile(r"(\d{1,300}(?:\.\d{1,300})?)(?:([KMGTmun])(?:i?B?|s)\b)?")
_UNITS = {"K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "m": 1e-3, "u": 1e-6, "n": 1e-9}


@dataclass(frozen=True, slots=True)
class Ranking:
    """Units in the order in which they deserve a place.

    Args:
        order: Indices of units, best first; only those with a score above 0.
        matched: True when the question shares a word or phrase with some unit.
    """

    order: list[int]
    matched: bool


def rank(question: str, units: Units, relevance: Relevance | None) -> Ranking:
    """Order the units by how well they and their surroundings answer the question."""
    own = relevance_scores(without_names(question, units.columns), units, relevance)
    for i, extra in [*line_number_scores(question, units), *path_scores(question, units)]:
        own[i] += extra
    matched = any(score > 0 for score in own)
    extremes, shares = column_scores(question, units)
    for i, extra in extremes:
        own[i] += extra
    for i, extra in total_scores(question, units):
        own[i] += extra
    for i, extra in enumerate(prominence(question, units.texts)):
        own[i] += extra
    if units.values:
        _follow_names(own, units)
        scores = _share_in_records(own, units, shares)
    elif units.columns:
        scores = list(own)
    else:
        scores = _share_with_neighbours(own, units)
    return Ranking(_order(scores, units), matched)


def _length_share(units: Units, i: int) -> float:
    start, end = units.spans[i]
    return 1.0 if end - start <= _CHEAP else _CHEAP / (end - start)


def _share_with_neighbours(own: Sequence[float], units: Units) -> list[float]:
    scores = list(own)
    count = len(own)
    for i, score in enumerate(own):
        if score <= 0:
            continue
        for step, shares in ((1, _AFTER), (-1, _BEFORE)):
            for distance, share in enumerate(shares, 1):
                j = i + step * distance
                if not 0 <= j < count:
                    break
                near = own[j] + share * score * _length_share(units, j)
                if near > scores[j]:
                    scores[j] = near
    return scores


def _follow_names(own: list[float], units: Units) -> None:
    """Let a value that is the key of an object elsewhere lend that object's values its score."""
    best = max(own, default=0.0)
    if best <= 0:
        return
    named: dict[str, int] = {}
    for index, container in enumerate(units.containers):
        if container.is_object and isinstance(container.key, str):
            named.setdefault(container.key, index)
    lent: dict[int, float] = {}
    for i, score in enumerate(own):
        if score >= _NEAR_BEST * best:
            text = units.texts[i]
            name = text[text.rfind(' "') + 2 :].strip('"')
            if len(name) <= _LONGEST_NAME and name in named:
                lent[named[name]] = max(lent.get(named[name], 0.0), score)
    if lent:
        for i, record in enumerate(units.record):
            if record in lent:
                own[i] += _REFERRED * lent[record] * _length_share(units, i)


def _share_in_records(
    own: Sequence[float], units: Units, shares: Mapping[int, float]
) -> list[float]:
    """Let values share the score of the best value of their record: labels, and the nearest."""
    best: dict[int, int] = {}
    for i, score in enumerate(own):
        record = units.record[i]
        if score > 0 and (record not in best or score > own[best[record]]):
            best[record] = i
    scores = list(own)
    for i, record in enumerate(units.record):
        at = best.get(record)
        if at is not None and at != i:
            near = (0.3 + 0.2 / abs(at - i)) * _length_share(units, i)
            scores[i] += own[at] * max(shares.get(i, 0.0), near)
        around = best.get(units.outer.get(record, -1))
        if around is not None:
            scores[i] += own[around] * _OUTER_SHARE * _length_share(units, i)
    return scores


def _order(scores: Sequence[float], units: Units) -> list[int]:
    """Best first; of lines that are alike each next one counts less."""
    worth = {i: score for i, score in enumerate(scores) if score > 0}
    if units.noun == "lines":
        _discount_repetition(worth, units)
        _bring_names(worth, units)
    return sorted(worth, key=lambda i: (-worth[i], i))


def _discount_repetition(worth: dict[int, float], units: Units) -> None:
    """Let each further line that differs in numbers only count less than the last.

    The best comes first, then those with the largest number at some place: of many lines that say
    how long something took, the longest is what is asked for.
    """
    groups: dict[str, list[int]] = {}
    for i in sorted(worth, key=lambda i: (-worth[i], i)):
        groups.setdefault(template_of(units.texts[i]), []).append(i)
    for group in groups.values():
        if len(group) == 1:
            continue
        repeated = _REPEATED if len(group) > _FEW_ALIKE else _REPEATED_SELDOM
        for rank, i in enumerate(_extremes_first(group, units)):
            worth[i] *= repeated ** min(rank, 4)


def _bring_names(worth: dict[int, float], units: Units) -> None:
    """Let the lines that name what the best lines stand in come right behind them."""
    best = sorted(worth, key=lambda i: (-worth[i], i))[:_MOST_NAMED]
    if not units.lines or not best:
        return
    first = {number: i for i, number in reversed(list(enumerate(units.numbers)))}
    names = naming_lines(units.lines, [units.numbers[i] - 1 for i in best])
    for i in best:
        for name in names.get(units.numbers[i] - 1, ()):
            j = first.get(name + 1)
            if j is not None:
                worth[j] = max(worth.get(j, 0.0), _OF_ITS_NAME * worth[i])


def _numbers(text: str) -> list[float]:
    """Return the numbers in a text; 16Gi is more than 256Mi."""
    return [float(number) * _UNITS.get(unit, 1.0) for number, unit in _NUMBER.findall(text)]


def _extremes_first(group: Sequence[int], units: Units) -> list[int]:
    if not _FEW_ALIKE < len(group) <= _MOST_COMPARED:
        return list(group)
    numbers = {i: _numbers(units.texts[i]) for i in group}
    slots = min(len(found) for found in numbers.values())
    first: dict[int, None] = {group[0]: None}
    for slot in range(slots - 1, max(-1, slots - 1 - _SLOTS), -1):
        first[max(group, key=lambda i: (numbers[i][slot], -i))] = None
    first.update(dict.fromkeys(group))
    return list(first)
