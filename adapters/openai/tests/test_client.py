"""A wrapped client is the SDK's own in everything but what it sends."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
from collections.abc import Iterator
from typing import Any

import openai
import pytest
import trio
from calling import CHAT_TOOLS, RESPONSES_TOOLS, address, sync_client
from pydantic import BaseModel

from headroom import CompressionConfig, Compressor, ContextLimitError, MemoryStore
from headroom_conformance import FailingProbe, Probe
from headroom_conformance.fetching import FetchingModel, offered_conversation
from headroom_conformance.loopback import Arrived, LoopbackProvider, PlainAnswer
from headroom_conformance.wire import WireCall, WireTurn
from headroom_openai import with_headroom

ROWS = json.dumps(
    [{"id": n, "job": f"job-{n * 7919}", "state": "done", "took": n * 37 % 90} for n in range(300)],
    indent=1,
)
CALL = {"id": "c1", "type": "function", "function": {"name": "list_jobs", "arguments": "{}"}}
MESSAGES: list[Any] = [
    {"role": "user", "content": "Which jobs failed?"},
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "c1", "content": ROWS},
]
ABOUT: dict[str, Any] = {"model": "gpt-4o", "messages": MESSAGES}


@pytest.fixture
def compressor() -> Compressor:
    return Compressor(CompressionConfig(retrieval="tool"), store=MemoryStore())


@pytest.fixture
def client(provider: LoopbackProvider, compressor: Compressor) -> Iterator[Any]:
    with sync_client(provider, compressor) as client:
        yield client


def fetching(provider: LoopbackProvider, **about: Any) -> FetchingModel:
    """Let the provider's model fetch one row before it answers."""
    model = FetchingModel(offered_conversation(1)[1], **about)

    def reply(arrived: Arrived) -> WireTurn:
        said = model.reply([json.dumps(arrived.body)], [])
        calls = tuple(WireCall(c.id, c.name, c.arguments) for c in said.calls)
        return WireTurn(f"turn_{len(model.requests)}", said.text, calls)

    provider.reply = reply
    return model


def offered() -> dict[str, Any]:
    messages = [MESSAGES[0], MESSAGES[1], {**MESSAGES[2], "content": offered_conversation(1)[1]}]
    return {"model": "gpt-4o", "messages": messages, "tools": CHAT_TOOLS}


def sent_content(provider: LoopbackProvider, request: int = -1) -> str:
    content: str = provider.bodies[request]["messages"][2]["content"]
    return content


def test_a_wrapped_client_is_one_of_the_sdks_classes(provider: LoopbackProvider) -> None:
    with openai.OpenAI(**address(provider)) as bare:
        client = with_headroom(bare)
        assert isinstance(client, openai.OpenAI)
        assert type(client).__name__ == "OpenAI"
        assert (client.api_key, client.base_url) == (bare.api_key, bare.base_url)
        assert type(bare) is openai.OpenAI
        bare.chat.completions.create(**ABOUT)
        assert sent_content(provider) == ROWS
        client.chat.completions.create(**ABOUT)
        assert len(sent_content(provider)) < len(ROWS) / 4


def test_wrapping_twice_wraps_once(provider: LoopbackProvider) -> None:
    probe, other = Probe(), Probe()
    with openai.OpenAI(**address(provider)) as bare:
        client = with_headroom(bare, compressor=probe)
        assert with_headroom(client) is client
        again = with_headroom(client, compressor=other)
        again.chat.completions.create(**ABOUT)
        assert (probe.calls, other.calls) == (0, 1)


def test_what_is_no_client_is_refused() -> None:
    with pytest.raises(TypeError, match="takes a client of OpenAI's SDK, got str"):
        with_headroom("gpt-4o")  # type: ignore[type-var]
    with (
        openai.OpenAI(api_key="none") as bare,
        pytest.raises(ValueError, match="a compressor or a config"),
    ):
        with_headroom(bare, compressor=Compressor(), config=CompressionConfig())


def test_raw_responses_tell_what_was_saved(client: Any) -> None:
    told = client.chat.completions.with_raw_response.create(**ABOUT)
    before, after, saved = (
        int(told.headers[f"x-headroom-tokens-{name}"]) for name in ("before", "after", "saved")
    )
    assert before > after > 0
    assert 0 < saved < before


def test_a_header_leaves_one_request_as_it_is(client: Any, provider: LoopbackProvider) -> None:
    client.chat.completions.create(**ABOUT, extra_headers={"X-Headroom-Bypass": "true"})
    assert sent_content(provider) == ROWS
    assert "x-headroom-bypass" not in provider.requests[0].headers
    client.chat.completions.create(**ABOUT, extra_headers={"X-Headroom-Bypass": "false"})
    assert len(sent_content(provider)) < len(ROWS) / 4
    assert "x-headroom-bypass" not in provider.requests[1].headers


def test_the_callers_messages_stay_as_they_were(client: Any) -> None:
    about = {**ABOUT, "tools": CHAT_TOOLS}
    before = json.dumps(about)
    client.chat.completions.create(**about)
    assert json.dumps(about) == before


def test_other_endpoints_are_left_alone(client: Any, provider: LoopbackProvider) -> None:
    embedding = {"object": "embedding", "index": 0, "embedding": [0.5]}
    told = {"object": "list", "data": [embedding], "model": "m", "usage": {}}
    provider.reply = lambda _: PlainAnswer(200, json.dumps(told).encode())
    client.embeddings.create(model="m", input=ROWS, encoding_format="float")
    assert provider.bodies[0]["input"] == ROWS


def test_a_failing_engine_is_logged_without_text(
    provider: LoopbackProvider, caplog: pytest.LogCaptureFixture
) -> None:
    with sync_client(provider, FailingProbe()) as client, caplog.at_level(logging.WARNING):
        client.chat.completions.create(**ABOUT)
    assert sent_content(provider) == ROWS
    (record,) = [r for r in caplog.records if r.name.startswith("headroom")]
    assert "EngineError" in record.getMessage()
    assert "job-" not in record.getMessage()


def test_a_limit_that_cannot_be_met_raises_where_that_is_asked_for(
    provider: LoopbackProvider,
) -> None:
    config = CompressionConfig(context_limit=10, on_overflow="raise")
    with (
        sync_client(provider, Compressor(config, store=MemoryStore())) as client,
        pytest.raises(ContextLimitError),
    ):
        client.chat.completions.create(**ABOUT)
    assert provider.requests == []


# Retrievals.


def test_a_model_without_tools_is_offered_none(client: Any, provider: LoopbackProvider) -> None:
    client.chat.completions.create(**ABOUT)
    (body,) = provider.bodies
    assert "tools" not in body
    assert "headroom_retrieve" not in json.dumps(body)


def test_what_goes_wrong_at_first_is_tried_again_from_the_start(
    provider: LoopbackProvider, compressor: Compressor
) -> None:
    fetching(provider)
    answers = provider.reply
    fails = iter([True, False, True, False, False])
    overloaded = PlainAnswer(503, b'{"error": {"message": "overloaded"}}', {"retry-after-ms": "1"})
    provider.reply = lambda arrived: overloaded if next(fails) else answers(arrived)
    with sync_client(provider, compressor, max_retries=3) as client:
        told = client.chat.completions.create(**offered())
    assert told.choices[0].message.content.endswith("That is the one.")
    # Refused, first turn, its follow-up refused, and the last one asks the model that has fetched.
    assert len(provider.requests) == 4
    assert [len(b["messages"]) for b in provider.bodies] == [3, 3, 5, 3]


def test_a_refused_second_turn_raises_the_sdks_own_error(
    client: Any, provider: LoopbackProvider
) -> None:
    fetching(provider)
    answers = provider.reply
    refused = PlainAnswer(429, b'{"error": {"message": "slow down"}}')
    provider.reply = lambda a: refused if len(a.body["messages"]) > 3 else answers(a)
    with pytest.raises(openai.RateLimitError, match="slow down"):
        client.chat.completions.create(**offered())


def test_a_stream_whose_second_turn_is_refused_raises_the_sdks_own_error(
    client: Any, provider: LoopbackProvider
) -> None:
    fetching(provider)
    answers = provider.reply
    refused = PlainAnswer(429, b'{"error": {"message": "slow down"}}')
    provider.reply = lambda a: refused if len(a.body["messages"]) > 3 else answers(a)
    stream = client.chat.completions.create(**offered(), stream=True)
    heard = []
    with pytest.raises(openai.RateLimitError, match="slow down"):
        heard.extend(chunk.choices[0].delta.content for chunk in stream if chunk.choices)
    assert "".join(filter(None, heard)) == "I look it up."


def test_a_streams_second_turn_is_tried_again_as_the_sdk_does(
    provider: LoopbackProvider, compressor: Compressor
) -> None:
    fetching(provider)
    answers = provider.reply
    fails = iter([False, True, False])
    overloaded = PlainAnswer(503, b"{}", {"retry-after-ms": "1"})
    provider.reply = lambda arrived: overloaded if next(fails) else answers(arrived)
    with sync_client(provider, compressor, max_retries=1) as client:
        stream = client.chat.completions.create(**offered(), stream=True)
        said = "".join(c.choices[0].delta.content or "" for c in stream if c.choices)
    assert said == "I look it up.\n\nThat is the one."


def test_a_stream_may_be_left_early(client: Any, provider: LoopbackProvider) -> None:
    fetching(provider)
    with client.chat.completions.create(**offered(), stream=True) as stream:
        next(iter(stream))
    assert len(provider.requests) == 1
    client.chat.completions.create(**ABOUT)


def test_the_streaming_helper_hears_one_answer(client: Any, provider: LoopbackProvider) -> None:
    helper = getattr(client.chat.completions, "stream", None) or client.beta.chat.completions.stream
    fetching(provider)
    tools = [{"type": "function", "function": {**CHAT_TOOLS[0]["function"], "strict": True}}]
    with helper(**{**offered(), "tools": tools}) as stream:
        said = "".join(e.delta for e in stream if e.type == "content.delta")
        told = stream.get_final_completion().choices[0]
    assert said == told.message.content == "I look it up.\n\nThat is the one."
    assert told.finish_reason == "stop"
    assert not told.message.tool_calls


class Verdict(BaseModel):
    state: str


def test_structured_output_is_parsed(client: Any, provider: LoopbackProvider) -> None:
    parse = getattr(client.chat.completions, "parse", None) or client.beta.chat.completions.parse
    provider.reply = lambda _: WireTurn("t", '{"state": "failed"}')
    told = parse(**ABOUT, response_format=Verdict)
    assert told.choices[0].message.parsed == Verdict(state="failed")
    assert len(sent_content(provider)) < len(ROWS) / 4


def test_the_streaming_helper_of_responses_hears_one_answer(
    client: Any, provider: LoopbackProvider
) -> None:
    if not hasattr(client.responses, "stream"):
        pytest.skip("this version has no helper for streams of Responses")
    fetching(provider)
    made = {"type": "function_call", "call_id": "c1", "name": "list_jobs", "arguments": "{}"}
    told = {"type": "function_call_output", "call_id": "c1", "output": offered_conversation(1)[1]}
    tools = [{**RESPONSES_TOOLS[0], "strict": True}]
    about = {"model": "gpt-5", "input": [MESSAGES[0], made, told], "tools": tools}
    with client.responses.stream(**about, store=False) as stream:
        said = "".join(e.delta for e in stream if e.type == "response.output_text.delta")
        final = stream.get_final_response()
    assert said == "I look it up.That is the one."
    assert [item.type for item in final.output] == ["message", "message"]
    assert final.usage.total_tokens == 108


def test_the_answer_is_accepted_as_history(client: Any, provider: LoopbackProvider) -> None:
    fetching(provider)
    about = offered()
    told = client.chat.completions.create(**about)
    provider.reply = lambda _: WireTurn("turn", "Nothing more.")
    history = [*about["messages"], told.choices[0].message, {"role": "user", "content": "Else?"}]
    client.chat.completions.create(**{**about, "messages": history})
    first, *_, last = provider.bodies
    assert last["messages"][:3] == first["messages"]
    assert '"name": "headroom_retrieve", "arguments"' not in json.dumps(last["messages"])
    assert last["tools"] == first["tools"]


def test_azures_client_goes_on_with_its_own_addresses(
    provider: LoopbackProvider, compressor: Compressor
) -> None:
    bare = openai.AzureOpenAI(
        api_key="none", azure_endpoint=provider.base_url, api_version="2024-10-21", max_retries=0
    )
    fetching(provider)
    with with_headroom(bare, compressor=compressor) as client:
        assert isinstance(client, openai.AzureOpenAI)
        told = client.chat.completions.create(**offered())
    assert told.choices[0].message.content.endswith("That is the one.")
    paths = {request.path for request in provider.requests}
    assert paths == {"/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"}


def test_it_works_on_trio(provider: LoopbackProvider, compressor: Compressor) -> None:
    fetching(provider)

    async def ask() -> str:
        bare = openai.AsyncOpenAI(**address(provider))
        async with with_headroom(bare, compressor=compressor) as client:
            told = await client.chat.completions.create(**offered())
            return told.choices[0].message.content or ""

    assert trio.run(ask) == "I look it up.\n\nThat is the one."


def test_calls_at_once_do_not_mix(provider: LoopbackProvider, compressor: Compressor) -> None:
    provider.reply = lambda arrived: WireTurn("t", arrived.body["messages"][0]["content"])

    async def ask() -> list[str]:
        async with with_headroom(
            openai.AsyncOpenAI(**address(provider)), compressor=compressor
        ) as client:
            asked = [{"role": "user", "content": f"number {n}"} for n in range(8)]
            told = await asyncio.gather(
                *(
                    client.chat.completions.create(model="m", messages=[q, *MESSAGES[1:]])
                    for q in asked
                )
            )
            return [t.choices[0].message.content or "" for t in told]

    assert asyncio.run(ask()) == [f"number {n}" for n in range(8)]


def test_connections_are_the_given_clients(provider: LoopbackProvider) -> None:
    with openai.OpenAI(**address(provider)) as bare:
        for _ in range(3):
            with_headroom(bare).chat.completions.create(**ABOUT)
            gc.collect()
        assert not bare.is_closed()
    client = with_headroom(openai.OpenAI(**address(provider)))
    client.chat.completions.create(**ABOUT)
    client.close()
    assert client.is_closed()


def test_an_answer_that_is_no_json_is_the_sdks_to_report(
    client: Any, provider: LoopbackProvider
) -> None:
    provider.reply = lambda _: PlainAnswer(200, b"<html>", {"Content-Type": "text/html"})
    told = client.chat.completions.with_raw_response.create(**{**ABOUT, "tools": CHAT_TOOLS})
    assert told.text == "<html>"
