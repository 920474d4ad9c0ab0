"""The few lines of a log that stand whole in its lossless form."""

from __future__ import annotations

from collections.abc import Iterator

from headroom.compressors.interface import Content
from headroom.selection.asking import is_question, speaks_of
from headroom.selection.named import name_scores, verbatim_units

# Lines that the question names stand whole in the lossless form, where a reader looks for them: so
# many, those with at least this share of the best score, in so many characters.
_MOST_NAMED = 12
_NAMED_SHARE = 0.6
_LEAST_NAMED = 600
_NAMED_ROOM = 0.02


def lines_asked_for(content: Content) -> Iterator[int]:
    """Yield the lines that the question names: a few, and a small share of the text."""
    if not is_question(content.question) and not speaks_of(content.question, content.text):
        return
    lines = content.lines
    scores = name_scores(content.question, lines)
    best = max(scores.values(), default=0.0)
    near = [i for i, score in scores.items() if score >= _NAMED_SHARE * best]
    near.sort(key=lambda i: (-scores[i], i))
    room = max(_LEAST_NAMED, _NAMED_ROOM * len(content.text))
    for i in [*verbatim_units(content.question, lines), *near][:_MOST_NAMED]:
        room -= len(lines[i])
        if room < 0:
            return
        yield i
