"""Whatever was done to a real input, its bytes come back."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_inputs import conversation_in, name_of, open_files, read_text, recorded_files

from headroom import CompressionConfig, CompressionResult, Compressor, MemoryStore, expand

FIDELITIES = ("lossless", "balanced", "aggressive")
REAL = [
    *(pytest.param(p, id=name_of(p)) for p in recorded_files()),
    *(pytest.param(p, id=name_of(p)) for p in open_files()),
]
TRACES = [pytest.param(p, id=name_of(p)) for p in open_files("traces")]


def fresh(fidelity: str) -> Compressor:
    return Compressor(CompressionConfig(fidelity=fidelity), store=MemoryStore())  # type: ignore[arg-type]  # one of FIDELITIES


def original_of(text: str, handles: tuple[str, ...], compressor: Compressor) -> str:
    """Undo what was done to one text: by its handle if something was left out, else by itself."""
    if not handles:
        return expand(text)
    # The first handle is the whole text's; the others are those of its parts.
    whole, *parts = (compressor.retrieve(handle).text for handle in handles)
    assert all(part in whole for part in parts)
    return whole


@pytest.mark.parametrize("path", REAL)
def test_a_real_input_comes_back_byte_for_byte(path: Path) -> None:
    text = read_text(path)
    for fidelity in FIDELITIES:
        compressor = fresh(fidelity)
        result: CompressionResult[str] = compressor.compress_text(text)
        if result.text is not text:
            assert original_of(result.text, result.handles, compressor) == text, fidelity
        assert result.tokens_after <= result.tokens_before, fidelity


@pytest.mark.parametrize("path", TRACES)
def test_every_message_of_a_recorded_agent_comes_back_byte_for_byte(path: Path) -> None:
    messages = conversation_in(path)
    config = CompressionConfig(roles=("tool", "user"))
    compressor = Compressor(config, store=MemoryStore())
    result = compressor.compress(messages)
    expanded = compressor.expand(result.messages)
    for decision in result.decisions:
        before, after = messages[decision.index], result.messages[decision.index]
        if decision.action == "kept":
            assert after is before
        elif isinstance(before["content"], str):
            undone = expanded[decision.index]["content"]
            if decision.handles:
                undone = original_of(after["content"], decision.handles, compressor)
            assert undone == before["content"]
