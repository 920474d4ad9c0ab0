"""Tables of the quality bench."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from headroom_evals.intervals import interval
from headroom_evals.quality import (
    HALVES,
    HEAD_AND_TAIL,
    LAST_LINES,
    MINIFIED,
    RANDOM_LINES,
    Answered,
    QualityReport,
)

SUMS = (
    "runs",
    "kept",
    "mean",
    "facts",
    "inline",
    "95 % interval",
    "fetched",
    "recoverable",
    "restored",
    "larger",
    "failed",
)
KIND_COLUMNS = ("kind", "system", *SUMS)
HALF_COLUMNS = ("half", "system", *SUMS)
LEGEND = (
    "kept: tokens that remain, as a share of all; mean: the mean share over the runs",
    "inline: share of the facts that the output shows; interval: bootstrap over the files, "
    "Wilson's where all or none are shown",
    "fetched: of the facts that are not shown, those that came by one retrieval of at most "
    "500 tokens in a new process; recoverable: share that is inline or fetched",
    "restored: outputs of which the input came back byte for byte, from the messages alone",
    "larger: outputs with more tokens than their input; failed: calls that raised",
    "head+tail, random lines: the same inputs cut to the tokens that the first system kept",
    "half: thresholds may be chosen on the tuning half; the other one is kept for reporting",
)

_ALL = "all"
_CONTROLS = (HEAD_AND_TAIL, RANDOM_LINES, MINIFIED, LAST_LINES)


def by_kind(answered: Sequence[Answered]) -> list[tuple[str, ...]]:
    """Return one row for each kind and system, and the sums."""
    kinds = [*sorted({a.kind for a in answered}), _ALL]
    return _table(
        answered, [(kind, [a for a in answered if kind in (a.kind, _ALL)]) for kind in kinds]
    )


def by_half(answered: Sequence[Answered]) -> list[tuple[str, ...]]:
    """Return one row for each half and system, and the sums."""
    halves = [half for half in HALVES if any(a.half == half for a in answered)]
    groups = [(half, [a for a in answered if half in (a.half, _ALL)]) for half in (*halves, _ALL)]
    return _table(answered, groups)


def _table(
    answered: Sequence[Answered], groups: Sequence[tuple[str, Sequence[Answered]]]
) -> list[tuple[str, ...]]:
    systems = list(dict.fromkeys(a.system for a in answered))
    return [
        (name, system, *_cells(chosen))
        for name, group in groups
        for system in systems
        if (chosen := [a for a in group if a.system == system])
        # A control that leaves all inputs of a kind as they are has nothing to say there.
        and (system not in _CONTROLS or any(a.tokens_after < a.tokens_before for a in chosen))
    ]


def _cells(answered: Sequence[Answered]) -> tuple[str, ...]:
    facts = sum(a.facts for a in answered)
    inline = sum(a.inline for a in answered)
    fetched = sum(a.recoverable for a in answered) - inline
    low, high = interval(_by_file(answered))
    restored = [a.restored for a in answered if a.restored is not None]
    return (
        str(len(answered)),
        f"{kept(answered):.3f}",
        f"{mean_kept(answered):.3f}",
        str(facts),
        f"{inline / max(1, facts):.3f}",
        f"{low:.3f}-{high:.3f}",
        f"{fetched}/{facts - inline}" if facts > inline else "",
        f"{(inline + fetched) / max(1, facts):.3f}",
        f"{sum(restored)}/{len(restored)}" if restored else "",
        str(sum(a.tokens_after > a.tokens_before for a in answered)),
        str(sum(a.error is not None for a in answered)),
    )


def kept(answered: Sequence[Answered]) -> float:
    """Return the share of all tokens that remains."""
    return sum(a.tokens_after for a in answered) / max(1, sum(a.tokens_before for a in answered))


def mean_kept(answered: Sequence[Answered]) -> float:
    """Return the mean share of tokens that remains in a run."""
    shares = [a.tokens_after / max(1, a.tokens_before) for a in answered]
    return sum(shares) / max(1, len(shares))


def _by_file(answered: Sequence[Answered]) -> list[tuple[int, int]]:
    """Return how many facts each file shows, and of how many."""
    files: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for a in answered:
        found, of = files[a.case]
        files[a.case] = found + a.inline, of + a.facts
    return list(files.values())


def as_json(report: QualityReport, settings: Mapping[str, object]) -> str:
    """Write everything that was answered, one record for each run, as JSON."""
    document = {
        "settings": dict(settings),
        "versions": dict(report.versions),
        "answered": [asdict(a) for a in report.answered],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
