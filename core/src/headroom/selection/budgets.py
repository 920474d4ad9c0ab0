"""How many tokens a selection should aim for."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable

from headroom.config import Fidelity

_WORD = re.compile(r"\w{2,}")
_CHUNK = 16_384
_BYTES_PER_TOKEN = 2.5

# A text whose lossless form is this small is cheap enough to be read whole: with the marker and
# a possible retrieval, leaving parts out could not pay for itself (docs: explanation/economics).
SELECT_ABOVE_TOKENS: dict[Fidelity, int] = {"balanced": 600, "aggressive": 80}

# A selection replaces the lossless form only if it is this much smaller: losing nothing is worth
# something.
WORTH_SELECTING = {"balanced": 0.8, "aggressive": 0.9}

# Share of the text to aim for, and a floor in tokens below which a result says too
# little to act on.
_SHARE = {"balanced": 0.09, "aggressive": 0.036}
_FLOOR = {"balanced": 450, "aggressive": 80}
_CEILING = {"balanced": 2_500, "aggressive": 1_000}

# Of a short text no more than this share.
_LARGEST_SHARE = {"balanced": 1.0, "aggressive": 0.25}


def target_tokens(tokens: int, fidelity: Fidelity) -> int:
    """Return the size to aim for, in tokens, for a text of ``tokens`` tokens.

    >>> target_tokens(10_000, "balanced")
    900
    """
    wished = round(tokens * _SHARE[fidelity])
    floor = min(_FLOOR[fidelity], round(tokens * _LARGEST_SHARE[fidelity]))
    return max(floor, min(wished, _CEILING[fidelity]))


def takes_more(text: str, tokens: int, count: Callable[[str], int]) -> bool:
    """Say whether no lossless form of a text fits into so many tokens, as far as is cheaply told.

    A token says no more than a few bytes of what deflate makes of the text: 1.1 in the median over
    513 lossless forms of real outputs, and never more than 2.2. Numbers may follow from each
    other, so that the text without its digits must be too much as well, or the different words
    (never more than 0.73 of the tokens of those forms). Looks no further into the text than
    needed.

    Args:
        text: The text.
        tokens: The tokens to stay within.
        count: Counts the tokens of a text.

    >>> takes_more("one two three four five six seven eight nine", 1, str.__len__)
    True
    >>> takes_more("one two " * 50, 20, str.__len__)
    False
    """
    size = _BYTES_PER_TOKEN * tokens
    return _deflates_to_more(text, size, b"") and (
        _deflates_to_more(text, size, b"0123456789") or _spells_more(text, tokens, count)
    )


def _deflates_to_more(text: str, size: float, without: bytes) -> bool:
    deflate = zlib.compressobj(1)
    written = 0
    for start in range(0, len(text), _CHUNK):
        data = text[start : start + _CHUNK].encode("utf-8", "surrogatepass")
        written += len(deflate.compress(data.translate(None, without)))
        if written > size:
            return True
    return written + len(deflate.flush()) > size


def _spells_more(text: str, tokens: int, count: Callable[[str], int]) -> bool:
    words: dict[str, None] = {}
    for start in range(0, len(text), _CHUNK):
        words.update(dict.fromkeys(_WORD.findall(text, start, start + _CHUNK)))
        if len(words) > tokens:
            return True
    return count(" ".join(words)) > tokens
