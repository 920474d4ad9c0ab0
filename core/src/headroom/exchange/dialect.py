"""What an exchange asks of a provider's format: requests, whole answers and streams of events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from headroom.originals.loop import ToolCall
from headroom.originals.tool import TOOL_NAME, ToolFormat

Json = Mapping[str, Any]

# Stands between what a model said before a retrieval and after it, where text is one string.
PARAGRAPH = "\n\n"


class StreamedAnswer(Protocol):
    """The events of one answer, which may take several turns; retrievals are held back.

    An event that need not change is passed on as the same object.
    """

    @property
    def turn(self) -> Json | None:
        """The current turn, as a whole answer; None before it has begun."""
        ...

    def take(self, event: Json) -> Iterable[Json]:
        """Return what the caller gets of an event, now."""
        ...

    def next_turn(self) -> None:
        """Begin the turn that follows on answered retrievals."""
        ...

    def end(self) -> Iterable[Json]:
        """Return what was held back and is still to be said: how the answer ends."""
        ...


class Dialect(Protocol):
    """Reads and writes requests and answers of one format; keeps nothing."""

    @property
    def tool_format(self) -> ToolFormat:
        """Format of the retrieval tool's definition."""
        ...

    def can_offer(self, body: Json) -> bool:
        """Say whether the model may be given one tool more than the request names."""
        ...

    def calls(self, answer: Json) -> list[ToolCall]:
        """Return every tool call of a turn, in order."""
        ...

    def is_cut(self, answer: Json) -> bool:
        """Say whether the turn broke off: its calls may be incomplete."""
        ...

    def next_body(self, body: Json, answer: Json, results: Sequence[str]) -> dict[str, Any]:
        """Return the request that hands the model the results of all calls of its turn."""
        ...

    def without(self, answer: Json, dropped: frozenset[int]) -> dict[str, Any]:
        """Return a turn without the calls at these positions."""
        ...

    def joined(self, turns: Sequence[Json]) -> dict[str, Any]:
        """Return one answer for several turns: all that they say, and all that they used."""
        ...

    def streamed(self) -> StreamedAnswer:
        """Return what reads a stream of this format."""
        ...


def items(value: object) -> list[Any]:
    """Return the items of a list; none of anything else."""
    return list(value) if isinstance(value, (list, tuple)) else []


def mappings(value: object) -> list[Json]:
    """Return the mappings in a list; none of anything else."""
    return [item for item in items(value) if isinstance(item, Mapping)]


def offers_retrieval(tools: object) -> bool:
    """Say whether a list of tools, in any provider's format, holds the retrieval tool."""
    return any(_name(tool) == TOOL_NAME for tool in mappings(tools))


def _name(tool: Json) -> Any:
    function = tool.get("function")
    return function.get("name") if isinstance(function, Mapping) else tool.get("name")


def with_tool(body: Json, definition: dict[str, Any]) -> dict[str, Any]:
    """Return a request with one tool more; it stands last, so that what was first stays first."""
    return {**body, "tools": [*body["tools"], definition]}


def said(first: Any, second: Any) -> Any:
    """Join what two turns say: strings by a paragraph, anything else as a list of blocks."""
    if not first:
        return second
    if isinstance(first, str) and isinstance(second, str):
        return f"{first}{PARAGRAPH}{second}" if second else first
    if second is None:
        return first
    return [*_blocks(first), *_blocks(second)]


def _blocks(content: Any) -> list[Any]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return items(content)
