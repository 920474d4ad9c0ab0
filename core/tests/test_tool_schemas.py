"""Tool definitions without annotations that say nothing, and nothing else changed."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom.conversation.tool_schemas import tidy_tools

# As pydantic writes the schema of a function's arguments.
PYDANTIC: dict[str, Any] = {
    "title": "search_ordersArguments",
    "type": "object",
    "description": "Find orders.",
    "properties": {
        "customer_id": {"title": "Customer Id", "type": "integer"},
        "title": {"title": "Title", "type": "string", "description": "Title of the order"},
        "country": {
            "anyOf": [{"type": "string", "enum": ["NO", "SE"]}, {"type": "null"}],
            "default": None,
            "title": "Country",
        },
        "limit": {"default": 10, "minimum": 0, "title": "Most orders to return", "type": "integer"},
        "tags": {"items": {"type": "string", "minLength": 0}, "type": "array", "title": "Tags"},
        "filter": {"$ref": "#/$defs/Filter"},
    },
    "$defs": {
        "Filter": {
            "title": "Filter",
            "type": "object",
            "additionalProperties": True,
            "properties": {"state": {"const": {"title": "state"}, "title": "State"}},
            "required": [],
        }
    },
    "required": ["customer_id"],
}
TIDY: dict[str, Any] = {
    "type": "object",
    "description": "Find orders.",
    "properties": {
        "customer_id": {"type": "integer"},
        "title": {"type": "string", "description": "Title of the order"},
        "country": {"anyOf": [{"type": "string", "enum": ["NO", "SE"]}, {"type": "null"}]},
        "limit": {"default": 10, "minimum": 0, "title": "Most orders to return", "type": "integer"},
        "tags": {"items": {"type": "string"}, "type": "array"},
        "filter": {"$ref": "#/$defs/Filter"},
    },
    "$defs": {"Filter": {"type": "object", "properties": {"state": {"const": {"title": "state"}}}}},
    "required": ["customer_id"],
}
USER = [{"role": "user", "content": "Which order failed?"}]
SHAPES: dict[str, tuple[dict[str, Any], tuple[str | int, ...]]] = {
    "chat": (
        {
            "model": "gpt-4o",
            "messages": USER,
            "tools": [
                {
                    "type": "function",
                    "function": {"name": "search_orders", "parameters": PYDANTIC, "strict": False},
                }
            ],
        },
        ("tools", 0, "function", "parameters"),
    ),
    "responses": (
        {
            "model": "gpt-5",
            "input": [{"type": "message", "role": "user", "content": "Which order failed?"}],
            "tools": [{"type": "function", "name": "search_orders", "parameters": PYDANTIC}],
        },
        ("tools", 0, "parameters"),
    ),
    "anthropic": (
        {
            "model": "claude-opus-5-5",
            "max_tokens": 9,
            "system": "Be brief.",
            "messages": [{"role": "user", "content": [{"type": "text", "text": "Which order?"}]}],
            "tools": [
                {
                    "name": "search_orders",
                    "input_schema": PYDANTIC,
                    "cache_control": {"type": "ephemeral"},
                }
            ],
        },
        ("tools", 0, "input_schema"),
    ),
    "gemini": (
        {
            "contents": [{"role": "user", "parts": [{"text": "Which order failed?"}]}],
            "tools": [
                {"functionDeclarations": [{"name": "search_orders", "parameters": PYDANTIC}]}
            ],
        },
        ("tools", 0, "functionDeclarations", 0, "parameters"),
    ),
    "converse": (
        {
            "modelId": "x",
            "messages": [{"role": "user", "content": [{"text": "Which order failed?"}]}],
            "toolConfig": {
                "tools": [
                    {"toolSpec": {"name": "search_orders", "inputSchema": {"json": PYDANTIC}}}
                ]
            },
        },
        ("toolConfig", "tools", 0, "toolSpec", "inputSchema", "json"),
    ),
}


def _compressor(**more: Any) -> Compressor:
    return Compressor(CompressionConfig(tidy_tools=True, **more), store=MemoryStore())


def _at(body: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        body = body[part]
    return body


def _tidy(schema: Any, name: str = "f") -> Any:
    (tool,) = tidy_tools([{"name": name, "input_schema": schema}])
    return tool["input_schema"]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_format_is_tidied_and_nothing_beside_the_schema_changes(shape: str) -> None:
    body, path = copy.deepcopy(SHAPES[shape])
    before = copy.deepcopy(body)
    result = _compressor().compress_request(body)
    assert body == before
    assert _at(result.output, path) == TIDY
    *around, last = path
    _at(result.output, tuple(around))[last] = PYDANTIC
    assert result.output == before
    (decision,) = [d for d in result.decisions if d.kind == "tools"]
    assert (decision.action, decision.compressor) == ("encoded", "tool-schemas")
    assert 0 < decision.tokens_after < decision.tokens_before
    assert result.tokens_saved == decision.tokens_before - decision.tokens_after


@pytest.mark.parametrize("shape", SHAPES)
def test_bytes_are_tidied_as_mappings_are(shape: str) -> None:
    body, _ = SHAPES[shape]
    document = json.dumps(body).encode()
    tidy = _compressor().compress_request(document).output
    assert json.loads(tidy) == _compressor().compress_request(body).output


@pytest.mark.parametrize("shape", SHAPES)
def test_tidying_twice_changes_nothing_more(shape: str) -> None:
    once = _compressor().compress_request(SHAPES[shape][0]).output
    assert _compressor().compress_request(once).output is once


def test_the_tools_are_the_same_at_every_turn() -> None:
    body, path = SHAPES["chat"]
    made = _compressor()
    later = {**body, "messages": [*USER, {"role": "assistant", "content": "None."}, *USER]}
    first, second = made.compress_request(body).output, made.compress_request(later).output
    assert json.dumps(_at(first, path)) == json.dumps(_at(second, path))


def test_tools_stay_as_they_are_unless_asked_for() -> None:
    body, _ = SHAPES["chat"]
    assert Compressor(store=MemoryStore()).compress_request(body).output is body
    made = _compressor()
    with made.bypass():
        assert made.compress_request(body).output is body


def test_nothing_to_leave_out_is_said() -> None:
    body = {"model": "gpt-4o", "messages": USER, "tools": [{"type": "web_search"}]}
    result = _compressor().compress_request(body)
    assert result.output is body
    assert [d.reason for d in result.decisions if d.kind == "tools"] == ["nothing to leave out"]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "title": "Arguments of a search"},
        {"type": "object", "title": "Fahrenheit"},
        {"additionalProperties": False, "properties": {}},
        {"additionalProperties": {"type": "string"}},
        {"properties": {"a": {"default": None}}, "required": ["a"]},
        {"properties": {"a": {"default": 0}, "b": {"default": ""}, "c": {"default": False}}},
        {"properties": {"a": {"minLength": False, "uniqueItems": 0}}},
        {"properties": {"description": {"type": "string"}, "required": {"type": "boolean"}}},
        {"enum": [{"title": "f"}], "const": {"title": "f"}, "default": {"$comment": "x"}},
        {"$schema": "http://json-schema.org/draft-07/schema#"},
        {"unevaluatedProperties": False, "allOf": [{"additionalProperties": True}]},
        {"x-hint": {"title": "f"}},
        {"properties": None, "anyOf": {}, "items": [], "required": "a"},
        {},
    ],
)
def test_what_says_something_stays(schema: Any) -> None:
    assert _tidy(schema) is schema


def test_a_request_that_is_odd_passes_through() -> None:
    odd = {"model": "gpt-4o", "messages": USER, "tools": [None, 7, {"function": {"parameters": 1}}]}
    assert _compressor().compress_request(odd).output is odd


def test_a_schema_of_great_depth_takes_no_harm() -> None:
    schema: dict[str, Any] = {"title": "F"}
    for _ in range(400):
        schema = {"properties": {"f": schema}}
    assert json.dumps(_tidy(schema)) == json.dumps(schema)


values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "f", "object", "Name"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "type title default $comment description properties name items anyOf required "
                "additionalProperties enum const minLength unevaluatedProperties $defs not".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(schema=st.dictionaries(st.sampled_from(["properties", "title", "anyOf"]), values))
def test_any_schema_is_tidied_once_and_for_all(schema: Any) -> None:
    before = copy.deepcopy(schema)
    tidy = _tidy(schema)
    assert schema == before
    assert _tidy(tidy) is tidy
    assert len(json.dumps(tidy)) <= len(json.dumps(schema))
