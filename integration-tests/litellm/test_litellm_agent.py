"""A whole agent on LiteLLM: many tool calls, retrievals, streams, a provider that fails."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from itertools import pairwise
from typing import Any

import litellm
import pytest
from upstream import Upstream

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom_conformance import FailingProbe
from headroom_conformance.machine_texts import hits, log, rows
from headroom_conformance.wire import WireCall, WireTurn, calls_of
from headroom_litellm import HeadroomCallback, acompletion, install

OUTPUTS = {"list_jobs": rows(1, 150), "read_log": log(2, 300), "search": hits(3, 200)}
STEPS = tuple(OUTPUTS)
TOOLS: list[Any] = [
    {
        "type": "function",
        "function": {"name": name, "description": name, "parameters": {"type": "object"}},
    }
    for name in OUTPUTS
]
MARKER = re.compile(r"\[headroom_retrieve ([0-9a-f]{16}): ")

Ask = Callable[[list[Any]], Awaitable[Any]]


def working(request: dict[str, Any]) -> WireTurn:
    """Call each tool in turn, look once into what was left out, and answer."""
    messages = request["messages"]
    results = [m for m in messages if m["role"] == "tool"]
    fetched = [m for m in results if m["tool_call_id"].startswith("fetch")]
    step = len(results) - len(fetched)
    offered = {tool["function"]["name"] for tool in request["tools"]}
    if step == 1 and not fetched and "headroom_retrieve" in offered:
        (handle,) = MARKER.findall(results[0]["content"])
        call = WireCall("fetch_1", "headroom_retrieve", {"handle": handle, "rows": "17"})
        return WireTurn("turn_fetch", "I look closer.", (call,))
    if step < len(STEPS):
        return WireTurn(f"turn_{step}", f"Step {step}.", (WireCall(f"call_{step}", STEPS[step]),))
    return WireTurn("turn_end", "Job 17 failed.")


async def agent(ask: Ask) -> tuple[str, list[Any]]:
    """Run tools until the model answers; return the answer, and the history."""
    messages: list[Any] = [{"role": "user", "content": "Which job failed, and why?"}]
    while True:
        message = (await ask(messages)).choices[0].message
        messages.append(message)
        if not message.tool_calls:
            return str(message.content), messages
        for call in message.tool_calls:
            content = OUTPUTS[call.function.name]
            messages.append({"role": "tool", "tool_call_id": call.id, "content": content})


@pytest.fixture(autouse=True)
def _clean(upstream: Upstream) -> Iterator[None]:
    upstream.model = working
    yield
    litellm.logging_callback_manager._reset_all_callbacks()


def _at(upstream: Upstream) -> dict[str, Any]:
    return {"model": "openai/gpt-4o", "api_base": upstream.url, "api_key": "k", "tools": TOOLS}


def _run(ask: Ask) -> tuple[str, list[Any]]:
    async def ran() -> tuple[str, list[Any]]:
        done = await agent(ask)
        await litellm.close_litellm_async_clients()
        return done

    return asyncio.run(ran())


def _check_the_wire(upstream: Upstream, *, retrieving: bool) -> None:
    """Each request begins like the one before, is a fraction of the outputs, and is well formed."""
    requests = upstream.requests
    bodies = [json.dumps(request) for request in requests]
    assert len(requests) == len(STEPS) + 1 + retrieving
    assert len(bodies[-1]) < sum(map(len, OUTPUTS.values())) / 2
    assert not any(json.dumps(output) in bodies[-1] for output in OUTPUTS.values())
    for request in requests:
        made, answered = calls_of("openai-chat", request)
        assert made == answered
        assert request["tools"] == requests[0]["tools"]
    for one, other in pairwise(requests):
        # A retrieval stands in the turns of one answer only: the caller never sees it.
        if not any("fetch" in str(m.get("tool_call_id")) for m in one["messages"]):
            assert other["messages"][: len(one["messages"])] == one["messages"]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_an_agent_with_the_wrapper_reads_less_and_retrieves(
    stream: bool, upstream: Upstream
) -> None:
    compressor = Compressor(CompressionConfig(retrieval="tool"), store=MemoryStore())

    async def ask(messages: list[Any]) -> Any:
        call = {**_at(upstream), "messages": messages, "compressor": compressor}
        if not stream:
            return await acompletion(**call)
        chunks = [chunk async for chunk in await acompletion(**call, stream=True)]
        return litellm.stream_chunk_builder(chunks)

    answer, history = _run(ask)
    assert answer == "Job 17 failed."
    _check_the_wire(upstream, retrieving=True)
    kept = [m["content"] for m in history if isinstance(m, dict) and m["role"] == "tool"]
    assert kept == list(OUTPUTS.values())
    assert "headroom" not in str([m for m in history if not isinstance(m, dict)])


def test_an_agent_with_the_callback_reads_less(upstream: Upstream) -> None:
    litellm.callbacks = [HeadroomCallback()]
    answer, _ = _run(lambda m: litellm.acompletion(**_at(upstream), messages=m))
    assert answer == "Job 17 failed."
    _check_the_wire(upstream, retrieving=False)


def test_an_agent_on_a_router_reads_less_through_retries_and_fallbacks(
    upstream: Upstream,
) -> None:
    litellm.callbacks = [HeadroomCallback()]
    at = {k: v for k, v in _at(upstream).items() if k != "tools"}
    router = litellm.Router(
        [
            {"model_name": "first", "litellm_params": {**at, "max_retries": 0}},
            {"model_name": "second", "litellm_params": {**at, "model": "openai/gpt-4o-mini"}},
        ],
        fallbacks=[{"first": ["second"]}],
        num_retries=1,
        retry_after=0,
    )
    # The first try, and its retry: then the second model answers.
    upstream.refusals = 2
    answer, _ = _run(lambda m: router.acompletion("first", m, tools=TOOLS))
    assert answer == "Job 17 failed."
    models = [request["model"] for request in upstream.requests]
    assert models[:3] == ["gpt-4o", "gpt-4o", "gpt-4o-mini"]
    del upstream.requests[:2]
    _check_the_wire(upstream, retrieving=False)


def test_a_synchronous_router_reads_less_through_the_patch(upstream: Upstream) -> None:
    at = {k: v for k, v in _at(upstream).items() if k != "tools"}
    router = litellm.Router([{"model_name": "first", "litellm_params": at}])

    async def ask(messages: list[Any]) -> Any:
        return router.completion("first", messages, tools=TOOLS)

    with install(compressor=Compressor(CompressionConfig(retrieval="tool"), store=MemoryStore())):
        answer, _ = _run(ask)
    assert answer == "Job 17 failed."
    _check_the_wire(upstream, retrieving=True)


def test_a_failing_engine_costs_an_agent_nothing_but_the_savings(upstream: Upstream) -> None:
    engine = FailingProbe()
    litellm.callbacks = [HeadroomCallback(compressor=engine)]
    answer, _ = _run(lambda m: acompletion(**_at(upstream), messages=m, compressor=FailingProbe()))
    assert answer == "Job 17 failed."
    body = json.dumps(upstream.requests[-1])
    assert all(json.dumps(output) in body for output in OUTPUTS.values())
    assert engine.calls == len(STEPS) + 1
