"""Every format, fuzzed: outside the texts that were shortened nothing differs, by value or byte."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom import CompressionConfig, Compressor, MemoryStore

from conversations import HalvesCompressor, repeated_text, varied_text  # isort: skip

LONG = [varied_text(120), varied_text(150), repeated_text(60)]
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')

# Tool results, and people's text too, so that a shortened text may stand anywhere.
COMPRESSOR = Compressor(
    CompressionConfig(roles=("tool", "user", "assistant", "system")),
    store=MemoryStore(),
    compressors=(HalvesCompressor(),),
)

texts = st.one_of(
    st.sampled_from(LONG),
    st.text(max_size=12),
    st.sampled_from(["", "\ud800", "[headroom 0123456789abcdef: kept 1 of 2 lines]\nx", "halves"]),
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)
)
junk = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
ids = st.sampled_from(["a", "b", "c", ""])
arguments = st.one_of(st.just("{}"), st.just('{"path": "x"}'), st.none(), junk)


def record(required: dict[str, Any], **optional: Any) -> st.SearchStrategy[Any]:
    """A mapping with these keys, now and then an unknown one beside them."""
    base = st.fixed_dictionaries(required, optional=optional)
    extra = st.dictionaries(st.sampled_from(["x_new", "cache_control", "id"]), junk, max_size=1)
    return st.builds(lambda b, e: {**e, **b}, base, extra)


def blocks(*kinds: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(st.one_of(*kinds, junk), max_size=4)


text_block = record({"type": st.just("text"), "text": texts}, citations=st.lists(junk, max_size=1))
image = record({"type": st.just("image_url"), "image_url": junk})
thinking = record(
    {"type": st.just("thinking"), "thinking": texts, "signature": st.text(max_size=9)}
)
unknown = record({"type": st.just("hologram"), "text": texts})

chat_content = st.one_of(texts, st.none(), blocks(text_block, image, unknown), junk)
chat_call = record(
    {"id": ids, "function": record({"name": st.just("read"), "arguments": arguments})}
)
chat = st.one_of(
    record({"role": st.sampled_from(["user", "system", "developer"]), "content": chat_content}),
    record(
        {"role": st.just("assistant"), "content": chat_content},
        tool_calls=st.one_of(st.none(), st.lists(chat_call, max_size=2), junk),
        reasoning_content=texts,
    ),
    record({"role": st.just("tool"), "tool_call_id": ids, "content": chat_content}),
)

tool_use = record({"type": st.just("tool_use"), "id": ids, "name": st.just("r"), "input": junk})
tool_result = record(
    {
        "type": st.just("tool_result"),
        "tool_use_id": ids,
        "content": st.one_of(texts, blocks(text_block, image), junk),
    },
    is_error=st.booleans(),
)
anthropic = record(
    {
        "role": st.sampled_from(["user", "assistant"]),
        "content": st.one_of(texts, blocks(text_block, thinking, tool_use, tool_result, unknown)),
    }
)

input_text = record({"type": st.sampled_from(["input_text", "output_text"]), "text": texts})
responses = st.one_of(
    record({"role": st.just("user"), "content": st.one_of(texts, blocks(input_text, image))}),
    record({"type": st.just("reasoning"), "encrypted_content": texts, "summary": junk}),
    record(
        {"type": st.just("function_call"), "call_id": ids, "name": st.just("r")},
        arguments=arguments,
    ),
    record(
        {
            "type": st.sampled_from(["function_call_output", "custom_tool_call_output"]),
            "call_id": ids,
            "output": st.one_of(texts, blocks(input_text, image), junk),
        }
    ),
    record(
        {
            "type": st.just("shell_call_output"),
            "call_id": ids,
            "output": st.lists(record({"stdout": texts, "stderr": texts}), max_size=2),
        }
    ),
    record({"type": st.just("mcp_call"), "output": texts}),
    record({"type": st.just("compaction"), "encrypted_content": texts}),
)

converse_result = record(
    {"toolUseId": ids, "content": blocks(record({"text": texts}), record({"json": junk}))},
    status=st.sampled_from(["success", "error"]),
)
converse = record(
    {
        "role": st.sampled_from(["user", "assistant"]),
        "content": blocks(
            st.builds(lambda t: {"text": t}, texts),
            st.builds(lambda r: {"toolResult": r}, converse_result),
            st.builds(lambda i: {"toolUse": {"toolUseId": i, "name": "r", "input": {}}}, ids),
            st.builds(lambda t: {"reasoningContent": {"reasoningText": {"text": t}}}, texts),
            st.just({"cachePoint": {"type": "default"}}),
        ),
    }
)

gemini_part = st.one_of(
    record({"text": texts}, thought=st.booleans(), thoughtSignature=st.text(max_size=6)),
    record({"functionCall": record({"name": st.just("r"), "args": junk})}),
    record(
        {
            "functionResponse": record(
                {
                    "name": st.just("r"),
                    "response": st.one_of(
                        st.dictionaries(st.sampled_from(["output", "error"]), texts), junk
                    ),
                }
            )
        }
    ),
    record({"inlineData": junk}),
)
gemini = record({"parts": st.lists(st.one_of(gemini_part, junk), max_size=3)}, role=st.just("user"))

FORMATS = {
    "openai-chat": (chat, "messages"),
    "anthropic": (anthropic, "messages"),
    "openai-responses": (responses, "input"),
    "bedrock-converse": (converse, "messages"),
    "gemini": (gemini, "contents"),
}
# The nightly profile (5,000 examples a test) takes 10^5 cases of each format, half by value and
# half by byte, in batches: what hypothesis remembers of a run makes each further example dearer.
BATCHES = 10 if settings().max_examples >= 5_000 else 1
each_format = pytest.mark.parametrize("name", sorted(FORMATS))
in_batches = pytest.mark.parametrize("batch", range(BATCHES))


def conversation(data: st.DataObject, name: str) -> list[Any]:
    messages: list[Any] = data.draw(st.lists(st.one_of(FORMATS[name][0], junk), max_size=5))
    return messages


def differences(before: Any, after: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where two values differ, as deep as their shapes agree."""
    if before is after:
        return
    if type(before) is dict and type(after) is dict and list(before) == list(after):
        for key in before:
            yield from differences(before[key], after[key], (*at, key))
    elif type(before) is list and type(after) is list and len(before) == len(after):
        for position, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, (*at, position))
    elif type(before) is not type(after) or before != after:
        yield at


def value_at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@each_format
@in_batches
@given(st.data())
def test_only_shortened_texts_differ_and_nothing_of_the_callers_is_changed(
    name: str, batch: int, data: st.DataObject
) -> None:
    messages = conversation(data, name)
    before = copy.deepcopy(messages)
    result = COMPRESSOR.compress(messages, format=name)
    assert list(differences(before, messages)) == []
    changed = list(differences(messages, result.messages))
    done = [d for d in result.decisions if d.action != "kept"]
    assert len(changed) == len(done)
    for path in changed:
        assert value_at(messages, path) in LONG
        assert value_at(messages, path[:-1]) is not value_at(result.messages, path[:-1])
    assert (result.messages is messages) == (not changed)
    touched = {path[0] for path in changed}
    for index, message in enumerate(messages):
        assert (result.messages[index] is message) == (index not in touched)
    assert {d.index for d in result.decisions} == set(range(len(messages)))
    assert all(d.tokens_after <= d.tokens_before for d in result.decisions)


@each_format
@in_batches
@given(st.data(), junk, st.sampled_from([None, 1]), st.booleans())
def test_a_byte_body_is_byte_equal_outside_the_shortened_strings(
    name: str, batch: int, data: st.DataObject, rest: Any, indent: int | None, ascii_only: bool
) -> None:
    messages = conversation(data, name)
    body = {"rest": rest, FORMATS[name][1]: messages, "after": [1.0, "x"]}
    document = json.dumps(body, indent=indent, ensure_ascii=ascii_only)
    try:
        raw = document.encode()
    except UnicodeEncodeError:  # lone surrogates have no bytes unless they are escaped
        return
    result = COMPRESSOR.compress_request(raw, format=name)
    by_value = COMPRESSOR.compress_request(json.loads(document), format=name)
    assert result.decisions == by_value.decisions
    out = result.request.decode()
    assert STRING.split(out) == STRING.split(document)
    pairs = list(zip(STRING.findall(document), STRING.findall(out), strict=True))
    changed = [json.loads(old) for old, new in pairs if old != new]
    assert all(text in LONG for text in changed)
    assert len(changed) == sum(d.action != "kept" for d in result.decisions)
    assert list(differences(by_value.request, json.loads(out))) == []
    assert (result.request is raw) == (not changed)


@each_format
@given(st.data())
def test_compressing_twice_changes_nothing(name: str, data: st.DataObject) -> None:
    messages = conversation(data, name)
    once = COMPRESSOR.compress(messages, format=name).messages
    assert COMPRESSOR.compress(once, format=name).messages is once


@each_format
@given(st.data(), st.integers(0, 5))
def test_what_follows_changes_nothing_before_it(
    name: str, data: st.DataObject, length: int
) -> None:
    messages = conversation(data, name)
    whole = COMPRESSOR.compress(messages, format=name).messages
    part = COMPRESSOR.compress(messages[:length], format=name).messages
    assert list(differences(part, whole[:length])) == []
