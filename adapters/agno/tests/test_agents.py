"""Whole agents and teams on the real framework: what the model reads, what the session keeps."""

from __future__ import annotations

import asyncio
import copy
import pickle
from typing import Any

import pytest
from agno.agent import Agent
from agno.db.in_memory import InMemoryDb
from agno.models.message import Message
from agno.models.openai import OpenAIChat
from agno.team import Team
from scripted import MARKER, ROWS, ScriptedModel, list_jobs

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom_agno import HeadroomAgnoModel, HeadroomCompressionManager, HeadroomTools

QUESTION = "Which jobs failed?"
ROW_17 = "consumer-lease-16"


def agent_of(model: Any, **about: Any) -> Agent:
    return Agent(model=model, tools=[list_jobs], telemetry=False, **about)


def run_sync(agent: Any) -> Any:
    return agent.run(QUESTION)


def run_async(agent: Any) -> Any:
    return asyncio.run(agent.arun(QUESTION))


def run_stream(agent: Any) -> Any:
    *_, last = agent.run(QUESTION, stream=True, yield_run_output=True)
    return last


def run_async_stream(agent: Any) -> Any:
    async def drained() -> Any:
        events = agent.arun(QUESTION, stream=True, yield_run_output=True)
        return [event async for event in events][-1]

    return asyncio.run(drained())


WAYS = pytest.mark.parametrize("ask", [run_sync, run_async, run_stream, run_async_stream])


@WAYS
def test_the_model_reads_less_and_fetches_what_was_left_out(ask: Any) -> None:
    model = HeadroomAgnoModel(ScriptedModel())
    answer = ask(agent_of(model))
    assert ROW_17 in answer.content
    assert len(model.read[1][-1]) < len(ROWS) / 4
    assert set(model.offered[0]) == {"list_jobs", "headroom_retrieve"}


@WAYS
def test_the_run_keeps_the_originals(ask: Any) -> None:
    answer = ask(agent_of(HeadroomAgnoModel(ScriptedModel())))
    (result,) = (m for m in answer.messages if m.tool_name == "list_jobs" and m.role == "tool")
    assert result.content == ROWS


def test_a_session_that_goes_on_sends_the_same_bytes_again() -> None:
    model = HeadroomAgnoModel(ScriptedModel())
    agent = agent_of(model, db=InMemoryDb(), session_id="s", add_history_to_context=True)
    agent.run(QUESTION)
    first = model.read[-1]
    agent.run("And then?")
    assert model.read[-1][: len(first)] == first


def test_the_wrapper_is_the_wrapped_models_own_class() -> None:
    inner = OpenAIChat(id="gpt-4o", api_key="none", temperature=0.3)
    model = HeadroomAgnoModel(inner)
    assert isinstance(model, OpenAIChat) and isinstance(model, HeadroomAgnoModel)
    assert type(model).__name__ == "OpenAIChat"
    assert (model.id, model.temperature, model.provider) == ("gpt-4o", 0.3, inner.provider)
    assert model.supports_native_structured_outputs == inner.supports_native_structured_outputs
    assert model.get_request_params() == inner.get_request_params()
    assert model.to_dict() == inner.to_dict()


def test_copies_and_pickles_know_the_same_originals() -> None:
    model = HeadroomAgnoModel(ScriptedModel())
    copied = copy.deepcopy(model)
    assert copied.compressor is model.compressor
    assert type(copied) is type(model)
    loaded = pickle.loads(pickle.dumps(model))
    assert isinstance(loaded, ScriptedModel) and isinstance(loaded, HeadroomAgnoModel)
    assert loaded.compressor.config == model.compressor.config


def test_wrapping_again_keeps_the_compressor_unless_another_is_given() -> None:
    model = HeadroomAgnoModel(ScriptedModel())
    assert HeadroomAgnoModel(model).compressor is model.compressor
    other = Compressor(store=MemoryStore())
    assert HeadroomAgnoModel(model, compressor=other).compressor is other
    assert type(HeadroomAgnoModel(model)) is type(model)


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(TypeError, match="wraps an Agno model, got str"):
        HeadroomAgnoModel("gpt-4o")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not both"):
        HeadroomAgnoModel(ScriptedModel(), compressor=Compressor(), config=CompressionConfig())


def test_without_tools_no_marker_speaks_of_a_tool() -> None:
    model = HeadroomAgnoModel(ScriptedModel())
    call = {"id": "c", "type": "function", "function": {"name": "list_jobs", "arguments": "{}"}}
    model.response(
        messages=[
            Message(role="user", content=QUESTION),
            Message(role="assistant", tool_calls=[call]),
            Message(role="tool", tool_call_id="c", content=ROWS),
        ]
    )
    assert model.offered == [[]]
    assert model.read[0][-1].startswith("[headroom ")


def test_who_must_call_a_tool_is_not_offered_ours() -> None:
    model = HeadroomAgnoModel(ScriptedModel())
    choice = {"type": "function", "function": {"name": "list_jobs"}}
    agent_of(model, tool_choice=choice, tool_call_limit=1).run(QUESTION)
    assert model.offered[0] == ["list_jobs"]


def test_a_failing_tool_is_read_whole() -> None:
    def list_jobs(region: str) -> str:
        """List the jobs of a region."""
        raise RuntimeError("the region is closed")

    model = HeadroomAgnoModel(ScriptedModel())
    Agent(model=model, tools=[list_jobs], telemetry=False).run(QUESTION)
    assert "the region is closed" in model.read[1][-1]


def test_members_of_a_team_read_less_as_well() -> None:
    model = HeadroomAgnoModel(ScriptedModel())
    team = Team(members=[], model=model, tools=[list_jobs], telemetry=False)
    assert ROW_17 in str(team.run(QUESTION).content)
    assert len(model.read[1][-1]) < len(ROWS) / 4


# Agno's own seam.


@WAYS
def test_the_manager_shortens_the_first_result_already(ask: Any) -> None:
    model = ScriptedModel()
    answer = ask(agent_of(model, compression_manager=HeadroomCompressionManager()))
    (result,) = (m for m in answer.messages if m.tool_name == "list_jobs" and m.role == "tool")
    assert (result.content, len(result.compressed_content) < len(ROWS) / 4) == (ROWS, True)
    assert model.read[1][-1] == result.compressed_content
    assert MARKER.search(result.compressed_content) is None


def test_the_manager_counts_for_agnos_events() -> None:
    manager = HeadroomCompressionManager()
    agent_of(ScriptedModel(), compression_manager=manager).run(QUESTION)
    assert manager.stats["tool_results_compressed"] == 1
    assert manager.stats["original_size"] == len(ROWS) > 4 * manager.stats["compressed_size"]


def test_a_model_with_the_toolkit_fetches_what_the_manager_left_out() -> None:
    compressor = Compressor(CompressionConfig(retrieval="tool"), store=MemoryStore())
    agent = Agent(
        model=ScriptedModel(),
        tools=[list_jobs, HeadroomTools(compressor)],
        compression_manager=HeadroomCompressionManager(compressor=compressor),
        telemetry=False,
    )
    assert ROW_17 in str(agent.run(QUESTION).content)


def test_a_wrapped_model_leaves_what_the_manager_has_shortened() -> None:
    compressor = Compressor(CompressionConfig(retrieval="tool"), store=MemoryStore())
    model = HeadroomAgnoModel(ScriptedModel(), compressor=compressor)
    manager = HeadroomCompressionManager(compressor=compressor)
    answer = agent_of(model, compression_manager=manager).run(QUESTION)
    (result,) = (m for m in answer.messages if m.tool_name == "list_jobs" and m.role == "tool")
    assert model.read[1][-1] == result.compressed_content
    assert ROW_17 in str(answer.content)


def test_a_crashing_compressor_lets_the_run_go_on() -> None:
    class Broken(Compressor):
        def rewrite(self, *args: Any, **kwargs: Any) -> Any:
            raise RuntimeError("secret text")

    broken = Broken(store=MemoryStore())
    model = HeadroomAgnoModel(ScriptedModel(), compressor=broken)
    manager = HeadroomCompressionManager(compressor=broken)
    agent_of(model, compression_manager=manager).run(QUESTION)
    assert model.read[1][-1] == ROWS
