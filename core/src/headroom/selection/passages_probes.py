"""What to look for in a document for a question: beginnings of its words, and pairs of words."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from headroom.selection.relevance import question_terms, stem

# Question words and the commonest function words of languages other than English; like those of
# `question_terms`, they ask for nothing in particular.
_FUNCTION_WORDS = frozenset(
    # German
    "der die das den dem des ein eine einer eines einem einen und oder ist sind war waren wird "
    "wurde wurden hat haben hatte hatten wer wen wem was wann wie wieso weshalb warum welche "
    "welcher welches welchen welchem viel viele vielen mit von vom zum zur bei beim auf aus für "
    "als auch nach nicht sich über unter durch man diese dieser dieses sie ihr ihre ihrer "
    # Spanish, French, Portuguese, Italian
    "los las una uno unos unas del que qué cual cuál cuales cuáles quien quién quienes quiénes "
    "cuando cuándo donde dónde como cómo cuanto cuánto cuantos cuántos cuanta cuánta cuantas "
    "cuántas por para con sin sobre entre fue fueron era eran ser son está están han había este "
    "esta estos estas les des une dans sur avec sans est sont était étaient été quel quelle quels "
    "quelles qui quoi où quand comment combien pourquoi aux pas plus ses leur leurs não com uma "
    "dos foi são qual quais quem onde quanto quantos che chi cosa dove quando quale quali perché "
    "della delle degli dei nel nella sono stato "
    # Russian
    "что как кто кого кому где когда какой какая какое какие какого каком каких сколько почему "
    "зачем чем был была было были для при над под или это этот эта эти его она они оно на по из "
    "от до не во со за об ли же бы "
    # Arabic, Hindi
    "من ما ماذا متى أين كيف كم لماذا هل في على إلى عن هو هي التي الذي كان كانت عدد هذا هذه "
    "क्या कौन कब कहाँ कहां कैसे क्यों कितने कितना कितनी किस किसने किसके किसकी किसे में के की का "
    "को से ने पर है हैं था थे थी और एक जो यह वह लिए".split()
)
# Pairs of characters that ask.
_ASKING_PAIRS = frozenset(
    "什么 多少 哪些 哪个 哪里 哪位 何时 为何 如何 怎么 怎样 谁是 是谁 几个 是什 么是 "
    "です ます した のは とは から 何で 誰が".split()
)

_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0962\u0963])*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ARABIC_ARTICLE = "\u0627\u0644"
_FEWEST_TO_CUT = 6
_SHORTEST = 4

# Words of a question that are looked for, and the weight of two in a row.
_MOST = 200
_PAIR = 0.6


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
    ['poin', 'panthe', 'surrend', 'panthers surrender']
    """
    wanted = frozenset(question_terms(question))
    found: dict[str, Probe] = {}
    words = list(_WORD.finditer(question))
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
            if pair not in _ASKING_PAIRS:
                found.setdefault(pair, Probe(pair, ""))
        return False
    if lowered in _FUNCTION_WORDS:
        return False
    if lowered.isascii():
        whole = stem(lowered)
        if whole not in wanted:
            return False
    else:
        whole = lowered.removeprefix(_ARABIC_ARTICLE) if len(lowered) > _SHORTEST else lowered
    text = whole
    if len(lowered) >= _FEWEST_TO_CUT and lowered.isalpha() or not lowered.isascii():
        text = whole[: max(_SHORTEST, len(lowered) - 2)]
    found.setdefault(text, Probe(text, whole))
    return True
