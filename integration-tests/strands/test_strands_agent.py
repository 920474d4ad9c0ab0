"""Whole Strands agents: around a wrapped model, and with the hook."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from agent_scenario import TOOLS, Investigator, WholeAgent
from fetching import FetchingScript
from strands import Agent, tool
from strands.tools.executors import SequentialToolExecutor

from headroom_conformance import Probe
from headroom_strands import HeadroomHook, HeadroomStrandsModel


def _texts(content: list[Any]) -> Iterator[str]:
    for block in content:
        if "toolResult" in block:
            yield from _texts(block["toolResult"]["content"])
        elif "text" in block:
            yield block["text"]


def texts_of(messages: list[Any]) -> list[str]:
    return [text for message in messages for text in _texts(message["content"])]


def agent_with(model: Any, **about: Any) -> Agent:
    return Agent(
        model=model,
        tools=[tool(function) for function in TOOLS],
        callback_handler=None,
        # Left alone, Strands puts the results of one turn in the order in which the tools end.
        tool_executor=SequentialToolExecutor(),
        **about,
    )


async def _drain(agent: Agent, question: str) -> None:
    async for _ in agent.stream_async(question):
        pass


_ASK: dict[str, Any] = {
    "call": lambda agent, question: agent(question),
    "async": lambda agent, question: asyncio.run(agent.invoke_async(question)),
    "stream": lambda agent, question: asyncio.run(_drain(agent, question)),
}


class TestAWrappedModel(WholeAgent):
    # Strands streams on an event loop only.
    modes = ("call", "async", "stream")
    runs_tools = False

    def agent(self, investigator: Investigator, compressor: Probe) -> Agent:
        model = FetchingScript(investigator, texts_of)
        return agent_with(HeadroomStrandsModel(model, compressor=compressor))

    def ask(self, agent: Agent, question: str, mode: str) -> str:
        _ASK[mode](agent, question)
        return " ".join(texts_of(agent.messages[-1:]))

    def results(self, agent: Agent) -> list[str]:
        blocks = [block for message in agent.messages for block in message["content"]]
        return list(_texts([block for block in blocks if "toolResult" in block]))


class TestTheHook(TestAWrappedModel):
    keeps_originals = False
    runs_tools = True

    def agent(self, investigator: Investigator, compressor: Probe) -> Agent:
        model = FetchingScript(investigator, texts_of)
        return agent_with(model, hooks=[HeadroomHook(compressor=compressor)])
