"""Headroom's promises, held by the wrapped model in every way that Agno calls one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from typing import Any

from agno.agent import Agent
from agno.models.message import Message
from fetching import FetchingScript, list_jobs
from scripted import ScriptedModel

from headroom_agno import HeadroomAgnoModel
from headroom_conformance import (
    AdapterConformance,
    Answer,
    Conversation,
    FetchingModel,
    Probe,
    Turn,
)

_IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGVsbG8="}}
_CACHED = {"cache_control": {"type": "ephemeral"}}


class TestHeadroomAgnoModel(AdapterConformance):
    modes = ("response", "aresponse", "response_stream", "aresponse_stream")
    answers_retrieval = True
    runs_tools = True

    def build_messages(self, conversation: Conversation) -> list[Message]:
        return list(_messages(conversation))

    def texts(self, messages: Sequence[Message]) -> list[str]:
        return [text for message in messages for text in _texts(message.content)]

    def run(self, messages: list[Message], compressor: Probe, mode: str) -> list[Message]:
        model = HeadroomAgnoModel(ScriptedModel(), compressor=compressor)
        # Agno appends the answer to the list that it is given.
        _CALLS[mode](model, list(messages))
        (received,) = model.seen
        return received

    def run_retrieving(
        self, messages: list[Message], compressor: Probe, mode: str, model: FetchingModel
    ) -> Answer:
        wrapped = HeadroomAgnoModel(FetchingScript(script=model), compressor=compressor)
        agent = Agent(model=wrapped, tools=[list_jobs], telemetry=False)
        output = _RUNS[mode](agent, messages)
        calls = [c for m in output.messages[len(messages) :] for c in m.tool_calls or ()]
        names = tuple(call["function"]["name"] for call in calls)
        return Answer(str(output.content), names, output.metrics.total_tokens)


async def _drain(stream: Any) -> Any:
    return [part async for part in stream][-1]


_CALLS: dict[str, Any] = {
    "response": lambda model, messages: model.response(messages=messages),
    "aresponse": lambda model, messages: asyncio.run(model.aresponse(messages=messages)),
    "response_stream": lambda model, messages: list(model.response_stream(messages=messages)),
    "aresponse_stream": lambda model, messages: asyncio.run(
        _drain(model.aresponse_stream(messages=messages))
    ),
}

# The same of an agent, which runs the tools: the last thing that comes is what it did.
_RUNS: dict[str, Any] = {
    "response": lambda agent, messages: agent.run(messages),
    "aresponse": lambda agent, messages: asyncio.run(agent.arun(messages)),
    "response_stream": lambda agent, messages: list(
        agent.run(messages, stream=True, yield_run_output=True)
    )[-1],
    "aresponse_stream": lambda agent, messages: asyncio.run(
        _drain(agent.arun(messages, stream=True, yield_run_output=True))
    ),
}


def _messages(conversation: Conversation) -> Iterator[Message]:
    for number, turn in enumerate(conversation.turns):
        about: dict[str, Any] = {"id": f"message-{number}", "created_at": number}
        if turn.role in ("system", "user"):
            yield Message(role=turn.role, content=_content(turn), **about)
        elif turn.role == "assistant":
            calls = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {
                        "name": call.name,
                        "arguments": json.dumps(dict(call.arguments)),
                    },
                }
                for call in turn.calls
            ]
            yield Message(
                role="assistant",
                content=_content(turn),
                tool_calls=calls or None,
                provider_data={"signature": "c2lnbmVk"},
                reasoning_content="hm",
                **about,
            )
        else:
            yield Message(
                role="tool",
                content=_content(turn),
                tool_call_id=turn.answers,
                tool_call_error=turn.is_error,
                **about,
            )


def _content(turn: Turn) -> str | list[Any]:
    if not turn.as_blocks:
        return turn.texts[0]
    blocks: list[Any] = [
        text if place % 2 else {"type": "text", "text": text, **_CACHED}
        for place, text in enumerate(turn.texts)
    ]
    return [_IMAGE, *blocks, {"type": "unheard_of", "text": "not ours"}]


def _texts(content: Any) -> Iterator[str]:
    for block in content if isinstance(content, list) else [content]:
        if isinstance(block, str):
            yield block
        elif isinstance(block, dict) and block["type"] == "text":
            yield block["text"]
