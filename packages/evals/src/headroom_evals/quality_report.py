"""Tables of the quality bench."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from headroom_evals.quality import Answered, QualityReport

COLUMNS = (
    "kind",
    "system",
    "runs",
    "kept",
    "mean",
    "facts",
    "inline",
    "95 % interval",
    "recoverable",
    "larger",
    "failed",
)
LEGEND = (
    "kept: tokens that remain, as a share of all; mean: the mean share over the runs",
    "inline: share of the facts that the output shows, with Wilson's interval",
    "recoverable: share that is inline or came by one retrieval of at most 500 tokens",
    "larger: outputs with more tokens than their input; failed: calls that raised",
    "head+tail, random lines: the same inputs cut to the tokens that the first system kept",
)

_ALL = "all"
_DEVIATIONS = 1.96


def rows(answered: Sequence[Answered]) -> list[tuple[str, ...]]:
    """Return one row for each kind and system."""
    kinds = [*sorted({a.kind for a in answered}), _ALL]
    systems = list(dict.fromkeys(a.system for a in answered))
    return [
        (kind, system, *_cells(chosen))
        for kind in kinds
        for system in systems
        if (chosen := [a for a in answered if a.system == system and kind in (a.kind, _ALL)])
    ]


def _cells(answered: Sequence[Answered]) -> tuple[str, ...]:
    before = sum(a.tokens_before for a in answered)
    after = sum(a.tokens_after for a in answered)
    shares = [a.tokens_after / max(1, a.tokens_before) for a in answered]
    facts = sum(a.facts for a in answered)
    inline = sum(a.inline for a in answered)
    low, high = wilson(inline, facts)
    return (
        str(len(answered)),
        f"{after / max(1, before):.3f}",
        f"{sum(shares) / len(shares):.3f}",
        str(facts),
        f"{inline / max(1, facts):.3f}",
        f"{low:.3f}-{high:.3f}",
        f"{sum(a.recoverable for a in answered) / max(1, facts):.3f}",
        str(sum(a.tokens_after > a.tokens_before for a in answered)),
        str(sum(a.error is not None for a in answered)),
    )


def wilson(found: int, of: int) -> tuple[float, float]:
    """Return Wilson's score interval of a share at 95 %.

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


def as_json(report: QualityReport, settings: Mapping[str, object]) -> str:
    """Write everything that was answered, one record for each run, as JSON."""
    document = {
        "settings": dict(settings),
        "versions": dict(report.versions),
        "answered": [asdict(a) for a in report.answered],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
