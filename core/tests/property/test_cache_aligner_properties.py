"""Whatever changes in the instructions, what stands before the newest message does not."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from headroom import CompressionConfig, Compressor, MemoryStore

FORMATS = ("openai-chat", "openai-responses", "anthropic", "bedrock-converse", "gemini")
MODELS = {
    "openai-chat": st.sampled_from(["gpt-5", "gpt-5.6-sol", "somebody's", None]),
    "openai-responses": st.sampled_from(["gpt-5", "gpt-6-sol", None]),
    "anthropic": st.sampled_from(["claude-opus-5-5", None]),
    "bedrock-converse": st.sampled_from(["eu.anthropic.claude-opus-5-5", "meta.llama4"]),
    "gemini": st.just("gemini-3.8-flash"),
}
LISTING = "\n".join(f"src/app/part_{n // 9}.py:{n}: total = add(total, {n})" for n in range(200))

words = st.text('abc {}[]"\\\n:;é', max_size=12)
clocks = st.datetimes().map(lambda t: t.replace(microsecond=0))
numbers = st.integers(0, 10**6)


@st.composite
def conversations(draw: st.DrawFn) -> dict[str, Any]:
    turns = draw(st.integers(1, 4))
    outputs = st.one_of(words, st.just(LISTING), st.just("9:14 PM\n[headroom now: time 1 = x]\n"))
    return {
        "format": (format := draw(st.sampled_from(FORMATS))),
        "model": draw(MODELS[format]),
        "words": draw(st.lists(words, min_size=3, max_size=3)),
        "clocks": draw(st.lists(clocks, min_size=turns, max_size=turns)),
        "numbers": draw(st.lists(numbers, min_size=turns, max_size=turns)),
        "outputs": draw(st.lists(outputs, min_size=turns, max_size=turns)),
        "turned": draw(st.lists(st.booleans(), min_size=turns, max_size=turns)),
        "by_tool": draw(st.booleans()),
    }


def instructions(talk: dict[str, Any], turn: int) -> str:
    now, number = talk["clocks"][turn], talk["numbers"][turn]
    one, two, three = talk["words"]
    return (
        f"{one}\nThe current time is {now}.\n{two}\nrequest id: r{number:06}x, pid {number}\n"
        f"Turn {turn + 1} of 9\nScratch: /tmp/tmp{number:06}a/w\n{three}"
    )


def tools(talk: dict[str, Any], turn: int) -> list[Any]:
    made = [
        {
            "name": "look",
            "description": f"Today is {talk['clocks'][turn].date()}.",
            "more": {"a": 1},
        },
        {"name": "add", "description": "adds", "more": {"z": 1, "b": ["x"]}},
    ]
    if talk["turned"][turn]:
        made = [dict(reversed(tool.items())) for tool in reversed(made)]
    return made


def request(talk: dict[str, Any], turn: int) -> dict[str, Any]:
    """Build the request of a turn: every message of the turns before it, and one to answer."""
    builders = {"anthropic": anthropic, "bedrock-converse": converse, "gemini": gemini}
    return builders.get(talk["format"], openai)(talk, turn)


def openai(talk: dict[str, Any], turn: int) -> dict[str, Any]:
    messages: list[Any] = [{"role": "user", "content": "What happened?"}]
    is_chat = talk["format"] == "openai-chat"
    for n in range(turn + 1):
        call_id, text = f"c{n}", talk["outputs"][n]
        if not talk["by_tool"]:
            kind = {} if is_chat else {"type": "message"}
            messages += [
                {**kind, "role": "assistant", "content": "Go on."},
                {**kind, "role": "user", "content": text},
            ]
        elif is_chat:
            function = {"name": "look", "arguments": "{}"}
            call = {"id": call_id, "type": "function", "function": function}
            messages += [
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "tool_call_id": call_id, "content": text},
            ]
        else:
            call = {"type": "function_call", "call_id": call_id, "name": "look", "arguments": "{}"}
            messages += [call, {"type": "function_call_output", "call_id": call_id, "output": text}]
    model = {} if talk["model"] is None else {"model": talk["model"]}
    if is_chat:
        system = {"role": "system", "content": instructions(talk, turn)}
        listed = [{"type": "function", "function": tool} for tool in tools(talk, turn)]
        return {**model, "messages": [system, *messages], "tools": listed}
    listed = [{"type": "function", **tool} for tool in tools(talk, turn)]
    said = instructions(talk, turn)
    return {**model, "instructions": said, "input": messages, "tools": listed}


def anthropic(talk: dict[str, Any], turn: int) -> dict[str, Any]:
    messages: list[Any] = [{"role": "user", "content": "What happened?"}]
    for n in range(turn + 1):
        text = talk["outputs"][n]
        answer = [{"type": "tool_result", "tool_use_id": f"c{n}", "content": text}]
        call = {"type": "tool_use", "id": f"c{n}", "name": "look", "input": {}}
        messages += [
            {"role": "assistant", "content": [call] if talk["by_tool"] else "Go on."},
            {"role": "user", "content": answer if talk["by_tool"] else text},
        ]
    model = {} if talk["model"] is None else {"model": talk["model"]}
    said = instructions(talk, turn)
    return {**model, "system": said, "messages": messages, "tools": tools(talk, turn)}


def converse(talk: dict[str, Any], turn: int) -> dict[str, Any]:
    messages: list[Any] = [{"role": "user", "content": [{"text": "What happened?"}]}]
    for n in range(turn + 1):
        text = {"text": talk["outputs"][n]}
        answer = {"toolResult": {"toolUseId": f"c{n}", "content": [text]}}
        call = {"toolUse": {"toolUseId": f"c{n}", "name": "look", "input": {}}}
        by_tool = talk["by_tool"]
        messages += [
            {"role": "assistant", "content": [call if by_tool else {"text": "Go on."}]},
            {"role": "user", "content": [answer if by_tool else text]},
        ]
    listed = [{"toolSpec": tool} for tool in tools(talk, turn)]
    system = [{"text": instructions(talk, turn)}]
    config = {"tools": listed}
    return {"modelId": talk["model"], "system": system, "messages": messages, "toolConfig": config}


def gemini(talk: dict[str, Any], turn: int) -> dict[str, Any]:
    contents: list[Any] = [{"role": "user", "parts": [{"text": "What happened?"}]}]
    for n in range(turn + 1):
        text = talk["outputs"][n]
        answer = {"functionResponse": {"name": "look", "response": {"output": text}}}
        call = {"functionCall": {"name": "look", "args": {}}}
        by_tool = talk["by_tool"]
        contents += [
            {"role": "model", "parts": [call if by_tool else {"text": "Go on."}]},
            {"role": "user", "parts": [answer if by_tool else {"text": text}]},
        ]
    system = {"parts": [{"text": instructions(talk, turn)}]}
    listed = [{"functionDeclarations": tools(talk, turn)}]
    return {"systemInstruction": system, "contents": contents, "tools": listed}


MARKS = ("cache_control", "prompt_cache_breakpoint")


def unmarked(value: Any) -> Any:
    """Take away the marks that say what to cache: no provider counts them as part of a prompt."""
    if isinstance(value, dict):
        return {k: unmarked(v) for k, v in value.items() if k not in MARKS}
    if isinstance(value, list):
        kept = [unmarked(v) for v in value if not (isinstance(v, dict) and "cachePoint" in v)]
        return kept
    return value


def before_newest(body: dict[str, Any], messages: int) -> str:
    """Write all that a provider reads before the newest message."""
    key = next(k for k in ("messages", "input", "contents") if k in body)
    rest = {k: v for k, v in body.items() if k != key}
    return json.dumps(unmarked([rest, body[key][: messages - 1]]))


def compressor() -> Compressor:
    return Compressor(CompressionConfig(align_cache=True), store=MemoryStore())


def aligned(talk: dict[str, Any], turn: int) -> Any:
    return compressor().compress_request(request(talk, turn), format=talk["format"]).output


def count_of(body: dict[str, Any]) -> int:
    return len(next(body[k] for k in ("messages", "input", "contents") if k in body))


@given(conversations())
@settings(max_examples=60, deadline=None)
def test_what_stands_before_the_newest_message_is_the_same_at_the_next_turn(
    talk: dict[str, Any],
) -> None:
    for turn in range(len(talk["clocks"]) - 1):
        now, later = aligned(talk, turn), aligned(talk, turn + 1)
        messages = count_of(now)
        assert before_newest(now, messages) == before_newest(later, messages)


@given(conversations())
@settings(max_examples=60, deadline=None)
def test_no_fact_is_lost_and_aligning_again_changes_nothing(talk: dict[str, Any]) -> None:
    turn = len(talk["clocks"]) - 1
    given_body = request(talk, turn)
    once = aligned(talk, turn)
    now, number = talk["clocks"][turn], talk["numbers"][turn]
    said = json.dumps(once)
    for fact in (str(now), str(now.date()), f"r{number:06}x", f"/tmp/tmp{number:06}a/w"):
        assert fact in said
    assert request(talk, turn) == given_body
    again = compressor().compress_request(once, format=talk["format"]).output
    assert json.dumps(again) == json.dumps(once)
    marks = sum(said.count(f'"{mark}"') for mark in (*MARKS, "cachePoint"))
    assert marks <= 4


@given(conversations())
@settings(max_examples=40, deadline=None)
def test_bytes_are_aligned_like_mappings(talk: dict[str, Any]) -> None:
    body = json.dumps(request(talk, len(talk["clocks"]) - 1), indent=1).encode()
    parsed = compressor().compress_request(json.loads(body), format=talk["format"]).output
    spliced = compressor().compress_request(body, format=talk["format"]).output
    assert json.dumps(json.loads(spliced)) == json.dumps(parsed)
    assert compressor().compress_request(spliced, format=talk["format"]).output == spliced
