"""The part of a long text cell that stays: its beginning, and what the question speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom.selection.relevance import bm25

# Longer strings are cut; the preview keeps this many characters of the beginning and of the place
# nearest to the question.
LONGEST = 400
_BEGINNING = 160
_AROUND = 240

# A cut may not split an escape.
_PIECE = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|[^\\]")


def preview(lexeme: str, question: str, keep: tuple[str, ...]) -> str:
    """Return a string's lexeme cut to a preview, or the same object if it stays whole.

    Args:
        lexeme: A JSON scalar; only strings of more than `LONGEST` characters are cut.
        question: What was asked.
        keep: A string that contains one of these stays whole.
    """
    if len(lexeme) <= LONGEST + 2 or lexeme[0] != '"' or any(word in lexeme for word in keep):
        return lexeme
    bare = lexeme[1:-1]
    pieces: Sequence[str] = _PIECE.findall(bare) if "\\" in bare else bare
    windows = ["".join(pieces[i : i + _AROUND]) for i in range(_BEGINNING, len(pieces), _AROUND)]
    scores = bm25(question, windows)
    best = max(range(len(windows)), key=lambda i: (scores[i], -i), default=0)
    head = "".join(pieces[:_BEGINNING])
    if not windows or scores[best] <= 0.0:
        return f'"{head}...[{len(pieces) - _BEGINNING} characters omitted]"'
    before = best * _AROUND
    after = max(0, len(pieces) - _BEGINNING - before - _AROUND)
    gap = f"...[{before} characters omitted]..." if before else ""
    tail = f"...[{after} characters omitted]" if after else ""
    return f'"{head}{gap}{windows[best]}{tail}"'
