"""Headroom's promises, held by the wrapped model in every way that LangChain calls one."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from fetching import FetchingChat, answer_of, list_jobs
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from scripted import ScriptedChat

from headroom_conformance import (
    AdapterConformance,
    Answer,
    Conversation,
    FetchingModel,
    Probe,
    Turn,
)
from headroom_langchain import HeadroomChatModel

_CACHED = {"cache_control": {"type": "ephemeral"}}
_IMAGE = {"type": "image", "base64": "aGVsbG8=", "mime_type": "image/png"}
_THINKING = {"type": "thinking", "thinking": "hm", "signature": "c2lnbmVk"}


class TestHeadroomChatModel(AdapterConformance):
    modes = ("invoke", "ainvoke", "stream", "astream", "batch", "abatch", "generate", "events")
    answers_retrieval = True
    # A model with tools bound is no model of its own: it has no `generate`.
    retrieving_modes = ("invoke", "ainvoke", "stream", "astream", "batch", "abatch", "events")

    def build_messages(self, conversation: Conversation) -> list[BaseMessage]:
        return list(_messages(conversation))

    def texts(self, messages: Sequence[BaseMessage]) -> list[str]:
        return [text for message in messages for text in _texts(message.content)]

    def run(self, messages: list[BaseMessage], compressor: Probe, mode: str) -> list[BaseMessage]:
        model = ScriptedChat()
        _CALLS[mode](HeadroomChatModel(model, compressor=compressor), messages)
        (received,) = model.seen
        return received

    def run_retrieving(
        self, messages: list[BaseMessage], compressor: Probe, mode: str, model: FetchingModel
    ) -> Answer:
        chat = FetchingChat(script=model, read=self.texts)
        bound = HeadroomChatModel(chat, compressor=compressor).bind_tools([list_jobs])
        return answer_of([_CALLS[mode](bound, messages)])


def _sum(chunks: list[AIMessageChunk]) -> AIMessageChunk:
    return chunks[0] + chunks[1:]  # type: ignore[return-value]  # a sum of chunks is a chunk


async def _astream(model: Any, messages: list[BaseMessage]) -> AIMessageChunk:
    return _sum([chunk async for chunk in model.astream(messages)])


async def _events(model: Any, messages: list[BaseMessage]) -> Any:
    events = [event async for event in model.astream_events(messages, version="v2")]
    return events[-1]["data"]["output"]


# Each way to call a model: what the caller gets is what it returns.
_CALLS: dict[str, Any] = {
    "invoke": lambda model, messages: model.invoke(messages),
    "ainvoke": lambda model, messages: asyncio.run(model.ainvoke(messages)),
    "stream": lambda model, messages: _sum(list(model.stream(messages))),
    "astream": lambda model, messages: asyncio.run(_astream(model, messages)),
    "batch": lambda model, messages: model.batch([messages])[0],
    "abatch": lambda model, messages: asyncio.run(model.abatch([messages]))[0],
    "generate": lambda model, messages: model.generate([messages]).generations[0][0].message,
    "events": lambda model, messages: asyncio.run(_events(model, messages)),
}


def _messages(conversation: Conversation) -> Iterator[BaseMessage]:
    for number, turn in enumerate(conversation.turns):
        about: dict[str, Any] = {
            "id": f"message-{number}",
            "response_metadata": {"model_provider": "scripted"},
            "additional_kwargs": {"kept": number},
        }
        if turn.role == "system":
            yield SystemMessage(_content(turn, []), **about)
        elif turn.role == "user":
            yield HumanMessage(_content(turn, [_IMAGE]), name="customer", **about)
        elif turn.role == "assistant":
            calls = [{"name": c.name, "args": dict(c.arguments), "id": c.id} for c in turn.calls]
            yield AIMessage(_content(turn, [_THINKING]), tool_calls=calls, **about)
        else:
            yield ToolMessage(
                _content(turn, [_IMAGE]),
                tool_call_id=turn.answers,
                status="error" if turn.is_error else "success",
                artifact={"rows": [number]},
                **about,
            )


def _content(turn: Turn, others: list[dict[str, Any]]) -> str | list[Any]:
    if not turn.as_blocks:
        return turn.texts[0]
    blocks: list[Any] = [
        # Strings and text blocks may stand side by side.
        text if place % 2 else {"type": "text", "text": text, **_CACHED}
        for place, text in enumerate(turn.texts)
    ]
    return [*others, *blocks, {"type": "unheard_of", "text": "not ours"}]


def _texts(content: str | list[Any]) -> Iterator[str]:
    for block in [content] if isinstance(content, str) else content:
        if isinstance(block, str):
            yield block
        elif block["type"] == "text":
            yield block["text"]
