import copy
import json
import re
from typing import Any

import pytest

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom.codecs.json_bytes import string_spans, with_strings

from conversations import HalvesCompressor, chat, varied_text  # isort: skip

LONG = varied_text()

REQUESTS: dict[str, dict[str, Any]] = {
    "openai-chat": {"model": "gpt-4o", "messages": chat(LONG), "tools": [], "seed": 7},
    "openai-responses": {
        "model": "gpt-5",
        "instructions": LONG,
        "input": [
            {"role": "user", "content": "What happened?"},
            {"type": "reasoning", "id": "rs_1", "encrypted_content": LONG, "summary": []},
            {"type": "function_call", "call_id": "c", "name": "read", "arguments": '{"path":"a"}'},
            {"type": "function_call_output", "call_id": "c", "output": LONG},
        ],
    },
    "anthropic": {
        "model": "claude-opus-5",
        "max_tokens": 100,
        "system": [{"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}],
        "messages": [
            {"role": "user", "content": "What happened?"},
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "t", "name": "read", "input": {}}],
            },
            {
                "role": "user",
                "content": [{"type": "tool_result", "tool_use_id": "t", "content": LONG}],
            },
        ],
    },
    "bedrock-converse": {
        "modelId": "amazon.nova-pro-v1:0",
        "inferenceConfig": {"maxTokens": 100},
        "messages": [
            {"role": "user", "content": [{"text": "What happened?"}, {"cachePoint": {}}]},
            {
                "role": "assistant",
                "content": [{"toolUse": {"toolUseId": "t", "name": "read", "input": {}}}],
            },
            {
                "role": "user",
                "content": [
                    {
                        "toolResult": {
                            "toolUseId": "t",
                            "content": [{"text": LONG}, {"json": {"a": LONG}}],
                            "status": "success",
                        }
                    }
                ],
            },
        ],
    },
    "gemini": {
        "contents": [
            {"role": "user", "parts": [{"text": "What happened?"}]},
            {
                "role": "model",
                "parts": [
                    {"text": LONG, "thought": True, "thoughtSignature": "c2ln"},
                    {"functionCall": {"name": "read", "args": {"path": "a"}}},
                ],
            },
            {
                "role": "user",
                "parts": [{"functionResponse": {"name": "read", "response": {"output": LONG}}}],
            },
        ],
        "systemInstruction": {"parts": [{"text": LONG}]},
    },
}


def compressor() -> Compressor:
    return Compressor(store=MemoryStore(), compressors=(HalvesCompressor(),))


def strings(value: Any) -> list[str]:
    return re.findall(r'"(?:[^"\\]|\\.)*"', value)


@pytest.mark.parametrize("name", REQUESTS)
def test_each_providers_request_is_recognised_and_its_tool_result_shortened(name: str) -> None:
    body = REQUESTS[name]
    before = copy.deepcopy(body)
    result = compressor().compress_request(body)
    assert body == before
    assert result.format == name
    assert result.model == body.get("model", body.get("modelId"))
    changed = [d for d in result.decisions if d.action == "selected"]
    assert [(d.index, d.kind) for d in changed] == [(changed[0].index, "halves")]
    assert json.dumps(before).count("line 199 holds") - 1 == json.dumps(result.request).count(
        "line 199 holds"
    )
    for key, value in body.items():
        if key not in ("messages", "input", "contents"):
            assert result.request[key] is value


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize(
    "style",
    [
        {},
        {"indent": 2, "ensure_ascii": False},
        {"separators": (",", ":")},
        {"indent": "\t", "separators": (" , ", " : ")},
    ],
)
def test_a_byte_body_differs_only_inside_the_shortened_string(name: str, style: Any) -> None:
    body = json.dumps(REQUESTS[name], **style)
    result = compressor().compress_request(body.encode())
    out = result.request.decode()
    assert strings(out) != strings(body)
    pairs = list(zip(strings(body), strings(out), strict=True))
    assert sum(a != b for a, b in pairs) == 1
    shape = re.compile(r'"(?:[^"\\]|\\.)*"')
    assert shape.split(body) == shape.split(out)
    assert json.loads(out) == compressor().compress_request(REQUESTS[name]).request


@pytest.mark.parametrize("name", REQUESTS)
def test_a_body_with_nothing_to_do_comes_back_as_the_same_object(name: str) -> None:
    body = REQUESTS[name]
    idle = Compressor(CompressionConfig(min_tokens=1_000_000), store=MemoryStore())
    assert idle.compress_request(body).request is body
    raw = json.dumps(body).encode()
    assert idle.compress_request(raw).request is raw


def test_numbers_key_order_and_escapes_elsewhere_stay_as_they_came() -> None:
    quoted = json.dumps(LONG)
    raw = (
        '{"temperature":1.50e0,"z":1e400,"n":-0,"big":12345678901234567890123,"s":"\\u00e9\\/",'
        '"messages":[{"role":"tool" ,"tool_call_id":"\\u0061","content":' + quoted + "}\n]}\r\n"
    )
    out = compressor().compress_request(raw.encode()).request.decode()
    head, tail = raw.split(quoted)
    assert out.startswith(head)
    assert out.endswith(tail)
    assert len(out) < len(raw)


def test_where_a_key_stands_twice_the_last_one_counts() -> None:
    quoted = json.dumps(LONG)
    raw = f'{{"messages":[],"messages":[{{"role":"tool","content":"x","content":{quoted}}}]}}'
    out = compressor().compress_request(raw.encode()).request.decode()
    assert out.startswith(raw.split(quoted)[0])
    assert len(out) < len(raw)
    spans = string_spans('{"a":{"b":"x"},"a":{"c":"y"}}', [("a", "b"), ("a", "c")])
    assert spans == {("a", "c"): (24, 27)}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b"[1, 2]",
        b"null",
        b"[" * 200_000,
        b'{"messages": 3}',
        b'{"input": "text to embed"}',
        b'{"input": ["text to embed", "another"]}',
        {},
        {"messages": None},
        {"prompt": "complete me"},
    ],
)
def test_a_body_of_unknown_shape_comes_back_as_it_is_with_a_decision(body: Any) -> None:
    result = compressor().compress_request(body)
    assert result.request is body
    assert result.decisions[0].reason == "not a request of a known shape"


@pytest.mark.parametrize("body", [None, "text", 3, ["messages"]])
def test_a_body_of_a_wrong_type_is_refused(body: Any) -> None:
    with pytest.raises(TypeError, match="body must be a mapping or bytes"):
        compressor().compress_request(body)


def test_new_text_is_escaped_as_the_document_escapes_its_own() -> None:
    path = ("a",)
    assert with_strings('{"a":"x"}', {"a": "x"}, {path: "é"}) == '{"a":"\\u00e9"}'
    assert with_strings('{"a":"ü"}', {"a": "ü"}, {path: "é"}) == '{"a":"é"}'
    assert with_strings('{"a":"ü"}', {"a": "ü"}, {path: "\ud800"}) == '{"a":"\\ud800"}'


def test_a_string_that_is_not_where_it_should_be_is_not_replaced() -> None:
    assert with_strings('{"a":"x"}', {"a": "y"}, {("a",): "z"}) is None
    assert with_strings('{"a":["x"]}', {"a": ["x"]}, {("b",): "z"}) is None


def test_strings_are_found_below_a_hundred_thousand_levels() -> None:
    depth = 100_000
    document = '{"deep":' + "[" * depth + '"}"' + "]" * depth + ',"a":"x"}'
    assert string_spans(document, [("a",)]) == {("a",): (len(document) - 4, len(document) - 1)}
