"""A wrapped client is the SDK's own in everything but what it sends."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import anthropic
import pytest
import trio
from calling import TOOLS, address, sync_client

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom_anthropic import with_headroom
from headroom_conformance import FailingProbe, Probe
from headroom_conformance.fetching import FetchingModel, offered_conversation
from headroom_conformance.loopback import Arrived, LoopbackProvider, PlainAnswer
from headroom_conformance.wire import WireCall, WireTurn, answer

ROWS = offered_conversation(1)[1]
USE = {"type": "tool_use", "id": "c1", "name": "list_jobs", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "c1", "content": ROWS}
MESSAGES: list[Any] = [
    {"role": "user", "content": "Which jobs are slow?"},
    {"role": "assistant", "content": [USE]},
    {"role": "user", "content": [RESULT]},
]
ABOUT: dict[str, Any] = {"model": "claude-x", "max_tokens": 100, "messages": MESSAGES}
OFFERED = {**ABOUT, "tools": TOOLS}
WHOLE = "I look it up.\n\nThat is the one."


@pytest.fixture
def compressor() -> Compressor:
    return Compressor(CompressionConfig(retrieval="tool"), store=MemoryStore())


@pytest.fixture
def client(provider: LoopbackProvider, compressor: Compressor) -> Iterator[Any]:
    with sync_client(provider, compressor) as client:
        yield client


def fetching(provider: LoopbackProvider) -> FetchingModel:
    """Let the provider's model think, and fetch one row before it answers."""
    model = FetchingModel(ROWS)

    def reply(arrived: Arrived) -> WireTurn:
        said = model.reply([json.dumps(arrived.body)], [])
        calls = tuple(WireCall(c.id, c.name, c.arguments) for c in said.calls)
        turn = len(model.requests)
        return WireTurn(f"turn_{turn}", said.text, calls, thought=f"thought {turn}")

    provider.reply = reply
    return model


def sent_result(provider: LoopbackProvider, request: int = -1) -> str:
    content: str = provider.bodies[request]["messages"][2]["content"][0]["content"]
    return content


def said_in(message: Any) -> str:
    return "\n\n".join(block.text for block in message.content if block.type == "text")


def test_a_wrapped_client_is_one_of_the_sdks_classes(provider: LoopbackProvider) -> None:
    with anthropic.Anthropic(**address(provider)) as bare:
        client = with_headroom(bare)
        assert isinstance(client, anthropic.Anthropic)
        assert type(client).__name__ == "Anthropic"
        assert type(bare) is anthropic.Anthropic
        bare.messages.create(**ABOUT)
        assert sent_result(provider) == ROWS
        client.messages.create(**ABOUT)
        assert len(sent_result(provider)) < len(ROWS) / 2


def test_wrapping_twice_wraps_once(provider: LoopbackProvider) -> None:
    probe, other = Probe(), Probe()
    with anthropic.Anthropic(**address(provider)) as bare:
        client = with_headroom(bare, compressor=probe)
        assert with_headroom(client) is client
        with_headroom(client, compressor=other).messages.create(**ABOUT)
        assert (probe.calls, other.calls) == (0, 1)


def test_what_is_no_client_is_refused() -> None:
    with pytest.raises(TypeError, match="takes a client of Anthropic's SDK, got str"):
        with_headroom("claude-x")  # type: ignore[type-var]


def test_raw_responses_tell_what_was_saved(client: Any) -> None:
    told = client.messages.with_raw_response.create(**ABOUT)
    before, after = (int(told.headers[f"x-headroom-tokens-{n}"]) for n in ("before", "after"))
    assert before > after > 0


def test_a_header_leaves_one_request_as_it_is(client: Any, provider: LoopbackProvider) -> None:
    client.messages.create(**ABOUT, extra_headers={"x-headroom-bypass": "true"})
    assert sent_result(provider) == ROWS
    assert "x-headroom-bypass" not in provider.requests[0].headers


def test_a_failing_engine_is_logged_without_text(
    provider: LoopbackProvider, caplog: pytest.LogCaptureFixture
) -> None:
    with sync_client(provider, FailingProbe()) as client, caplog.at_level(logging.WARNING):
        client.messages.create(**ABOUT)
    assert sent_result(provider) == ROWS
    (record,) = [r for r in caplog.records if r.name.startswith("headroom")]
    assert "EngineError" in record.getMessage()
    assert "consumer" not in record.getMessage()


def test_counting_and_batches_are_left_alone(client: Any, provider: LoopbackProvider) -> None:
    provider.reply = lambda _: PlainAnswer(200, b'{"input_tokens": 7}')
    client.messages.count_tokens(model="claude-x", messages=MESSAGES)
    assert sent_result(provider) == ROWS


def test_thoughts_keep_their_signatures_over_retrievals(
    client: Any, provider: LoopbackProvider
) -> None:
    fetching(provider)
    told = client.messages.create(**OFFERED)
    thoughts = [block for block in told.content if block.type == "thinking"]
    assert [t.signature for t in thoughts] == ["signed:thought 1", "signed:thought 2"]
    assert said_in(told) == WHOLE
    sent_back = provider.bodies[1]["messages"][3]["content"][0]
    assert sent_back["signature"] == "signed:thought 1"


def test_a_stream_is_one_message_with_all_that_was_used(
    client: Any, provider: LoopbackProvider
) -> None:
    fetching(provider)
    with client.messages.stream(**OFFERED) as stream:
        kinds = [event.type for event in stream]
        told = stream.get_final_message()
    assert kinds.count("message_start") == kinds.count("message_stop") == 1
    assert said_in(told) == WHOLE
    assert told.stop_reason == "end_turn"
    assert (told.usage.input_tokens, told.usage.output_tokens) == (100, 8)


def test_the_answer_is_accepted_as_history(client: Any, provider: LoopbackProvider) -> None:
    fetching(provider)
    told = client.messages.create(**OFFERED)
    provider.reply = lambda _: WireTurn("turn", "Nothing more.")
    turns = [{"role": "assistant", "content": told.content}, {"role": "user", "content": "Else?"}]
    client.messages.create(**{**OFFERED, "messages": [*MESSAGES, *turns]})
    first, *_, last = provider.bodies
    assert last["messages"][:3] == first["messages"]
    assert last["tools"] == first["tools"]
    assert "fetch_1" not in json.dumps(last["messages"])


def test_a_stream_whose_second_turn_is_refused_raises_the_sdks_own_error(
    client: Any, provider: LoopbackProvider
) -> None:
    fetching(provider)
    answers = provider.reply
    refused = PlainAnswer(429, b'{"type": "error", "error": {"type": "x", "message": "slow down"}}')
    provider.reply = lambda a: refused if len(a.body["messages"]) > 3 else answers(a)
    heard = ""
    with client.messages.stream(**OFFERED) as stream:
        with pytest.raises(anthropic.RateLimitError, match="slow down"):
            for text in stream.text_stream:
                heard += text
    assert heard == "I look it up."


def test_a_refused_second_turn_is_tried_again_from_the_start(
    provider: LoopbackProvider, compressor: Compressor
) -> None:
    fetching(provider)
    answers = provider.reply
    fails = iter([False, True, False])
    overloaded = PlainAnswer(529, b"{}", {"retry-after-ms": "1"})
    provider.reply = lambda arrived: overloaded if next(fails) else answers(arrived)
    with sync_client(provider, compressor, max_retries=1) as client:
        assert said_in(client.messages.create(**OFFERED)).endswith("That is the one.")
    assert [len(body["messages"]) for body in provider.bodies] == [3, 5, 3]


def test_it_works_on_trio(provider: LoopbackProvider, compressor: Compressor) -> None:
    fetching(provider)

    async def ask() -> str:
        bare = anthropic.AsyncAnthropic(**address(provider))
        async with with_headroom(bare, compressor=compressor) as client:
            told: Any = await client.messages.create(**OFFERED)
            return said_in(told)

    assert trio.run(ask) == WHOLE


class _OnVertex(anthropic.AnthropicVertex):
    """Vertex's client, without Google's library for credentials."""

    def _ensure_access_token(self) -> str:
        return "token"


def test_vertexs_client_goes_on_with_its_own_addresses(
    provider: LoopbackProvider, compressor: Compressor
) -> None:
    fetching(provider)
    bare = _OnVertex(
        region="eu", project_id="p", base_url=provider.base_url, access_token="t", max_retries=0
    )
    with with_headroom(bare, compressor=compressor) as client:
        assert said_in(client.messages.create(**OFFERED)) == WHOLE
    paths = {request.path for request in provider.requests}
    assert paths == {"/projects/p/locations/eu/publishers/anthropic/models/claude-x:rawPredict"}


class _OnBedrock(anthropic.AnthropicBedrock):
    """Bedrock's client, which signs here with what it sends, without Amazon's library."""

    def _prepare_request(self, request: Any) -> None:
        request.headers["x-signed"] = str(len(request.content))


def on_bedrock(provider: LoopbackProvider) -> anthropic.AnthropicBedrock:
    keys = {"aws_access_key": "a", "aws_secret_key": "b", "aws_region": "eu-west-1"}
    return _OnBedrock(**keys, base_url=provider.base_url, max_retries=0)


def test_bedrocks_client_signs_what_is_sent(
    provider: LoopbackProvider, compressor: Compressor
) -> None:
    fetching(provider)
    with with_headroom(on_bedrock(provider), compressor=compressor) as client:
        assert said_in(client.messages.create(**OFFERED)) == WHOLE
    first, second = provider.requests
    assert first.path == second.path == "/model/claude-x/invoke"
    for request in (first, second):
        assert request.headers["x-signed"] == str(len(request.raw))
    assert len(first.raw) < len(ROWS)


def test_streams_of_bedrock_are_offered_no_tool(
    provider: LoopbackProvider, compressor: Compressor
) -> None:
    told = json.dumps(answer("anthropic", WireTurn("t", "Fine."))).encode()
    provider.reply = lambda _: PlainAnswer(200, told)
    with with_headroom(on_bedrock(provider), compressor=compressor) as client:
        client.messages.with_raw_response.create(**OFFERED, stream=True)
    (request,) = provider.requests
    assert request.path == "/model/claude-x/invoke-with-response-stream"
    assert len(request.raw) < len(ROWS)
    assert b"headroom_retrieve" not in request.raw
