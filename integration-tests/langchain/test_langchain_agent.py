"""Whole agents of ``create_agent``: with the middleware, and around a wrapped model."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from agent_scenario import Investigator, WholeAgent
from fetching import FetchingChat
from langchain.agents import create_agent
from langchain_core.messages import HumanMessage, ToolMessage
from langgraph.checkpoint.memory import InMemorySaver
from test_langchain_loop import texts_of, tools

from headroom import CompressionConfig, SQLiteStore
from headroom_conformance import Probe
from headroom_langchain import HeadroomChatModel, HeadroomMiddleware

THREAD: Any = {"configurable": {"thread_id": "one"}, "recursion_limit": 60}


async def _drain(parts: Any) -> None:
    async for _ in parts:
        pass


_ASK: dict[str, Any] = {
    "call": lambda agent, state: agent.invoke(state, THREAD),
    "async": lambda agent, state: asyncio.run(agent.ainvoke(state, THREAD)),
    "stream": lambda agent, state: list(agent.stream(state, THREAD, stream_mode="messages")),
    "async stream": lambda agent, state: asyncio.run(
        _drain(agent.astream(state, THREAD, stream_mode="messages"))
    ),
}


def remembering(model: Any, *middleware: HeadroomMiddleware) -> Any:
    return create_agent(
        model, tools=tools(), middleware=list(middleware), checkpointer=InMemorySaver()
    )


class TestTheMiddleware(WholeAgent):
    def agent(self, investigator: Investigator, compressor: Probe) -> Any:
        chat = FetchingChat(script=investigator, read=texts_of)
        return remembering(chat, HeadroomMiddleware(compressor=compressor))

    def ask(self, agent: Any, question: str, mode: str) -> str:
        _ASK[mode](agent, {"messages": [HumanMessage(question)]})
        return str(agent.get_state(THREAD).values["messages"][-1].text)

    def results(self, agent: Any) -> list[str]:
        messages = agent.get_state(THREAD).values["messages"]
        return [str(message.text) for message in messages if isinstance(message, ToolMessage)]


class TestTheMiddlewareWithCompressedState(TestTheMiddleware):
    keeps_originals = False

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def compressor(self) -> Probe:
        config = CompressionConfig(retrieval="tool", on_overflow="pass")
        return Probe(config, store=SQLiteStore(self.folder / "originals.db"))

    def agent(self, investigator: Investigator, compressor: Probe) -> Any:
        chat = FetchingChat(script=investigator, read=texts_of)
        lasting = not type(compressor.store).__name__.startswith("Memory")
        return remembering(chat, HeadroomMiddleware(compressor=compressor, compress_state=lasting))


class TestAWrappedModel(TestTheMiddleware):
    runs_tools = False

    def agent(self, investigator: Investigator, compressor: Probe) -> Any:
        chat = FetchingChat(script=investigator, read=texts_of)
        return remembering(HeadroomChatModel(chat, compressor=compressor))
