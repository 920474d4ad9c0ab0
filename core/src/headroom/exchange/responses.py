"""OpenAI's Responses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from headroom.exchange.dialect import Json, items, mappings, offers_retrieval
from headroom.originals.loop import ToolCall, summed_usage
from headroom.originals.tool import TOOL_NAME, ToolFormat

_CALLS = ("function_call", "custom_tool_call")
_CUT = ("incomplete", "failed", "cancelled")
_BEGINNINGS = ("response.created", "response.queued", "response.in_progress")
_ENDINGS = ("response.completed", "response.incomplete", "response.failed")


class ResponsesDialect:
    """Reads and writes Responses."""

    tool_format: ToolFormat = "responses"

    def can_offer(self, body: Json) -> bool:
        """Say whether one more tool is harmless.

        It is not where the provider keeps the conversation, which would then hold calls that the
        caller knows nothing of; nor where the answer is fetched later; nor in a stream that is
        stored: all of its events bear the id of its first turn, and a conversation that goes on
        from there by ``previous_response_id`` would miss the result of a call.
        """
        tools = body.get("tools")
        is_stored_stream = bool(body.get("stream")) and body.get("store") is not False
        return (
            bool(items(tools))
            and not offers_retrieval(tools)
            and body.get("tool_choice") in (None, "auto")
            and not body.get("background")
            and not is_stored_stream
            and body.get("conversation") is None
        )

    def calls(self, answer: Json) -> list[ToolCall]:
        """Return every call of the caller's tools and ours."""
        return [
            ToolCall(str(call.get("name") or ""), call.get("arguments") or call.get("input"))
            for call in _calls(answer)
        ]

    def is_cut(self, answer: Json) -> bool:
        """Say whether the turn broke off."""
        return answer.get("status") in _CUT

    def next_body(self, body: Json, answer: Json, results: Sequence[str]) -> dict[str, Any]:
        """Return the request with the turn's items and the results of its calls at its end."""
        given = body.get("input")
        before = [{"role": "user", "content": given}] if isinstance(given, str) else items(given)
        turn = [
            item
            for item in items(answer.get("output"))
            # A provider that stores nothing knows a thought only by its encrypted content.
            if body.get("store") is not False or not _is_bare_reasoning(item)
        ]
        told = [
            {"type": "function_call_output", "call_id": call.get("call_id"), "output": result}
            for call, result in zip(_calls(answer), results, strict=True)
        ]
        return {**body, "input": [*before, *turn, *told]}

    def without(self, answer: Json, dropped: frozenset[int]) -> dict[str, Any]:
        """Return the answer without some of its calls, nor the reasoning that led to them alone.

        The provider refuses a reasoning item without the item that followed it.
        """
        if not dropped:
            return dict(answer)
        gone = {id(call) for i, call in enumerate(_calls(answer)) if i in dropped}
        kept: list[Any] = []
        is_next_gone = False
        for item in reversed(items(answer.get("output"))):
            is_reasoning = isinstance(item, Mapping) and item.get("type") == "reasoning"
            is_next_gone = id(item) in gone or (is_reasoning and is_next_gone)
            if not is_next_gone:
                kept.append(item)
        return {**answer, "output": kept[::-1]}

    def joined(self, turns: Sequence[Json]) -> dict[str, Any]:
        """Return the last turn with the items and the usage of all."""
        output: list[Any] = []
        usage: Any = None
        for turn in turns:
            output += items(turn.get("output"))
            usage = summed_usage(usage, turn.get("usage"))
        return {**turns[-1], "output": output, "usage": usage}

    def streamed(self) -> ResponsesStream:
        """Return what reads a stream of events."""
        return ResponsesStream(self)


def _calls(answer: Json) -> list[Json]:
    return [item for item in mappings(answer.get("output")) if item.get("type") in _CALLS]


def _is_retrieval(item: object) -> bool:
    return (
        isinstance(item, Mapping) and item.get("type") in _CALLS and item.get("name") == TOOL_NAME
    )


def _is_bare_reasoning(item: object) -> bool:
    return (
        isinstance(item, Mapping)
        and item.get("type") == "reasoning"
        and not item.get("encrypted_content")
    )


class ResponsesStream:
    """The events of one answer.

    Until a retrieval is seen in the first turn, events pass as they come. From then on items and
    events are numbered on, and the event that ends the answer tells all that was said.
    """

    def __init__(self, dialect: ResponsesDialect) -> None:
        self._dialect = dialect
        self._earlier: list[Json] = []
        self._identity: Any = None
        self._is_first = True
        self._shown_items = 0
        self._sequence: int | None = None
        self._begin()

    def _begin(self) -> None:
        self._answer: Json | None = None
        self._places: dict[Any, int] = {}
        self._ours: set[Any] = set()
        self._held: list[Json] = []

    @property
    def turn(self) -> Json | None:
        """The current turn, as the event that ended it tells."""
        return self._answer

    def take(self, event: Json) -> Iterable[Json]:
        """Return the event, or nothing of a retrieval's."""
        kind = event.get("type")
        if kind == "response.output_item.added":
            self._place(event)
        if kind in _ENDINGS:
            self._end_turn(event)
            if self._held:
                return ()
        if kind in _BEGINNINGS:
            if not self._is_first:
                return ()
            begun = event.get("response")
            self._identity = begun.get("id") if isinstance(begun, Mapping) else None
        if event.get("output_index") in self._ours:
            return ()
        return (self._numbered(event),)

    def next_turn(self) -> None:
        """Begin the turn that follows on answered retrievals."""
        self._earlier.append(self._visible())
        self._is_first = False
        self._begin()

    def end(self) -> Iterable[Json]:
        """Return how the answer ends."""
        for event in self._held:
            whole = self._dialect.joined([*self._earlier, self._visible()])
            if self._identity is not None:
                # Readers refuse a stream whose answer is not the one that it began with.
                whole["id"] = self._identity
            yield self._numbered({**event, "response": whole})

    def _place(self, event: Json) -> None:
        index = event.get("output_index")
        if _is_retrieval(event.get("item")):
            self._ours.add(index)
        else:
            self._places[index] = self._shown_items
            self._shown_items += 1

    def _end_turn(self, event: Json) -> None:
        answer = event.get("response")
        self._answer = answer if isinstance(answer, Mapping) else None
        if self._answer is not None and (self._ours or not self._is_first):
            self._held.append(event)

    def _visible(self) -> dict[str, Any]:
        answer = self._answer or {}
        calls = _calls(answer)
        ours = frozenset(i for i, call in enumerate(calls) if _is_retrieval(call))
        return self._dialect.without(answer, ours)

    def _numbered(self, event: Json) -> Json:
        changes: dict[str, Any] = {}
        place = self._places.get(event.get("output_index"))
        if place is not None and place != event["output_index"]:
            changes["output_index"] = place
        number = event.get("sequence_number")
        if isinstance(number, int):
            if self._sequence is None or (self._is_first and not self._ours):
                self._sequence = number
            if number != self._sequence:
                changes["sequence_number"] = self._sequence
            self._sequence += 1
        return {**event, **changes} if changes else event
