"""How many tokens a selection should aim for."""

from __future__ import annotations

import re

from headroom.config import Fidelity

_WORD = re.compile(r"\w{2,}")
_CHUNK = 8_192

# A text whose lossless form is this small is cheap enough to be read whole: with the marker and
# a possible retrieval, leaving parts out could not pay for itself (docs: explanation/economics).
SELECT_ABOVE_TOKENS: dict[Fidelity, int] = {"balanced": 600, "aggressive": 150}

# A selection replaces the lossless form only if it is this much smaller: losing nothing is worth
# something.
WORTH_SELECTING = {"balanced": 0.8, "aggressive": 0.9}

# Share of the text to aim for, and a floor in tokens below which a result says too
# little to act on.
_SHARE = {"balanced": 0.09, "aggressive": 0.036}
_FLOOR = {"balanced": 450, "aggressive": 120}
_CEILING = {"balanced": 2_500, "aggressive": 1_000}


def target_tokens(tokens: int, fidelity: Fidelity) -> int:
    """Return the size to aim for, in tokens, for a text of ``tokens`` tokens.

    >>> target_tokens(10_000, "balanced")
    900
    """
    wished = round(tokens * _SHARE[fidelity])
    return min(tokens, max(_FLOOR[fidelity], min(wished, _CEILING[fidelity])))


def holds_more_words(text: str, tokens: int) -> bool:
    """Say whether a text holds more different words than ``tokens`` tokens could spell.

    Then no lossless form fits into so few: each different word has to stand somewhere, in a token
    at least. Looks no further into the text than needed.

    >>> holds_more_words("one two one two", 1), holds_more_words("one two one two", 2)
    (True, False)
    """
    words: set[str] = set()
    for start in range(0, len(text), _CHUNK):
        words.update(_WORD.findall(text, start, start + _CHUNK))
        if len(words) > tokens:
            return True
    return False
