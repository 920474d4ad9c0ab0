"""A whole agent on Anthropic's SDK: its tools, its loop, and Headroom around the client."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, ClassVar

import anthropic
import pytest
from agent_scenario import TOOLS, Investigator, WholeAgent

from headroom_anthropic import with_headroom
from headroom_conformance import Probe
from headroom_conformance.loopback import Arrived, LoopbackProvider
from headroom_conformance.wire import WireCall, WireTurn

_RUN = {tool.__name__: tool for tool in TOOLS}


class _Agent:
    """Keeps its messages, and runs the tools that the model calls."""

    def __init__(self, address: dict[str, Any], compressor: Probe) -> None:
        self.history: list[Any] = []
        self._address = address
        self._compressor = compressor

    def ask(self, question: str, mode: str) -> str:
        self.history.append({"role": "user", "content": question})
        if mode.startswith("async"):
            return asyncio.run(self._ask(streams="stream" in mode))
        bare = anthropic.Anthropic(**self._address)
        with with_headroom(bare, compressor=self._compressor) as client:
            while True:
                if mode == "stream":
                    with client.messages.stream(**self._about()) as stream:
                        answer = self._take(stream.get_final_message())
                else:
                    answer = self._take(client.messages.create(**self._about()))
                if answer is not None:
                    return answer

    async def _ask(self, *, streams: bool) -> str:
        bare = anthropic.AsyncAnthropic(**self._address)
        async with with_headroom(bare, compressor=self._compressor) as client:
            while True:
                if streams:
                    async with client.messages.stream(**self._about()) as stream:
                        answer = self._take(await stream.get_final_message())
                else:
                    answer = self._take(await client.messages.create(**self._about()))
                if answer is not None:
                    return answer

    def _about(self) -> dict[str, Any]:
        schema = {"type": "object", "properties": {"limit": {"type": "integer"}}}
        tools = [{"name": name, "input_schema": schema} for name in _RUN]
        return {"model": "claude-x", "max_tokens": 500, "messages": self.history, "tools": tools}

    def _take(self, message: Any) -> str | None:
        # As a user of the SDK does: the blocks of the answer are the history.
        self.history.append({"role": "assistant", "content": message.content})
        results = [self._result(block) for block in message.content if block.type == "tool_use"]
        if not results:
            return "\n\n".join(b.text for b in message.content if b.type == "text")
        self.history.append({"role": "user", "content": results})
        return None

    def _result(self, use: Any) -> dict[str, Any]:
        about = {"type": "tool_result", "tool_use_id": use.id}
        try:
            return {**about, "content": _RUN[use.name](**use.input)}
        except RuntimeError as error:
            return {**about, "content": str(error), "is_error": True}

    def results(self) -> list[str]:
        turns = [m["content"] for m in self.history if isinstance(m["content"], list)]
        blocks = [b for turn in turns for b in turn if isinstance(b, dict)]
        return [block["content"] for block in blocks]


class TestMessages(WholeAgent):
    runs_tools = False

    provider: ClassVar[LoopbackProvider]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _served(cls) -> Iterator[None]:
        with LoopbackProvider(lambda _: WireTurn("turn")) as provider:
            cls.provider = provider
            yield

    def agent(self, investigator: Investigator, compressor: Probe) -> Any:
        def reply(arrived: Arrived) -> WireTurn:
            body = arrived.body
            names = [tool["name"] for tool in body["tools"]]
            said = investigator.reply(list(_texts(body["messages"])), names)
            calls = tuple(WireCall(c.id, c.name, c.arguments) for c in said.calls)
            turn = len(investigator.requests)
            return WireTurn(f"turn_{turn}", said.text, calls, thought=f"thought {turn}")

        self.provider.reply = reply
        address = {"api_key": "none", "base_url": self.provider.base_url, "max_retries": 0}
        return _Agent(address, compressor)

    def ask(self, agent: Any, question: str, mode: str) -> str:
        answer: str = agent.ask(question, mode)
        return answer

    def results(self, agent: Any) -> list[str]:
        results: list[str] = agent.results()
        return results


def _texts(messages: Any) -> Iterator[str]:
    for message in messages:
        content = message["content"]
        for block in [{"text": content}] if isinstance(content, str) else content:
            text = block.get("text") or block.get("content")
            if text is not None:
                yield text
