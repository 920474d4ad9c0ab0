"""The wrapped model in whole agents: what it reads and fetches, what the agent keeps and sees."""

from __future__ import annotations

import asyncio
import copy
import pickle
from typing import Any

import pytest
from scripted import (
    QUESTION,
    ROW_17,
    ROWS,
    ScriptedModel,
    agent_of,
    list_jobs,
    results_in,
    said,
    text_of,
)
from strands import Agent, tool

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom_strands import HeadroomStrandsModel


def asked(model: ScriptedModel, **about: Any) -> Agent:
    agent = agent_of(HeadroomStrandsModel(model, **about))
    agent(QUESTION)
    return agent


def test_the_model_reads_less_and_the_agent_keeps_the_original() -> None:
    model = ScriptedModel()
    agent = asked(model)
    (kept,) = results_in(agent.messages)
    assert text_of(kept) == ROWS
    assert len(text_of(results_in(model.seen[1])[0])) < len(ROWS) / 4


def test_a_retrieval_is_answered_inside_the_call() -> None:
    model = ScriptedModel()
    agent = asked(model)
    assert ROW_17 in said(agent) and "I look it up." in said(agent)
    assert len(model.seen) == 3
    assert "headroom_retrieve" not in str(agent.messages)
    assert model.offered == [["list_jobs", "headroom_retrieve"]] * 3


def test_the_model_is_sent_its_own_turn_again_signature_included() -> None:
    model = ScriptedModel()
    asked(model)
    turn = model.seen[2][-2]["content"]
    assert turn[0] == {
        "reasoningContent": {"reasoningText": {"text": "which row?", "signature": "s:which row?"}}
    }
    assert turn[-1]["toolUse"]["input"]["rows"] == "17"


def test_what_the_turns_used_is_added_up() -> None:
    model = ScriptedModel()
    agent = asked(model)
    assert agent.event_loop_metrics.accumulated_usage["totalTokens"] == 3 * 54


def test_on_a_mixed_turn_the_agent_runs_its_own_call() -> None:
    model = ScriptedModel(also="list_jobs")
    agent = asked(model)
    names = [b["toolUse"]["name"] for m in agent.messages for b in m["content"] if "toolUse" in b]
    assert set(names) == {"list_jobs"}
    assert len(names) >= 2


def test_a_model_that_never_stops_fetching_is_stopped() -> None:
    model = ScriptedModel(endless=True)
    agent = asked(model)
    assert len(model.seen) == 1 + 6
    assert "toolUse" not in str(agent.messages[-1])


def test_without_tools_no_marker_speaks_of_a_tool() -> None:
    model = ScriptedModel()
    call = {"toolUse": {"toolUseId": "c", "name": "list_jobs", "input": {}}}
    result = {"toolUseId": "c", "status": "success", "content": [{"text": ROWS}]}
    history: Any = [
        {"role": "user", "content": [{"text": QUESTION}]},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [{"toolResult": result}]},
    ]

    async def ask() -> None:
        async for _ in HeadroomStrandsModel(model).stream(history):
            pass

    asyncio.run(ask())
    assert text_of(results_in(model.seen[0])[0]).startswith("[headroom ")
    assert model.offered == [[]]


def test_a_pinned_message_stays_as_it_is() -> None:
    model = ScriptedModel()
    result = {"toolUseId": "c", "status": "success", "content": [{"text": ROWS}]}
    pinned: Any = {
        "role": "user",
        "content": [{"toolResult": result}],
        "metadata": {"custom": {"pinned": True}},
    }

    async def ask() -> None:
        async for _ in HeadroomStrandsModel(model).stream([pinned]):
            pass

    asyncio.run(ask())
    assert model.seen[0] == [pinned]


def test_a_failing_tool_is_read_whole() -> None:
    @tool
    def list_jobs(region: str) -> str:
        """List the jobs of a region.

        Args:
            region: The region.
        """
        raise RuntimeError("the region is closed")

    model = ScriptedModel()
    Agent(model=HeadroomStrandsModel(model), tools=[list_jobs], callback_handler=None)(QUESTION)
    assert "the region is closed" in text_of(results_in(model.seen[1])[0])


def test_a_crashing_compressor_lets_the_call_through() -> None:
    class Broken(Compressor):
        def rewrite(self, *args: Any, **kwargs: Any) -> Any:
            raise RuntimeError("secret text")

    model = ScriptedModel()
    asked(model, compressor=Broken(store=MemoryStore()))
    assert text_of(results_in(model.seen[1])[0]) == ROWS


def test_the_wrapper_is_the_model_inside_in_everything_else() -> None:
    inner = ScriptedModel()
    model = HeadroomStrandsModel(inner)
    model.update_config(temperature=0.3)
    assert model.get_config() == inner.config == {"model_id": "scripted-1", "temperature": 0.3}
    assert (model.config, model.stateful) == (inner.config, False)
    with pytest.raises(AttributeError):
        _ = model.nothing_of_the_kind


def test_copies_and_pickles_know_the_same_originals() -> None:
    model = HeadroomStrandsModel(ScriptedModel())
    assert copy.deepcopy(model).compressor is model.compressor
    assert pickle.loads(pickle.dumps(model)).compressor.config == model.compressor.config


def test_wrapping_again_keeps_the_compressor_unless_another_is_given() -> None:
    model = HeadroomStrandsModel(ScriptedModel())
    assert HeadroomStrandsModel(model).compressor is model.compressor
    assert HeadroomStrandsModel(model).wrapped_model is model.wrapped_model
    other = Compressor(store=MemoryStore())
    assert HeadroomStrandsModel(model, compressor=other).compressor is other


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(TypeError, match="wraps a Strands model, got str"):
        HeadroomStrandsModel("us.amazon.nova")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not both"):
        HeadroomStrandsModel(ScriptedModel(), compressor=Compressor(), config=CompressionConfig())


def test_a_second_question_sends_the_same_bytes_again() -> None:
    model = ScriptedModel()
    agent = agent_of(HeadroomStrandsModel(model))
    agent(QUESTION)
    first = model.seen[1]
    agent("And then?")
    assert str(model.seen[3][: len(first)]) == str(first)
    assert list_jobs.tool_name == "list_jobs"
