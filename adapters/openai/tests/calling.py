"""Every way to ask a client of OpenAI's SDK."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import openai

from headroom import Compressor
from headroom_conformance.fetching import Answer
from headroom_conformance.loopback import LoopbackProvider
from headroom_openai import with_headroom

PARAMETERS = {"type": "object", "properties": {"region": {"type": "string"}}}
LIST_JOBS = {"name": "list_jobs", "description": "List jobs.", "parameters": PARAMETERS}
CHAT_TOOLS = [{"type": "function", "function": LIST_JOBS}]
RESPONSES_TOOLS = [{"type": "function", **LIST_JOBS}]

Client = Any


def address(provider: LoopbackProvider) -> dict[str, Any]:
    return {"api_key": "none", "base_url": f"{provider.base_url}/v1", "max_retries": 0}


def sync_client(provider: LoopbackProvider, compressor: Compressor, **more: Any) -> Client:
    bare = openai.OpenAI(**{**address(provider), **more})
    return with_headroom(bare, compressor=compressor)


def in_loop(
    provider: LoopbackProvider,
    compressor: Compressor,
    ask: Callable[[Client], Coroutine[Any, Any, Any]],
) -> Any:
    async def run() -> Any:
        bare = openai.AsyncOpenAI(**address(provider))
        async with with_headroom(bare, compressor=compressor) as client:
            return await ask(client)

    return asyncio.run(run())


def heard(chunks: list[Any]) -> Answer:
    """Write the chunks of a stream together."""
    text, names, tokens = "", [], None
    for chunk in chunks:
        if chunk.usage is not None:
            tokens = chunk.usage.total_tokens
        for choice in chunk.choices:
            text += choice.delta.content or ""
            names += [c.function.name for c in choice.delta.tool_calls or () if c.function.name]
    return Answer(text, tuple(names), tokens)


def chat_answer(told: Any) -> Answer:
    message = told.choices[0].message
    names = tuple(call.function.name for call in message.tool_calls or ())
    return Answer(message.content or "", names, told.usage.total_tokens)


def response_answer(told: Any) -> Answer:
    names = tuple(item.name for item in told.output if item.type == "function_call")
    return Answer(told.output_text, names, told.usage.total_tokens)


class Chat:
    """Chat completions, in each way."""

    def __init__(self, provider: LoopbackProvider, compressor: Compressor) -> None:
        self.provider = provider
        self.compressor = compressor

    def ask(self, mode: str, messages: list[Any], **more: Any) -> Answer:
        about = {"model": "gpt-4o", "messages": messages, **more}
        answer: Answer = getattr(self, mode)(about)
        return answer

    def create(self, about: dict[str, Any]) -> Answer:
        with sync_client(self.provider, self.compressor) as client:
            return chat_answer(client.chat.completions.create(**about))

    def acreate(self, about: dict[str, Any]) -> Answer:
        async def ask(client: Client) -> Answer:
            return chat_answer(await client.chat.completions.create(**about))

        answer: Answer = in_loop(self.provider, self.compressor, ask)
        return answer

    def stream(self, about: dict[str, Any]) -> Answer:
        with sync_client(self.provider, self.compressor) as client:
            return heard(list(client.chat.completions.create(stream=True, **about)))

    def astream(self, about: dict[str, Any]) -> Answer:
        async def ask(client: Client) -> Answer:
            stream = await client.chat.completions.create(stream=True, **about)
            return heard([chunk async for chunk in stream])

        answer: Answer = in_loop(self.provider, self.compressor, ask)
        return answer

    def raw(self, about: dict[str, Any]) -> Answer:
        with sync_client(self.provider, self.compressor) as client:
            told = client.chat.completions.with_raw_response.create(**about)
            assert json.loads(told.http_response.content) == json.loads(told.text)
            return chat_answer(told.parse())

    def araw(self, about: dict[str, Any]) -> Answer:
        async def ask(client: Client) -> Answer:
            told = await client.chat.completions.with_raw_response.create(**about)
            return chat_answer(told.parse())

        answer: Answer = in_loop(self.provider, self.compressor, ask)
        return answer

    def streamed_response(self, about: dict[str, Any]) -> Answer:
        with (
            sync_client(self.provider, self.compressor) as client,
            client.chat.completions.with_streaming_response.create(**about) as told,
        ):
            return chat_answer(told.parse())

    def other_options(self, about: dict[str, Any]) -> Answer:
        with sync_client(self.provider, self.compressor) as client:
            other = client.with_options(timeout=20).copy(default_headers={"x-one": "1"})
            return chat_answer(other.chat.completions.create(**about))


class Responses(Chat):
    """Responses, in each way; ``messages`` are their items."""

    def ask(self, mode: str, messages: list[Any], **more: Any) -> Answer:
        about = {"model": "gpt-5", "input": messages, **more}
        answer: Answer = getattr(self, mode)(about)
        return answer

    def create(self, about: dict[str, Any]) -> Answer:
        with sync_client(self.provider, self.compressor) as client:
            return response_answer(client.responses.create(**about))

    def acreate(self, about: dict[str, Any]) -> Answer:
        async def ask(client: Client) -> Answer:
            return response_answer(await client.responses.create(**about))

        answer: Answer = in_loop(self.provider, self.compressor, ask)
        return answer

    def stream(self, about: dict[str, Any]) -> Answer:
        with (
            sync_client(self.provider, self.compressor) as client,
            client.responses.create(stream=True, store=False, **about) as stream,
        ):
            return _last_response(list(stream))

    def astream(self, about: dict[str, Any]) -> Answer:
        async def ask(client: Client) -> Answer:
            stream = await client.responses.create(stream=True, store=False, **about)
            return _last_response([event async for event in stream])

        answer: Answer = in_loop(self.provider, self.compressor, ask)
        return answer

    def raw(self, about: dict[str, Any]) -> Answer:
        with sync_client(self.provider, self.compressor) as client:
            return response_answer(client.responses.with_raw_response.create(**about).parse())


def _last_response(events: list[Any]) -> Answer:
    said = "".join(e.delta for e in events if e.type == "response.output_text.delta")
    answer = response_answer(events[-1].response)
    assert said == answer.text
    return answer
