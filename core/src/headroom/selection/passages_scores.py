"""How near each unit of a document is to a question: BM25 of the unit and of its surroundings.

The words of the question are looked for in the whole text at once, so that the cost follows the
number of places where they stand, not the number of words in the text.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from headroom.selection.passages import Unit
from headroom.selection.passages_probes import Probe, probes
from headroom.selection.relevance import stem

# BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009).
_K1 = 1.2
_B = 0.5

# Weight of a unit's own score, the rest being its block's; both are shares of the best one.
_OWN = 0.6

# Share of a neighbour's score within the same block.
_NEIGHBOUR = 0.18

# What a word counts whose end differs beyond the endings that `stem` knows, and one that stands
# inside another (compounds, prefixes written together).
_CUT = 0.85
_INSIDE = 0.6
_SHORTEST_INSIDE = 4

# What the words of headings and lead-ins count for the units below them.
_ABOVE = 0.5

# Places of one word that are looked at; a word with more tells nothing.
_MOST_PLACES = 20_000

_REST = re.compile(r"[^\W_]*")


def lower_in_place(text: str) -> str:
    """Lower-case a text character by character, so that every place stays where it is."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def _places(probe: str, lowered: str) -> Iterator[int]:
    at = lowered.find(probe)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return
        yield at
        at = lowered.find(probe, at + len(probe))


def _worth(probe: Probe, text: str, lowered: str, at: int) -> float:
    """Return what a word at a place counts: 0.0 to 1.0."""
    if not probe.whole:
        return 1.0
    end = at + len(probe.text)
    inside = at > 0 and lowered[at - 1].isalnum() and not _is_part(text, at)
    if probe.text[0].isdigit():
        return 0.0 if inside or lowered[end : end + 1].isdigit() else 1.0
    if inside:
        return _INSIDE if len(probe.text) >= _SHORTEST_INSIDE else 0.0
    rest = _REST.match(lowered, end)
    word = lowered[at : rest.end() if rest else end]
    if word == probe.whole or stem(word[:40]) == probe.whole:
        return 1.0
    if len(probe.text) < _SHORTEST_INSIDE:
        # A short word that goes on is another word, unless it goes on as identifiers do.
        return 0.0
    return _CUT


def _is_part(text: str, at: int) -> bool:
    """Say whether a part of an identifier begins here."""
    before, first = text[at - 1], text[at]
    return before.isdigit() != first.isdigit() or (first.isupper() and not before.isupper())


def stands_in(probe: Probe, text: str, lowered: str) -> list[int]:
    """Return where a word of the question stands in a text, in characters."""
    return [at for at in _places(probe.text, lowered) if _worth(probe, text, lowered, at) > 0.0]


def _tally(
    text: str, lowered: str, starts: Sequence[int], wanted: Sequence[Probe]
) -> list[tuple[float, dict[int, float]]]:
    """Return for each probe that occurs its weight, and how often it stands in which unit."""
    tallies: list[tuple[float, dict[int, float]]] = []
    for probe in wanted:
        held: dict[int, float] = {}
        for at in _places(probe.text, lowered):
            worth = _worth(probe, text, lowered, at)
            if worth > 0.0:
                unit = bisect_right(starts, at) - 1
                if unit >= 0:
                    held[unit] = held.get(unit, 0.0) + worth
        if held:
            tallies.append((probe.weight, held))
    return tallies


def _bm25(
    tallies: Sequence[tuple[float, dict[int, float]]], lengths: Sequence[float]
) -> list[float]:
    scores = [0.0] * len(lengths)
    mean = sum(lengths) / len(lengths) or 1.0
    norms = [_K1 * (1.0 - _B + _B * length / mean) for length in lengths]
    for weight, held in tallies:
        rarity = math.log(1.0 + (len(lengths) - len(held) + 0.5) / (len(held) + 0.5))
        for i, count in held.items():
            scores[i] += (
                weight * rarity * min(1.0, count) * count * (_K1 + 1.0) / (count + norms[i])
            )
    return scores


def _of_blocks(
    tallies: Sequence[tuple[float, dict[int, float]]], units: Sequence[Unit]
) -> list[tuple[float, dict[int, float]]]:
    """Add up by block, and lend what stands above a block to it."""
    lent: dict[int, list[int]] = {}
    for i, unit in enumerate(units):
        for above in _chain(units, i):
            if not lent.get(above) or lent[above][-1] != unit.block:
                lent.setdefault(above, []).append(unit.block)
    summed: list[tuple[float, dict[int, float]]] = []
    for weight, held in tallies:
        of_block: dict[int, float] = {}
        for i, count in held.items():
            block = units[i].block
            of_block[block] = of_block.get(block, 0.0) + count
        for i, count in held.items():
            for block in lent.get(i, ()):
                of_block[block] = of_block.get(block, 0.0) + _ABOVE * min(1.0, count)
        summed.append((weight, of_block))
    return summed


def _chain(units: Sequence[Unit], i: int) -> Iterator[int]:
    """Yield the units above a unit, each once, nearest first."""
    seen: set[int] = set()
    waiting = list(units[i].needs)
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            yield at
            waiting.extend(units[at].needs)


def _shares(scores: Sequence[float]) -> list[float]:
    best = max(scores, default=0.0)
    return [score / best for score in scores] if best > 0.0 else list(scores)


def unit_scores(question: str, text: str, units: Sequence[Unit]) -> list[float]:
    """Score every unit against the question, 0.0 where nothing near it shares a word with it.

    Half of a score is the unit's own BM25, half that of its paragraph with the headings above it,
    both as shares of the best; neighbours in a paragraph lend each other some.
    """
    wanted = probes(question)
    if not units or not wanted:
        return [0.0] * len(units)
    lowered = lower_in_place(text)
    tallies = _tally(text, lowered, [unit.start for unit in units], wanted)
    own = _shares(_bm25(tallies, [unit.end - unit.start for unit in units]))
    return with_surroundings(own, _block_scores(tallies, units), units)


def unit_scores_from(own: Sequence[float], units: Sequence[Unit]) -> list[float]:
    """Mix scores that somebody else gave each unit with those of its block and its neighbours."""
    shares = _shares([max(0.0, score) for score in own])
    blocks = [0.0] * (units[-1].block + 1)
    for share, unit in zip(shares, units, strict=True):
        blocks[unit.block] = max(blocks[unit.block], share)
    return with_surroundings(shares, blocks, units)


def _block_scores(
    tallies: Sequence[tuple[float, dict[int, float]]], units: Sequence[Unit]
) -> list[float]:
    lengths = [0.0] * (units[-1].block + 1)
    for unit in units:
        lengths[unit.block] += unit.end - unit.start
    return _shares(_bm25(_of_blocks(tallies, units), lengths))


def with_surroundings(
    own: Sequence[float], blocks: Sequence[float], units: Sequence[Unit]
) -> list[float]:
    """Mix the units' own scores with their blocks' and their neighbours'."""
    mixed = [
        _OWN * score + (1.0 - _OWN) * blocks[unit.block]
        for score, unit in zip(own, units, strict=True)
    ]
    smooth = list(mixed)
    for i in range(1, len(units)):
        if units[i].block == units[i - 1].block:
            smooth[i] += _NEIGHBOUR * own[i - 1]
            smooth[i - 1] += _NEIGHBOUR * own[i]
    return smooth
