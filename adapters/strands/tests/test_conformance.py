"""Headroom's promises, held by the wrapped model in Strands' own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from fetching import FetchingScript, answer_of
from scripted import ScriptedModel, list_jobs
from strands.event_loop.streaming import process_stream

from headroom_conformance import (
    AdapterConformance,
    Answer,
    Conversation,
    FetchingModel,
    Probe,
    Turn,
)
from headroom_strands import HeadroomStrandsModel

_IMAGE = {"image": {"format": "png", "source": {"location": {"type": "s3", "uri": "s3://b/k"}}}}
_CACHE_POINT = {"cachePoint": {"type": "default"}}
_REASONING = {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "c2lnbmVk"}}}


class TestHeadroomStrandsModel(AdapterConformance):
    modes = ("stream", "structured_output")
    carries_system = False
    answers_retrieval = True
    # Structured output is asked for without tools.
    retrieving_modes = ("stream",)

    def build_messages(self, conversation: Conversation) -> list[Any]:
        return list(_messages(conversation))

    def texts(self, messages: Sequence[Any]) -> list[str]:
        return [text for message in messages for text in _texts(message["content"])]

    def run(self, messages: list[Any], compressor: Probe, mode: str) -> list[Any]:
        inner = ScriptedModel()
        model = HeadroomStrandsModel(inner, compressor=compressor)
        asyncio.run(_CALLS[mode](model, messages))
        (received,) = inner.seen
        return received

    def run_retrieving(
        self, messages: list[Any], compressor: Probe, mode: str, model: FetchingModel
    ) -> Answer:
        wrapped = HeadroomStrandsModel(FetchingScript(model, self.texts), compressor=compressor)
        _, message, usage, _ = asyncio.run(_stream(wrapped, messages, [list_jobs.tool_spec]))
        return answer_of([message], usage["totalTokens"])


async def _stream(model: Any, messages: list[Any], tool_specs: Any = None) -> Any:
    # What the event loop does, less its own replacement of blank texts.
    events = [e async for e in process_stream(model.stream(messages, tool_specs, None))]
    return events[-1]["stop"]


async def _structured(model: Any, messages: list[Any]) -> None:
    async for _ in model.structured_output(dict, messages):
        pass


_CALLS: dict[str, Any] = {"stream": _stream, "structured_output": _structured}


def _messages(conversation: Conversation) -> Iterator[Any]:
    for is_tool, turns in groupby(conversation.turns, key=lambda turn: turn.role == "tool"):
        if is_tool:
            yield {"role": "user", "content": [*map(_result, turns), _CACHE_POINT]}
        else:
            for turn in turns:
                calls = [
                    {
                        "toolUse": {
                            "toolUseId": call.id,
                            "name": call.name,
                            "input": dict(call.arguments),
                        }
                    }
                    for call in turn.calls
                ]
                first = [_REASONING] if calls else []
                texts = [{"text": text} for text in turn.texts]
                yield {"role": turn.role, "content": [*first, *texts, *calls]}


def _result(turn: Turn) -> Any:
    texts: list[Any] = [{"text": text} for text in turn.texts]
    content = [_IMAGE, *texts, {"json": {"rows": [1, None]}}] if turn.as_blocks else texts
    status = "error" if turn.is_error else "success"
    return {"toolResult": {"toolUseId": turn.answers, "status": status, "content": content}}


def _texts(content: list[Any]) -> Iterator[str]:
    for block in content:
        if "toolResult" in block:
            yield from _texts(block["toolResult"]["content"])
        elif "text" in block:
            yield block["text"]
