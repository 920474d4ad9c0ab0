"""Reading texts out of LangChain's messages, and putting new ones back."""

from typing import Any

import pytest
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    RemoveMessage,
    SystemMessage,
    ToolMessage,
)

from headroom import Rewrite, Segment
from headroom_langchain.messages import read_segments, write_back

CALL = {"name": "read", "args": {"path": "a.py"}, "id": "c1"}


def rewritten(messages: list[BaseMessage], **new: str) -> list[BaseMessage]:
    """Replace every text that is a key of ``new`` by its value."""
    segments = read_segments(messages)
    rewrites = [Rewrite(new[s.text]) if s.text in new else None for s in segments]
    return write_back(messages, segments, rewrites)


def only(segments: list[Segment]) -> Segment:
    (segment,) = segments
    return segment


@pytest.mark.parametrize(
    ("message", "role"),
    [
        (SystemMessage("x"), "system"),
        (HumanMessage("x"), "user"),
        (AIMessage("x"), "assistant"),
        (AIMessageChunk("x"), "assistant"),
        (ToolMessage("x", tool_call_id="c"), "tool"),
        (FunctionMessage("x", name="f"), "tool"),
        (ChatMessage("x", role="developer"), "system"),
        (ChatMessage("x", role="human"), "user"),
        (ChatMessage("x", role="tool"), "tool"),
    ],
)
def test_every_kind_of_message_has_its_role(message: BaseMessage, role: str) -> None:
    assert only(read_segments([message])).role == role


def test_messages_of_an_unknown_role_are_not_read() -> None:
    assert read_segments([ChatMessage("x", role="oracle"), RemoveMessage(id="1")]) == []


def test_a_result_carries_the_call_that_it_answers() -> None:
    messages = [
        HumanMessage("q"),
        AIMessage("", tool_calls=[CALL, {**CALL, "name": "list", "id": "c2"}]),
        ToolMessage("x", tool_call_id="c2", status="error"),
    ]
    result = read_segments(messages)[-1]
    assert (result.tool_name, result.arguments) == ("list", {"path": "a.py"})
    assert (result.call_id, result.is_error, result.index) == ("c2", True, 2)


def test_a_call_whose_arguments_are_broken_is_known_all_the_same() -> None:
    broken = {"name": "read", "args": '{"path": ', "id": "c1", "error": "not JSON"}
    messages = [
        AIMessage("", invalid_tool_calls=[broken]),
        ToolMessage("x", tool_call_id="c1"),
    ]
    result = read_segments(messages)[-1]
    assert (result.tool_name, result.arguments) == ("read", '{"path": ')


def test_a_call_that_stands_only_in_a_content_block_is_known() -> None:
    block = {"type": "tool_use", "id": "c1", "name": "read", "input": {"path": "a.py"}}
    messages = [AIMessage([block]), ToolMessage("x", tool_call_id="c1")]
    assert read_segments(messages)[-1].tool_name == "read"


def test_a_call_that_comes_later_does_not_explain_a_result() -> None:
    messages = [ToolMessage("x", tool_call_id="c1"), AIMessage("", tool_calls=[CALL])]
    assert read_segments(messages)[0].tool_name is None


def test_a_result_without_a_known_call_keeps_the_name_that_it_carries() -> None:
    assert (
        only(read_segments([ToolMessage("x", tool_call_id="c", name="bash")])).tool_name == "bash"
    )


def test_a_functions_result_carries_the_last_call_of_that_function() -> None:
    call = {"function_call": {"name": "read", "arguments": '{"path": "a"}'}}
    messages = [AIMessage("", additional_kwargs=call), FunctionMessage("x", name="read")]
    result = read_segments(messages)[-1]
    assert (result.tool_name, result.arguments) == ("read", '{"path": "a"}')


def test_a_result_inside_a_user_message_is_a_tools() -> None:
    result = {"type": "tool_result", "tool_use_id": "c1", "is_error": True, "content": "x"}
    messages = [AIMessage("", tool_calls=[CALL]), HumanMessage(["hello", result])]
    said, found = read_segments(messages)[1:]
    assert (said.role, said.text) == ("user", "hello")
    assert (found.role, found.text, found.tool_name, found.is_error) == ("tool", "x", "read", True)


def test_a_new_text_lands_inside_a_nested_result() -> None:
    inner = [{"type": "image", "data": 1}, {"type": "text", "text": "old"}]
    result = {"type": "tool_result", "tool_use_id": "c1", "content": inner, "cache_control": {}}
    messages: list[BaseMessage] = [HumanMessage([result])]
    (new,) = rewritten(messages, old="new")
    expected = {**result, "content": [inner[0], {"type": "text", "text": "new"}]}
    assert new.content == [expected]
    assert messages[0].content == [result]
    assert inner[1] == {"type": "text", "text": "old"}


def test_of_a_message_with_blocks_only_the_block_with_a_new_text_is_another_object() -> None:
    image: dict[str, Any] = {"type": "image", "base64": "aGk="}
    blocks: list[Any] = [image, "old", {"type": "text", "text": "kept"}]
    (new,) = rewritten([ToolMessage(blocks, tool_call_id="c")], old="new")
    assert new.content == [image, "new", {"type": "text", "text": "kept"}]


@pytest.mark.parametrize(
    "block",
    [
        {"type": "thinking", "thinking": "hm", "text": "x", "signature": "s"},
        {"type": "reasoning", "reasoning": "hm"},
        {"type": "image_url", "image_url": {"url": "x"}},
        {"type": "text-plain", "text": "x", "mime_type": "text/plain"},
        {"type": "text", "text": "x", "citations": [{"start": 0}]},
        {"type": "text", "text": "x", "annotations": [{"start_index": 0}]},
        {"type": "text", "text": None},
        {"type": "text"},
        {"text": "x"},
        {},
    ],
)
def test_a_block_that_is_no_plain_text_is_not_read(block: dict[str, Any]) -> None:
    assert read_segments([AIMessage([block])]) == []


def test_a_rewritten_message_keeps_everything_but_its_text() -> None:
    message = ToolMessage(
        "old",
        tool_call_id="c1",
        artifact={"rows": [1]},
        status="error",
        name="read",
        id="m1",
        additional_kwargs={"a": 1},
        response_metadata={"model_provider": "x"},
        of_tomorrow="kept",
    )
    (new,) = rewritten([message], old="new")
    assert new == message.model_copy(update={"content": "new"})
    assert new.artifact is message.artifact
    assert message.content == "old"


def test_the_same_list_comes_back_when_no_text_is_new() -> None:
    messages: list[BaseMessage] = [HumanMessage("a"), ToolMessage("b", tool_call_id="c")]
    assert rewritten(messages) is messages
    assert rewritten(messages, b="b") is messages


def test_an_untouched_message_of_a_changed_conversation_is_the_same_object() -> None:
    messages: list[BaseMessage] = [HumanMessage("a"), ToolMessage("b", tool_call_id="c")]
    new = rewritten(messages, b="c")
    assert new[0] is messages[0]
    assert new[1] is not messages[1]


def test_rewrites_that_do_not_fit_the_segments_are_refused() -> None:
    messages: list[BaseMessage] = [HumanMessage("a")]
    with pytest.raises(ValueError, match="shorter"):
        write_back(messages, read_segments(messages), [])


def test_segments_of_somebody_else_are_refused() -> None:
    foreign = Segment(text="a", role="user")
    with pytest.raises(TypeError, match="read_segments"):
        write_back([HumanMessage("a")], [foreign], [Rewrite("b")])


def test_ten_thousand_blocks_of_one_message_are_rewritten_in_one_pass() -> None:
    message = ToolMessage([f"old {n}" for n in range(10_000)], tool_call_id="c")
    segments = read_segments([message])
    rewrites = [Rewrite(s.text.replace("old", "new")) for s in segments]
    (new,) = write_back([message], segments, rewrites)
    assert new.content == [f"new {n}" for n in range(10_000)]


@pytest.mark.parametrize("content", [None, 7, [None, 7, {"type": "text"}], {"text": "x"}])
def test_odd_content_of_a_nested_result_is_not_read(content: object) -> None:
    result = {"type": "tool_result", "tool_use_id": 7, "content": content}
    assert read_segments([HumanMessage([result])]) == []


def test_a_call_without_an_id_answers_nothing() -> None:
    call = {"name": "read", "args": {}, "id": None}
    messages = [AIMessage("", tool_calls=[call]), ToolMessage("x", tool_call_id="c1")]
    assert read_segments(messages)[-1].tool_name is None
