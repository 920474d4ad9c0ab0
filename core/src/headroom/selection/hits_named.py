"""Lines that a question names with a rare word, found without taking the text apart."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from headroom.selection.relevance import question_terms

# A term that occurs more often than this names no line in particular.
_RARE = 24
_MOST_LINES = 12


def named_lines(question: str, text: str, lines: Sequence[str]) -> frozenset[int]:
    r"""Return the indices of the few lines that hold the question's rarest terms.

    Args:
        question: What was asked.
        text: The whole text.
        lines: The text split at ``\n``.

    >>> sorted(named_lines("Where is the cookie jar?", "a.py\njar.py\ncookies.py", ["a.py", "jar.py", "cookies.py"]))
    [1, 2]
    """
    wanted = question_terms(question)
    if not wanted:
        return frozenset()
    lowered = text.lower()
    starts: list[int] = []
    if len(lowered) != len(text):  # lower-casing may change a text's length
        lines = lowered.split("\n")
    at = 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    score: dict[int, float] = {}
    for term in wanted:
        places = _places(term, lowered)
        for index in {bisect_right(starts, place) - 1: None for place in places}:
            score[index] = score.get(index, 0.0) + 1.0 / len(places)
    best = sorted(score, key=lambda index: (-score[index], index))
    return frozenset(best[:_MOST_LINES])


def _places(term: str, lowered: str) -> list[int]:
    places: list[int] = []
    at = lowered.find(term)
    while at >= 0:
        places.append(at)
        if len(places) > _RARE:
            return []
        at = lowered.find(term, at + len(term))
    return places
