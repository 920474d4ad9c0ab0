"""Tables of what was measured: for a terminal, as Markdown, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from headroom_evals.speed import Measured, SpeedReport

COLUMNS = ("kind", "system", "cold", "warm", "MB/s", "kept", "mean", "facts", "memory")
LEGEND = (
    "cold, warm: processor milliseconds per 10,000 tokens at the first and second sight of a text",
    "MB/s: megabytes of input a second, cold",
    "kept: tokens that remain, as a share of all; mean: the mean share over the inputs",
    "facts: facts that are still readable in the output, of those that were asked for",
    "memory: most megabytes by which one input made the process grow; what was freed is used again",
    "head+tail: the same inputs cut to the same number of tokens",
)

_ALL = "all"


def kinds_of(measured: Iterable[Measured]) -> list[str]:
    """Return the kinds in order of appearance, then the sum over all."""
    return [*dict.fromkeys(m.kind for m in measured), _ALL]


def rows(measured: Sequence[Measured]) -> list[tuple[str, ...]]:
    """Return one row for each kind and system."""
    systems = dict.fromkeys(m.system for m in measured)
    found = []
    for kind in kinds_of(measured):
        for system in systems:
            of_system = [m for m in measured if m.system == system and kind in (m.kind, _ALL)]
            timed = any(m.cold_seconds is not None for m in of_system)
            # A control that leaves all inputs of a kind as they are has nothing to say there.
            if timed or any(m.tokens_after < m.tokens_before for m in of_system):
                found.append((kind, system, *_cells(of_system)))
    return found


def _cells(measured: Sequence[Measured]) -> Iterable[str]:
    before = sum(m.tokens_before for m in measured)
    yield _milliseconds([m.cold_seconds for m in measured], before)
    yield _milliseconds([m.warm_seconds for m in measured], before)
    cold = [m.cold_seconds for m in measured if m.cold_seconds is not None]
    size = sum(m.bytes for m in measured if m.cold_seconds is not None)
    yield f"{size / sum(cold) / 1e6:.1f}" if cold else ""
    yield f"{sum(m.tokens_after for m in measured) / max(1, before):.3f}"
    shares = [m.tokens_after / max(1, m.tokens_before) for m in measured]
    yield f"{sum(shares) / len(shares):.3f}"
    failed = sum(m.errors for m in measured)
    facts = f"{sum(m.readable for m in measured)}/{sum(m.facts for m in measured)}"
    yield f"{facts}, {failed} failed" if failed else facts
    grown = [m.peak_bytes for m in measured if m.peak_bytes is not None]
    yield f"{max(grown) / 1e6:.1f}" if grown else ""


def _milliseconds(seconds: Sequence[float | None], tokens: int) -> str:
    known = [s for s in seconds if s is not None]
    return f"{sum(known) / max(1, tokens) * 1e7:.2f}" if len(known) == len(seconds) else ""


def ratios(measured: Sequence[Measured], ours: str, peer: str) -> list[tuple[str, ...]]:
    """Return, for each kind, how many times longer ``peer`` takes than ``ours``: cold, warm."""
    found: list[tuple[str, ...]] = []
    for kind in kinds_of(measured):
        both = [
            [m for m in measured if m.system == s and kind in (m.kind, _ALL)] for s in (ours, peer)
        ]
        cold = [sum(m.cold_seconds or 0.0 for m in side) for side in both]
        warm = [sum(m.warm_seconds or 0.0 for m in side) for side in both]
        if cold[0] and warm[0]:
            found.append((kind, f"{cold[1] / cold[0]:.1f}", f"{warm[1] / warm[0]:.1f}"))
    return found


def as_text(columns: Sequence[str], table: Sequence[Sequence[str]], left: int = 2) -> str:
    """Lay a table out for a terminal; all but the first ``left`` columns are set to the right."""
    widths = [max(len(row[i]) for row in (columns, *table)) for i in range(len(columns))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (columns, *table)
    )


def as_markdown(columns: Sequence[str], table: Sequence[Sequence[str]], left: int = 2) -> str:
    """Write a table as Markdown."""
    ruler = ["---" if i < left else "---:" for i in range(len(columns))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (columns, ruler, *table))


def as_json(report: SpeedReport, settings: Mapping[str, object]) -> str:
    """Write everything that was measured, one record for each case and system, as JSON."""
    document = {
        "settings": dict(settings),
        "versions": dict(report.versions),
        "passes": report.passes,
        "measured": [asdict(m) for m in report.measured],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
