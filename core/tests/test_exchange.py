"""Requests with the retrieval tool, and answers whose retrievals the caller never sees."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom import (
    Attempt,
    CompressionConfig,
    Compressor,
    EventStream,
    Exchange,
    Exchanges,
    MemoryStore,
    RetrievalTool,
)
from headroom_conformance.wire import (
    FORMATS,
    WireCall,
    WireFormat,
    WireTurn,
    answer,
    calls_of,
    events,
    stream,
)

ROWS = json.dumps(
    [{"id": n, "job": f"job-{n * 7919}", "state": "done", "took": n * 37 % 90} for n in range(300)],
    indent=1,
)
TOOL = {"name": "list_jobs", "description": "List jobs.", "parameters": {"type": "object"}}
TOOLS: dict[WireFormat, dict[str, Any]] = {
    "openai-chat": {"type": "function", "function": TOOL},
    "anthropic": {"name": "list_jobs", "input_schema": {"type": "object"}},
    "openai-responses": {"type": "function", **TOOL},
}
DIALECTS: dict[WireFormat, Any] = {
    "openai-chat": "openai",
    "anthropic": "anthropic",
    "openai-responses": "responses",
}
NAMES = frozenset({"headroom_retrieve"})


def body(format: WireFormat, **more: Any) -> dict[str, Any]:
    question = {"role": "user", "content": "Which jobs failed?"}
    common = {"model": "some-model", "tools": [TOOLS[format]], **more}
    if format == "openai-chat":
        function = {"name": "list_jobs", "arguments": "{}"}
        call = {"id": "call_1", "type": "function", "function": function}
        asked = {"role": "assistant", "content": None, "tool_calls": [call]}
        result = {"role": "tool", "tool_call_id": "call_1", "content": ROWS}
        return {"messages": [question, asked, result], **common}
    if format == "anthropic":
        use = {"type": "tool_use", "id": "call_1", "name": "list_jobs", "input": {}}
        told = {"type": "tool_result", "tool_use_id": "call_1", "content": ROWS}
        turns = [{"role": "assistant", "content": [use]}, {"role": "user", "content": [told]}]
        return {"messages": [question, *turns], "max_tokens": 100, **common}
    made = {"type": "function_call", "call_id": "call_1", "name": "list_jobs", "arguments": "{}"}
    told = {"type": "function_call_output", "call_id": "call_1", "output": ROWS}
    return {"input": [question, made, told], **common}


def key(format: WireFormat) -> str:
    return "input" if format == "openai-responses" else "messages"


@dataclass
class Provider:
    """Answers with one turn after the other; refuses calls without results."""

    format: WireFormat
    turns: Sequence[WireTurn | Callable[[str], WireTurn]]
    requests: list[dict[str, Any]] = field(default_factory=list)

    def turn(self, request: dict[str, Any]) -> WireTurn:
        made, answered = calls_of(self.format, request)
        assert made == answered, "a call has no result"
        written = json.dumps(request)
        self.requests.append(json.loads(written))
        turn = self.turns[len(self.requests) - 1]
        if isinstance(turn, WireTurn):
            return turn
        found = re.search(r"\[headroom_retrieve (\w{16}):", written)
        assert found is not None, "no marker offers a retrieval"
        return turn(found[1])


def retrieving(number: int, text: str = "I look it up.", **more: Any) -> Callable[[str], WireTurn]:
    def turn(handle: str) -> WireTurn:
        call = WireCall(f"fetch_{number}", "headroom_retrieve", {"handle": handle, "rows": "17-17"})
        return WireTurn(f"turn_{number}", text, (*more.get("before", ()), call), **thinking)

    thinking = {k: v for k, v in more.items() if k != "before"}
    return turn


def tool_names(request: dict[str, Any]) -> list[str]:
    return [t.get("name") or t["function"]["name"] for t in request["tools"]]


def opened(request: dict[str, Any], format: WireFormat, **config: Any) -> Exchange:
    settings = CompressionConfig(**{"retrieval": "tool", **config})
    exchanges = Exchanges(Compressor(settings, store=MemoryStore()))
    return exchanges.open(request, format=format)


@cache
def ready(format: WireFormat) -> Exchange:
    """Return an exchange that many tests may send: each attempt starts anew."""
    return opened(body(format), format)


def whole(exchange: Exchange, provider: Provider) -> Any:
    attempt = exchange.attempt()
    while True:
        taken = attempt.take(answer(provider.format, provider.turn(attempt.body)))
        if taken is not None:
            return taken


def streamed(attempt: Attempt, provider: Provider) -> Iterator[Any]:
    stream = attempt.stream()
    while True:
        for event in events(provider.format, provider.turn(attempt.body)):
            yield from stream.take(event)
        rest = stream.end()
        if rest is not None:
            yield from rest
            return


FORMAT = pytest.mark.parametrize("format", FORMATS)
TWO = (retrieving(1), WireTurn("turn_2", "Job 17 took long."))


@FORMAT
def test_the_tool_stands_last_and_the_callers_request_stays_as_it_was(format: WireFormat) -> None:
    given = body(format)
    before = json.dumps(given)
    exchange = opened(given, format)
    assert exchange.answers
    assert tool_names(exchange.body) == ["list_jobs", "headroom_retrieve"]
    assert exchange.body["tools"][-1] == RetrievalTool(Compressor()).definition(DIALECTS[format])
    assert json.dumps(given) == before
    assert "[headroom_retrieve " in json.dumps(exchange.body)
    assert exchange.result.overhead_tokens > 0


@FORMAT
def test_a_retrieval_is_answered_between_two_turns(format: WireFormat) -> None:
    provider = Provider(format, TWO)
    told = json.dumps(whole(opened(body(format), format), provider))
    assert "I look it up." in told
    assert "Job 17 took long." in told
    assert "headroom_retrieve" not in told
    first, second = provider.requests
    assert second[key(format)][: len(first[key(format)])] == first[key(format)]
    assert second["tools"] == first["tools"]
    assert "job-126704" in json.dumps(second)
    assert "job-126704" not in json.dumps(first)


@FORMAT
def test_what_all_turns_used_is_added_up(format: WireFormat) -> None:
    usage = whole(opened(body(format), format), Provider(format, TWO))["usage"]
    assert (usage.get("prompt_tokens") or usage.get("input_tokens")) == 100
    assert (usage.get("completion_tokens") or usage.get("output_tokens")) == 8


@FORMAT
def test_an_answer_without_retrievals_is_the_same_object(format: WireFormat) -> None:
    exchange = opened(body(format), format)
    call = WireCall("call_9", "list_jobs", {"region": "eu"})
    given = answer(format, WireTurn("turn_1", "Hm.", (call,)))
    assert exchange.attempt().take(given) is given
    turn = WireTurn("turn_1", "Hm.", (call,), thought="let me see")
    stream = exchange.attempt().stream()
    for event in events(format, turn):
        assert [id(e) for e in stream.take(event)] == [id(event)]
    assert stream.end() == ()


@FORMAT
def test_a_call_of_the_callers_goes_to_the_caller_without_ours(format: WireFormat) -> None:
    theirs = WireCall("call_9", "list_jobs", {"region": "eu"})
    provider = Provider(format, [retrieving(1, before=(theirs,))])
    told = whole(opened(body(format), format), provider)
    assert "headroom_retrieve" not in json.dumps(told)
    assert "call_9" in json.dumps(told)
    again = accumulated(
        format,
        list(
            streamed(
                opened(body(format), format).attempt(),
                Provider(format, [retrieving(1, before=(theirs,))]),
            )
        ),
    )
    assert again == accumulated_whole(format, told)
    ends = told.get("stop_reason") or told.get("status") or told["choices"][0]["finish_reason"]
    assert ends in ("tool_use", "completed", "tool_calls")


@FORMAT
def test_a_model_that_never_stops_asking_is_stopped(format: WireFormat) -> None:
    provider = Provider(format, [retrieving(n, text="") for n in range(20)])
    told = whole(opened(body(format), format), provider)
    assert len(provider.requests) == 6
    assert "no more retrievals" in json.dumps(provider.requests[-1])
    assert "headroom_retrieve" not in json.dumps(told)
    ends = told.get("stop_reason") or told.get("status") or told["choices"][0]["finish_reason"]
    assert ends in ("end_turn", "completed", "stop")


@FORMAT
def test_a_turn_that_broke_off_ends_the_answer(format: WireFormat) -> None:
    provider = Provider(format, [retrieving(1, cut=True)])
    told = whole(opened(body(format), format), provider)
    assert len(provider.requests) == 1
    assert "headroom_retrieve" not in json.dumps(told)
    ends = told.get("stop_reason") or told.get("status") or told["choices"][0]["finish_reason"]
    assert ends in ("max_tokens", "incomplete", "length")


@FORMAT
@pytest.mark.parametrize(
    "change",
    [
        {"tools": []},
        {"tools": None},
        {"tool_choice": "required"},
        {"tool_choice": {"type": "tool", "name": "list_jobs"}},
    ],
)
def test_who_must_not_or_must_call_a_tool_is_not_offered_ours(
    format: WireFormat, change: dict[str, Any]
) -> None:
    exchange = opened(body(format, **change), format)
    assert not exchange.answers
    assert "headroom_retrieve" not in json.dumps(exchange.body)
    assert exchange.result.handles
    given = answer(format, WireTurn("turn_1", "Hm."))
    assert exchange.attempt().take(given) is given


def test_several_answers_at_once_and_answers_kept_elsewhere_go_without_the_tool() -> None:
    assert not opened(body("openai-chat", n=2), "openai-chat").answers
    assert not opened(body("openai-responses", background=True), "openai-responses").answers
    kept = body("openai-responses", conversation="conv_1")
    assert not opened(kept, "openai-responses").answers
    stream = body("openai-responses", stream=True)
    assert not opened(stream, "openai-responses").answers
    assert opened({**stream, "store": False}, "openai-responses").answers


@FORMAT
def test_a_caller_who_offers_the_tool_answers_it(format: WireFormat) -> None:
    tool = RetrievalTool(Compressor()).definition(DIALECTS[format])
    exchange = opened(body(format, tools=[tool]), format)
    assert not exchange.answers
    assert tool_names(exchange.body) == ["headroom_retrieve"]
    assert "[headroom_retrieve " in json.dumps(exchange.body)
    given = answer(format, WireTurn("t", "", (WireCall("c", "headroom_retrieve", {}),)))
    assert exchange.attempt().take(given) is given


@FORMAT
@pytest.mark.parametrize("retrieval", ["handle", "none"])
def test_without_retrieval_by_tool_none_is_offered(format: WireFormat, retrieval: str) -> None:
    exchange = opened(body(format), format, retrieval=retrieval)
    assert not exchange.answers
    assert "headroom_retrieve" not in json.dumps(exchange.body)


@FORMAT
def test_a_bypassed_request_is_the_same_object(format: WireFormat) -> None:
    compressor = Compressor(CompressionConfig(retrieval="tool"), store=MemoryStore())
    given = body(format)
    with compressor.bypass():
        exchange = Exchanges(compressor).open(given, format=format)
    assert exchange.body is given
    assert not exchange.answers


def test_a_format_without_a_dialect_is_compressed_all_the_same() -> None:
    part = {"functionResponse": {"name": "list_jobs", "response": {"result": ROWS}}}
    request = {"contents": [{"role": "user", "parts": [part]}], "tools": [{}]}
    exchanges = Exchanges(Compressor(CompressionConfig(retrieval="tool"), store=MemoryStore()))
    exchange = exchanges.open(request)
    assert not exchange.answers
    assert exchange.result.tokens_saved > 0
    assert "headroom_retrieve" not in json.dumps(exchange.body)


def test_a_request_is_known_by_its_shape() -> None:
    exchanges = Exchanges(Compressor(CompressionConfig(retrieval="tool"), store=MemoryStore()))
    assert all(exchanges.open(body(format)).answers for format in FORMATS)
    with pytest.raises(TypeError, match="must be a mapping"):
        exchanges.open([])  # type: ignore[arg-type]


def test_an_input_of_one_string_is_followed_by_the_turn() -> None:
    given = {**body("openai-responses"), "input": "Which jobs failed?"}
    exchange = opened(given, "openai-responses")
    attempt = exchange.attempt()
    call = WireCall("fetch", "headroom_retrieve", {"handle": "0" * 16})
    assert attempt.take(answer("openai-responses", WireTurn("t", "", (call,)))) is None
    question, made, told = attempt.body["input"]
    assert question == {"role": "user", "content": "Which jobs failed?"}
    assert made["call_id"] == told["call_id"] == "fetch"


def test_thoughts_that_nobody_keeps_are_not_sent_back() -> None:
    for store, kinds in ((False, ["function_call"]), (None, ["reasoning", "function_call"])):
        exchange = opened(body("openai-responses", store=store), "openai-responses")
        attempt = exchange.attempt()
        call = WireCall("fetch", "headroom_retrieve", {"handle": "0" * 16})
        told = answer("openai-responses", WireTurn("t", "", (call,), thought="hm"))
        del told["output"][0]["encrypted_content"]
        assert attempt.take(told) is None
        sent = [item["type"] for item in attempt.body["input"][3:-1]]
        assert sent == kinds


def test_a_thought_that_led_to_a_retrieval_alone_is_no_part_of_the_answer() -> None:
    provider = Provider("openai-responses", [retrieving(1, text="", thought="which?"), TWO[1]])
    told = whole(opened(body("openai-responses"), "openai-responses"), provider)
    assert [item["type"] for item in told["output"]] == ["message"]
    assert "which?" in json.dumps(provider.requests[1])


def test_signed_thoughts_come_back_as_they_were() -> None:
    turns = [retrieving(1, thought="which row?"), WireTurn("t2", "17.", thought="found")]
    provider = Provider("anthropic", turns)
    told = whole(opened(body("anthropic"), "anthropic"), provider)
    thoughts = [b for b in told["content"] if b["type"] == "thinking"]
    assert [t["signature"] for t in thoughts] == ["signed:which row?", "signed:found"]
    sent = provider.requests[1]["messages"][3]["content"][0]
    assert (sent["thinking"], sent["signature"]) == ("which row?", "signed:which row?")


@pytest.mark.parametrize(
    "odd",
    [
        None,
        [],
        "text",
        {},
        {"error": {"message": "overloaded"}},
        {"choices": None, "content": 7, "output": {"a": 1}},
        {"choices": [None, {"message": None}], "content": [None, "x"], "output": ["x"]},
        {"choices": [{"message": {"tool_calls": [{"function": None}, {"custom": 7}]}}]},
    ],
)
@FORMAT
def test_an_odd_answer_is_passed_on(format: WireFormat, odd: Any) -> None:
    attempt = opened(body(format), format).attempt()
    assert attempt.take(odd) is odd
    stream = attempt.stream()
    assert [e is odd for e in stream.take(odd)] == [True]
    assert tuple(stream.end() or ()) == ()


# Streams: what a reader writes together is the whole answer.


def accumulated(format: WireFormat, shown: Sequence[Any]) -> Any:
    return {"openai-chat": _chat, "anthropic": _blocks, "openai-responses": _items}[format](shown)


def _chat(chunks: Sequence[Any]) -> Any:
    """Write the deltas together as strictly as a reader may: by position, without gaps."""
    text, calls, finish, usage = "", [], None, None
    for chunk in chunks:
        assert chunk["id"] == chunks[0]["id"]
        usage = chunk["usage"] if chunk.get("usage") else usage
        for choice in chunk["choices"]:
            assert finish is None, "something is said after the end"
            finish = choice["finish_reason"]
            delta = choice["delta"]
            text += delta.get("content") or ""
            for call in delta.get("tool_calls") or ():
                if call["index"] == len(calls):
                    calls.append({**call, "function": {**call["function"]}})
                    del calls[-1]["index"]
                else:
                    calls[call["index"]]["function"]["arguments"] += call["function"]["arguments"]
    assert "assistant" in [c["delta"].get("role") for c in chunks[0]["choices"]]
    return text, calls, finish, usage


def _blocks(shown: Sequence[Any]) -> Any:
    content: list[Any] = []
    inputs: dict[int, str] = {}
    message: dict[str, Any] = {}
    for event in shown:
        kind = event["type"]
        if kind == "message_start":
            assert not message
            message = {**event["message"]}
        elif kind == "content_block_start":
            assert event["index"] == len(content)
            content.append(dict(event["content_block"]))
        elif kind == "content_block_delta":
            block, delta = content[event["index"]], event["delta"]
            if delta["type"] == "input_json_delta":
                inputs[event["index"]] = inputs.get(event["index"], "") + delta["partial_json"]
            for name in {"text", "thinking", "signature"} & delta.keys():
                block[name] += delta[name]
        elif kind == "message_delta":
            message.update(event["delta"])
            message["usage"] = {**message["usage"], **event["usage"]}
    for index, written in inputs.items():
        content[index]["input"] = json.loads(written)
    assert shown[-1]["type"] == "message_stop"
    return content, message["stop_reason"], message["usage"]


def _items(shown: Sequence[Any]) -> Any:
    numbers = [event["sequence_number"] for event in shown]
    assert numbers == list(range(len(shown)))
    places = [e["output_index"] for e in shown if e["type"] == "response.output_item.added"]
    assert places == list(range(len(places)))
    assert [e["type"] for e in shown].count("response.created") == 1
    told = shown[-1]["response"]
    assert {e["response"]["id"] for e in shown if "response" in e} == {told["id"]}
    return told["output"], told["status"], told["usage"]


def accumulated_whole(format: WireFormat, told: Any) -> Any:
    if format == "openai-chat":
        (choice,) = told["choices"]
        message = choice["message"]
        calls = message.get("tool_calls") or []
        return message["content"] or "", calls, choice["finish_reason"], told["usage"]
    if format == "anthropic":
        return told["content"], told["stop_reason"], told["usage"]
    return told["output"], told["status"], told["usage"]


@st.composite
def scripts(draw: st.DrawFn) -> list[Any]:
    """Turns of a model: some that retrieve, then one that answers, or calls, or both."""
    words = st.sampled_from(["", "I see.", "Let me look at it: \u4e2d\u6587 \U0001f9ea"])
    turns: list[Any] = [
        retrieving(n, draw(words), thought=draw(words)) for n in range(draw(st.integers(0, 3)))
    ]
    calls = tuple(
        WireCall(f"call_{n}", "list_jobs", {"n": n}) for n in range(draw(st.integers(0, 2)))
    )
    end = draw(st.sampled_from(["plain", "mixed", "cut"]))
    if end == "mixed":
        last = retrieving(9, draw(words), before=calls or (WireCall("call_0", "list_jobs"),))
        return [*turns, last]
    return [*turns, WireTurn("last", draw(words), calls, draw(words), cut=end == "cut")]


@FORMAT
@given(script=scripts())
def test_a_stream_says_what_the_whole_answer_says(format: WireFormat, script: list[Any]) -> None:
    exchange = ready(format)
    provider, other = Provider(format, script), Provider(format, script)
    told = whole(exchange, provider)
    shown = list(streamed(exchange.attempt(), other))
    assert accumulated(format, shown) == accumulated_whole(format, told)
    assert provider.requests == other.requests
    assert "headroom_retrieve" not in json.dumps(shown)


@FORMAT
@given(script=scripts(), size=st.sampled_from([1, 2, 7, 64, 10_000]))
def test_bytes_are_cut_anywhere(format: WireFormat, script: list[Any], size: int) -> None:
    def read(size: int, ends: bytes) -> bytes:
        attempt = ready(format).attempt()
        provider, shown = Provider(format, script), b""
        flow = EventStream(attempt.stream())
        while True:
            data = stream(format, provider.turn(attempt.body)).replace(b"\n", ends)
            for start in range(0, len(data), size):
                shown += flow.feed(data[start : start + size])
            last, is_over = flow.end()
            shown += last
            if is_over:
                return shown

    shown = read(size, b"\n")
    assert shown == read(1 << 20, b"\n")
    assert read(size, b"\r\n").replace(b"\r\n", b"\n") == shown
    assert shown.count(b"[DONE]") == (format == "openai-chat")
    parsed = [json.loads(line[6:]) for line in shown.split(b"\n") if line.startswith(b"data: {")]
    told = list(streamed(ready(format).attempt(), Provider(format, script)))
    assert parsed == told


@FORMAT
def test_a_stream_without_retrievals_keeps_its_bytes(format: WireFormat) -> None:
    data = b": a comment\n\n" + stream(format, WireTurn("t", "Nothing to fetch.", thought="hm"))
    attempt = ready(format).attempt()
    flow = EventStream(attempt.stream())
    shown = b"".join(flow.feed(data[i : i + 5]) for i in range(0, len(data), 5))
    last, is_over = flow.end()
    assert is_over
    assert shown + last == data


@FORMAT
def test_text_is_passed_on_as_it_arrives(format: WireFormat) -> None:
    exchange = ready(format)
    attempt = exchange.attempt()
    provider, flow = Provider(format, TWO), attempt.stream()
    for turn, words in enumerate(("I look it up.", "Job 17 took long.")):
        heard = ""
        for event in events(format, provider.turn(attempt.body)):
            heard += json.dumps(list(flow.take(event)))
        assert words[:4] in heard, f"nothing of turn {turn} came before its end"
        flow.end()


def test_a_stream_that_breaks_off_is_passed_on() -> None:
    attempt = opened(body("openai-chat"), "openai-chat").attempt()
    flow = EventStream(attempt.stream())
    data = b'data: {"id": "x", "choices": [{"index": 0, "delta": {"content": "Hel"}}]}\n\ndata: {"i'
    assert flow.feed(data) + flow.end()[0] == data
