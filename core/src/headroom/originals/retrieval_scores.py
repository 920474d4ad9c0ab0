"""How well each unit of an original answers a question."""

from __future__ import annotations

import bisect
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from headroom.compressors.interface import Relevance
from headroom.originals.units import Units
from headroom.selection.relevance import bm25

# A question is read up to this many characters; the words beyond say what a task is, not a part.
LONGEST_QUESTION = 2_000

_QUOTED = re.compile("\"([^\"\n]{2,})\"|`([^`\n]{2,})`|“([^”\n]{2,})”|'([^'\n]{2,})'")
_CHUNK = re.compile(r"[^\s\"`“”„,;!?()\[\]{}<>|]+")
_WORD = re.compile(r"\w+")
_LINE_NUMBER = re.compile(r"\blines?\s+#?(\d{1,9})\b", re.IGNORECASE)
_COMPOUND = re.compile(r"[^\W_][\W_][^\W_]|[a-z][A-Z]|[A-Z]{3}|\d", re.DOTALL)

_TEMPLATE_NUMBER = re.compile(r"[0-9][0-9a-fA-F]*(?:[KMGT]i?B?\b|[mun]?s\b)?")

# Questions for a number, keys of numbers that count, and what these get.
_ASKS_HOW_MANY = re.compile(r"\b(?:how many|number of|in all|altogether|totals?|count)\b", re.I)
_COUNTS = re.compile(r"(?i:total|count|size|length|amount)(?:\Z|[_A-Z])|\A(?i:n|num)_")
_TOTAL = 6.0
_LONGEST_COUNT = 20

# What a value or a line gets when the question spells out its whole path, or its number.
_SPELLED_OUT = 30.0
_NUMBERED = 30.0

# Words of at least this many letters are also looked for without their last two: endings differ
# in languages that no list of suffixes here knows.
_FEWEST_INFLECTED = 5

# A word of letters alone; what a text gets for one that at most one other holds, and the share of
# texts up to which such words count in full.
_LETTERS = re.compile(r"[^\W\d_]{4,}")
_FEWEST_FOR_NOVELTY = 20
_NOVEL = 1.5
_NOVEL_SHARE = 0.05

# The start of a text that is compared with the starts of the others.
_HEAD = 60

# Places of one phrase that are looked at; a phrase with more is too common to point anywhere.
_MOST_PLACES = 4_000

_TROUBLE = re.compile(
    r"error|fail|fatal|exception|panic|critical|denied|refused|cannot|can't|could not|unable"
    r"|invalid|undefined|unexpected|missing|traceback|assert|killed|not ok|not found|crash"
    r"|timed?[ -]?out|wrong|raise",
    re.IGNORECASE,
)
# Said outright: a level, an exception's name before its message, a verdict. The rest may be names.
_OUTRIGHT = re.compile(
    r"(?<![\w./-])(?:error|fatal|failed|failure|critical|panic|severe|not ok|traceback|cannot"
    r"|could not)(?![\w/-])|(?:Error|Exception)\b(?=:|\s*$)",
    re.IGNORECASE,
)
_WARNING = re.compile(r"warn", re.IGNORECASE)
_ASKS_FOR_TROUBLE = re.compile(r"\b(?:why|reason|cause|unhealthy|healthy|problem)", re.IGNORECASE)
_NO_TROUBLE = re.compile(r"\b(?:0|no) (?:errors?|fail\w*|warnings?)", re.IGNORECASE)


def phrases(question: str) -> dict[str, float]:
    """Return the phrases of a question that may stand verbatim in a text, with their weight.

    Quoted passages and compounds (identifiers, paths, numbers, times) weigh most; two and three
    words in a row weigh something, as word order is hardly ever chance.
    """
    found = [("".join(groups).strip(), 3.0) for groups in _QUOTED.findall(question)]
    for chunk in (chunk.strip(".:'*_=-") for chunk in _CHUNK.findall(question)):
        if _COMPOUND.search(chunk):
            found.append((chunk, 1.0 if chunk.isdecimal() else 2.5))
            parts = re.split(r"[/=]", chunk)
            found.extend((part, 1.5) for part in parts[1:] and parts if _COMPOUND.search(part))
    words = list(_WORD.finditer(question))
    for word in (found_word[0] for found_word in words):
        if len(word) >= _FEWEST_INFLECTED:
            found.append((word[: max(4, len(word) - 2)], 0.2 if word.isascii() else 0.8))
    for size, weight in ((1, 0.4), (2, 0.5), (3, 0.8)):
        for first, last in zip(words, words[size - 1 :], strict=False):
            found.append((question[first.start() : last.end()], weight))
    wanted: dict[str, float] = {}
    for phrase, weight in found:
        folded = phrase.lower()
        if len(folded) > 1 and wanted.get(folded, 0.0) < weight:
            wanted[folded] = weight
    return wanted


def _places(phrase: str, corpus: str) -> Iterator[int]:
    at = corpus.find(phrase)
    while at >= 0:
        yield at
        at = corpus.find(phrase, at + len(phrase))


def phrase_scores(question: str, texts: Sequence[str]) -> list[float]:
    """Score each text by the question's phrases that it holds, rare ones higher."""
    scores = [0.0] * len(texts)
    lowered = [text.lower() for text in texts]
    corpus = "\n".join(lowered)
    starts = list(itertools.accumulate((len(text) + 1 for text in lowered), initial=0))[:-1]
    for phrase, weight in phrases(question).items():
        best: dict[int, float] = {}
        for at in itertools.islice(_places(phrase, corpus), _MOST_PLACES):
            end = at + len(phrase)
            whole = _is_edge(corpus, at) and _is_edge(corpus, end)
            unit = bisect.bisect_right(starts, at) - 1
            best[unit] = max(best.get(unit, 0.0), 1.0 if whole else 0.4)
        rarity = math.log(1.0 + len(texts) / (1.0 + len(best))) if best else 0.0
        for unit, whole_part in best.items():
            scores[unit] += weight * rarity * rarity / 5.0 * whole_part
    return scores


def _is_edge(corpus: str, at: int) -> bool:
    return not (0 < at < len(corpus) and corpus[at - 1].isalnum() and corpus[at].isalnum())


def line_number_scores(question: str, units: Units) -> list[tuple[int, float]]:
    """Return the units that stand on the lines whose numbers the question names."""
    if units.noun != "lines":
        return []
    found: list[tuple[int, float]] = []
    for number in _LINE_NUMBER.findall(question):
        first = bisect.bisect_left(units.numbers, int(number))
        last = bisect.bisect_right(units.numbers, int(number))
        found.extend((unit, _NUMBERED) for unit in range(first, last))
    return found


def path_scores(question: str, units: Units) -> list[tuple[int, float]]:
    """Return the values whose dotted path the question spells out, whole or from some key on."""
    dotted = [c.strip(".:'*_=-") for c in _CHUNK.findall(question) if "." in c[1:-1]]
    found: list[tuple[int, float]] = []
    for literal in dict.fromkeys(dotted):
        for i, path in enumerate(units.paths):
            if path.endswith(literal) and (
                len(path) == len(literal) or path[-len(literal) - 1] == "."
            ):
                found.append((i, _SPELLED_OUT if path == literal else _SPELLED_OUT / 2))
    return found


def total_scores(question: str, units: Units) -> list[tuple[int, float]]:
    """Return the numbers that count what a document holds, if the question asks how many."""
    if _ASKS_HOW_MANY.search(question) is None:
        return []
    return [
        (i, _TOTAL)
        for i, value in enumerate(units.values)
        if isinstance(value.key, str)
        and _COUNTS.search(value.key)
        and units.record[i] not in units.outer
        and value.end - value.value_start <= _LONGEST_COUNT
    ]


def prominence(question: str, texts: Sequence[str]) -> list[float]:
    """Score each text by what makes it stand out whatever is asked: trouble, first and last.

    Trouble counts for more where the question speaks of it, and where a text starts unlike the
    others: a test named after an error is one of many, the error is not.
    """
    asked = _TROUBLE.search(question) or _ASKS_FOR_TROUBLE.search(question)
    weight = 3.0 if asked else 0.8
    heads = [template_of(text[:_HEAD].lstrip().partition(" ")[0]) for text in texts]
    frequency = Counter(heads)
    most = math.log(1.0 + len(texts))
    scores = [0.0] * len(texts)
    for i, text in enumerate(texts):
        if _TROUBLE.search(text) and not _NO_TROUBLE.search(text):
            rarity = math.log(1.0 + len(texts) / frequency[heads[i]]) / most
            outright = 1.0 if _OUTRIGHT.search(text) else 0.4
            scores[i] = weight * outright * (0.3 + 0.7 * rarity)
        elif _WARNING.search(text):
            scores[i] = 0.2
    for i, extra in _novelty(texts):
        scores[i] += extra
    for i in range(min(3, len(texts))):
        scores[i] += 0.3
    for i in range(max(0, len(texts) - 5), len(texts)):
        scores[i] += 0.5
    return scores


def _novelty(texts: Sequence[str]) -> list[tuple[int, float]]:
    """Score texts that hold a word hardly any other holds, where such words are the exception.

    In prose nearly every sentence has one and it says nothing; in a listing it marks the odd one.
    """
    if len(texts) < _FEWEST_FOR_NOVELTY:
        return []
    held = [frozenset(_LETTERS.findall(text)) for text in texts]
    frequency = Counter(word for words in held for word in words)
    novel = [i for i, words in enumerate(held) if any(frequency[word] <= 2 for word in words)]
    if not novel:
        return []
    weight = _NOVEL * min(1.0, _NOVEL_SHARE * len(texts) / len(novel))
    return [(i, weight) for i in novel]


def relevance_scores(question: str, units: Units, relevance: Relevance | None) -> list[float]:
    """Score each unit by the words and phrases of the question; 0.0 where nothing is shared."""
    question = question[:LONGEST_QUESTION]
    scores = list((relevance or bm25)(question, units.texts))
    for i, extra in enumerate(phrase_scores(question, units.texts)):
        scores[i] += extra
    return scores


def template_of(text: str) -> str:
    """Return what lines that differ in numbers have in common."""
    return _TEMPLATE_NUMBER.sub("0", text)
