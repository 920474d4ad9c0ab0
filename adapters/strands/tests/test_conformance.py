"""Headroom's promises, held by the wrapped model in Strands' own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from scripted import ScriptedModel
from strands.event_loop.streaming import process_stream

from headroom_conformance import AdapterConformance, Conversation, Probe, Turn
from headroom_strands import HeadroomStrandsModel

_IMAGE = {"image": {"format": "png", "source": {"location": {"type": "s3", "uri": "s3://b/k"}}}}
_REASONING = {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "c2lnbmVk"}}}


class TestHeadroomStrandsModel(AdapterConformance):
    modes = ("stream", "structured_output")
    carries_system = False

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


async def _stream(model: Any, messages: list[Any]) -> None:
    # What the event loop does, less its own replacement of blank texts.
    async for _ in process_stream(model.stream(messages, None, None)):
        pass


async def _structured(model: Any, messages: list[Any]) -> None:
    async for _ in model.structured_output(dict, messages):
        pass


_CALLS: dict[str, Any] = {"stream": _stream, "structured_output": _structured}


def _messages(conversation: Conversation) -> Iterator[Any]:
    for is_tool, turns in groupby(conversation.turns, key=lambda turn: turn.role == "tool"):
        if is_tool:
            yield {"role": "user", "content": [_result(turn) for turn in turns]}
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
