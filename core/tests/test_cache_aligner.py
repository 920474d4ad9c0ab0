"""CacheAligner: what changes at every turn is found, priced, and moved out of the prefix."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from headroom import CacheAligner, CompressionConfig, Compressor, MemoryStore
from headroom.conversation.volatile import volatile_facts

ALIGN = CompressionConfig(align_cache=True)

CLOCK = "You help.\nThe current time is 2026-11-20 13:44:02.\nSession ID: 9f8e7d6c5b4a"
NAMED = (
    "You help.\nThe current time is [time 1, said at the end].\nSession ID: [id 1, said at the end]"
)
NOTE = "[headroom now: time 1 = 2026-11-20 13:44:02; id 1 = 9f8e7d6c5b4a]"
MARK = {"type": "ephemeral"}


def compressor() -> Compressor:
    return Compressor(ALIGN, store=MemoryStore())


def align(body: dict[str, Any]) -> Any:
    return compressor().compress_request(body).output


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("The current time is 2024-05-15 15:00:00 EST.", ["2024-05-15 15:00:00 EST"]),
        ("Today is Thursday, November 20, 2026.", ["Thursday, November 20, 2026"]),
        ("Current date: Nov 20, 2026 (Thursday), 1:44 PM", ["Nov 20, 2026 (Thursday), 1:44 PM"]),
        ("Thu Nov 20 13:44:02 UTC 2026", ["Thu Nov 20 13:44:02 UTC 2026"]),
        ("timestamp: 1763646242", ["1763646242"]),
        ("Be brief. It is 2026-11-20 13:44.", ["2026-11-20 13:44"]),
        ("It's 1:44 PM", ["1:44 PM"]),
        ("Today is Thursday.", ["Thursday"]),
        ("Knowledge cutoff: 2024-06-01. Current date: 2026-11-20", ["2026-11-20"]),
        ("Run id 3f2a9c1e-1111-4222-8333-444455556666", ["3f2a9c1e-1111-4222-8333-444455556666"]),
        ("request_id=req_011CXyz9", ["req_011CXyz9"]),
        ("You are on turn 7 of 20.", ["7"]),
        ("You have 12,345 tokens remaining.", ["12,345"]),
        ("agent pid 4242", ["4242"]),
        ("Scratch: /tmp/tmpqwertyui/work", ["/tmp/tmpqwertyui/work"]),
        ("Work in /tmp/agent_x7k2p9qq/work.", ["/tmp/agent_x7k2p9qq/work"]),
    ],
)
def test_what_is_true_for_one_request_only_is_found(line: str, facts: list[str]) -> None:
    assert [line[f.start : f.end] for f in volatile_facts(f"before\n{line}\nafter"[7:-6])] == facts


@pytest.mark.parametrize(
    "line",
    [
        "Step 1: read the file. Step 2: change it.",
        "Example: 2024-05-15 10:00:00 ERROR boom",
        "The policy is effective since 2024-01-01.",
        "Our office is open from 09:00 to 17:00.",
        "Bookings made before 2024-05-15 may be cancelled within 24 hours.",
        "Copyright 2024-2026, released 2026-01-02",
        "Write results to /tmp/output.",
        "Use at most 500 tokens.",
        "Issue 1763646242 is closed",
        "Flight HAT123 leaves daily",
        "Refuse if it is 2026-11-20 or later for the guest.",
    ],
)
def test_what_is_the_same_at_every_turn_stays(line: str) -> None:
    assert volatile_facts(line) == []


def test_by_default_nothing_is_aligned() -> None:
    body = {"system": CLOCK, "messages": [{"role": "user", "content": "Hi"}]}
    assert Compressor(store=MemoryStore()).compress_request(body).output is body


def test_facts_move_to_the_end_of_a_chat() -> None:
    body = {
        "model": "gpt-5",
        "messages": [
            {"role": "system", "content": CLOCK},
            {"role": "user", "content": "Hi"},
        ],
    }
    given = copy.deepcopy(body)
    messages = align(body)["messages"]
    assert messages[0]["content"] == NAMED
    assert messages[1]["content"] == f"Hi\n\n{NOTE}"
    assert body == given


def test_facts_move_behind_the_newest_tool_result() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages: list[Any] = [
        {"role": "developer", "content": [{"type": "text", "text": CLOCK}]},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "out"},
    ]
    result = compressor().compress(messages)
    assert result.output[0]["content"][0]["text"] == NAMED
    assert result.output[1] is messages[1]
    assert result.output[3]["content"] == f"out\n\n{NOTE}"


def test_later_system_messages_stay_as_they_are() -> None:
    messages = [{"role": "user", "content": "Hi"}, {"role": "system", "content": CLOCK}]
    assert compressor().compress(messages, format="openai-chat").output is messages


def test_openai_requests_get_a_cache_key_that_stays() -> None:
    def key(clock: str, *more: str) -> str:
        said = [{"role": "user", "content": text} for text in ("Hi", *more)]
        system = {"role": "system", "content": CLOCK.replace("13:44:02", clock)}
        aligned = align({"model": "gpt-5.6-sol", "messages": [system, *said]})
        return str(aligned["prompt_cache_key"])

    assert key("13:44:02") == key("13:44:59", "and now?")
    other = align({"model": "gpt-5.6-sol", "messages": [{"role": "user", "content": "Ho"}]})
    assert other["prompt_cache_key"] != key("13:44:02")
    own = {
        "model": "gpt-5",
        "prompt_cache_key": "k",
        "messages": [{"role": "user", "content": "H"}],
    }
    assert align(own) is own
    foreign = {"model": "mistral-large", "messages": [{"role": "user", "content": "Hi"}]}
    assert align(foreign) is foreign


def test_models_that_read_at_breakpoints_get_one_before_the_note() -> None:
    body = {
        "model": "gpt-5.6-sol",
        "instructions": CLOCK,
        "input": [{"type": "message", "role": "user", "content": "Hi"}],
    }
    aligned = align(body)
    assert aligned["instructions"] == NAMED
    assert aligned["input"][0]["content"] == [
        {"type": "input_text", "text": "Hi", "prompt_cache_breakpoint": {"mode": "explicit"}},
        {"type": "input_text", "text": NOTE},
    ]


def test_anthropic_breakpoints_end_tools_instructions_and_the_newest_message() -> None:
    body = {
        "model": "claude-opus-5-5",
        "system": CLOCK,
        "tools": [{"name": "b", "input_schema": {}}, {"name": "a", "input_schema": {}}],
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Ho"},
            {"role": "user", "content": "Go"},
        ],
    }
    aligned = align(body)
    assert aligned["tools"] == [
        {"input_schema": {}, "name": "a"},
        {"input_schema": {}, "name": "b", "cache_control": MARK},
    ]
    assert aligned["system"] == [{"type": "text", "text": NAMED, "cache_control": MARK}]
    assert aligned["messages"][:2] == body["messages"][:2]
    assert aligned["messages"][2]["content"] == [
        {"type": "text", "text": "Go", "cache_control": MARK},
        {"type": "text", "text": NOTE},
    ]


def test_the_callers_breakpoints_stay_and_there_are_never_more_than_four() -> None:
    blocks = [{"type": "text", "text": f"part {n}", "cache_control": MARK} for n in range(3)]
    body = {
        "model": "claude-opus-5-5",
        "system": blocks,
        "tools": [{"name": "a", "input_schema": {}}],
        "messages": [{"role": "user", "content": "Hi"}],
    }
    aligned = align(body)
    assert aligned["system"] == blocks
    assert json.dumps(aligned).count("cache_control") == 4
    assert aligned["messages"][0]["content"][0]["cache_control"] == MARK


def test_no_breakpoint_stands_before_one_that_lives_longer() -> None:
    system = [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]
    body = {
        "model": "claude-opus-5-5",
        "system": system,
        "tools": [{"name": "a", "input_schema": {}}],
        "messages": [{"role": "user", "content": "Hi"}],
    }
    aligned = align(body)
    assert aligned["tools"] == body["tools"]
    assert aligned["system"] is system
    assert aligned["messages"][0]["content"][0]["cache_control"] == MARK


def test_an_automatic_breakpoint_is_enough_where_nothing_moves() -> None:
    body = {"cache_control": MARK, "system": "s", "messages": [{"role": "user", "content": "Hi"}]}
    assert align(body) is body


def test_marks_before_an_automatic_one_live_as_long_as_it() -> None:
    long = {"type": "ephemeral", "ttl": "1h"}
    body = {
        "model": "claude-opus-5-5",
        "cache_control": long,
        "system": CLOCK,
        "messages": [{"role": "user", "content": "Hi"}],
    }
    aligned = align(body)
    assert aligned["cache_control"] == long
    assert aligned["system"] == [{"type": "text", "text": NAMED, "cache_control": long}]
    assert aligned["messages"][0]["content"][0]["cache_control"] == long


def test_marks_inside_results_count() -> None:
    inside = [{"type": "text", "text": f"part {n}", "cache_control": MARK} for n in range(4)]
    result = {"type": "tool_result", "tool_use_id": "1", "content": inside}
    body = {
        "model": "claude-opus-5-5",
        "system": "Be brief.",
        "tools": [{"input_schema": {}, "name": "a"}],
        "messages": [
            {"role": "user", "content": "Hi"},
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "1", "name": "a", "input": {}}],
            },
            {"role": "user", "content": [result]},
        ],
    }
    assert align(body) is body


def test_no_cache_point_stands_before_one_that_lives_longer() -> None:
    long = {"cachePoint": {"type": "default", "ttl": "1h"}}
    body = {
        "modelId": "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "system": [{"text": "s"}, long],
        "toolConfig": {"tools": [{"toolSpec": {"inputSchema": {"json": {}}, "name": "f"}}]},
        "messages": [{"role": "user", "content": [{"text": "Hi"}]}],
    }
    aligned = align(body)
    assert aligned["toolConfig"] is body["toolConfig"]
    assert aligned["system"] is body["system"]
    assert aligned["messages"][0]["content"][-1] == {"cachePoint": {"type": "default"}}


def test_the_turn_before_is_marked_where_it_is_out_of_sight() -> None:
    def turn(blocks: int) -> Any:
        calls = [
            {"type": "tool_use", "id": str(n), "name": "f", "input": {}} for n in range(blocks)
        ]
        answers = [
            {"type": "tool_result", "tool_use_id": str(n), "content": "x"} for n in range(blocks)
        ]
        messages = [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": calls},
            {"role": "user", "content": answers},
        ]
        return align({"model": "claude-opus-5-5", "messages": messages})["messages"][0]["content"]

    assert turn(3) == "Hi"
    assert turn(15) == [{"type": "text", "text": "Hi", "cache_control": MARK}]


def test_converse_gets_cache_points() -> None:
    body = {
        "modelId": "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "system": [{"text": CLOCK}],
        "toolConfig": {"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {}}}}]},
        "messages": [{"role": "user", "content": [{"text": "Hi"}]}],
    }
    aligned = align(body)
    point = {"cachePoint": {"type": "default"}}
    assert aligned["system"] == [{"text": NAMED}, point]
    assert aligned["toolConfig"]["tools"][-1] == point
    assert aligned["messages"][0]["content"] == [{"text": "Hi"}, point, {"text": NOTE}]
    assert align(aligned) is aligned
    other = {**body, "modelId": "meta.llama4"}
    assert "cachePoint" not in json.dumps(align(other))


def test_gemini_facts_become_a_part_of_their_own() -> None:
    body = {
        "systemInstruction": {"parts": [{"text": CLOCK}]},
        "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
        "tools": [{"functionDeclarations": [{"name": "b"}, {"name": "a"}]}],
    }
    aligned = align(body)
    assert aligned["systemInstruction"]["parts"] == [{"text": NAMED}]
    assert aligned["contents"][0]["parts"] == [{"text": "Hi"}, {"text": NOTE}]
    assert aligned["tools"] == [{"functionDeclarations": [{"name": "a"}, {"name": "b"}]}]


def test_tools_in_any_order_become_the_same_bytes() -> None:
    def tool(name: str, *, turned: bool) -> dict[str, Any]:
        properties = [("x", {"type": "string"}), ("y", {"enum": ["q", "p"]})]
        schema = [
            ("type", "object"),
            ("properties", dict(properties[::-1] if turned else properties)),
            ("required", ["y", "x"] if turned else ["x", "y"]),
        ]
        function = {"name": name, "parameters": dict(schema[::-1] if turned else schema)}
        return {"type": "function", "function": function}

    def body(*tools: dict[str, Any]) -> bytes:
        messages = [{"role": "user", "content": "Hi"}]
        return json.dumps({"model": "gpt-5", "tools": tools, "messages": messages}).encode()

    one = align(json.loads(body(tool("a", turned=False), tool("b", turned=True))))
    other = align(json.loads(body(tool("b", turned=False), tool("a", turned=True))))
    assert json.dumps(one) == json.dumps(other)
    assert one["tools"][0]["function"]["parameters"]["properties"]["y"] == {"enum": ["q", "p"]}
    raw = compressor().compress_request(body(tool("b", turned=True), tool("a", turned=True))).output
    assert json.loads(raw)["tools"] == one["tools"]


def test_a_strict_tool_keeps_the_order_in_which_its_arguments_are_written() -> None:
    schema = {"type": "object", "properties": {"reason": {}, "answer": {}}}
    function = {"name": "f", "parameters": schema, "strict": True}
    tools = [{"type": "function", "function": function}]
    aligned = align({"model": "gpt-5", "tools": tools, "messages": []})
    properties = aligned["tools"][0]["function"]["parameters"]["properties"]
    assert list(properties) == ["reason", "answer"]


def test_a_tools_cache_mark_keeps_its_place_in_the_list() -> None:
    tools = [{"name": "b"}, {"name": "a", "cache_control": MARK}, {"name": "c"}]
    aligned = align({"system": "s", "tools": tools, "messages": [{"role": "user", "content": "H"}]})
    assert [t["name"] for t in aligned["tools"]] == ["a", "b", "c"]
    assert [("cache_control" in t) for t in aligned["tools"]] == [False, True, True]


def test_every_change_is_a_decision_and_the_numbers_add_up() -> None:
    body = {
        "model": "gpt-5",
        "tools": [{"name": "b"}, {"name": "a"}],
        "messages": [{"role": "system", "content": CLOCK}, {"role": "user", "content": "Hi"}],
    }
    result = compressor().compress_request(body)
    done = [(d.index, d.kind) for d in result.decisions if d.action == "aligned"]
    assert done == [(-1, "tools"), (-1, "cache key"), (0, "time"), (0, "id"), (1, "note")]
    assert result.tokens_before == sum(d.tokens_before for d in result.decisions)
    assert result.tokens_after == sum(d.tokens_after for d in result.decisions)
    texts = [m["content"] for m in result.output["messages"]]
    count = compressor().counter.count
    assert abs(result.tokens_after - sum(map(count, texts))) <= 4
    assert len(result.explain().splitlines()) >= len(result.decisions)


def test_bytes_change_only_where_something_was_aligned() -> None:
    text = '{ "model": "claude-opus-5-5",\n "n": 1.50, "system": "It is now 13:44.",\n'
    text += ' "messages": [ {"role": "user", "content": "H\\u00e9"} ] }'
    raw = compressor().compress_request(text.encode()).output.decode()
    assert raw == text.replace(
        '"It is now 13:44."',
        '[{"type":"text","text":"It is now [time 1, said at the end].",'
        '"cache_control":{"type":"ephemeral"}}]',
    ).replace(
        '"H\\u00e9"',
        '[{"type":"text","text":"H\\u00e9","cache_control":{"type":"ephemeral"}},'
        '{"type":"text","text":"[headroom now: time 1 = 13:44]"}]',
    )
    assert compressor().compress_request(raw.encode()).output.decode() == raw


def test_what_cannot_be_aligned_is_left_and_said() -> None:
    body = {"instructions": "It is now 13:44.", "input": [{"type": "message", "role": "user"}]}
    result = compressor().compress_request(body)
    assert result.output is body
    assert "the newest message has no room for it" in {d.reason for d in result.decisions}
    endless = b'{"tools": [{"name": "b", "x": 1e999}, {"name": "a"}], "messages": []}'
    result = compressor().compress_request(endless)
    assert result.output is endless
    assert result.decisions[-1].reason == "left as it was: a place could not be found"


def test_bypassing_bypasses_alignment() -> None:
    body = {"system": CLOCK, "messages": [{"role": "user", "content": "Hi"}]}
    one = compressor()
    with one.bypass():
        assert one.compress_request(body).output is body


def test_a_report_says_what_breaks_the_cache_and_what_it_costs() -> None:
    body = {
        "model": "claude-opus-5-5",
        "system": CLOCK + "\n" + "Be kind. " * 2_000,
        "messages": [{"role": "user", "content": "Hi"}],
    }
    report = CacheAligner().analyse(body)
    assert [(f.path, f.kind, f.text) for f in report.findings] == [
        (("system",), "time", "2026-11-20 13:44:02"),
        (("system",), "id", "9f8e7d6c5b4a"),
    ]
    assert 6_000 < report.tokens_lost <= report.tokens
    # Written at $5 instead of read at $0.20 per million.
    assert report.usd_lost == pytest.approx(report.tokens_lost * 4.8 / 1e6)
    assert "tokens are new at every turn: $0.0" in report.explain()
    assert CacheAligner().analyse(CacheAligner().align(body)).findings == ()


def test_an_order_is_priced_only_where_it_differs_from_the_turn_before() -> None:
    tools = [{"name": "b", "input_schema": {}}, {"name": "a", "input_schema": {}}]
    said = [{"role": "user", "content": "Hi. " * 900}, {"role": "assistant", "content": "Ho"}]
    body = {
        "model": "claude-opus-5-5",
        "system": CLOCK,
        "tools": tools,
        "messages": [*said, {"role": "user", "content": "Go"}],
    }
    aligner = CacheAligner()
    alone = aligner.analyse(body)
    assert [f.kind for f in alone.findings] == ["order", "time", "id"]
    turned = {**body, "tools": tools[::-1]}
    assert [f.kind for f in aligner.analyse(body, previous=turned).findings] == ["order"]
    assert aligner.analyse(body, previous=turned).tokens_lost > alone.tokens_lost > 900
    assert aligner.analyse(body, previous=body).findings == ()


def test_a_report_knows_no_price_for_an_unknown_model() -> None:
    report = CacheAligner().analyse({"system": CLOCK, "messages": []})
    assert report.usd_lost is None
    assert "$" not in report.explain()
    assert CacheAligner().analyse({"prompt": "x"}).explain().startswith("nothing found")


def test_a_request_of_no_known_shape_comes_back_as_it_is() -> None:
    body = {"prompt": CLOCK}
    assert CacheAligner().align(body) is body


@pytest.mark.parametrize("odd", [None, 7, "s", [None], [7], {"a": 1}, [{"content": [None, 3]}]])
def test_odd_parts_pass_through(odd: Any) -> None:
    for key in ("system", "tools", "instructions", "toolConfig", "systemInstruction"):
        body = {key: odd, "messages": [{"role": "user", "content": odd}, odd]}
        result = compressor().compress_request(body, format="anthropic")
        assert result.output["messages"][1:] == [odd]
