"""Steps on what stands beside the messages of a request: where one fails, the request passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from headroom.results import Decision

# Decisions about parts of a request beside its messages carry this index.
BESIDE_THE_MESSAGES = -1

_Done = TypeVar("_Done")


def attempted(
    step: Callable[[], _Done], otherwise: Callable[[Decision], _Done], what: str
) -> _Done:
    """Return what a step makes of a request; for an odd one, what passes it on.

    Args:
        step: Does the work.
        otherwise: Makes the outcome that changes nothing from the decision that says why.
        what: Names the step.
    """
    try:
        return step()
    except Exception as error:  # noqa: BLE001  # odd requests pass through: promise 7
        return otherwise(left(f"left as it was: {type(error).__name__} in {what}"))


def left(reason: str) -> Decision:
    """Return the decision on something beside the messages that stays as it was."""
    return Decision(BESIDE_THE_MESSAGES, "-", "", "kept", reason, 0, 0)
