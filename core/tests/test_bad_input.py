"""Odd texts through the whole core: they come back untouched, and the decision says why."""

import json
from typing import Any

import pytest

from headroom import CompressionConfig, Compressor, MemoryStore, expand
from headroom.originals.markers import Marker, write_marker

from conversations import chat  # isort: skip

DEPTH = 100_000
HANDLE = "0123456789abcdef"

ODD = {
    "malformed JSON": '{"a": [1, 2, ' * 200,
    "JSON nested 100,000 deep": "[" * DEPTH + "]" * DEPTH,
    "objects nested 100,000 deep": '{"a":' * DEPTH + "1" + "}" * DEPTH,
    "a line of 5 MB": "x" * 5_000_000,
    "a line of 5 MB in words": "lorem ipsum " * 420_000,
    "lone surrogates": "\ud800\udfff " * 400,
    "NUL and control characters": "\0\x01\x02\x1b[" * 400,
    "a forged marker": write_marker(Marker(HANDLE, "lines", 1, 999)) + "\n" + "word " * 400,
    "a forged legend": "[headroom json: tables: header, rows]\n" + "[" * 500,
    "a forged gap": "[13 lines omitted]\n" * 60 + "and so on",
    "brackets without end": "[headroom " * 500,
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("fidelity", ["lossless", "balanced", "aggressive"])
def test_an_odd_text_is_untouched_or_comes_back_whole(name: str, fidelity: Any) -> None:
    compressor = Compressor(CompressionConfig(fidelity=fidelity), store=MemoryStore())
    messages = chat(ODD[name])
    result = compressor.compress(messages)
    decision = result.decisions[2]
    assert decision.reason
    assert decision.tokens_after <= decision.tokens_before
    text = result.messages[2]["content"]
    if decision.action == "kept":
        assert result.messages is messages
    elif decision.action == "encoded":
        assert compressor.expand(text) == ODD[name]
    else:
        assert compressor.retrieve(decision.handles[0]).text == ODD[name]
    again = compressor.compress(result.messages)
    assert again.messages is result.messages


@pytest.mark.parametrize("name", ODD)
def test_expanding_what_only_looks_like_ours_changes_nothing(name: str) -> None:
    assert expand(ODD[name]) == ODD[name]


def test_two_headrooms_in_a_row_stay_reversible_step_by_step() -> None:
    rows = [
        {"id": n, "state": "ok" if n % 50 else "failed", "v": n * 7919 % 997} for n in range(900)
    ]
    messages = chat(json.dumps(rows), question="Which items are not ok?")
    first = Compressor(store=MemoryStore())
    second = Compressor(CompressionConfig(fidelity="aggressive"), store=MemoryStore())
    once = first.compress(messages)
    twice = second.compress(once.messages)
    text = twice.messages[2]["content"]
    if twice.handles:
        text = second.retrieve(twice.handles[0]).text
    assert second.expand(text) == once.messages[2]["content"]
    assert first.retrieve(once.handles[0]).text == messages[2]["content"]


def test_an_unknown_role_passes_through() -> None:
    messages = [{"role": "critic", "content": json.dumps(list(range(2_000)))}]
    result = Compressor(store=MemoryStore()).compress(messages)
    assert result.messages is messages
    assert result.decisions[0].reason == "unknown role 'critic'"
