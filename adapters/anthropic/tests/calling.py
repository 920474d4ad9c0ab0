"""Every way to ask a client of Anthropic's SDK."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import anthropic

from headroom import Compressor
from headroom_anthropic import with_headroom
from headroom_conformance.fetching import Answer
from headroom_conformance.loopback import LoopbackProvider

SCHEMA = {"type": "object", "properties": {"region": {"type": "string"}}}
TOOLS = [{"name": "list_jobs", "description": "List jobs.", "input_schema": SCHEMA}]

Client = Any


def address(provider: LoopbackProvider) -> dict[str, Any]:
    return {"api_key": "none", "base_url": provider.base_url, "max_retries": 0}


def sync_client(provider: LoopbackProvider, compressor: Compressor, **more: Any) -> Client:
    bare = anthropic.Anthropic(**{**address(provider), **more})
    return with_headroom(bare, compressor=compressor)


def in_loop(
    provider: LoopbackProvider,
    compressor: Compressor,
    ask: Callable[[Client], Coroutine[Any, Any, Any]],
) -> Any:
    async def run() -> Any:
        bare = anthropic.AsyncAnthropic(**address(provider))
        async with with_headroom(bare, compressor=compressor) as client:
            return await ask(client)

    return asyncio.run(run())


def answer_of(told: Any) -> Answer:
    text = "\n\n".join(block.text for block in told.content if block.type == "text")
    names = tuple(block.name for block in told.content if block.type == "tool_use")
    return Answer(text, names, told.usage.input_tokens + told.usage.output_tokens)


class Messages:
    """Messages, in each way."""

    def __init__(self, provider: LoopbackProvider, compressor: Compressor) -> None:
        self.provider = provider
        self.compressor = compressor

    def ask(self, mode: str, messages: list[Any], **more: Any) -> Answer:
        about = {"model": "claude-x", "max_tokens": 100, "messages": messages, **more}
        answer: Answer = getattr(self, mode)(about)
        return answer

    def create(self, about: dict[str, Any]) -> Answer:
        with sync_client(self.provider, self.compressor) as client:
            return answer_of(client.messages.create(**about))

    def acreate(self, about: dict[str, Any]) -> Answer:
        async def ask(client: Client) -> Answer:
            return answer_of(await client.messages.create(**about))

        answer: Answer = in_loop(self.provider, self.compressor, ask)
        return answer

    def stream(self, about: dict[str, Any]) -> Answer:
        with (
            sync_client(self.provider, self.compressor) as client,
            client.messages.stream(**about) as stream,
        ):
            said = "".join(stream.text_stream)
            answer = answer_of(stream.get_final_message())
        assert said == answer.text.replace("\n\n", "")
        return answer

    def astream(self, about: dict[str, Any]) -> Answer:
        async def ask(client: Client) -> Answer:
            async with client.messages.stream(**about) as stream:
                return answer_of(await stream.get_final_message())

        answer: Answer = in_loop(self.provider, self.compressor, ask)
        return answer

    def raw(self, about: dict[str, Any]) -> Answer:
        with sync_client(self.provider, self.compressor) as client:
            return answer_of(client.messages.with_raw_response.create(**about).parse())

    def beta(self, about: dict[str, Any]) -> Answer:
        with sync_client(self.provider, self.compressor) as client:
            return answer_of(client.beta.messages.create(**about))

    def streamed_response(self, about: dict[str, Any]) -> Answer:
        with (
            sync_client(self.provider, self.compressor) as client,
            client.messages.with_streaming_response.create(**about) as told,
        ):
            return answer_of(told.parse())

    def other_options(self, about: dict[str, Any]) -> Answer:
        with sync_client(self.provider, self.compressor) as client:
            other = client.with_options(timeout=20).copy(default_headers={"x-one": "1"})
            return answer_of(other.messages.create(**about))
