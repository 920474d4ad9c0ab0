"""What to look for in a document for a question: beginnings of its words, and pairs of words."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from headroom.selection.passages_languages import ASKING_LETTERS, ASKING_PAIRS, FUNCTION_WORDS
from headroom.selection.relevance import question_terms, stem

_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0962\u0963])*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# Thai, Lao, Khmer and Burmese: no spaces between words, but letters with marks above and below.
_MARKED_RUN = re.compile(r"[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff]+")
_MARKED_LENGTH = 5
_ARABIC_ARTICLE = "\u0627\u0644"
_FEWEST_TO_CUT = 6
_SHORTEST = 4

# Words of a question that are looked for, and the weight of two in a row.
_MOST = 200
_PAIR = 0.6

# Weight of one character of a script without spaces; pairs of them say more.
_LETTER = 0.3


@dataclass(frozen=True, slots=True)
class Probe:
    """Something to look for in a lower-cased text.

    Args:
        text: What to find.
        whole: The stem that a word must have to count in full; "" where any place counts.
        weight: Share of a word's weight.
    """

    text: str
    whole: str
    weight: float = 1.0


@functools.lru_cache(maxsize=64)
def probes(question: str) -> tuple[Probe, ...]:
    """Return what to look for, in the order of the question, each once.

    >>> [probe.text for probe in probes("How many points did the Panthers surrender?")]
    ['poin', 'panth', 'surrend', 'panthers surrender']
    """
    wanted = frozenset(question_terms(question))
    found: dict[str, Probe] = {}
    for run in _MARKED_RUN.findall(question):
        for at in range(max(1, len(run) - _MARKED_LENGTH + 1)):
            piece = run[at : at + _MARKED_LENGTH]
            found.setdefault(piece, Probe(piece, ""))
    words = list(_WORD.finditer(_MARKED_RUN.sub(lambda run: " " * len(run[0]), question)))
    is_content = [_add_word(found, word.group(), wanted) for word in words]
    for i in range(1, len(words)):
        if is_content[i] and is_content[i - 1]:
            pair = question[words[i - 1].start() : words[i].end()].lower()
            found.setdefault(pair, Probe(pair, "", _PAIR))
    ordered = list(found.values())
    if len(ordered) > _MOST:
        ordered = sorted(ordered, key=lambda probe: -len(probe.text))[:_MOST]
    return tuple(ordered)


def _add_word(found: dict[str, Probe], word: str, wanted: frozenset[str]) -> bool:
    """Add what to look for for one word; say whether it asks for anything."""
    lowered = word.lower()
    if _UNSPACED.search(word):
        pairs = [word[i : i + 2] for i in range(len(word) - 1)] or [word]
        for pair in pairs:
            if pair not in ASKING_PAIRS:
                found.setdefault(pair, Probe(pair, ""))
        for letter in word:
            if letter not in ASKING_LETTERS:
                found.setdefault(letter, Probe(letter, "", _LETTER))
        return False
    if lowered in FUNCTION_WORDS:
        return False
    if lowered.isascii():
        whole = stem(lowered)
        if whole not in wanted:
            return False
    else:
        whole = lowered.removeprefix(_ARABIC_ARTICLE) if len(lowered) > _SHORTEST else lowered
    text = whole
    if not lowered.isascii() or (len(lowered) >= _FEWEST_TO_CUT and lowered.isalpha()):
        text = whole[: max(_SHORTEST, len(lowered) - 2)]
    found.setdefault(text, Probe(text, whole))
    return True
