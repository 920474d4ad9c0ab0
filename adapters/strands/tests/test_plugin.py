"""The plugin in whole agents: each call is shortened, the agent keeps the originals."""

from __future__ import annotations

import asyncio
from copy import deepcopy
from typing import Any

from fetching import FetchingScript, answer_of
from scripted import QUESTION, ROW_17, ROWS, ScriptedModel, agent_of, results_in, said, text_of
from strands import Agent
from test_conformance import TestHeadroomStrandsModel as _ModelSuite

from headroom import CompressionConfig
from headroom_conformance import AdapterConformance, Answer, Conversation, FetchingModel, Probe
from headroom_strands import HeadroomPlugin, HeadroomStrandsModel


def _unfilled(sent: list[Any], given: list[Any]) -> list[Any]:
    """Put blank texts of the model's turns back.

    The event loop fills or drops them, with us or without.
    """
    return [
        {**one, "content": before["content"]} if _has_blank(before) else one
        for one, before in zip(sent, given, strict=True)
    ]


def _has_blank(message: Any) -> bool:
    texts = [block["text"] for block in message["content"] if "text" in block]
    return message["role"] == "assistant" and not all(text.strip() for text in texts)


def run(agent: Agent, mode: str) -> None:
    """Let an agent go on with its messages."""

    async def drain() -> None:
        async for _ in agent.stream_async(None):
            pass

    if mode == "call":
        agent(None)
    else:
        asyncio.run(drain() if mode == "stream_async" else agent.invoke_async(None))


class TestHeadroomPlugin(AdapterConformance):
    modes = ("call", "invoke_async", "stream_async")
    carries_system = False
    # Strands copies every message before its middleware sees it.
    shares_objects = False
    answers_retrieval = True
    runs_tools = True

    def build_messages(self, conversation: Conversation) -> list[Any]:
        return _ModelSuite().build_messages(conversation)

    def texts(self, messages: Any) -> list[str]:
        return _ModelSuite().texts(messages)

    def run(self, messages: list[Any], compressor: Probe, mode: str) -> list[Any]:
        model = ScriptedModel()
        plugin = HeadroomPlugin(compressor=compressor)
        # An agent owns its messages: it adds its answer to them, and a number to each.
        mine = deepcopy(messages)
        agent = Agent(model=model, messages=mine, plugins=[plugin], callback_handler=None)
        run(agent, mode)
        return _unfilled(model.seen[0], messages)

    def snapshot(self, messages: list[Any]) -> Any:
        return [{**deepcopy(message), "tracking_id": None} for message in messages]

    def run_retrieving(
        self, messages: list[Any], compressor: Probe, mode: str, model: FetchingModel
    ) -> Answer:
        agent = agent_of(
            FetchingScript(model, self.texts),
            messages=deepcopy(messages),
            plugins=[HeadroomPlugin(compressor=compressor)],
        )
        before = len(messages)
        run(agent, mode)
        used = agent.event_loop_metrics.accumulated_usage["totalTokens"]
        return answer_of(agent.messages[before:], used)


def test_the_model_reads_less_and_the_agent_keeps_the_original() -> None:
    model = ScriptedModel()
    agent = agent_of(model, plugins=[HeadroomPlugin()])
    agent(QUESTION)
    listed, fetched = results_in(agent.messages)
    assert text_of(listed) == ROWS
    assert len(text_of(results_in(model.seen[1])[0])) < len(ROWS) / 4
    assert ROW_17 in text_of(fetched) and ROW_17 in said(agent)


def test_a_wrapped_model_inside_is_called_once_and_by_the_agent() -> None:
    inner = ScriptedModel()
    agent = agent_of(HeadroomStrandsModel(inner), plugins=[HeadroomPlugin()])
    agent(QUESTION)
    assert len(inner.seen) == 3
    assert ROW_17 in said(agent)


def test_who_wants_handles_only_gets_no_tool() -> None:
    model = ScriptedModel()
    config = CompressionConfig(retrieval="handle")
    agent = agent_of(model, plugins=[HeadroomPlugin(config=config)])
    agent(QUESTION)
    assert model.offered[0] == ["list_jobs"]
    assert text_of(results_in(model.seen[1])[0]).startswith("[headroom ")
