"""How many tokens a selection should aim for."""

from __future__ import annotations

from headroom.config import Fidelity

# A text whose lossless form is this small is cheap enough to be read whole: with the marker and
# a possible retrieval, leaving parts out could not pay for itself (docs: explanation/economics).
SELECT_ABOVE_TOKENS: dict[Fidelity, int] = {"balanced": 600, "aggressive": 150}

# A selection replaces the lossless form only if it is this much smaller: losing nothing is worth
# something.
WORTH_SELECTING = {"balanced": 0.8, "aggressive": 0.9}

# Share of the lossless form to aim for, and a floor in tokens below which a result says too
# little to act on.
_SHARE = {"balanced": 0.15, "aggressive": 0.06}
_FLOOR = {"balanced": 450, "aggressive": 120}
_CEILING = {"balanced": 2_500, "aggressive": 1_000}


def target_tokens(tokens: int, fidelity: Fidelity) -> int:
    """Return the size to aim for, in tokens, for a text of ``tokens`` tokens.

    >>> target_tokens(10_000, "balanced")
    1500
    """
    wished = round(tokens * _SHARE[fidelity])
    return min(tokens, max(_FLOOR[fidelity], min(wished, _CEILING[fidelity])))
