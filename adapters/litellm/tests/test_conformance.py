"""Headroom's promises on the wire, held by the callback and the wrappers in each way of a call."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Iterator, Sequence
from itertools import groupby
from typing import Any, ClassVar

import litellm
import pytest
from event_loop import EventLoop
from upstream import Upstream

from headroom_conformance import AdapterConformance, Conversation, Probe, Turn
from headroom_litellm import HeadroomCallback, acompletion, completion, install

_PNG = "data:image/png;base64,aGVsbG8="


class _OnTheWire(AdapterConformance):
    """Sends through LiteLLM to the upstream, and returns the conversation that arrived there."""

    # LiteLLM writes every request anew, and its HTTP client cannot write lone surrogates.
    shares_objects = False
    carries_surrogates = False

    upstream: ClassVar[Upstream]
    loop: ClassVar[EventLoop]

    def run(self, messages: list[Any], compressor: Probe, mode: str) -> list[Any]:
        self.upstream.requests.clear()
        getattr(self, f"_{mode}")(compressor, messages=messages, api_key="k")
        (request,) = self.upstream.requests
        received: list[Any] = request["messages"]
        return received

    def _called_back(self, compressor: Probe, call: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        litellm.callbacks = [HeadroomCallback(compressor=compressor)]
        try:
            self.loop.run(_drained(call()))
        finally:
            litellm.callbacks = []


@pytest.fixture(autouse=True, scope="module")
def _wired(server: Upstream, loop: EventLoop) -> None:
    _OnTheWire.upstream, _OnTheWire.loop = server, loop


class TestChat(_OnTheWire):
    """Chat completions, as OpenAI's endpoint receives them."""

    modes = (
        "callback",
        "callback_stream",
        "callback_router",
        "wrapper",
        "wrapper_stream",
        "async_wrapper",
        "async_wrapper_stream",
        "patched",
        "patched_router",
        "everything",
    )
    carries_errors = False

    def build_messages(self, conversation: Conversation) -> list[Any]:
        return [_chat(turn, number) for number, turn in enumerate(conversation.turns)]

    def texts(self, messages: Sequence[Any]) -> list[str]:
        return [text for message in messages for text in _texts(message["content"])]

    @property
    def _model(self) -> dict[str, Any]:
        return {"model": "openai/gpt-4o", "api_base": self.upstream.url}

    @property
    def _router(self) -> litellm.Router:
        deployment = {**self._model, "api_key": "k"}
        return litellm.Router([{"model_name": "fast", "litellm_params": deployment}])

    def _callback(self, compressor: Probe, **call: Any) -> None:
        self._called_back(compressor, lambda: litellm.acompletion(**self._model, **call))

    def _callback_stream(self, compressor: Probe, **call: Any) -> None:
        self._callback(compressor, stream=True, **call)

    def _callback_router(self, compressor: Probe, **call: Any) -> None:
        messages = call["messages"]
        self._called_back(compressor, lambda: self._router.acompletion("fast", messages))

    def _wrapper(self, compressor: Probe, **call: Any) -> None:
        completion(**self._model, **call, compressor=compressor)

    def _wrapper_stream(self, compressor: Probe, **call: Any) -> None:
        list(completion(**self._model, **call, compressor=compressor, stream=True))

    def _async_wrapper(self, compressor: Probe, **call: Any) -> None:
        self.loop.run(_drained(acompletion(**self._model, **call, compressor=compressor)))

    def _async_wrapper_stream(self, compressor: Probe, **call: Any) -> None:
        self._async_wrapper(compressor, stream=True, **call)

    def _patched(self, compressor: Probe, **call: Any) -> None:
        with install(compressor=compressor):
            litellm.completion(self._model["model"], api_base=self.upstream.url, **call)

    def _patched_router(self, compressor: Probe, **call: Any) -> None:
        with install(compressor=compressor):
            self._router.completion("fast", call["messages"])

    def _everything(self, compressor: Probe, **call: Any) -> None:
        arguments = {**self._model, **call, "compressor": compressor}
        with install(compressor=compressor):
            self._called_back(compressor, lambda: acompletion(**arguments))


class TestAnthropicMessages(_OnTheWire):
    """Anthropic's messages, as its own endpoint receives them."""

    modes = ("callback", "callback_stream", "callback_router")
    carries_system = False

    def run(self, messages: list[Any], compressor: Probe, mode: str) -> list[Any]:
        received = super().run(messages, compressor, mode)
        return [_with_empty_texts(*pair) for pair in zip(messages, received, strict=True)]

    def build_messages(self, conversation: Conversation) -> list[Any]:
        return list(_anthropic(conversation))

    def texts(self, messages: Sequence[Any]) -> list[str]:
        return [text for message in messages for text in _with_results(message["content"])]

    @property
    def _model(self) -> dict[str, Any]:
        return {"model": "anthropic/claude-sonnet-4-5", "api_base": self.upstream.url}

    def _callback(self, compressor: Probe, **call: Any) -> None:
        arguments = {**self._model, **call, "max_tokens": 64}
        self._called_back(compressor, lambda: litellm.anthropic.messages.acreate(**arguments))

    def _callback_stream(self, compressor: Probe, **call: Any) -> None:
        self._callback(compressor, stream=True, **call)

    def _callback_router(self, compressor: Probe, **call: Any) -> None:
        deployment = {**self._model, "api_key": "k"}
        router = litellm.Router([{"model_name": "fast", "litellm_params": deployment}])
        sent = {"model": "fast", "max_tokens": 64, "messages": call["messages"]}
        self._called_back(compressor, lambda: router.aanthropic_messages(**sent))


def _with_empty_texts(sent: dict[str, Any], received: dict[str, Any]) -> dict[str, Any]:
    """Put back the empty texts of an assistant, which LiteLLM leaves out."""
    if sent["role"] != "assistant" or isinstance(sent["content"], str):
        return received
    arrived = iter(received["content"])
    content = [block if block.get("text") == "" else next(arrived) for block in sent["content"]]
    return {**received, "content": content}


async def _drained(call: Coroutine[Any, Any, Any]) -> None:
    answer = await call
    if hasattr(answer, "__aiter__"):
        async for _ in answer:
            pass


def _chat(turn: Turn, number: int) -> dict[str, Any]:
    message: dict[str, Any] = {"role": turn.role, "content": turn.texts[0] if turn.texts else ""}
    if turn.as_blocks:
        message["content"] = [{"type": "text", "text": text} for text in turn.texts]
    if turn.role == "user" and turn.as_blocks:
        message["content"].insert(0, {"type": "image_url", "image_url": {"url": _PNG}})
    if turn.role == "tool" and turn.as_blocks:
        message["content"].append({"type": "unheard_of", "text": "not ours"})
    if turn.calls:
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(dict(call.arguments))},
            }
            for call in turn.calls
        ]
    if turn.answers is not None:
        message["tool_call_id"] = turn.answers
    return {**message, "x_trace": number}


def _anthropic(conversation: Conversation) -> Iterator[dict[str, Any]]:
    for is_tool, turns in groupby(conversation.turns, key=lambda turn: turn.role == "tool"):
        if is_tool:
            yield {"role": "user", "content": [_result(turn) for turn in turns]}
        else:
            yield from map(_spoken, turns)


def _spoken(turn: Turn) -> dict[str, Any]:
    if not turn.calls:
        return {"role": turn.role, "content": _blocks(turn) if turn.as_blocks else turn.texts[0]}
    thinking = {"type": "thinking", "thinking": "hm", "signature": "c2lnbmVk"}
    calls = [
        {"type": "tool_use", "id": call.id, "name": call.name, "input": dict(call.arguments)}
        for call in turn.calls
    ]
    return {"role": turn.role, "content": [thinking, *_blocks(turn), *calls]}


def _result(turn: Turn) -> dict[str, Any]:
    result: dict[str, Any] = {"type": "tool_result", "tool_use_id": turn.answers}
    result["content"] = _blocks(turn) if turn.as_blocks else turn.texts[0]
    if turn.as_blocks:
        source = {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="}
        result["content"].append({"type": "image", "source": source})
    if turn.is_error:
        result["is_error"] = True
    return result


def _blocks(turn: Turn) -> list[dict[str, Any]]:
    marks = [{"cache_control": {"type": "ephemeral"}}, *[{}] * len(turn.texts)]
    return [
        {"type": "text", "text": text, **mark}
        for text, mark in zip(turn.texts, marks, strict=False)
    ]


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    else:
        yield from (block["text"] for block in content if block["type"] == "text")


def _with_results(content: Any) -> Iterator[str]:
    for block in [{"type": "text", "text": content}] if isinstance(content, str) else content:
        yield from _texts(block["content"] if block["type"] == "tool_result" else [block])
