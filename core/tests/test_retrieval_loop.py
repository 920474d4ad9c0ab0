"""Rounds of retrieval: what is answered, what goes to the caller, and when it ends."""

from __future__ import annotations

import pytest

from headroom import Compressor, MemoryStore, RetrievalLoop, RetrievalTool, ToolCall
from headroom.originals.loop import summed_usage

LOG = "\n".join(f"2024-05-01 10:{i // 60:02}:{i % 60:02} INFO request {i} done" for i in range(600))


def loop_and_handle(**limits: int) -> tuple[RetrievalLoop, str]:
    compressor = Compressor(store=MemoryStore())
    (handle,) = compressor.compress_text(LOG, query="Which request was slow?").handles
    return RetrievalLoop(RetrievalTool(compressor), **limits), handle


def asks_for(handle: str, **selectors: str) -> ToolCall:
    return ToolCall("headroom_retrieve", {"handle": handle, **selectors})


def test_a_turn_without_retrievals_goes_to_the_caller() -> None:
    loop, _ = loop_and_handle()
    step = loop.step([ToolCall("search", {"q": "x"})])
    assert (step.answers, step.dropped) == ((), frozenset())
    assert loop.step([]).answers == ()


def test_every_retrieval_of_a_turn_is_answered_in_order() -> None:
    loop, handle = loop_and_handle()
    step = loop.step([asks_for(handle, lines="3"), asks_for(handle, lines="5")])
    assert ["request 2 done" in step.answers[0], "request 4 done" in step.answers[1]] == [True] * 2
    assert loop.retrievals == 2


def test_on_a_mixed_turn_the_caller_gets_only_its_own_calls() -> None:
    loop, handle = loop_and_handle()
    step = loop.step([ToolCall("search", "{}"), asks_for(handle), ToolCall("open", "{}")])
    assert (step.answers, step.dropped) == ((), frozenset({1}))


def test_a_gateway_tool_of_a_similar_name_is_the_callers() -> None:
    loop, handle = loop_and_handle()
    step = loop.step([ToolCall("mcp__headroom__headroom_retrieve", {"handle": handle})])
    assert (step.answers, step.dropped) == ((), frozenset())


def test_a_model_that_never_stops_is_told_so_once_and_then_stopped() -> None:
    loop, handle = loop_and_handle(most_rounds=2)
    first, second, told, stopped = (loop.step([asks_for(handle, lines="1")]) for _ in range(4))
    assert "request 0 done" in first.answers[0] and first.answers == second.answers
    assert told.answers[0].startswith("[no more retrievals in this turn")
    assert (stopped.answers, stopped.dropped) == ((), frozenset({0}))
    assert loop.retrievals == 2


def test_a_model_must_be_answered_once_at_least() -> None:
    with pytest.raises(ValueError, match="most_rounds"):
        loop_and_handle(most_rounds=0)


def test_a_usage_that_only_one_turn_reports_is_kept() -> None:
    first = {"prompt": 5, "cached": None, "details": {"audio": 1}}
    second = {"prompt": 6, "cached": 3, "details": None, "flag": True}
    summed = {"prompt": 11, "cached": 3, "details": {"audio": 1}, "flag": True}
    assert summed_usage(first, second) == summed
