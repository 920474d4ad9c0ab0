"""The order in which the units of an original deserve a place in an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headroom.compressors.interface import Relevance
from headroom.originals.retrieval_columns import column_scores
from headroom.originals.retrieval_scores import prominence, relevance_scores, template_of
from headroom.originals.units import Units

# Share of a line's score that its neighbours get, by distance: what explains a line more often
# follows it than comes before.
_AFTER = (0.45, 0.32, 0.24, 0.18, 0.13, 0.1, 0.08, 0.06)
_BEFORE = (0.4, 0.25, 0.16, 0.1)

# A neighbour longer than this many characters gets less: it must pay for its place.
_CHEAP = 120

# Of more lines than this that differ in numbers only, each next one is worth half of the last.
_FEW_ALIKE = 6
_REPEATED = 0.5

# A value this near to the best may name the key of another record, which then belongs to it.
_NEAR_BEST = 0.6
_REFERRED = 0.7
_LONGEST_NAME = 100


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
    own = relevance_scores(question, units, relevance)
    matched = any(score > 0 for score in own)
    extremes, shares = column_scores(question, units)
    for i, extra in extremes:
        own[i] += extra
    if units.values:
        _follow_names(own, units)
        scores = _share_in_records(own, units, shares)
    elif units.columns:
        scores = list(own)
    else:
        scores = _share_with_neighbours(own, units)
    for i, extra in enumerate(prominence(units.texts)):
        scores[i] += extra
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
    return scores


def _order(scores: Sequence[float], units: Units) -> list[int]:
    """Best first; among many lines that differ in numbers only, each next one counts half."""
    scored = [i for i, score in enumerate(scores) if score > 0]
    scored.sort(key=lambda i: (-scores[i], i))
    if units.noun != "lines":
        return scored
    templates = [template_of(units.texts[i]) for i in scored]
    common = {template for template, n in Counter(templates).items() if n > _FEW_ALIKE}
    seen: Counter[str] = Counter()
    worth: dict[int, float] = {}
    for i, template in zip(scored, templates, strict=True):
        worth[i] = scores[i] * _REPEATED ** min(seen[template], 4)
        if template in common:
            seen[template] += 1
    return sorted(scored, key=lambda i: (-worth[i], i))
