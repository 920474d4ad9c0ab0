"""Headroom's promises, held by wrapped clients over HTTP, in every way to ask them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import pytest
from calling import CHAT_TOOLS, RESPONSES_TOOLS, Chat, Responses

from headroom_conformance import AdapterConformance, Conversation, OpenAIChatConformance, Probe
from headroom_conformance.fetching import TOKENS_READ, TOKENS_WRITTEN, Answer, FetchingModel
from headroom_conformance.loopback import Arrived, LoopbackProvider
from headroom_conformance.wire import WireCall, WireTurn

USED = (TOKENS_READ, TOKENS_WRITTEN)


class _OverHTTP(AdapterConformance):
    # Every request is written anew, in UTF-8.
    shares_objects = False
    carries_surrogates = False
    carries_errors = False
    answers_retrieval = True

    provider: ClassVar[LoopbackProvider]
    way: ClassVar[type[Chat]]
    key: ClassVar[str]
    tools: ClassVar[list[dict[str, Any]]]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _served(cls) -> Iterator[None]:
        with LoopbackProvider(lambda _: WireTurn("turn", "Fine.")) as provider:
            _OverHTTP.provider = provider
            yield

    def run(self, messages: list[Any], compressor: Probe, mode: str) -> list[Any]:
        self.provider.requests.clear()
        self.way(self.provider, compressor).ask(mode, messages)
        (request,) = self.provider.bodies
        received: list[Any] = request[self.key]
        return received

    def run_retrieving(
        self, messages: list[Any], compressor: Probe, mode: str, model: FetchingModel
    ) -> Answer:
        def reply(arrived: Arrived) -> WireTurn:
            body = arrived.body
            names = [tool.get("name") or tool["function"]["name"] for tool in body["tools"]]
            said = model.reply(self.texts(body[self.key]), names)
            calls = tuple(WireCall(c.id, c.name, c.arguments) for c in said.calls)
            return WireTurn(f"turn_{len(model.requests)}", said.text, calls, tokens=USED)

        provider, self.provider.reply = self.provider, reply
        try:
            more = {"stream_options": {"include_usage": True}} if "stream" in mode[:7] else {}
            more = more if self.way is Chat and mode in ("stream", "astream") else {}
            return self.way(provider, compressor).ask(mode, messages, tools=self.tools, **more)
        finally:
            provider.reply = lambda _: WireTurn("turn", "Fine.")


class TestChatCompletions(_OverHTTP):
    modes = (
        *("create", "acreate", "stream", "astream"),
        *("raw", "araw", "streamed_response", "other_options"),
    )
    way = Chat
    key = "messages"
    tools = CHAT_TOOLS
    format = OpenAIChatConformance()

    def build_messages(self, conversation: Conversation) -> list[Any]:
        return self.format.build_messages(conversation)

    def texts(self, messages: Sequence[Any]) -> list[str]:
        return self.format.texts(_with_contents(messages))


class TestResponses(_OverHTTP):
    modes = ("create", "acreate", "stream", "astream", "raw")
    way = Responses
    key = "input"
    tools = RESPONSES_TOOLS

    def build_messages(self, conversation: Conversation) -> list[Any]:
        return list(_items(conversation))

    def texts(self, messages: Sequence[Any]) -> list[str]:
        return [text for item in messages for text in _item_texts(item)]


def _with_contents(messages: Sequence[Any]) -> list[Any]:
    empty: list[Any] = []
    return [m if m.get("content") is not None else {**m, "content": empty} for m in messages]


def _items(conversation: Conversation) -> Iterator[dict[str, Any]]:
    for number, turn in enumerate(conversation.turns):
        if turn.answers is not None:
            kind = "input_text"
            about = {"type": "function_call_output", "call_id": turn.answers, "x_trace": number}
            yield {**about, "output": _content(turn.texts, kind, turn.as_blocks)}
            continue
        kind = "output_text" if turn.role == "assistant" else "input_text"
        content = _content(turn.texts, kind, turn.as_blocks)
        yield {"type": "message", "role": turn.role, "content": content, "x_trace": number}
        for call in turn.calls:
            arguments = json.dumps(dict(call.arguments))
            named = {"call_id": call.id, "name": call.name, "arguments": arguments}
            yield {"type": "function_call", **named}


def _content(texts: Sequence[str], kind: str, as_blocks: bool) -> Any:
    if not as_blocks:
        return texts[0]
    image = {"type": "input_image", "image_url": "data:image/png;base64,aGVsbG8="}
    return [image, *({"type": kind, "text": text} for text in texts)]


def _item_texts(item: Any) -> Iterator[str]:
    content = item.get("content", item.get("output", ()))
    for part in [content] if isinstance(content, str) else content:
        if isinstance(part, str):
            yield part
        elif "text" in part:
            yield part["text"]
