"""A model's own retrievals, answered between two of its turns: decisions without IO of a model.

An adapter that gives the model the retrieval tool runs this around each call::

    loop = RetrievalLoop(RetrievalTool(compressor))
    while True:
        turn = call_the_model(messages)
        step = loop.step(calls_in(turn))
        if not step.answers:
            return without(turn, step.dropped)
        messages = [*messages, turn, *results(step.answers)]

The caller never sees a call of the retrieval tool: it did not offer the tool, and could not answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headroom.originals.tool import TOOL_NAME, RetrievalTool

# A model that still asks after so many turns is searching without a plan; each turn reads the
# whole conversation again.
MOST_ROUNDS = 4

_ENOUGH = (
    "[no more retrievals in this turn: answer with what you have, or say what is missing and "
    "which tool to run again]"
)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool, as a model made it.

    Args:
        name: The tool's name.
        arguments: A mapping, or the text that the model wrote.
    """

    name: str
    arguments: str | Mapping[str, Any] | None = None

    @property
    def is_retrieval(self) -> bool:
        """True for a call of the retrieval tool under the name that adapters give it."""
        return self.name == TOOL_NAME


@dataclass(frozen=True, slots=True)
class LoopStep:
    """What to do with a turn of the model.

    Args:
        answers: The result of each call of the turn, in order: send them back, and let the model
            go on. Empty: the turn goes to the caller.
        dropped: Positions of the calls that the caller must not see.
    """

    answers: tuple[str, ...] = ()
    dropped: frozenset[int] = frozenset()


class RetrievalLoop:
    """The retrievals of one answer of a model, which may take several turns.

    Args:
        tool: Answers the calls.
        most_rounds: Turns whose calls are answered from the store. The next one is told to stop;
            what it asks for after that is dropped.
    """

    def __init__(self, tool: RetrievalTool, *, most_rounds: int = MOST_ROUNDS) -> None:
        if most_rounds < 1:
            raise ValueError(f"most_rounds must be at least 1, got {most_rounds}")
        self._tool = tool
        self._most_rounds = most_rounds
        self._rounds = 0
        self.retrievals = 0
        """Calls answered so far, those that were told to stop aside."""

    def step(self, calls: Sequence[ToolCall]) -> LoopStep:
        """Decide on a turn; reads the store where retrievals are to be answered.

        A turn that also calls the caller's tools goes to the caller, without the retrievals: a
        provider wants the results of all calls of a turn at once. The model can ask again.

        Args:
            calls: Every call that the turn makes, in order.
        """
        ours = frozenset(i for i, call in enumerate(calls) if call.is_retrieval)
        if not ours:
            return LoopStep()
        if len(ours) < len(calls) or self._rounds > self._most_rounds:
            return LoopStep(dropped=ours)
        self._rounds += 1
        if self._rounds > self._most_rounds:
            return LoopStep((_ENOUGH,) * len(calls))
        self.retrievals += len(calls)
        return LoopStep(tuple(self._tool.call(call.arguments) for call in calls))


def summed_usage(first: Any, second: Any) -> Any:
    """Add what two turns used: numbers are added key by key, at any depth.

    What is no number is taken from the second, or from the first where only that one has it.

    >>> summed_usage({"in": 5, "details": {"cached": 2}}, {"in": 7, "tier": "default"})
    {'in': 12, 'details': {'cached': 2}, 'tier': 'default'}
    """
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        keys = dict.fromkeys((*first, *second))
        return {key: summed_usage(first.get(key), second.get(key)) for key in keys}
    if _is_number(first) and _is_number(second):
        return first + second
    return first if second is None else second


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
