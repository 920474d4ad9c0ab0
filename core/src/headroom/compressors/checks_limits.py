"""How much of each part of a test run or a build a selection may keep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may stay; rooms are multiples of the goal's target.

    Args:
        share: Largest share of the text that the room may be.
        head: First lines.
        tail: Last lines.
        summary: Room for lines that say how the run ended.
        named: Parts that the question names, at most.
        named_room: Room for them.
        failures: Room for what failed: the first of each kind, with what was expected and where.
        names: Room for the names of failing tests.
        again: Room for failures of a kind that was shown.
        errors: Room for other lines that speak of an error.
        detail: Room for what explains a failure: source, further frames, values, output.
        warnings: Room for warnings, one of each kind.
        others: Room for lines of no known role that say something new.
        alike: Findings of one kind that are shown whole.
        places: Places of further findings of a kind that are listed, at most.
        listed: Room for all lists of places.
    """

    share: float
    head: int
    tail: int
    summary: float
    named: int
    named_room: float
    failures: float
    names: float
    again: float
    errors: float
    detail: float
    warnings: float
    others: float
    alike: int
    places: int
    listed: float


BALANCED = Limits(
    share=0.25,
    head=1,
    tail=3,
    summary=0.6,
    named=8,
    named_room=1.0,
    failures=2.5,
    names=0.8,
    again=0.8,
    errors=0.5,
    detail=0.4,
    warnings=0.3,
    others=0.15,
    alike=1,
    places=24,
    listed=0.5,
)
AGGRESSIVE = Limits(
    share=0.15,
    head=0,
    tail=2,
    summary=0.5,
    named=4,
    named_room=2.0,
    failures=2.0,
    names=0.5,
    again=0.2,
    errors=0.3,
    detail=0.2,
    warnings=0.1,
    others=0.0,
    alike=1,
    places=8,
    listed=0.15,
)
# The call tells what it was for, and no more: to see what is wrong.
CALLED = Limits(
    share=0.4,
    head=1,
    tail=4,
    summary=1.0,
    named=0,
    named_room=0.0,
    failures=2.5,
    names=1.0,
    again=1.0,
    errors=0.6,
    detail=0.8,
    warnings=0.8,
    others=0.3,
    alike=1,
    places=24,
    listed=0.4,
)
# Nobody can tell what matters: what failed stays as far as it can, what repeats is left out.
UNASKED = Limits(
    share=1.0,
    head=5,
    tail=8,
    summary=2.0,
    named=0,
    named_room=0.0,
    failures=8.0,
    names=4.0,
    again=2.0,
    errors=4.0,
    detail=8.0,
    warnings=4.0,
    others=8.0,
    alike=3,
    places=60,
    listed=2.0,
)
