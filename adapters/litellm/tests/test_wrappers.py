"""`completion` and `acompletion`: LiteLLM's own, with the model's retrievals answered."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from typing import Any

import litellm
import pytest
from conversations import CHAT, ROWS, TOOLS
from event_loop import EventLoop
from upstream import Upstream

from headroom import CompressionConfig, Compressor, RetrievalTool
from headroom_conformance import Probe
from headroom_conformance.wire import WireCall, WireTurn
from headroom_litellm import HeadroomCallback, acompletion, completion, install

OPENAI = "openai/gpt-4o"
MARKER = re.compile(r"\[headroom_retrieve ([0-9a-f]{16}): ")
MODES = ("sync", "sync, streamed", "async", "async, streamed")


def fetches(request: dict[str, Any]) -> WireTurn:
    """Fetch a row where a marker offers it, then say what it says."""
    last = request["messages"][-1]
    marker = MARKER.search(json.dumps(last))
    if marker:
        call = WireCall("fetch_1", "headroom_retrieve", {"handle": marker[1], "rows": "17"})
        return WireTurn("turn_1", "I look it up.", (call,))
    return WireTurn("turn_2", f"It says: {last['content']}")


def calls_both(request: dict[str, Any]) -> WireTurn:
    """Call the caller's tool and the retrieval tool in one turn."""
    (handle,) = set(MARKER.findall(json.dumps(request["messages"])))
    ours = WireCall("fetch_1", "headroom_retrieve", {"handle": handle})
    return WireTurn("turn_1", "", (WireCall("call_2", "list_jobs"), ours))


@pytest.fixture
def ask(upstream: Upstream, loop: EventLoop) -> Callable[..., Any]:
    """Send a call in one of the modes; a stream's chunks are built into one answer."""

    def asked(mode: str, **call: Any) -> Any:
        call = {"model": OPENAI, "api_base": upstream.url, "api_key": "k", **call}
        if "streamed" in mode:
            call |= {"stream": True, "stream_options": {"include_usage": True}}
        if mode.startswith("async"):
            chunks = loop.run(_collected(acompletion(**call)))
        else:
            answer = completion(**call)
            chunks = list(answer) if "streamed" in mode else answer
        return litellm.stream_chunk_builder(chunks) if isinstance(chunks, list) else chunks

    return asked


async def _collected(call: Any) -> Any:
    answer = await call
    return [chunk async for chunk in answer] if hasattr(answer, "__aiter__") else answer


@pytest.mark.parametrize("mode", MODES)
def test_a_retrieval_is_answered_before_the_caller_sees_it(
    mode: str, ask: Callable[..., Any], upstream: Upstream
) -> None:
    upstream.model = fetches
    answer = ask(mode, messages=CHAT, tools=TOOLS)
    first, second = upstream.requests
    assert [tool["function"]["name"] for tool in first["tools"]] == [
        "list_jobs",
        "headroom_retrieve",
    ]
    assert second["messages"][: len(CHAT)] == first["messages"]
    called, result = second["messages"][len(CHAT) :]
    assert called["tool_calls"][0]["id"] == result["tool_call_id"] == "fetch_1"
    message = answer.choices[0].message
    assert message.content == f"I look it up.\n\nIt says: {result['content']}"
    assert "consumer" in result["content"]
    assert not message.tool_calls
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.prompt_tokens == 100
    assert answer._hidden_params


@pytest.mark.parametrize("mode", MODES)
def test_the_callers_own_calls_go_to_the_caller_without_retrievals(
    mode: str, ask: Callable[..., Any], upstream: Upstream
) -> None:
    upstream.model = calls_both
    answer = ask(mode, messages=CHAT, tools=TOOLS)
    (call,) = answer.choices[0].message.tool_calls
    assert call.function.name == "list_jobs"
    assert answer.choices[0].finish_reason == "tool_calls"
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("mode", MODES)
def test_a_call_without_tools_is_offered_none(
    mode: str, ask: Callable[..., Any], upstream: Upstream
) -> None:
    answer = ask(mode, messages=CHAT)
    (request,) = upstream.requests
    assert "tools" not in request
    assert "headroom_retrieve" not in request["messages"][2]["content"]
    assert len(request["messages"][2]["content"]) < len(ROWS) / 2
    assert answer.choices[0].message.content == "Job 17 failed."


def test_where_nothing_is_answered_litellms_own_objects_come_back(
    ask: Callable[..., Any], upstream: Upstream
) -> None:
    at = {"model": OPENAI, "api_base": upstream.url, "api_key": "k"}
    assert isinstance(completion(messages=CHAT, stream=True, **at), litellm.CustomStreamWrapper)
    plain = litellm.completion(messages=CHAT, tools=TOOLS, **at)
    ours = completion(messages=CHAT, tools=TOOLS, **at)
    assert type(ours) is type(plain)
    assert ours.choices[0] == plain.choices[0]


def test_a_stream_with_tools_passes_on_litellms_chunks_and_attributes(upstream: Upstream) -> None:
    at = {"model": OPENAI, "api_base": upstream.url, "api_key": "k"}
    stream = completion(messages=CHAT, tools=TOOLS, stream=True, **at)
    assert stream.model == "gpt-4o"
    chunks = list(stream)
    plain = list(litellm.completion(messages=CHAT, tools=TOOLS, stream=True, **at))
    assert [type(chunk) for chunk in chunks] == [type(chunk) for chunk in plain]
    assert [chunk.choices for chunk in chunks] == [chunk.choices for chunk in plain]


@pytest.mark.parametrize("mode", MODES)
def test_a_retrieval_is_answered_once_with_callback_and_patch_in_place(
    mode: str, ask: Callable[..., Any], upstream: Upstream
) -> None:
    upstream.model = fetches
    others = Probe()
    litellm.callbacks = [HeadroomCallback(compressor=others)]
    with install(compressor=others):
        answer = ask(mode, messages=CHAT, tools=TOOLS, compressor=_with_tool())
    assert answer.choices[0].message.content.startswith("I look it up.\n\nIt says: ")
    assert len(upstream.requests) == 2
    assert others.calls == 0


def test_a_config_is_taken_in_place_of_a_compressor(
    ask: Callable[..., Any], upstream: Upstream
) -> None:
    ask("sync", messages=CHAT, tools=TOOLS, config=CompressionConfig(retrieval="none"))
    (request,) = upstream.requests
    assert request["tools"] == TOOLS
    assert "headroom_retrieve" not in json.dumps(request)


def test_a_tool_that_the_caller_offers_is_the_callers_to_answer(
    ask: Callable[..., Any], upstream: Upstream
) -> None:
    compressor = _with_tool()
    upstream.model = fetches
    tools = [*TOOLS, RetrievalTool(compressor).definition("openai")]
    answer = ask("sync", messages=CHAT, tools=tools, compressor=compressor)
    (call,) = answer.choices[0].message.tool_calls
    assert call.function.name == "headroom_retrieve"


@pytest.mark.parametrize("mode", MODES)
def test_a_call_with_the_bypass_header_goes_out_as_it_is(
    mode: str, ask: Callable[..., Any], upstream: Upstream
) -> None:
    header = {"x-headroom-bypass": "1"}
    ask(mode, messages=CHAT, tools=TOOLS, extra_headers=header)
    (request,) = upstream.requests
    assert request["messages"] == CHAT
    assert request["tools"] == TOOLS


def test_positional_arguments_are_litellms(upstream: Upstream) -> None:
    completion(OPENAI, CHAT, api_base=upstream.url, api_key="k")
    assert len(upstream.requests[0]["messages"][2]["content"]) < len(ROWS) / 2
    with pytest.raises(TypeError):
        completion(*range(200))


def test_signatures_are_litellms_own() -> None:
    assert inspect.signature(completion) == inspect.signature(litellm.completion)
    assert inspect.iscoroutinefunction(acompletion)


def test_a_providers_error_is_the_callers(upstream: Upstream) -> None:
    upstream.refusals = 1
    with pytest.raises(litellm.InternalServerError):
        completion(model=OPENAI, messages=CHAT, api_base=upstream.url, api_key="k", max_retries=0)


def _with_tool() -> Compressor:
    return Compressor(CompressionConfig(retrieval="tool"))
