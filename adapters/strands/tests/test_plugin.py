"""The plugin in whole agents: each call is shortened, the agent keeps the originals."""

from __future__ import annotations

from scripted import QUESTION, ROW_17, ROWS, ScriptedModel, agent_of, results_in, said, text_of

from headroom import CompressionConfig
from headroom_strands import HeadroomPlugin, HeadroomStrandsModel


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
