"""A glance that remembers says what one says that sees every body for the first time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.codecs import glance
from headroom.codecs.glance import Glance

LARGE = "pass " * 40
TEXTS = st.one_of(
    st.sampled_from(
        [
            "ok",
            LARGE,
            "role",
            "tool",
            '{"role"',
            '{"role": "tool", "content": "x"}',
            '],"tools"',
            '"',
            "\\",
            "{",
            ",",
            "],",
            "tool_result",
            "is_error",
            "_output",
            "\x01",
            "A\u2028é",
        ]
    ),
    st.text(max_size=6),
)
SHAPES = ("openai-chat", "anthropic", "openai-responses")


def shuffled(data: st.DataObject, record: dict[str, Any]) -> dict[str, Any]:
    keys = list(record)
    if data.draw(st.integers(0, 3)) == 0:
        keys = data.draw(st.permutations(keys))
    return {key: record[key] for key in keys}


def content(data: st.DataObject) -> Any:
    text = data.draw(TEXTS)
    return data.draw(
        st.sampled_from(
            [
                text,
                text,
                [{"type": "text", "text": text}],
                [{"type": "text", "text": text}] * 2,
                None,
            ]
        )
    )


def message(data: st.DataObject, shape: str) -> dict[str, Any]:
    if data.draw(st.booleans()):
        said = {"role": data.draw(st.sampled_from(["user", "assistant"])), "content": content(data)}
        if data.draw(st.integers(0, 4)) == 0:
            said["input"] = {"list": [1], "role": data.draw(st.sampled_from(["tool", {"a": 1}]))}
        return shuffled(data, said)
    if shape == "openai-responses":
        item = {"type": "function_call_output", "call_id": "c", "output": content(data)}
        return shuffled(data, item)
    if shape == "anthropic":
        block = {"type": "tool_result", "tool_use_id": "c", "content": content(data)}
        if data.draw(st.booleans()):
            block["is_error"] = data.draw(st.booleans())
        if data.draw(st.booleans()):
            block["cache_control"] = {"type": "ephemeral"}
        return shuffled(data, {"role": "user", "content": [shuffled(data, block)]})
    return shuffled(data, {"role": "tool", "tool_call_id": "c", "content": content(data)})


def bodies(data: st.DataObject, shape: str) -> Iterator[bytes]:
    """Yield requests that go on from one another, and now and then go back."""
    key = "input" if shape == "openai-responses" else "messages"
    indent = data.draw(st.sampled_from([None, None, 1, 30]))
    separators = data.draw(st.sampled_from([None, (",", ":")]))
    messages: list[dict[str, Any]] = []
    behind = {"tools": [{"type": "function", "role": {"x": content(data)}}], "system": "x"}
    for _ in range(data.draw(st.integers(1, 6))):
        messages = messages[: data.draw(st.integers(max(0, len(messages) - 2), len(messages)))]
        messages += [message(data, shape) for _ in range(data.draw(st.integers(1, 3)))]
        request: dict[str, Any] = {"model": "m", key: messages}
        if data.draw(st.booleans()):
            request |= shuffled(data, behind)
        is_ascii = data.draw(st.booleans())
        yield json.dumps(
            request, indent=indent, separators=separators, ensure_ascii=is_ascii
        ).encode()


def is_large(text: str) -> bool:
    return len(text) > 100


@pytest.mark.parametrize("shape", SHAPES)
@given(data=st.data())
def test_what_a_glance_remembers_never_changes_what_it_says(shape: str, data: Any) -> None:
    remembering = Glance(is_large)
    with mock.patch.object(glance, "_FEW_BYTES", 0):
        for body in bodies(data, shape):
            said = remembering.may_hold_result(body, shape)
            assert said == Glance(is_large).may_hold_result(body, shape)
            assert said or LARGE not in json.dumps(results_in(body))
            assert said == remembering.may_hold_result(body, shape)


def results_in(body: bytes) -> list[Any]:
    """Return what every tool result of a request holds, read without the core."""
    request = json.loads(body)
    found: list[Any] = []
    for said in request.get("messages", request.get("input")):
        if said.get("role") == "tool":
            found.append(said["content"])
        elif "output" in said:
            found.append(said["output"])
        elif isinstance(said["content"], list):
            found += [b["content"] for b in said["content"] if b["type"] == "tool_result"]
    return found


@pytest.mark.parametrize("shape", SHAPES)
@given(data=st.data())
def test_a_body_that_goes_on_from_one_is_read_by_what_it_says_itself(shape: str, data: Any) -> None:
    """What follows a remembered part may be anything, a body cut anywhere included."""
    remembering = Glance(is_large)
    with mock.patch.object(glance, "_FEW_BYTES", 0):
        bodies_seen = list(bodies(data, shape))
        for body in bodies_seen:
            remembering.may_hold_result(body, shape)
        for _ in range(5):
            one, other = (data.draw(st.sampled_from(bodies_seen)) for _ in range(2))
            cut = data.draw(st.integers(0, len(one)))
            joined = one[:cut] + other[data.draw(st.integers(0, len(other))) :]
            try:
                json.loads(joined)
            except ValueError:
                remembering.may_hold_result(joined, shape)  # may be anything; must not mislead
            else:
                fresh = Glance(is_large).may_hold_result(joined, shape)
                assert remembering.may_hold_result(joined, shape) == fresh
