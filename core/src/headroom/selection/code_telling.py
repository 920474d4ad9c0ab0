"""What of a file tells most about it when nobody asked anything: rare words, and messages."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from headroom.selection.code_answers import add_best, outer_texts
from headroom.selection.code_shown import Shown
from headroom.selection.code_tree import Role, Tree

_WORD = re.compile(r"[^\W\d_]{3,}|\d+")

# A message: quoted, and of two words or more.
_MESSAGE = re.compile(r"(['\"`])([^'\"`\\\n]{6,200})\1")
_FOR_MESSAGE = 0.3

# Characters that count for every statement, so that the shortest are not the most telling.
_LEAST_LENGTH = 20

_SAYS_NOTHING = (Role.REST, Role.COMMENT, Role.DOCSTRING)


def keep_telling(shown: Shown, lines: Sequence[str], budget: float) -> None:
    """Show the statements that tell most for their length, as far as the budget goes.

    Args:
        shown: What is shown; this adds to it.
        lines: The file's lines.
        budget: Tokens that may be added.
    """
    scores = _scores(shown.tree, outer_texts(shown.tree, lines))
    order = sorted((i for i, s in enumerate(scores) if s > 0.0), key=lambda i: (-scores[i], i))
    add_best(shown, order, shown.spent + budget)


def _scores(tree: Tree, texts: Sequence[str]) -> list[float]:
    held = [dict.fromkeys(_WORD.findall(text)) for text in texts]
    frequency = Counter(word for words in held for word in words)
    weight = {word: math.log(len(texts) / times) for word, times in frequency.items()}
    scores: list[float] = []
    for item, text, words in zip(tree.items, texts, held, strict=True):
        if item.role in _SAYS_NOTHING:
            scores.append(0.0)
            continue
        rarity = sum([weight[word] for word in words])
        messages = sum(" " in found[2].strip() for found in _MESSAGE.finditer(text))
        length = len(text.strip()) + _LEAST_LENGTH
        scores.append(rarity / length + _FOR_MESSAGE * messages)
    return scores
