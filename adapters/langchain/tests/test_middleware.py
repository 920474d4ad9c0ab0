"""The middleware in agents that `create_agent` makes: what the model receives, what state keeps."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fetching import FetchingChat, answer_of
from fetching import list_jobs as own_tool
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool
from observed import ROWS
from retrieving import RetrievingChat
from scripted import ScriptedChat
from test_conformance import TestHeadroomChatModel as _WrapperSuite

from headroom import CompressionConfig, Compressor, SQLiteStore
from headroom_conformance import AdapterConformance, Answer, Conversation, FetchingModel, Probe
from headroom_langchain import HeadroomChatModel, HeadroomMiddleware


@tool
def list_jobs(region: str) -> str:
    """List the jobs of a region."""
    return ROWS


def ask(middleware: HeadroomMiddleware, model: Any = None) -> tuple[list[BaseMessage], Any]:
    """Run an agent whose model lists jobs, fetches a row and answers; return its messages."""
    model = RetrievingAgentChat() if model is None else model
    agent = create_agent(model, tools=[list_jobs], middleware=[middleware])
    state = agent.invoke({"messages": [HumanMessage("Which jobs failed?")]})
    return state["messages"], model


class RetrievingAgentChat(RetrievingChat):
    """Lists the jobs first."""

    def _answer(self, messages: list[BaseMessage], **kwargs: Any) -> AIMessage:
        if isinstance(messages[-1], HumanMessage):
            self.seen.append(list(messages))
            call = {"name": "list_jobs", "args": {"region": "eu"}, "id": "call_1"}
            return AIMessage("", tool_calls=[call])
        return super()._answer(messages, **kwargs)


def run(agent: Any, state: Any, mode: str) -> list[BaseMessage]:
    """Run an agent to its end, and return the messages of its state."""
    if mode == "invoke":
        messages: list[BaseMessage] = agent.invoke(state)["messages"]
    elif mode == "ainvoke":
        messages = asyncio.run(agent.ainvoke(state))["messages"]
    else:
        parts = agent.stream(state, stream_mode=["messages", "values"])
        messages = [part for kind, part in parts if kind == "values"][-1]["messages"]
    return messages


class TestHeadroomMiddleware(AdapterConformance):
    modes = ("invoke", "ainvoke", "stream")
    answers_retrieval = True
    runs_tools = True

    def build_messages(self, conversation: Conversation) -> list[BaseMessage]:
        return _WrapperSuite().build_messages(conversation)

    def texts(self, messages: Sequence[BaseMessage]) -> list[str]:
        return _WrapperSuite().texts(messages)

    def run(self, messages: list[BaseMessage], compressor: Probe, mode: str) -> list[BaseMessage]:
        model = ScriptedChat()
        agent = create_agent(model, middleware=[HeadroomMiddleware(compressor=compressor)])
        run(agent, {"messages": messages}, mode)
        (received,) = model.seen
        return received

    def run_retrieving(
        self, messages: list[BaseMessage], compressor: Probe, mode: str, model: FetchingModel
    ) -> Answer:
        chat = FetchingChat(script=model, read=self.texts)
        middleware = HeadroomMiddleware(compressor=compressor)
        agent = create_agent(chat, tools=[own_tool], middleware=[middleware])
        return answer_of(run(agent, {"messages": messages}, mode)[len(messages) :])


def test_the_model_reads_less_and_the_state_keeps_the_original() -> None:
    messages, model = ask(HeadroomMiddleware())
    (result,) = (m for m in messages if isinstance(m, ToolMessage) and m.name == "list_jobs")
    assert result.content == ROWS
    assert len(str(model.seen[1][-1].content)) < len(ROWS) / 4


def test_the_agent_runs_the_retrievals_of_its_model() -> None:
    messages, _ = ask(HeadroomMiddleware())
    (fetched,) = (
        m for m in messages if isinstance(m, ToolMessage) and m.name == "headroom_retrieve"
    )
    assert "consumer-lease-16" in fetched.text
    assert "consumer-lease-16" in messages[-1].text


def test_each_answer_says_what_was_saved() -> None:
    messages, _ = ask(HeadroomMiddleware())
    saved = [m.response_metadata["headroom"] for m in messages if isinstance(m, AIMessage)]
    assert [s["tokens_saved"] > 1_000 for s in saved] == [False, True, True]


def test_a_wrapped_model_inside_is_called_once_and_by_the_agent() -> None:
    inner = RetrievingAgentChat()
    messages, _ = ask(HeadroomMiddleware(), HeadroomChatModel(inner))
    assert len(inner.seen) == 3
    assert "consumer-lease-16" in messages[-1].text


def test_with_compressed_state_the_original_is_in_the_store_alone(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "originals.db")
    compressor = Compressor(CompressionConfig(retrieval="tool"), store=store)
    messages, model = ask(HeadroomMiddleware(compressor=compressor, compress_state=True))
    (result,) = (m for m in messages if isinstance(m, ToolMessage) and m.name == "list_jobs")
    assert len(str(result.content)) < len(ROWS) / 4
    assert model.seen[1][-1].content == result.content
    handle = str(result.content).split(":")[0].split()[-1]
    assert compressor.retrieve(handle).text == ROWS


def test_compressed_state_wants_a_store_that_lasts() -> None:
    with pytest.raises(ValueError, match="SQLiteStore"):
        HeadroomMiddleware(compress_state=True)


def test_who_wants_handles_only_gets_no_tool() -> None:
    assert HeadroomMiddleware(config=CompressionConfig(retrieval="handle")).tools == []
    assert [t.name for t in HeadroomMiddleware().tools] == ["headroom_retrieve"]
