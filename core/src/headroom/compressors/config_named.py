"""Which lines of a configuration a question names: by what they say, and by what they belong to."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from headroom.compressors.config_view import View
from headroom.selection.relevance import question_terms, terms

# Lines that are split into terms; which ones is decided by substrings alone.
_MOST_SPLIT = 256

# What the stanza of a line says counts less than what the line says.
_STANZA = 0.6
_COMMENT = 0.5

# Keys that name a stanza, and how many lines from its start to look for them.
_NAMING = ("name", "Name", "kind", "id", "hostname", "host", "bucket", "title", "image")
_NAMING_LINES = 24

# Stanzas around a line whose names count.
_NEAREST = 6

# Characters of a line that are looked at.
_REACH = 2_000


def names_of(view: View, heading: int) -> list[int]:
    """Return the lines that name the stanza of a heading, the heading first."""
    tree = view.tree
    found = [heading] if heading >= 0 else []
    at = heading + 1
    end = tree.ends[heading] if heading >= 0 else len(view.lines)
    for _ in range(_NAMING_LINES):
        if at >= end:
            break
        key = tree.keys[at]
        if key == "metadata" and tree.ends[at] > at + 1:
            at += 1
            continue
        if key in _NAMING and key != "image":
            found.append(at)
        at = tree.ends[at]
    return found


def named_lines(
    view: View, question: str, lines: Sequence[str], heading_of: Callable[[int], int]
) -> dict[int, float]:
    """Score the lines that hold terms of the question; lines not listed score nothing."""
    wanted = question_terms(question)
    if not wanted:
        return {}
    lowered = [line[:_REACH].lower() for line in lines]
    together = "\n".join(lowered)
    weights: dict[str, float] = {}
    rough: dict[int, float] = {}
    for term in wanted:
        if term not in together:
            continue
        holding = [i for i, line in enumerate(lowered) if term in line]
        weights[term] = weight = math.log((len(lines) + 1.0) / (len(holding) + 0.5)) + 0.1
        for i in holding:
            rough[i] = rough.get(i, 0.0) + weight
    if not rough:
        return {}
    around = _Around(view, lowered, weights, heading_of)
    scored = {i: score + _STANZA * around.score(i) for i, score in rough.items()}
    best = sorted(scored, key=lambda i: (-scored[i], i))[:_MOST_SPLIT]
    found: dict[int, float] = {}
    for i in best:
        held = set(terms(lines[i][:_REACH]))
        score = sum(weight for term, weight in weights.items() if term in held)
        if score > 0.0:
            if lines[i].lstrip()[:1] in ("#", ";") and view.kind != "plan":
                score *= _COMMENT
            found[i] = score + _STANZA * around.score(i)
    return found


class _Around:
    """What the stanzas around a line, and the lines above it, say of the question."""

    def __init__(
        self,
        view: View,
        lowered: Sequence[str],
        weights: dict[str, float],
        heading_of: Callable[[int], int],
    ) -> None:
        self._view, self._lowered, self._weights = view, lowered, weights
        self._heading_of = heading_of
        self._held: dict[int, frozenset[str]] = {}

    def _terms_of(self, heading: int) -> frozenset[str]:
        found = self._held.get(heading)
        if found is None:
            texts = [self._lowered[i] for i in names_of(self._view, heading)]
            found = frozenset(t for t in self._weights if any(t in text for text in texts))
            self._held[heading] = found
        return found

    def score(self, at: int) -> float:
        own = self._lowered[at]
        held: set[str] = set()
        parents = self._view.tree.parents
        here = parents[at]
        for _ in range(_NEAREST):
            if here < 0:
                break
            held.update(t for t in self._weights if t in self._lowered[here])
            here = parents[here]
        heading = self._heading_of(at)
        for _ in range(_NEAREST):
            held |= self._terms_of(heading)
            if heading < 0:
                break
            heading = self._heading_of(heading)
        # Summed in the order of the question: the order of a set is not fixed.
        return sum(w for t, w in self._weights.items() if t in held and t not in own)
