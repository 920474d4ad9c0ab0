"""Whatever the conversation and the limit: it fits or says so, and calls keep their results."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from headroom import CompressionConfig, Compressor, ContextLimitError, MemoryStore

LOG = "\n".join(f"12:00:{n % 60:02} INFO worker-{n % 7} took job {n * 37}" for n in range(150))
ROWS = json.dumps([{"id": n, "state": "ok", "host": f"host-{n % 5}"} for n in range(120)])
CODE = "\n".join(f"def part_{n}(value):\n    return value + {n}\n" for n in range(60))
outputs = st.one_of(
    st.sampled_from([LOG, ROWS, CODE, "ok", "Traceback (most recent call last):\nKeyError: 'x'"]),
    st.integers(0, 9).map(lambda n: LOG.replace("worker", f"node{n}")),
    st.text(max_size=60),
)


@st.composite
def conversations(draw: st.DrawFn) -> list[Any]:
    messages: list[Any] = [
        {"role": "system", "content": "Be exact."},
        {"role": "user", "content": "What is wrong?"},
    ]
    for n, output in enumerate(draw(st.lists(outputs, min_size=1, max_size=10))):
        name = draw(st.sampled_from(["bash", "read", "headroom_retrieve"]))
        function = {"name": name, "arguments": json.dumps({"n": draw(st.integers(0, 3))})}
        call = {"id": f"c{n}", "type": "function", "function": function}
        messages += [
            {"role": "assistant", "content": draw(st.text(max_size=20)), "tool_calls": [call]},
            {"role": "tool", "tool_call_id": f"c{n}", "content": output},
        ]
    return messages


limits = st.integers(1, 12_000)


def compressor(limit: int, **given: Any) -> Compressor:
    config = CompressionConfig(context_limit=limit, **given)
    return Compressor(config, store=MemoryStore())


@given(conversations(), limits, st.integers(0, 6))
@settings(max_examples=20, deadline=None)
def test_a_conversation_fits_or_says_that_it_does_not(
    messages: list[Any], limit: int, recent: int
) -> None:
    passed = compressor(limit, protect_recent=recent, on_overflow="pass").compress(messages)
    said = any("over context_limit" in d.reason for d in passed.decisions)
    assert said == (passed.tokens_after > limit)
    try:
        raised = compressor(limit, protect_recent=recent).compress(messages)
    except ContextLimitError:
        assert said
    else:
        assert raised.messages == passed.messages


@given(conversations(), limits, st.integers(0, 6))
@settings(max_examples=20, deadline=None)
def test_only_results_change_and_all_of_it_can_be_fetched_back(
    messages: list[Any], limit: int, recent: int
) -> None:
    one = compressor(limit, protect_recent=recent, on_overflow="pass")
    result = one.compress(messages)
    assert len(result.messages) == len(messages)
    for before, after in zip(messages, result.messages, strict=True):
        if before["role"] != "tool":
            assert after is before
        assert {k: v for k, v in after.items() if k != "content"} == {
            k: v for k, v in before.items() if k != "content"
        }
    for decision in result.decisions:
        assert decision.tokens_after <= decision.tokens_before
        for handle in decision.handles:
            assert one.retrieve(handle).text in messages[decision.index]["content"]


@given(conversations(), limits)
@settings(max_examples=8, deadline=None)
def test_a_fresh_compressor_gives_the_same_bytes_and_a_second_pass_none_other(
    messages: list[Any], limit: int
) -> None:
    warm = compressor(limit, on_overflow="pass")
    for end in range(2, len(messages) + 1, 2):
        last = warm.compress(messages[:end])
    fresh = compressor(limit, on_overflow="pass").compress(messages)
    assert fresh.messages == last.messages
    if fresh.tokens_after <= limit:
        assert warm.compress(last.messages).messages == last.messages


@given(conversations(), st.integers(0, 3_000))
@settings(max_examples=15, deadline=None)
def test_a_cache_minimum_is_reached_when_it_would_have_been(
    messages: list[Any], minimum: int
) -> None:
    config = CompressionConfig(cache_minimum=minimum)
    before: list[Any] = []
    for end in range(2, len(messages) + 1, 2):
        result = Compressor(config, store=MemoryStore()).compress(messages[:end])
        assert result.tokens_after >= min(minimum, result.tokens_before)
        assert result.messages[: len(before)] == before
        before = list(result.messages)
