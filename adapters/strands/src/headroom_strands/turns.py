"""A model's stream of events, its retrievals held back and the turn put together from them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from headroom import LoopStep, RetrievalTool, ToolCall, summed_usage


class StreamedTurn:
    """One turn of a model: passed on as it comes, retrievals held back.

    Args:
        usage: What the turns before it used; None for the first turn.
    """

    def __init__(self, usage: Any = None) -> None:
        self.message: dict[str, Any] = {"role": "assistant", "content": []}
        self.usage = usage
        self._is_first = usage is None
        self._block: dict[str, Any] = {}
        self._input = ""
        self._holds = False
        self._stop: dict[str, Any] | None = None
        self._metadata: dict[str, Any] | None = None

    @property
    def calls(self) -> list[ToolCall]:
        """Every call of the turn, in order."""
        return [ToolCall(use["name"], use["input"]) for use in self._uses()]

    def _uses(self) -> Iterator[dict[str, Any]]:
        return (block["toolUse"] for block in self.message["content"] if "toolUse" in block)

    def take(self, event: Any) -> Iterator[Any]:
        """Yield what the caller gets of an event, now."""
        kind = next(iter(event), "")
        if kind == "messageStop":
            self._stop = event
        elif kind == "metadata":
            self._note(event[kind])
        elif kind != "messageStart" or self._is_first:
            self._read(kind, event.get(kind) or {})
            if not self._holds:
                yield event
            self._holds = self._holds and kind != "contentBlockStop"

    def _read(self, kind: str, about: Any) -> None:
        if kind == "contentBlockStart":
            self._start(about.get("start") or {})
        elif kind == "contentBlockDelta":
            self._add(about.get("delta") or {})
        elif kind == "contentBlockStop":
            self._end()

    def results(self, answers: Sequence[str]) -> dict[str, Any]:
        """Return the message that answers all calls of the turn."""
        return {
            "role": "user",
            "content": [
                {
                    "toolResult": {
                        "toolUseId": use["toolUseId"],
                        "status": "success",
                        "content": [{"text": answer}],
                    }
                }
                for use, answer in zip(self._uses(), answers, strict=True)
            ],
        }

    def end(self, step: LoopStep) -> Iterator[Any]:
        """Yield how the turn ended, with what all turns used."""
        if self._stop is not None:
            stop = self._stop
            if step.dropped and len(step.dropped) == len(self.calls):
                # Nothing is left for the caller to run.
                stop = {"messageStop": {**stop["messageStop"], "stopReason": "end_turn"}}
            yield stop
        if self._metadata is not None:
            yield {"metadata": {**self._metadata, **(self.usage or {})}}

    def _start(self, start: dict[str, Any]) -> None:
        self._block, self._input = {}, ""
        use = start.get("toolUse")
        if use is not None:
            self._block = {"toolUse": {**use, "input": {}}}
            self._holds = use.get("name") == RetrievalTool.name

    def _add(self, delta: dict[str, Any]) -> None:
        if "text" in delta:
            self._block["text"] = self._block.get("text", "") + delta["text"]
        elif "toolUse" in delta:
            self._input += delta["toolUse"].get("input", "")
        elif "reasoningContent" in delta:
            reasoning = delta["reasoningContent"]
            content = self._block.setdefault("reasoningContent", {})
            if "redactedContent" in reasoning:
                content["redactedContent"] = reasoning["redactedContent"]
            else:
                told = content.setdefault("reasoningText", {})
                for key in ("text", "signature"):
                    if key in reasoning:
                        told[key] = told.get(key, "") + reasoning[key]

    def _end(self) -> None:
        if "toolUse" in self._block:
            self._block["toolUse"]["input"] = _parsed(self._input)
        if self._block:
            self.message["content"].append(self._block)
        self._block = {}

    def _note(self, metadata: dict[str, Any]) -> None:
        self._metadata = metadata
        counted = {k: v for k, v in metadata.items() if k in ("usage", "metrics")}
        self.usage = counted if self.usage is None else summed_usage(self.usage, counted)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else {}
    except ValueError:
        return {}
