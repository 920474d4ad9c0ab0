"""A whole agent on OpenAI's SDK: its tools, its loop, and Headroom around the client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any, ClassVar

import openai
import pytest
from agent_scenario import TOOLS, Investigator, WholeAgent

from headroom_conformance import Probe
from headroom_conformance.loopback import Arrived, LoopbackProvider
from headroom_conformance.wire import WireCall, WireTurn
from headroom_openai import with_headroom

_RUN = {tool.__name__: tool for tool in TOOLS}


def _run(name: str, arguments: str) -> str:
    try:
        return _RUN[name](**json.loads(arguments))
    except RuntimeError as error:
        return f"error: {error}"


def _parameters(name: str) -> dict[str, Any]:
    limit = {"limit": {"type": "integer"}} if name == "list_orders" else {}
    return {"type": "object", "properties": limit}


class _ChatAgent:
    """Keeps its messages, and runs the tools that the model calls."""

    def __init__(self, address: dict[str, Any], compressor: Probe) -> None:
        self.history: list[Any] = []
        self._address = address
        self._compressor = compressor

    def _client(self, kind: type[Any]) -> Any:
        return with_headroom(kind(**self._address), compressor=self._compressor)

    def about(self) -> dict[str, Any]:
        tools = [
            {"type": "function", "function": {"name": name, "parameters": _parameters(name)}}
            for name in _RUN
        ]
        return {"model": "gpt-4o", "messages": self.history, "tools": tools}

    def begin(self, question: str) -> None:
        self.history.append({"role": "user", "content": question})

    def take(self, message: dict[str, Any]) -> str | None:
        """Keep a turn, and run its tools; return its words where it calls none."""
        self.history.append({"role": "assistant", **message})
        calls = message.get("tool_calls") or ()
        for call in calls:
            told = _run(call["function"]["name"], call["function"]["arguments"])
            result = {"role": "tool", "tool_call_id": call["id"], "content": told}
            self.history.append(result)
        return None if calls else message["content"]

    def results(self) -> list[str]:
        return [m["content"] for m in self.history if m["role"] == "tool"]

    def call(self, client: Any) -> str | None:
        told = client.chat.completions.create(**self.about()).choices[0].message
        return self.take(told.model_dump(exclude_none=True))

    async def acall(self, client: Any) -> str | None:
        told = (await client.chat.completions.create(**self.about())).choices[0].message
        return self.take(told.model_dump(exclude_none=True))

    def stream(self, client: Any) -> str | None:
        return self.take(_heard(list(client.chat.completions.create(**self.about(), stream=True))))

    async def astream(self, client: Any) -> str | None:
        stream = await client.chat.completions.create(**self.about(), stream=True)
        return self.take(_heard([chunk async for chunk in stream]))

    def ask(self, question: str, mode: str) -> str:
        self.begin(question)
        if mode.startswith("async"):
            return asyncio.run(self._ask(self.astream if "stream" in mode else self.acall))
        step = self.stream if mode == "stream" else self.call
        with self._client(openai.OpenAI) as client:
            while (answer := step(client)) is None:
                pass
            return answer

    async def _ask(self, step: Any) -> str:
        async with self._client(openai.AsyncOpenAI) as client:
            while (answer := await step(client)) is None:
                pass
            told: str = answer
            return told


def _heard(chunks: list[Any]) -> dict[str, Any]:
    text, calls = "", []
    for chunk in chunks:
        for choice in chunk.choices:
            text += choice.delta.content or ""
            for call in choice.delta.tool_calls or ():
                if call.index == len(calls):
                    function = {"name": call.function.name, "arguments": ""}
                    calls.append({"id": call.id, "type": "function", "function": function})
                calls[call.index]["function"]["arguments"] += call.function.arguments or ""
    return {"content": text, **({"tool_calls": calls} if calls else {})}


class _ResponsesAgent(_ChatAgent):
    """The same on Responses: the provider's items are its history."""

    def about(self) -> dict[str, Any]:
        tools = [
            {"type": "function", "name": name, "parameters": _parameters(name)} for name in _RUN
        ]
        about = {"model": "gpt-5", "input": self.history, "tools": tools, "store": False}
        return about

    def take(self, message: Any) -> str | None:
        self.history += [item.model_dump(exclude_none=True) for item in message.output]
        calls = [item for item in message.output if item.type == "function_call"]
        for call in calls:
            told = _run(call.name, call.arguments)
            result = {"type": "function_call_output", "call_id": call.call_id, "output": told}
            self.history.append(result)
        return None if calls else message.output_text

    def results(self) -> list[str]:
        return [m["output"] for m in self.history if m.get("type") == "function_call_output"]

    def call(self, client: Any) -> str | None:
        return self.take(client.responses.create(**self.about()))

    async def acall(self, client: Any) -> str | None:
        return self.take(await client.responses.create(**self.about()))

    def stream(self, client: Any) -> str | None:
        *_, last = client.responses.create(**self.about(), stream=True)
        return self.take(last.response)

    async def astream(self, client: Any) -> str | None:
        stream = await client.responses.create(**self.about(), stream=True)
        return self.take([event async for event in stream][-1].response)


class _OnTheWire(WholeAgent):
    runs_tools = False

    kind: ClassVar[type[_ChatAgent]]
    provider: ClassVar[LoopbackProvider]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _served(cls) -> Iterator[None]:
        with LoopbackProvider(lambda _: WireTurn("turn")) as provider:
            _OnTheWire.provider = provider
            yield

    def agent(self, investigator: Investigator, compressor: Probe) -> Any:
        def reply(arrived: Arrived) -> WireTurn:
            body = arrived.body
            names = [tool.get("name") or tool["function"]["name"] for tool in body["tools"]]
            said = investigator.reply(list(_texts(body)), names)
            calls = tuple(WireCall(c.id, c.name, c.arguments) for c in said.calls)
            return WireTurn(f"turn_{len(investigator.requests)}", said.text, calls)

        self.provider.reply = reply
        address = {"api_key": "none", "base_url": f"{self.provider.base_url}/v1", "max_retries": 0}
        return self.kind(address, compressor)

    def ask(self, agent: Any, question: str, mode: str) -> str:
        answer: str = agent.ask(question, mode)
        return answer

    def results(self, agent: Any) -> list[str]:
        results: list[str] = agent.results()
        return results


class TestChatCompletions(_OnTheWire):
    kind = _ChatAgent


class TestResponses(_OnTheWire):
    kind = _ResponsesAgent


def _texts(body: Any) -> Iterator[str]:
    for item in body.get("messages") or body["input"]:
        content = item.get("content") or item.get("output") or ()
        for part in [content] if isinstance(content, str) else content:
            yield part if isinstance(part, str) else part["text"]
