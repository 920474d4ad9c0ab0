"""What kind of thing a question asks for, and the units that hold one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom.selection.passages import Unit
from headroom.selection.passages_languages import ASKS_NAME, ASKS_NUMBER, NUMBER

# A capital that does not begin the sentence.
_NAME = re.compile(r"[^\W\d_][,;]?[ (\u201c\"][^\W\d_a-z\u00df-\u00ff\u0430-\u044f][^\W\d_]+")

# A unit that holds what is asked for is worth this much more.
_FITTING = 0.1


def prefer_answers(
    question: str, text: str, units: Sequence[Unit], scores: Sequence[float]
) -> list[float]:
    """Raise the scores of units that hold a number or a name where the question asks for one."""
    wanted = NUMBER if ASKS_NUMBER.search(question) else None
    if wanted is None and ASKS_NAME.search(question):
        wanted = _NAME
    if wanted is None:
        return list(scores)
    return [
        score * (1.0 + _FITTING)
        if score > 0.0 and wanted.search(text, unit.start, unit.end)
        else score
        for score, unit in zip(scores, units, strict=True)
    ]
