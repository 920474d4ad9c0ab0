import copy
from collections import OrderedDict
from typing import Any

import pytest

from headroom import CompressionConfig, Compressor, MemoryStore, UnknownFormatError
from headroom.codecs.anthropic import AnthropicCodec
from headroom.codecs.chat import ChatCodec
from headroom.codecs.splice import with_texts

from conversations import HalvesCompressor, chat, varied_text  # isort: skip

LONG = varied_text()


def compressor(**settings: Any) -> Compressor:
    return Compressor(
        CompressionConfig(**settings), store=MemoryStore(), compressors=(HalvesCompressor(),)
    )


def anthropic(content: Any, **extra: Any) -> list[Any]:
    return [
        {"role": "user", "content": [{"type": "text", "text": "What happened?"}]},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "hm " * 300, "signature": "c2ln"},
                {"type": "tool_use", "id": "toolu_1", "name": "read", "input": {"path": "a.log"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1", "content": content, **extra},
                {"type": "text", "text": "go on"},
            ],
        },
    ]


def test_a_chat_tool_result_knows_the_call_that_it_answers() -> None:
    [question, result] = ChatCodec().read(chat(LONG, tool="grep"))
    assert (question.role, question.index) == ("user", 0)
    assert (result.role, result.index, result.tool_name) == ("tool", 2, "grep")
    assert (result.arguments, result.call_id) == ("{}", "call_1")


def test_a_chat_result_in_parts_keeps_its_parts() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    unknown = {"type": "hologram", "text": LONG}
    messages = chat([image, {"type": "text", "text": LONG, "extra": 1}, unknown])
    before = copy.deepcopy(messages)
    output = compressor().compress(messages).messages
    assert messages == before
    parts = output[2]["content"]
    assert parts[0] is image
    assert parts[2] is unknown
    assert parts[1].keys() == {"type", "text", "extra"}
    assert parts[1]["text"] != LONG


def test_untouched_messages_are_the_same_objects() -> None:
    messages = chat(LONG)
    output = compressor().compress(messages).messages
    assert output is not messages
    assert output[0] is messages[0]
    assert output[1] is messages[1]
    assert output[2].keys() == messages[2].keys()


def test_a_legacy_function_message_is_a_tool_result() -> None:
    [segment] = ChatCodec().read([{"role": "function", "name": "grep", "content": "x"}])
    assert (segment.role, segment.tool_name) == ("tool", "grep")


@pytest.mark.parametrize("arguments", [None, {"path": "x"}, 3, "{not json", ["a"]])
def test_odd_arguments_pass_through(arguments: Any) -> None:
    messages = chat(LONG)
    messages[1]["tool_calls"][0]["function"]["arguments"] = arguments
    output = compressor().compress(messages).messages
    assert output[1] is messages[1]
    assert output[2]["content"] != LONG


@pytest.mark.parametrize(
    "odd",
    [
        None,
        3,
        "text",
        {},
        {"role": "tool"},
        {"role": "tool", "content": None},
        {"role": "tool", "content": []},
        {"role": "tool", "content": [None, 3, {"type": "text"}, {"type": "text", "text": None}]},
        {"role": "robot", "content": LONG},
        {"role": ["tool"], "content": LONG},
        {"role": "assistant", "content": None, "tool_calls": [None, {"id": 3}, {"id": "a"}]},
        {"role": "assistant", "content": None, "tool_calls": "none"},
    ],
)
def test_odd_messages_pass_through_with_a_decision(odd: Any) -> None:
    messages = [{"role": "user", "content": "hi"}, odd]
    result = compressor().compress(messages)
    assert result.messages is messages
    assert [d.index for d in result.decisions] == [0, 1]
    assert result.decisions[1].action == "kept"
    assert result.decisions[1].reason


def test_an_empty_conversation_is_returned_as_it_is() -> None:
    messages: list[Any] = []
    result = compressor().compress(messages)
    assert result.messages is messages
    assert (result.savings, result.decisions) == (0.0, ())


def test_tuples_and_mappings_of_other_types_stay_what_they_are() -> None:
    messages = tuple(OrderedDict(m) for m in chat(LONG))
    output = compressor().compress(messages).messages
    assert type(output) is tuple
    assert type(output[2]) is OrderedDict
    assert output[0] is messages[0]


def test_an_anthropic_result_as_a_string_and_as_blocks() -> None:
    image = {"type": "image", "source": {"type": "base64", "data": "AAAA"}}
    for content, path in ((LONG, ()), ([image, {"type": "text", "text": LONG}], (1, "text"))):
        messages = anthropic(content, cache_control={"type": "ephemeral"})
        before = copy.deepcopy(messages)
        result = compressor().compress(messages)
        assert messages == before
        assert result.format == "anthropic"
        output = result.messages
        assert output[0] is messages[0]
        assert output[1] is messages[1]
        block = output[2]["content"][0]
        assert block["cache_control"] == {"type": "ephemeral"}
        assert output[2]["content"][1] is messages[2]["content"][1]
        text: Any = block["content"]
        for key in path:
            text = text[key]
        assert text != LONG
        if path:
            assert block["content"][0] is image


def test_an_anthropic_result_knows_its_call_and_whether_it_failed() -> None:
    segments = AnthropicCodec().read(anthropic("boom", is_error=True))
    [result] = [s for s in segments if s.role == "tool"]
    assert (result.tool_name, result.arguments) == ("read", {"path": "a.log"})
    assert (result.call_id, result.is_error) == ("toolu_1", True)


def test_text_with_citations_is_left_alone() -> None:
    cited = {"type": "text", "text": LONG, "citations": [{"start": 0, "end": 4}]}
    messages = anthropic([cited])
    assert compressor().compress(messages).messages is messages


def test_thinking_and_signatures_are_never_read() -> None:
    segments = AnthropicCodec().read(anthropic("x"))
    assert all("hm hm" not in s.text for s in segments)


def test_the_format_can_be_named() -> None:
    messages = [{"role": "user", "content": "hi"}]
    assert compressor().compress(messages, format="anthropic").format == "anthropic"
    with pytest.raises(UnknownFormatError, match="known: openai, openai-chat"):
        compressor().compress(messages, format="morse")


def test_splicing_shares_everything_beside_the_path() -> None:
    shared = {"keep": object()}
    tree = {"a": [shared, {"b": "old"}], "c": shared}
    new = with_texts(tree, {("a", 1, "b"): "new"})
    assert new == {"a": [shared, {"b": "new"}], "c": shared}
    assert new["a"][0] is shared
    assert tree["a"][1] == {"b": "old"}
