"""Which lines of a configuration a question names: by what they say, and by what they belong to."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from headroom.compressors.config_view import View, value_of
from headroom.selection.relevance import question_terms, terms

# Lines that are split into terms; which ones is decided by substrings alone.
_MOST_SPLIT = 256

# Lines whose surroundings are looked at.
_MOST_LOOKED_AT = 1_000

# What the stanza of a line says counts less than what the line says; so do comments and noise.
_STANZA = 0.6
_ASIDE = 0.5

# A line of JSON around a description repeats the call.
_ENVELOPE = 0.1

# Settings abbreviate: from its first letters on, a term of a question is found as a word.
_ABBREVIATION = 3
_LONG_TERM = 5
_ABBREVIATED = 0.7

# A stanza whose name stands in the question is what the question is about.
_SUBJECT = 2.0
_WORD = re.compile(r"[\w./:@-]*\w")

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


def subjects(view: View, question: str, headings: Sequence[int]) -> list[int]:
    """Return the stanzas whose name is a word of the question, by the line that they start with.

    -1 stands for the first of several documents.
    """
    words = _words(question)
    tree = view.tree
    found: dict[int, None] = {}
    for i, key in enumerate(tree.keys):
        if key in _NAMING and key not in ("kind", "image") and _name(view, i) in words:
            found[headings[i] if not tree.headings[i] else i] = None
        elif tree.ends[i] > i + 1 and key.lower() in words and len(key) >= _LONG_TERM:
            found[i] = None
    return list(found)


def _words(question: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(question) if len(word) > 1)


def _name(view: View, at: int) -> str:
    return value_of(view, at).strip("\"' ,").lower()


def named_lines(
    view: View, question: str, lines: Sequence[str], heading_of: Callable[[int], int]
) -> dict[int, float]:
    """Score the lines that hold terms of the question; lines not listed score nothing."""
    wanted = question_terms(question)
    if not wanted:
        return {}
    lowered = [line[:_REACH].lower() for line in lines]
    weights, rough = _rough_scores(wanted, lowered)
    short = _abbreviations(wanted, lowered) if view.kind == "config" else {}
    for i, score in short.items():
        rough[i] = rough.get(i, 0.0) + score
    if not rough:
        return {}
    around = _Around(view, lowered, weights, heading_of, _words(question))
    nearest = sorted(rough, key=lambda i: (-rough[i], i))
    if len(nearest) > _MOST_LOOKED_AT:
        nearest = nearest[:_MOST_LOOKED_AT]
    scored = {i: rough[i] + around.score(i) for i in nearest}
    best = sorted(scored, key=lambda i: (-scored[i], i))[:_MOST_SPLIT]
    found: dict[int, float] = {}
    for i in best:
        held = set(terms(lines[i][:_REACH]))
        score = sum(weight for term, weight in weights.items() if term in held)
        score += short.get(i, 0.0)
        if score > 0.0:
            is_comment = lines[i].lstrip()[:1] in ("#", ";") and view.kind != "plan"
            if is_comment or view.noise[i]:
                score *= _ASIDE
            if view.kind == "describe" and lines[i].startswith("{"):
                score *= _ENVELOPE
            found[i] = score + around.score(i)
    return found


def _rough_scores(
    wanted: Sequence[str], lowered: Sequence[str]
) -> tuple[dict[str, float], dict[int, float]]:
    """Return the weight of each term that occurs, and a score for each line by substrings."""
    together = "\n".join(lowered)
    weights: dict[str, float] = {}
    rough: dict[int, float] = {}
    for term in wanted:
        if term not in together:
            continue
        holding = [i for i, line in enumerate(lowered) if term in line]
        weights[term] = weight = _weight(len(lowered), len(holding))
        for i in holding:
            rough[i] = rough.get(i, 0.0) + weight
    return weights, rough


def _weight(lines: int, holding: int) -> float:
    return math.log((lines + 1.0) / (holding + 0.5)) + 0.1


def _abbreviations(wanted: Sequence[str], lowered: Sequence[str]) -> dict[int, float]:
    """Score the lines that hold the beginning of a term as a word: ``max`` of ``maximum``."""
    together = "\n".join(lowered)
    starts = list(accumulate((len(line) + 1 for line in lowered), initial=0))
    scores: dict[int, float] = {}
    for term in wanted:
        if len(term) < _LONG_TERM or not term.isalpha():
            continue
        begin, rest = term[:_ABBREVIATION], term[_ABBREVIATION : len(term) - 1]
        further = "".join(f"(?:{letter}" for letter in rest) + ")?" * len(rest)
        pattern = re.compile(rf"(?<![a-z]){begin}{further}s?(?![a-z])")
        places = (found.start() for found in pattern.finditer(together))
        holding = {bisect_right(starts, at) - 1: None for at in places}
        weight = _ABBREVIATED * _weight(len(lowered), len(holding))
        for i in holding:
            scores[i] = scores.get(i, 0.0) + weight
    return scores


class _Around:
    """What the stanzas around a line, and the lines above it, say of the question."""

    def __init__(
        self,
        view: View,
        lowered: Sequence[str],
        weights: dict[str, float],
        heading_of: Callable[[int], int],
        words: frozenset[str],
    ) -> None:
        self._view, self._lowered, self._weights = view, lowered, weights
        self._heading_of, self._words = heading_of, words
        self._held: dict[int, tuple[frozenset[str], bool]] = {}
        self._said: dict[int, frozenset[str]] = {}

    def _terms_of(self, heading: int) -> tuple[frozenset[str], bool]:
        """Return the terms that name a stanza, and whether the question speaks of it by name."""
        found = self._held.get(heading)
        if found is None:
            names = names_of(self._view, heading)
            texts = [self._lowered[i] for i in names]
            held = frozenset(t for t in self._weights if any(t in text for text in texts))
            is_subject = any(_name(self._view, i) in self._words for i in names)
            found = self._held[heading] = held, is_subject
        return found

    def _said_in(self, at: int) -> frozenset[str]:
        """Return the terms in a line."""
        found = self._said.get(at)
        if found is None:
            line = self._lowered[at]
            found = self._said[at] = frozenset([t for t in self._weights if t in line])
        return found

    def score(self, at: int) -> float:
        """Return what the surroundings of a line add to its score."""
        own = self._lowered[at]
        held: set[str] = set()
        parents = self._view.tree.parents
        here = parents[at]
        for _ in range(_NEAREST):
            if here < 0:
                break
            held |= self._said_in(here)
            here = parents[here]
        heading, factor = self._heading_of(at), _STANZA
        for _ in range(_NEAREST):
            named, is_subject = self._terms_of(heading)
            held |= named
            if is_subject:
                factor = _STANZA * _SUBJECT
            if heading < 0:
                break
            heading = self._heading_of(heading)
        # Summed in the order of the question: the order of a set is not fixed.
        return factor * sum(w for t, w in self._weights.items() if t in held and t not in own)
