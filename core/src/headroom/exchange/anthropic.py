"""Anthropic's Messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from headroom.exchange.dialect import Json, items, mappings, offers_retrieval, said
from headroom.originals.loop import ToolCall, summed_usage
from headroom.originals.tool import TOOL_NAME, ToolFormat

_CUT = ("max_tokens", "refusal", "pause_turn", "model_context_window_exceeded")


class AnthropicDialect:
    """Reads and writes Messages."""

    tool_format: ToolFormat = "anthropic"

    def can_offer(self, body: Json) -> bool:
        """Say whether one more tool is harmless.

        Who must call a tool might call this one; and in a thread, which the provider keeps, the
        next request goes on from a turn that the caller may not have seen.
        """
        tools, choice = body.get("tools"), body.get("tool_choice")
        is_free = choice is None or (isinstance(choice, Mapping) and choice.get("type") == "auto")
        is_kept = body.get("thread") is not None
        return bool(items(tools)) and not offers_retrieval(tools) and is_free and not is_kept

    def calls(self, answer: Json) -> list[ToolCall]:
        """Return every call of the caller's tools and ours."""
        return [ToolCall(str(use.get("name") or ""), use.get("input")) for use in _uses(answer)]

    def is_cut(self, answer: Json) -> bool:
        """Say whether the turn broke off."""
        return answer.get("stop_reason") in _CUT

    def next_body(self, body: Json, answer: Json, results: Sequence[str]) -> dict[str, Any]:
        """Return the request with the turn, thinking included, and the results at its end."""
        told = [
            {"type": "tool_result", "tool_use_id": use.get("id"), "content": result}
            for use, result in zip(_uses(answer), results, strict=True)
        ]
        turn = {"role": "assistant", "content": items(answer.get("content"))}
        return {**body, "messages": [*body["messages"], turn, {"role": "user", "content": told}]}

    def without(self, answer: Json, dropped: frozenset[int]) -> dict[str, Any]:
        """Return the answer without some of its calls."""
        if not dropped:
            return dict(answer)
        uses = _uses(answer)
        gone = {id(use) for i, use in enumerate(uses) if i in dropped}
        content = [block for block in items(answer.get("content")) if id(block) not in gone]
        left = {**answer, "content": content}
        if len(dropped) == len(uses) and answer.get("stop_reason") == "tool_use":
            left["stop_reason"] = "end_turn"
        return left

    def joined(self, turns: Sequence[Json]) -> dict[str, Any]:
        """Return the last turn with the content and the usage of all."""
        *earlier, last = turns
        content, usage = last.get("content"), last.get("usage")
        for turn in reversed(earlier):
            content = said(turn.get("content"), content)
            usage = summed_usage(turn.get("usage"), usage)
        return {**last, "content": content, "usage": usage}

    def streamed(self) -> AnthropicStream:
        """Return what reads a stream of events."""
        return AnthropicStream()


def _uses(answer: Json) -> list[Json]:
    return [b for b in mappings(answer.get("content")) if b.get("type") == "tool_use"]


class AnthropicStream:
    """The events of one answer.

    Until a retrieval is seen in the first turn, events pass as they come. From then on how a turn
    ends is held back, blocks are numbered on, and the turns that follow do not begin a message.
    """

    def __init__(self) -> None:
        self._usage: Any = None
        self._is_first = True
        self._shown_blocks = 0
        self._begin()

    def _begin(self) -> None:
        self._message: dict[str, Any] | None = None
        self._blocks: dict[Any, dict[str, Any]] = {}
        self._inputs: dict[Any, str] = {}
        self._places: dict[Any, int] = {}
        self._has_ours = False
        self._has_theirs = False
        self._held: list[Json] = []

    @property
    def turn(self) -> Json | None:
        """The current turn, as a whole answer."""
        if self._message is None:
            return None
        blocks = [self._block(index) for index in self._blocks]
        return {**self._message, "content": blocks}

    def _block(self, index: Any) -> dict[str, Any]:
        block = self._blocks[index]
        return {**block, "input": _parsed(self._inputs[index])} if self._inputs[index] else block

    def take(self, event: Json) -> Iterable[Json]:
        """Return the event, or what of it is not a retrieval's."""
        kind, index = event.get("type"), event.get("index")
        if kind == "message_start":
            self._start(event)
            return (event,) if self._is_first else ()
        if isinstance(kind, str) and kind.startswith("content_block_"):
            self._read_block(kind, index, event)
            return self._placed(index, event)
        if kind == "message_delta":
            self._end_message(event)
        if kind in ("message_delta", "message_stop") and not self._passes():
            self._held.append(event)
            return ()
        return (event,)

    def next_turn(self) -> None:
        """Begin the turn that follows on answered retrievals."""
        self._usage = summed_usage(self._usage, (self._message or {}).get("usage"))
        self._is_first = False
        self._begin()

    def end(self) -> Iterable[Json]:
        """Return how the answer ends."""
        for event in self._held:
            if event.get("type") != "message_delta":
                yield event
                continue
            ended = dict(event)
            delta = event.get("delta")
            if (
                isinstance(delta, Mapping)
                and delta.get("stop_reason") == "tool_use"
                and not self._has_theirs
            ):
                ended["delta"] = {**delta, "stop_reason": "end_turn"}
            if self._usage is not None:
                # The message began with the first turn's usage; readers let this one replace it.
                ended["usage"] = summed_usage(self._usage, (self._message or {}).get("usage"))
            yield ended

    def _passes(self) -> bool:
        return self._is_first and not self._has_ours

    def _start(self, event: Json) -> None:
        message = event.get("message")
        self._message = dict(message) if isinstance(message, Mapping) else {}

    def _end_message(self, event: Json) -> None:
        message = self._message if self._message is not None else {}
        delta, usage = event.get("delta"), event.get("usage")
        if isinstance(delta, Mapping):
            message.update(delta)
        if isinstance(usage, Mapping):
            # Counts of the whole message so far, not of what came since.
            known = {k: v for k, v in usage.items() if v is not None}
            message["usage"] = {**(message.get("usage") or {}), **known}
        self._message = message

    def _read_block(self, kind: str, index: Any, event: Json) -> None:
        if kind == "content_block_start":
            block = event.get("content_block")
            self._blocks[index] = dict(block) if isinstance(block, Mapping) else {}
            self._inputs[index] = ""
            is_use = self._blocks[index].get("type") == "tool_use"
            if is_use and self._blocks[index].get("name") == TOOL_NAME:
                self._has_ours = True
                return
            self._has_theirs = self._has_theirs or is_use
            self._places[index] = self._shown_blocks
            self._shown_blocks += 1
        elif kind == "content_block_delta" and index in self._blocks:
            delta = event.get("delta")
            self._add(index, delta if isinstance(delta, Mapping) else {})

    def _add(self, index: Any, delta: Json) -> None:
        block = self._blocks[index]
        for key, value in delta.items():
            if key == "partial_json" and isinstance(value, str):
                self._inputs[index] += value
            elif key == "citation":
                block["citations"] = [*items(block.get("citations")), value]
            elif key == "signature":
                block[key] = value
            elif key != "type" and isinstance(value, str):
                block[key] = (block.get(key) or "") + value

    def _placed(self, index: Any, event: Json) -> Iterable[Json]:
        place = self._places.get(index)
        if place is None:
            return () if index in self._blocks else (event,)
        return (event if place == index else {**event, "index": place},)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return {}
