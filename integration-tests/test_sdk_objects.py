"""The providers' own SDK objects go in and come out as what they were."""

from __future__ import annotations

from typing import Any

import pytest
from anthropic.types import TextBlock, ThinkingBlock, ToolUseBlock
from google.genai import types as genai
from openai.types.chat import ChatCompletionMessage
from openai.types.responses import ResponseFunctionToolCall, ResponseReasoningItem
from openai.types.responses.response_input_item import FunctionCallOutput

from headroom import Compressor, MemoryStore

GREP = "\n".join(
    f"src/shop/module_{n % 9}.py:{n}: value_{n} = compute({n * 7919 % 1009})" for n in range(400)
)
QUESTION = "Where is value_77 computed?"


@pytest.fixture
def compressor() -> Compressor:
    return Compressor(store=MemoryStore())


def check_shortened(compressor: Compressor, text: str) -> None:
    assert len(text) < len(GREP) / 2
    assert "77: value_77 = compute" in text
    [handle] = [word.rstrip(":") for word in text.split() if len(word.rstrip(":")) == 16][:1]
    assert compressor.retrieve(handle).text == GREP


def test_openai_chat_objects(compressor: Compressor) -> None:
    answer = ChatCompletionMessage.model_validate(
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "c", "type": "function", "function": {"name": "grep", "arguments": "{}"}}
            ],
        }
    )
    messages: list[Any] = [
        {"role": "user", "content": QUESTION},
        answer,
        {"role": "tool", "tool_call_id": "c", "content": GREP},
    ]
    result = compressor.compress(messages, model="gpt-5")
    assert result.format == "openai-chat"
    assert result.messages[1] is answer
    assert result.decisions[2].tool_name == "grep"
    check_shortened(compressor, result.messages[2]["content"])


def test_openai_responses_objects(compressor: Compressor) -> None:
    reasoning = ResponseReasoningItem(
        id="rs", type="reasoning", summary=[], encrypted_content="abc" * 900
    )
    call = ResponseFunctionToolCall(
        type="function_call", call_id="c", name="grep", arguments='{"pattern": "value_77"}'
    )
    output = FunctionCallOutput(type="function_call_output", call_id="c", output=GREP)
    items: list[Any] = [{"role": "user", "content": QUESTION}, reasoning, call, output]
    result = compressor.compress(items, model="gpt-5")
    assert result.format == "openai-responses"
    assert result.messages[1] is reasoning
    assert result.messages[2] is call
    assert output.output == GREP
    new = result.messages[3]
    assert type(new) is FunctionCallOutput
    assert new.call_id == "c"
    check_shortened(compressor, new.output)


def test_anthropic_objects(compressor: Compressor) -> None:
    blocks = [
        ThinkingBlock(type="thinking", thinking="hm", signature="c2ln"),
        TextBlock(type="text", text="Let me look."),
        ToolUseBlock(type="tool_use", id="t", name="grep", input={"pattern": "value_77"}),
    ]
    messages: list[Any] = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": blocks},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": GREP}]},
    ]
    result = compressor.compress(messages, model="claude-opus-5")
    assert result.format == "anthropic"
    assert result.messages[1] is messages[1]
    assert result.decisions[-1].tool_name == "grep"
    check_shortened(compressor, result.messages[2]["content"][0]["content"])


def test_google_genai_objects(compressor: Compressor) -> None:
    call = genai.Part(function_call=genai.FunctionCall(name="grep", args={"pattern": "value_77"}))
    signed = genai.Part(text="thinking " * 300, thought=True, thought_signature=b"sig")
    contents = [
        genai.Content(role="user", parts=[genai.Part.from_text(text=QUESTION)]),
        genai.Content(role="model", parts=[signed, call]),
        genai.Content(
            role="user",
            parts=[genai.Part.from_function_response(name="grep", response={"output": GREP})],
        ),
    ]
    before = [c.model_copy(deep=True) for c in contents]
    result = compressor.compress(contents, model="gemini-3-pro")
    assert contents == before
    assert result.format == "gemini"
    assert result.messages[:2] == contents[:2]
    assert result.messages[1] is contents[1]
    [part] = result.messages[2].parts
    assert type(part) is genai.Part
    assert part.function_response.name == "grep"
    check_shortened(compressor, part.function_response.response["output"])


def test_a_pydantic_object_is_never_mutated(compressor: Compressor) -> None:
    message = ChatCompletionMessage(role="assistant", content=GREP)
    named = Compressor(store=MemoryStore())
    assert named.compress([message]).messages[0] is message
    assert message.content == GREP
