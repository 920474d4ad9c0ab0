"""Which units of a text a question speaks of: terms, BM25, and whether anything was asked."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

# Words, numbers, and runs of scripts that are written without spaces (split into pairs below).
_WORD = re.compile(r"[^\W_]+")
_CASE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

# Function words of English: they occur everywhere and ask for nothing. Only words of three
# letters or more are listed; shorter ones are no terms unless they hold a digit.
_FUNCTION_WORDS = frozenset(
    "about after again all also and any are because been before being between both but can could "
    "did does doing down each few find for from further get give had has have having her here him "
    "his how into its itself just let like look make many may more most much must not now off once "
    "only other our out over own please same see she should show some such tell than that the "
    "their them then there these they this those through too under until use used very was were "
    "what when where which while who whom whose why will with would you your".split()
)

_SUFFIXES = tuple("ations ation ments ment ings ing ers ies ied ed er es ly s e y".split())

# BM25's usual constants (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009).
_K1 = 1.2
_B = 0.75

# Up to this many terms, looking for each as a substring is cheaper than splitting a unit.
_SHORT_QUESTION = 24
_BLOCK = 128

# Bounds of the search for one term in a text: places looked at, and letters of a word.
_MOST_PLACES = 64
_LONGEST_WORD = 64


@functools.lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Cut one common English ending off a lower-case word, leaving three letters or more.

    The stem is always a prefix of the word.
    """
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)]
    return word


@functools.lru_cache(maxsize=65_536)
def _short_word_terms(word: str) -> tuple[str, ...]:
    return tuple(_word_terms(word))


def _word_terms(word: str) -> Iterable[str]:
    lowered = word.lower()
    if _UNSPACED.search(word):
        yield from (word[i : i + 2] for i in range(max(1, len(word) - 1)))
        return
    yield stem(lowered)
    parts = _CASE.findall(word)
    if len(parts) > 1:
        yield from (stem(part.lower()) for part in parts)


def terms(text: str) -> list[str]:
    """Split a text into comparable terms: stems of words, of identifier parts, and numbers.

    >>> terms("parseHttpHeader failed")
    ['parsehttphead', 'pars', 'http', 'head', 'fail']
    """
    return [
        term
        for word in _WORD.findall(text)
        for term in (_short_word_terms(word) if len(word) <= _LONGEST_WORD else _word_terms(word))
    ]


@functools.lru_cache(maxsize=256)
def question_terms(question: str) -> tuple[str, ...]:
    """Return the content terms of a question, in order, each once.

    Function words and words of one or two letters ask for nothing and are left out; anything with
    a digit stays.

    >>> question_terms("Which order failed on line 177?")
    ('ord', 'fail', 'lin', '177')
    """
    wanted = {
        term: None
        for word in _WORD.findall(question)
        if word.lower() not in _FUNCTION_WORDS
        for term in _word_terms(word)
        if len(term) > 2 or not term.isascii() or any(c.isdigit() for c in term)
    }
    return tuple(wanted)


def is_asked(question: str, text: str) -> bool:
    """Say whether a content term of the question occurs in the text."""
    lowered = text.lower()
    return any(_occurs(term, text, lowered) for term in question_terms(question))


def _occurs(term: str, text: str, lowered: str) -> bool:
    # Most terms that occur as a substring occur as a term soon; the bound keeps the cost linear.
    at = lowered.find(term)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return False
        start, end = at, at
        while start > 0 and at - start < _LONGEST_WORD and text[start - 1 : start].isalnum():
            start -= 1
        while end < len(text) and end - at < _LONGEST_WORD and text[end : end + 1].isalnum():
            end += 1
        if term in terms(text[start:end]):
            return True
        at = lowered.find(term, at + len(term))
    return False


def bm25(question: str, units: Sequence[str]) -> list[float]:
    """Score each unit against the question: BM25, 0.0 where no term of the question occurs.

    Lengths are counted in characters. For a short question only units that hold one of its terms
    are split into terms; the cost is linear in the text either way.
    """
    wanted = question_terms(question)
    scores = [0.0] * len(units)
    if not wanted or not units:
        return scores
    found: list[tuple[int, Counter[str]]] = []
    wanted_set = frozenset(wanted)
    lengths = [len(unit) for unit in units]
    for i in _holding(wanted, units) if len(wanted) <= _SHORT_QUESTION else range(len(units)):
        tally = Counter([t for t in terms(units[i]) if t in wanted_set])
        if tally:
            found.append((i, tally))
    document_frequency = Counter(term for _, tally in found for term in tally)
    mean_length = sum(lengths) / len(units) or 1.0
    count = len(units)
    weight = {
        term: math.log(1.0 + (count - df + 0.5) / (df + 0.5))
        for term, df in document_frequency.items()
    }
    for i, tally in found:
        norm = _K1 * (1.0 - _B + _B * lengths[i] / mean_length)
        scores[i] = sum(weight[t] * n * (_K1 + 1.0) / (n + norm) for t, n in tally.items())
    return scores


def _holding(wanted: Sequence[str], units: Sequence[str]) -> Iterable[int]:
    """Yield the positions of the units that hold a term, in order, a block at a time."""
    for start in range(0, len(units), _BLOCK):
        lowered = [unit.lower() for unit in units[start : start + _BLOCK]]
        together = "\n".join(lowered)
        here = [term for term in wanted if term in together]
        for i, unit in enumerate(lowered if here else (), start):
            for term in here:
                if term in unit:
                    yield i
                    break
