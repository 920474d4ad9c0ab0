"""How much of each sort of line a selection from a log may keep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of each sort of line may stay.

    Shares of room are multiples of the goal's target; shares of the text hold however small the
    target is.

    Args:
        head: First lines.
        tail: Last lines.
        named: Lines that the question names, at most.
        same: Lines of one group that the question names, at most.
        exemplars: Lines of each group that is not rare.
        timed_room: Room for exemplars in a log with times.
        timed_share: Share of such a log that exemplars may take.
        untimed_room: Room for exemplars in other output, where a line is not an event.
        rare: A group of up to so many lines is rare, and should stay.
        rare_share: Share of a log with times that rare lines may take.
        untimed_share: The same for other output.
        first_failures: Room for the first failing line of each sort, with details.
        failures: Room for further failing lines.
        whole_trace: Longest trace that stays whole, in lines.
        traces: Room for whole traces.
    """

    head: int
    tail: int
    named: int
    same: int
    exemplars: int
    timed_room: float
    timed_share: float
    untimed_room: float
    rare: int
    rare_share: float
    untimed_share: float
    first_failures: float
    failures: float
    whole_trace: int
    traces: float


BALANCED = Limits(
    head=3,
    tail=6,
    named=12,
    same=3,
    exemplars=1,
    timed_room=4.0,
    timed_share=0.1,
    untimed_room=0.5,
    rare=2,
    rare_share=0.08,
    untimed_share=0.03,
    first_failures=3.0,
    failures=1.0,
    whole_trace=60,
    traces=2.0,
)
AGGRESSIVE = Limits(
    head=1,
    tail=4,
    named=6,
    same=2,
    exemplars=1,
    timed_room=1.5,
    timed_share=0.02,
    untimed_room=0.2,
    rare=1,
    rare_share=0.005,
    untimed_share=0.0,
    first_failures=1.5,
    failures=0.3,
    whole_trace=24,
    traces=1.0,
)
# Nobody can tell what matters: only what repeats is left out.
UNASKED = Limits(
    head=5,
    tail=8,
    named=0,
    same=0,
    exemplars=2,
    timed_room=8.0,
    timed_share=1.0,
    untimed_room=8.0,
    rare=4,
    rare_share=1.0,
    untimed_share=1.0,
    first_failures=8.0,
    failures=4.0,
    whole_trace=200,
    traces=8.0,
)
