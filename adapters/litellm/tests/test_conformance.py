"""Headroom's promises on the wire, held by the callback and the wrappers in each way of a call."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Iterator, Sequence
from itertools import groupby
from typing import Any, ClassVar

import litellm
import pytest
from conversations import TOOLS
from event_loop import EventLoop
from upstream import Upstream, serving

from headroom_conformance import AdapterConformance, Conversation, Probe, Turn
from headroom_conformance.fetching import TOKENS_READ, TOKENS_WRITTEN, Answer, FetchingModel
from headroom_conformance.wire import WireCall, WireTurn
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

    def _called_back(self, compressor: Probe, call: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        litellm.callbacks = [HeadroomCallback(compressor=compressor)]
        try:
            return self.loop.run(_read(call()))
        finally:
            litellm.callbacks = []


@pytest.fixture(scope="session")
def own_server() -> Iterator[Upstream]:
    # What other tests left behind may still be on its way to theirs.
    with serving() as upstream:
        yield upstream


@pytest.fixture(autouse=True, scope="module")
def _wired(own_server: Upstream, loop: EventLoop) -> None:
    _OnTheWire.upstream, _OnTheWire.loop = own_server, loop


class _Chat(_OnTheWire):
    """Chat completions, as OpenAI's endpoint receives them."""

    carries_errors = False

    def build_messages(self, conversation: Conversation) -> list[Any]:
        return [_chat(turn, number) for number, turn in enumerate(conversation.turns)]

    def texts(self, messages: Sequence[Any]) -> list[str]:
        return [text for message in messages for text in _texts(message.get("content") or "")]

    @property
    def _model(self) -> dict[str, Any]:
        return {"model": "openai/gpt-4o", "api_base": self.upstream.url}

    @property
    def _router(self) -> litellm.Router:
        deployment = {**self._model, "api_key": "k"}
        return litellm.Router([{"model_name": "fast", "litellm_params": deployment}])


class TestCallback(_Chat):
    modes = ("plain", "stream", "routed")

    def _plain(self, compressor: Probe, **call: Any) -> None:
        self._called_back(compressor, lambda: litellm.acompletion(**self._model, **call))

    def _stream(self, compressor: Probe, **call: Any) -> None:
        self._plain(compressor, stream=True, **call)

    def _routed(self, compressor: Probe, **call: Any) -> None:
        messages = call["messages"]
        self._called_back(compressor, lambda: self._router.acompletion("fast", messages))


class TestWrappers(_Chat):
    modes = (
        *("plain", "stream", "async_plain", "async_stream"),
        *("patched", "patched_stream", "patched_router", "everything"),
    )
    answers_retrieval = True

    def run_retrieving(
        self, messages: list[Any], compressor: Probe, mode: str, model: FetchingModel
    ) -> Answer:
        def reply(request: dict[str, Any]) -> WireTurn:
            names = [tool["function"]["name"] for tool in request["tools"]]
            said = model.reply([t for t in self.texts(request["messages"]) if t], names)
            calls = tuple(WireCall(call.id, call.name, call.arguments) for call in said.calls)
            used = (TOKENS_READ, TOKENS_WRITTEN)
            return WireTurn(f"turn_{len(model.requests)}", said.text, calls, tokens=used)

        self.upstream.model = reply
        call: dict[str, Any] = {"messages": messages, "tools": TOOLS, "api_key": "k"}
        if "stream" in mode:
            call["stream_options"] = {"include_usage": True}
        try:
            answer = getattr(self, f"_{mode}")(compressor, **call)
        finally:
            self.upstream.forget()
        message = answer.choices[0].message
        names = tuple(call.function.name for call in message.tool_calls or ())
        return Answer(message.content or "", names, answer.usage.total_tokens)

    def _plain(self, compressor: Probe, **call: Any) -> Any:
        return completion(**self._model, **call, compressor=compressor)

    def _stream(self, compressor: Probe, **call: Any) -> Any:
        return litellm.stream_chunk_builder(list(self._plain(compressor, stream=True, **call)))

    def _async_plain(self, compressor: Probe, **call: Any) -> Any:
        return self.loop.run(_read(acompletion(**self._model, **call, compressor=compressor)))

    def _async_stream(self, compressor: Probe, **call: Any) -> Any:
        return self._async_plain(compressor, stream=True, **call)

    def _patched(self, compressor: Probe, **call: Any) -> Any:
        with install(compressor=compressor):
            return litellm.completion(self._model["model"], api_base=self.upstream.url, **call)

    def _patched_stream(self, compressor: Probe, **call: Any) -> Any:
        return litellm.stream_chunk_builder(list(self._patched(compressor, stream=True, **call)))

    def _patched_router(self, compressor: Probe, **call: Any) -> Any:
        rest = {name: value for name, value in call.items() if name != "api_key"}
        with install(compressor=compressor):
            return self._router.completion("fast", **rest)

    def _everything(self, compressor: Probe, **call: Any) -> Any:
        arguments = {**self._model, **call, "compressor": compressor}
        with install(compressor=compressor):
            return self._called_back(compressor, lambda: acompletion(**arguments))


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


async def _read(call: Coroutine[Any, Any, Any]) -> Any:
    """Return an answer; a chat's stream is built into one."""
    answer = await call
    if not hasattr(answer, "__aiter__"):
        return answer
    chunks = [chunk async for chunk in answer]
    return litellm.stream_chunk_builder(chunks) if hasattr(chunks[0], "choices") else None


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
