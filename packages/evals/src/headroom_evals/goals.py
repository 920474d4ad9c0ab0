"""What Headroom means to reach on which kinds, and by how much it does or does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headroom_evals.quality import HALVES, HEAD_AND_TAIL, Answered
from headroom_evals.quality_report import kept, mean_kept

COLUMNS = ("goal", "wanted", *HALVES)

# What people and compilers write; everything else is machine data.
WRITTEN = frozenset({
    "ci_log", "code", "diff", "html", "markdown", "mixed", "notebook", "patches", "qa",
    "stack_trace", "test", "test_output", "text", "trace",
})  # fmt: skip

_BALANCED, _LOSSLESS, _AGGRESSIVE = "ours", "ours-lossless", "ours-aggressive"
_PEER_LOSSLESS = "headroom-ai-agent"

Measure = Callable[[Sequence[Answered]], float]


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure to reach.

    Args:
        name: What is measured.
        wanted: The bound.
        at_most: Whether less is better.
        measure: The figure, from all that was answered on the kinds in question, in one half.
        whole: Whether the figure is a count.
    """

    name: str
    wanted: float
    at_most: bool
    measure: Measure
    whole: bool = False

    def met(self, value: float) -> bool:
        """Say whether a figure reaches the goal."""
        return value <= self.wanted if self.at_most else value >= self.wanted

    def said(self, value: float) -> str:
        """Write a figure."""
        return f"{value:.0f}" if self.whole else f"{value:.3f}"


def _of(system: str, measure: Measure, *, hidden: bool = False) -> Measure:
    return lambda answered: measure(
        [a for a in answered if a.system == system and a.hidden == hidden]
    )


def _inline(answered: Sequence[Answered]) -> float:
    return sum(a.inline for a in answered) / max(1, sum(a.facts for a in answered))


def _recoverable(answered: Sequence[Answered]) -> float:
    return sum(a.recoverable for a in answered) / max(1, sum(a.facts for a in answered))


def _restored(answered: Sequence[Answered]) -> float:
    return sum(a.restored is True for a in answered) / max(1, len(answered))


def _larger_or_failed(answered: Sequence[Answered]) -> float:
    return sum(a.tokens_after > a.tokens_before or a.error is not None for a in answered)


def _kinds_that_lose(other: str, mine: str, loses: Callable[..., bool]) -> Measure:
    """Count the kinds in which ``loses(mine, other)`` holds of the two systems' answers."""

    def count(answered: Sequence[Answered]) -> float:
        asked = [a for a in answered if not a.hidden]
        sides = (
            [[a for a in asked if (a.kind, a.system) == (kind, s)] for s in (mine, other)]
            for kind in sorted({a.kind for a in asked})
        )
        return sum(loses(*side) for side in sides if all(side))

    return count


def _shows_less(mine: Sequence[Answered], other: Sequence[Answered]) -> bool:
    return sum(a.inline for a in mine) < sum(a.inline for a in other)


def _keeps_more(mine: Sequence[Answered], other: Sequence[Answered]) -> bool:
    return mean_kept(mine) > mean_kept(other)


MACHINE_DATA_GOALS = (
    Goal("balanced: tokens kept of all", 0.35, True, _of(_BALANCED, kept)),
    Goal("balanced: mean kept", 0.35, True, _of(_BALANCED, mean_kept)),
    Goal("balanced: facts inline", 0.985, False, _of(_BALANCED, _inline)),
    Goal("balanced: facts recoverable", 0.999, False, _of(_BALANCED, _recoverable)),
    Goal("balanced: larger or failed", 0, True, _of(_BALANCED, _larger_or_failed), whole=True),
    Goal(
        "balanced: kinds with fewer facts than head+tail",
        0,
        True,
        _kinds_that_lose(HEAD_AND_TAIL, _BALANCED, _shows_less),
        whole=True,
    ),
    Goal("balanced, not asked: mean kept", 0.55, True, _of(_BALANCED, mean_kept, hidden=True)),
    Goal("balanced, not asked: facts inline", 0.955, False, _of(_BALANCED, _inline, hidden=True)),
    Goal("lossless: restored byte for byte", 1, False, _of(_LOSSLESS, _restored)),
    Goal("lossless: facts inline", 0.95, False, _of(_LOSSLESS, _inline)),
    Goal("lossless: mean kept", 0.65, True, _of(_LOSSLESS, mean_kept)),
    Goal(
        "lossless: kinds that headroom-ai's lossless mode makes smaller",
        0,
        True,
        _kinds_that_lose(_PEER_LOSSLESS, _LOSSLESS, _keeps_more),
        whole=True,
    ),
    Goal("aggressive: mean kept", 0.15, True, _of(_AGGRESSIVE, mean_kept)),
    Goal("aggressive: facts inline", 0.93, False, _of(_AGGRESSIVE, _inline)),
    Goal("aggressive: facts recoverable", 0.995, False, _of(_AGGRESSIVE, _recoverable)),
)


WRITTEN_GOALS = (
    Goal("balanced: mean kept", 0.45, True, _of(_BALANCED, mean_kept)),
    Goal("balanced: facts inline", 0.985, False, _of(_BALANCED, _inline)),
    Goal("balanced: facts recoverable", 0.999, False, _of(_BALANCED, _recoverable)),
    Goal("balanced: larger or failed", 0, True, _of(_BALANCED, _larger_or_failed), whole=True),
    Goal("balanced, not asked: mean kept", 0.7, True, _of(_BALANCED, mean_kept, hidden=True)),
    Goal("balanced, not asked: facts inline", 0.955, False, _of(_BALANCED, _inline, hidden=True)),
    Goal("lossless: restored byte for byte", 1, False, _of(_LOSSLESS, _restored)),
)

OVERALL_GOALS = (
    Goal("balanced: tokens kept of all", 0.35, True, _of(_BALANCED, kept)),
    Goal("balanced: mean kept", 0.4, True, _of(_BALANCED, mean_kept)),
    Goal("balanced: facts inline", 0.985, False, _of(_BALANCED, _inline)),
)


def on_machine_data(answered: Sequence[Answered]) -> list[tuple[str, ...]]:
    """Return the goals on JSON, logs, search results, tables and configuration."""
    return _rows(MACHINE_DATA_GOALS, [a for a in answered if a.kind not in WRITTEN])


def on_written(answered: Sequence[Answered]) -> list[tuple[str, ...]]:
    """Return the goals on code, diffs, test and build output, HTML and prose."""
    return _rows(WRITTEN_GOALS, [a for a in answered if a.kind in WRITTEN])


def overall(answered: Sequence[Answered]) -> list[tuple[str, ...]]:
    """Return the goals on all kinds together."""
    return _rows(OVERALL_GOALS, answered)


def _rows(wanted: Sequence[Goal], answered: Sequence[Answered]) -> list[tuple[str, ...]]:
    """Return one row for each goal: what is wanted, and what each half has.

    A goal about the hidden question is left out where that was not measured, and so is every goal
    where nothing was.
    """
    halves = [[a for a in answered if a.half == half] for half in HALVES]
    return [
        (goal.name, f"{'≤' if goal.at_most else '≥'} {goal.said(goal.wanted)}", *cells)
        for goal in wanted
        if any(cells := [_cell(goal, half) for half in halves])
    ]


def _cell(goal: Goal, answered: Sequence[Answered]) -> str:
    hidden = "not asked" in goal.name
    if not any(a.hidden == hidden for a in answered):
        return ""
    value = goal.measure(answered)
    return goal.said(value) if goal.met(value) else f"{goal.said(value)}, missed"
