"""A glance at a request's bytes never says that it stays as it is when it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headroom import CompressionConfig, Compressor, MemoryStore, ToolRule, UnknownFormatError

LOG = "\n".join(f"2026-01-01 10:00:{n % 60:02d} INFO worker handled item {n}" for n in range(400))
ROLES = ("tool", "user")


def chat(result: Any, **changes: Any) -> dict[str, Any]:
    call = {"id": "c", "type": "function", "function": {"name": "read", "arguments": "{}"}}
    answer = {"role": "tool", "tool_call_id": "c", "content": result, **changes}
    asked = {"role": "assistant", "content": None, "tool_calls": [call]}
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": "Why?"}, asked, answer]}


def anthropic(result: Any) -> dict[str, Any]:
    call = {"type": "tool_use", "id": "c", "name": "read", "input": {}}
    block = {"type": "tool_result", "tool_use_id": "c", "content": result}
    asked = {"role": "assistant", "content": [call]}
    return {"max_tokens": 9, "messages": [asked, {"role": "user", "content": [block]}]}


def responses(result: Any) -> dict[str, Any]:
    call = {"type": "function_call", "call_id": "c", "name": "read", "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "c", "output": result}
    return {"model": "gpt-4o", "input": [call, output]}


def shell(result: Any) -> dict[str, Any]:
    output = {"type": "shell_call_output", "call_id": "c", "output": [{"stdout": result}]}
    return {"model": "gpt-4o", "input": [output]}


def gemini(result: Any) -> dict[str, Any]:
    part = {"functionResponse": {"name": "read", "response": {"output": result}}}
    return {"contents": [{"role": "user", "parts": [part]}]}


def converse(result: Any) -> dict[str, Any]:
    block = {"toolResult": {"toolUseId": "c", "content": [{"text": result}]}}
    return {"messages": [{"role": "user", "content": [block]}]}


def function(result: Any) -> dict[str, Any]:
    return chat(result, role="function")


def spoken_by_a_tool(result: Any) -> dict[str, Any]:
    return {"contents": [{"role": "tool", "content": "", "parts": [{"text": result}]}]}


FORMATS = [
    (chat, "openai-chat"),
    (function, "openai"),
    (anthropic, "anthropic"),
    (responses, "responses"),
    (shell, "openai-responses"),
    (gemini, "gemini"),
    (spoken_by_a_tool, "gemini"),
    (converse, "converse"),
]


def encoded(request: Any) -> bytes:
    return json.dumps(request).encode()


def compressor(**settings: Any) -> Compressor:
    return Compressor(CompressionConfig(**settings), store=MemoryStore())


@pytest.mark.parametrize(("build", "format"), FORMATS)
def test_a_result_that_is_shortened_is_seen(build: Any, format: str) -> None:
    body = encoded(build(LOG))
    for name in (format, None):
        done = compressor().compress_request(body, format=name)
        assert done.output is not body
        assert not compressor().leaves_alone(body, format=name)


@pytest.mark.parametrize(("build", "format"), FORMATS)
def test_a_result_that_is_spelled_in_escapes_is_seen(build: Any, format: str) -> None:
    body = encoded(build(LOG))
    for word in (b"tool", b"function", b"_output"):
        escaped = b"".join(b"\\u%04x" % letter for letter in word)
        body = body.replace(b'"' + word, b'"' + escaped).replace(word + b'"', escaped + b'"')
    assert compressor().compress_request(body, format=format).output is not body
    assert not compressor().leaves_alone(body, format=format)


@pytest.mark.parametrize(
    "body",
    [
        encoded({"model": "gpt-4o", "messages": [{"role": "user", "content": LOG}]}),
        encoded({"messages": [{"role": "user", "content": LOG}], "tools": [{"type": "function"}]}),
        encoded(chat("1.4.2")),
        encoded(chat("é" * 49)),
        encoded(anthropic("1.4.2")),
        encoded(responses("1.4.2")),
        encoded(chat("pass " * 90)),
        encoded(chat([{"type": "text", "text": "1.4.2"}, {"type": "text", "text": "é" * 40}])),
        encoded(chat(None)),
        encoded([{"role": "tool", "content": LOG}]),
        b'{"role": "tool"}',
        b"no JSON",
        b"",
    ],
    ids=range(13),
)
def test_a_request_without_a_result_of_any_size_is_left_alone(body: bytes) -> None:
    assert compressor().leaves_alone(body)
    assert compressor().compress_request(body).output is body


@pytest.mark.parametrize(
    "body",
    [
        encoded(chat(LOG))[:-1],
        b'{"role": "tool"} \xff',
        b'[{"role": "tool"}, ' + b"[" * 100_000,
    ],
    ids=range(3),
)
def test_what_cannot_be_read_is_left_to_a_closer_look(body: bytes) -> None:
    assert not compressor().leaves_alone(body)
    assert compressor().compress_request(body).output is body


@pytest.mark.parametrize("body", [encoded(chat(LOG)), encoded(chat("job " * 100))])
def test_a_result_that_may_reach_the_limit_is_looked_into(body: bytes) -> None:
    assert not compressor().leaves_alone(body)


def test_the_lowest_limit_of_any_tool_counts() -> None:
    body = encoded(chat("job " * 60))
    assert compressor().leaves_alone(body)
    assert not compressor(min_tokens=50).leaves_alone(body)
    assert not compressor(tools={"read": ToolRule(min_tokens=50)}).leaves_alone(body)
    assert compressor(tools={"read": ToolRule(off=True)}).leaves_alone(body)


@pytest.mark.parametrize(
    "settings",
    [
        {"roles": ROLES},
        {"align_cache": True},
        {"tidy_tools": True},
        {"context_limit": 1_000},
    ],
)
def test_where_something_else_decides_there_is_no_glance(settings: dict[str, Any]) -> None:
    body = encoded({"messages": [{"role": "user", "content": "hello"}]})
    assert not compressor(**settings).leaves_alone(body)


def test_a_counter_of_ones_own_may_count_as_it_likes() -> None:
    class Generous:
        name = "generous"

        def count(self, text: str) -> int:
            return 90 * len(text)

    own = Compressor(store=MemoryStore(), counter=Generous())
    assert not own.leaves_alone(encoded(chat("1.4.2")))
    assert own.leaves_alone(encoded({"messages": [{"role": "user", "content": "hello"}]}))


def test_whoever_listens_hears_of_every_request() -> None:
    body = encoded({"messages": [{"role": "user", "content": "hello"}]})
    heard: list[Any] = []
    assert not Compressor(store=MemoryStore(), on_result=heard.append).leaves_alone(body)


def test_an_unknown_format_is_the_callers_mistake() -> None:
    with pytest.raises(UnknownFormatError):
        compressor().leaves_alone(b"{}", format="no such format")


RESULT = {"role": "tool", "tool_call_id": "c", "content": "1.4.2"}


@pytest.mark.parametrize(
    "result",
    [
        {"role": "tool", "tool_call_id": "c", "content": LOG},
        {"role": "tool", "content": LOG, "tool_call_id": "c"},
        {"content": LOG, "role": "tool", "tool_call_id": "c"},
        {"tool_call_id": "c", "role": "tool", "name": "read", "content": LOG},
        {"role": "tool", "tool_call_id": "c", "content": [{"type": "text", "text": LOG}]},
        {"role": "tool", "tool_call_id": "c", "content": "1.4.2", "parts": [{"text": LOG}]},
        {"role": "function", "name": "read", "content": LOG},
        {"role": "tool", "tool_call_id": 'a "b" \\ {', "content": LOG},
        {"role": "tool", "tool_call_id": "c", "content": LOG.replace("1", "\\u0041")},
    ],
    ids=range(9),
)
@pytest.mark.parametrize("indent", [None, 1, 40])
def test_a_large_result_among_short_ones_is_seen_however_it_is_written(
    result: dict[str, Any], indent: int | None
) -> None:
    said = {"role": "user", "content": 'They wrote {"role": "tool", "content": "x"} there.'}
    messages = [said, RESULT, result, RESULT]
    body = json.dumps({"model": "gpt-4o", "messages": messages}, indent=indent).encode()
    assert not compressor().leaves_alone(body, format="openai-chat")


@pytest.mark.parametrize("indent", [None, 1, 40])
def test_short_results_are_left_alone_however_they_are_written(indent: int | None) -> None:
    results = [RESULT, {"role": "tool", "content": 'a \\ "b" \n', "tool_call_id": "c"}]
    said = {"role": "user", "content": LOG}
    for messages in ([said, RESULT, RESULT], [said, *results], [*results, said]):
        body = json.dumps({"model": "gpt-4o", "messages": messages}, indent=indent).encode()
        assert compressor().leaves_alone(body, format="openai-chat")
        assert compressor().compress_request(body, format="openai-chat").output is body


# Long enough to be looked into, and nothing that a compressor would shorten.
PROSE = " ".join(f"Item {n} is {'late' if n % 3 else 'on time'} and {n * 7919}." for n in range(40))


def agent(*results: str, ending: str = "And now?") -> bytes:
    messages: list[dict[str, Any]] = [{"role": "system", "content": "Help. " * 100}]
    for text in results:
        messages += chat(text)["messages"]
    if ending:
        messages.append({"role": "user", "content": ending})
    return encoded({"model": "gpt-4o", "messages": messages})


def test_results_that_turned_out_to_stay_are_not_looked_into_again() -> None:
    own = compressor()
    for body in (agent(PROSE), agent(PROSE, ending="")):
        assert not own.leaves_alone(body, format="openai-chat")
        assert own.compress_request(body, format="openai-chat").output is body
        assert own.leaves_alone(body, format="openai-chat")
    for longer in (agent(PROSE, ending="Why?"), agent(PROSE, "1.4.2"), agent(PROSE, "a", "b")):
        assert own.leaves_alone(longer, format="openai-chat")
        assert compressor().compress_request(longer, format="openai-chat").output is longer
    turned = agent(PROSE, ending="And elsewhere?")
    fresh = compressor()
    fresh.compress_request(agent(PROSE), format="openai-chat")
    assert fresh.leaves_alone(turned, format="openai-chat")
    for longer in (agent(PROSE, LOG), agent(PROSE, PROSE), agent(LOG)):
        assert not own.leaves_alone(longer, format="openai-chat")


@pytest.mark.parametrize(("build", "format"), [(anthropic, "anthropic"), (responses, "responses")])
def test_the_same_holds_in_other_formats(build: Any, format: str) -> None:
    own, request = compressor(), build(PROSE)
    key = "input" if format == "responses" else "messages"
    body = encoded(request)
    assert own.compress_request(body, format=format).output is body
    longer = encoded(request | {key: [*request[key], {"role": "user", "content": "Why?"}]})
    assert own.leaves_alone(body, format=format)
    assert own.leaves_alone(longer, format=format)
    larger = encoded(request | {key: [*request[key], *build(LOG)[key]]})
    assert not own.leaves_alone(larger, format=format)


def test_what_was_kept_for_want_of_a_store_is_looked_into_again() -> None:
    class Failing(MemoryStore):
        fails = True

        def put(self, handle: str, original: str, *, namespace: str = "") -> None:
            if self.fails:
                raise OSError
            super().put(handle, original, namespace=namespace)

    store, body = Failing(), agent(LOG)
    own = Compressor(store=store)
    assert own.compress_request(body, format="openai-chat").output is body
    assert not own.leaves_alone(body, format="openai-chat")
    store.fails = False
    assert own.compress_request(body, format="openai-chat").output is not body


def test_what_is_ours_is_looked_into_for_as_long_as_the_store_knows_it() -> None:
    own = compressor()
    ours = own.compress_request(agent(LOG), format="openai-chat").output
    assert own.compress_request(ours, format="openai-chat").output is ours
    assert not own.leaves_alone(ours, format="openai-chat")


def test_what_was_bypassed_or_asked_about_is_looked_into_again() -> None:
    own, body = compressor(), agent(LOG)
    with own.bypass():
        assert own.compress_request(body, format="openai-chat").output is body
    assert not own.leaves_alone(body, format="openai-chat")
    own.compress_request(agent(PROSE), format="openai-chat", query="late")
    assert not own.leaves_alone(agent(PROSE), format="openai-chat")


@pytest.mark.parametrize("depth", [50, 400, 800, 900, 950, 980, 100_000])
def test_a_request_of_any_depth_is_none_the_worse_for_being_learnt(depth: int) -> None:
    message = b'{"role": "user", "content": "Why?", "own": ' + b"[" * depth + b"]" * depth + b"}"
    body = agent(PROSE, ending="")[:-2] + b", " + message + b"]}"
    own = compressor()
    assert own.compress_request(body, format="openai-chat").output is body
    assert own.compress_request(body, format="openai-chat").output is body
