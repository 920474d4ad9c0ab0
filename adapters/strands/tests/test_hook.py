"""The hook in whole agents: results are shortened once, and stay retrievable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scripted import QUESTION, ROW_17, ROWS, ScriptedModel, agent_of, results_in, said, text_of
from strands.session.file_session_manager import FileSessionManager

from headroom import CompressionConfig, Compressor, MemoryStore, SQLiteStore
from headroom_strands import HeadroomHook, HeadroomHookProvider


def test_the_agent_keeps_the_short_form_and_runs_the_retrievals() -> None:
    model = ScriptedModel()
    hook = HeadroomHook()
    agent = agent_of(model, hooks=[hook])
    agent(QUESTION)
    listed, fetched = results_in(agent.messages)
    assert len(text_of(listed)) < len(ROWS) / 4
    assert ROW_17 in text_of(fetched) and ROW_17 in said(agent)
    handle = text_of(listed).split(":")[0].split()[-1]
    assert hook.compressor.retrieve(handle).text == ROWS


def test_who_wants_handles_only_gets_no_tool() -> None:
    hook = HeadroomHook(config=CompressionConfig(retrieval="handle"))
    agent = agent_of(ScriptedModel(), hooks=[hook])
    assert "headroom_retrieve" not in agent.tool_registry.registry


def test_a_saved_session_wants_a_store_that_lasts(tmp_path: Path) -> None:
    session = FileSessionManager(session_id="s", storage_dir=str(tmp_path))
    with pytest.raises(ValueError, match="SQLiteStore"):
        agent_of(ScriptedModel(), hooks=[HeadroomHook()], session_manager=session)
    lasting = Compressor(
        CompressionConfig(retrieval="tool"), store=SQLiteStore(tmp_path / "originals.db")
    )
    session = FileSessionManager(session_id="t", storage_dir=str(tmp_path))
    hook = HeadroomHook(compressor=lasting)
    agent_of(ScriptedModel(), hooks=[hook], session_manager=session)(QUESTION)


def test_a_crashing_compressor_leaves_the_result_as_it_was() -> None:
    class Broken(Compressor):
        def rewrite(self, *args: Any, **kwargs: Any) -> Any:
            raise RuntimeError("secret text")

    agent = agent_of(ScriptedModel(), hooks=[HeadroomHook(compressor=Broken(store=MemoryStore()))])
    agent(QUESTION)
    assert text_of(results_in(agent.messages)[0]) == ROWS


def test_the_name_that_users_know_is_the_same_class() -> None:
    assert HeadroomHookProvider is HeadroomHook
