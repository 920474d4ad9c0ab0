"""How near each line of a text is to a question, found without taking the lines apart.

A large search result is scored while an agent waits. Every term of the question is looked for in
the whole text at once, so the cost follows the number of places where the terms stand, not the
number of words in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import log

from headroom.selection.named import verbatim_units
from headroom.selection.relevance import question_terms

# A term that occurs more often than this names no line in particular.
_RARE = 24
_MOST_LINES = 12

# Characters that all terms together may be looked for in: a question of many pages asked of a text
# of many megabytes uses its longest words only.
_MOST_SEARCHED = 200_000_000
_FEWEST_TERMS = 8

# A question tells lines apart if one of them holds this many of its terms; one is enough where
# the question names something as code does, or by number: get_user, getUser, v2, a/b.py, `go`, 177.
_TELLING_TERMS = 2
_CODE = re.compile(r"[A-Za-z][0-9_]\w|\w_[A-Za-z]|[a-z][A-Z]|\w[./:]\w|`\w|\b\d{2,}\b")

# Letters that may follow a stem within its word: the longest common ending, and a plural.
_LONGEST_ENDING = 7

# A term in more than this share of the lines tells nothing: it is what was searched for.
_COMMON = 0.5


def _wanted(question: str, text: str) -> Sequence[str]:
    wanted = question_terms(question)
    most = max(_FEWEST_TERMS, _MOST_SEARCHED // max(1, len(text)))
    return wanted if len(wanted) <= most else sorted(wanted, key=len, reverse=True)[:most]


def _line_starts(lines: Sequence[str]) -> list[int]:
    return list(accumulate([len(line) + 1 for line in lines], initial=0))


def _lowered(text: str, lines: Sequence[str]) -> tuple[str, Sequence[str]]:
    lowered = text.lower()
    # Lower-casing may change a text's length; then places belong to the lowered lines.
    return (lowered, lines) if len(lowered) == len(text) else (lowered, lowered.split("\n"))


def named_lines(question: str, text: str, lines: Sequence[str]) -> frozenset[int]:
    r"""Return the indices of the few lines that hold the question's rarest terms.

    Args:
        question: What was asked.
        text: The whole text.
        lines: The text split at ``\n``.

    >>> text = "a.py\njar.py\ncookies.py"
    >>> sorted(named_lines("Where is the cookie jar?", text, text.split("\n")))
    [1, 2]
    """
    sure = verbatim_units(question, lines)
    wanted = _wanted(question, text)
    if not wanted:
        return frozenset(sure)
    lowered, lines = _lowered(text, lines)
    starts = _line_starts(lines)
    score: dict[int, float] = {}
    for term in wanted:
        places = _places(term, lowered, _RARE)
        for index in {bisect_right(starts, place) - 1: None for place in places}:
            score[index] = score.get(index, 0.0) + 1.0 / len(places)
    best = sorted(score, key=lambda index: (-score[index], index))
    return frozenset([*sure, *best[: max(0, _MOST_LINES - len(sure))]])


def line_scores(question: str, text: str, lines: Sequence[str]) -> list[float]:
    r"""Score each line against the question; 0.0 where none of its telling terms stands.

    A term counts once per line, weighted by its rarity (inverse document frequency as in BM25),
    and only at the beginning of a word or of a part of an identifier.

    Args:
        question: What was asked.
        text: The whole text.
        lines: The text split at ``\n``.

    >>> text = "a.py:1:the jar\nb.py:2:ajar\nc.py:3:CookieJar()\nd.py:4:x"
    >>> [score > 0 for score in line_scores("Where is the cookie jar?", text, text.split("\n"))]
    [True, False, True, False]
    """
    return LineFinder(text, lines).scores(question)


def is_telling(question: str, text: str, lines: Sequence[str], least: int = _TELLING_TERMS) -> bool:
    r"""Say whether a question singles out some lines, so that the others may be left out.

    "Go on with the next step" shares words with much code and asks nothing of it. A question asks
    if some line holds ``least`` of its terms (one, if the question names something as code does),
    or if most lines hold one: then that is what was searched for.

    Args:
        question: What was asked.
        text: The whole text.
        lines: The text split at ``\n``.
        least: Terms in one line that no empty phrase shares with it by chance.

    >>> text = "a.py:1:def step(self):\nb.py:2:cookie_jar = jar\nc.py:3:x"
    >>> is_telling("Where is the cookie jar filled?", text, text.split("\n"))
    True
    >>> is_telling("OK, next step please.", text, text.split("\n"))
    False
    >>> text = "\n".join(f"a.py:{n}:step()" for n in range(100, 300))
    >>> is_telling("What about line 177?", text, text.split("\n"))
    True
    """
    return LineFinder(text, lines).is_telling(question, least)


class LineFinder:
    """Answers `line_scores` and `is_telling` of one text, and looks for each term once.

    Args:
        text: The whole text.
        lines: The text split at line breaks.
    """

    def __init__(self, text: str, lines: Sequence[str]) -> None:
        self._text = text
        self._lines = lines
        self._lowered, lower_lines = _lowered(text, lines)
        self._original = text if len(self._lowered) == len(text) else self._lowered
        self._starts = _line_starts(lower_lines)
        self._times: dict[str, int] = {}
        self._found: dict[str, Sequence[int]] = {}

    def scores(self, question: str) -> list[float]:
        """Return what `line_scores` returns."""
        lines = self._lines
        scores = [0.0] * len(lines)
        for found in self._lines_with(question):
            weight = log(1.0 + (len(lines) - len(found) + 0.5) / (len(found) + 0.5))
            for index in found:
                scores[index] += weight
        # What stands there just as it was asked for is nearer than anything else.
        most = max(scores, default=0.0)
        for index in verbatim_units(question, lines):
            scores[index] += most
        return scores

    def is_telling(self, question: str, least: int = _TELLING_TERMS) -> bool:
        """Return what `is_telling` returns."""
        wanted = _wanted(question, self._text)
        most = _COMMON * len(self._lines)
        if any(self._count(term) > most for term in wanted):
            return True
        terms_in = Counter(index for found in self._lines_with(question) for index in found)
        best = max(terms_in.values(), default=0)
        return bool(wanted) and best >= (1 if _CODE.search(question) else least)

    def _count(self, term: str) -> int:
        times = self._times.get(term)
        if times is None:
            times = self._times[term] = self._lowered.count(term)
        return times

    def _lines_with(self, question: str) -> Iterator[Sequence[int]]:
        """Yield for each telling term of the question the lines that hold it."""
        for term in _wanted(question, self._text):
            found = self._found.get(term)
            if found is None:
                found = self._found[term] = self._look_for(term)
            if found:
                yield found

    def _look_for(self, term: str) -> Sequence[int]:
        if not 0 < self._count(term) <= max(_RARE, int(_COMMON * len(self._lines))):
            return ()
        starts, lowered, original = self._starts, self._lowered, self._original
        length = len(term)
        found: dict[int, None] = {}
        at = lowered.find(term)
        while at >= 0:
            if _is_term(original, lowered, at, at + length):
                found[bisect_right(starts, at) - 1] = None
            at = lowered.find(term, at + length)
        return tuple(found)


def _places(term: str, lowered: str, most: int) -> list[int]:
    """Return where a term stands, or nothing if that is in more than ``most`` places."""
    if lowered.count(term) > most:
        return []
    places: list[int] = []
    at = lowered.find(term)
    while at >= 0:
        places.append(at)
        at = lowered.find(term, at + len(term))
    return places


def _is_term(text: str, lowered: str, start: int, end: int) -> bool:
    before, first = lowered[start - 1 : start], text[start]
    if before.isalnum() and before.isdigit() == first.isdigit() and not first.isupper():
        return False
    after = text[end : end + _LONGEST_ENDING]
    if lowered[end - 1].isdigit():
        return not after[:1].isdigit()
    ending = 0
    for letter in after:
        if not letter.islower():
            return True
        ending += 1
    return ending < _LONGEST_ENDING
