"""How sure a share is: intervals at 95 %."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

_DEVIATIONS = 1.96
_RESAMPLES = 1000
_SEED = 0


def interval(groups: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Return the interval of a share whose hits come in groups of ``(found, of)``.

    Facts of one file are found or missed together, so whole files are drawn: a bootstrap over
    groups. Where all or none were found there is nothing to draw, and Wilson's interval over the
    groups is taken.

    >>> interval([(2, 2)] * 10)
    (0.7224598312333834, 1.0)
    >>> interval([])
    (0.0, 1.0)
    """
    found, of = sum(g[0] for g in groups), sum(g[1] for g in groups)
    if found in (0, of):
        wholes = sum(1 for g in groups if g[1])
        return wilson(wholes if found else 0, wholes)
    return bootstrap(groups)


def bootstrap(groups: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Return the middle 95 % of the shares of groups drawn with replacement, seeded.

    B. Efron, "Bootstrap methods: another look at the jackknife", The Annals of Statistics 7, 1979.

    >>> low, high = bootstrap([(1, 2), (2, 2), (0, 1)])
    >>> low <= 3 / 5 <= high
    True
    """
    draw = random.Random(_SEED)
    shares = []
    for _ in range(_RESAMPLES):
        drawn = draw.choices(groups, k=len(groups))
        shares.append(sum(g[0] for g in drawn) / max(1, sum(g[1] for g in drawn)))
    shares.sort()
    return shares[round(_RESAMPLES * 0.025)], shares[round(_RESAMPLES * 0.975) - 1]


def wilson(found: int, of: int) -> tuple[float, float]:
    """Return Wilson's score interval of a share.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22, 1927.

    >>> [round(bound, 3) for bound in wilson(9, 10)]
    [0.596, 0.982]
    """
    if not of:
        return 0.0, 1.0
    share, square = found / of, _DEVIATIONS**2
    centre = (share + square / (2 * of)) / (1 + square / of)
    spread = math.sqrt(share * (1 - share) / of + square / (4 * of * of)) * _DEVIATIONS
    half = spread / (1 + square / of)
    return max(0.0, centre - half), min(1.0, centre + half)
