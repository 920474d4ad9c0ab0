"""A model that fetches what was left out: the caller sees one answer, and no retrieval."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    ToolMessage,
)
from langchain_core.tools import tool
from observed import CONVERSATION
from retrieving import RetrievingChat, ThinkingChat
from scripted import ScriptedChat

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom_langchain import HeadroomChatModel

Ask = Callable[[Any, list[BaseMessage]], AIMessage]


@tool
def search(q: str) -> str:
    """Search."""
    return q


def total(chunks: list[AIMessageChunk]) -> AIMessageChunk:
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole = whole + chunk
    return whole


def invoked(model: Any, messages: list[BaseMessage]) -> AIMessage:
    answer: AIMessage = model.invoke(messages)
    return answer


def streamed(model: Any, messages: list[BaseMessage]) -> AIMessage:
    return total(list(model.stream(messages)))


WAYS = pytest.mark.parametrize("ask", [invoked, streamed])
MODELS = pytest.mark.parametrize("kind", [RetrievingChat, ThinkingChat])


def wrapped(model: ScriptedChat) -> Any:
    return HeadroomChatModel(model).bind_tools([search])


def row_17() -> str:
    rows = json.loads(CONVERSATION[2].content)
    return str(next(iter(rows[16].values())))


def tools_of(runnable: Any) -> list[str]:
    return [t["function"]["name"] for t in runnable.kwargs["tools"]]


@WAYS
@MODELS
def test_the_model_gets_what_it_fetched_and_the_caller_gets_one_answer(
    ask: Ask, kind: type[RetrievingChat]
) -> None:
    model = kind()
    answer = ask(wrapped(model), CONVERSATION)
    assert row_17() in answer.text
    assert answer.text.startswith("I look it up.")
    assert answer.tool_calls == [] and answer.invalid_tool_calls == []
    assert "headroom_retrieve" not in str(answer.content)
    assert len(model.seen) == 2


@WAYS
@MODELS
def test_what_the_turns_used_is_added_up(ask: Ask, kind: type[RetrievingChat]) -> None:
    usage = ask(wrapped(kind()), CONVERSATION).usage_metadata
    assert usage is not None
    assert (usage["input_tokens"], usage["output_tokens"], usage["total_tokens"]) == (200, 14, 214)


@WAYS
def test_the_second_turn_is_sent_the_first_one_as_it_was(ask: Ask) -> None:
    model = ThinkingChat()
    ask(wrapped(model), CONVERSATION)
    first, second = model.seen
    assert second[: len(first)] == first
    turn, result = second[len(first) :]
    assert isinstance(turn, AIMessage) and turn.tool_calls[0]["name"] == "headroom_retrieve"
    assert [b["type"] for b in turn.content if isinstance(b, dict)] == [
        "thinking",
        "text",
        "tool_use",
    ]
    assert isinstance(result, ToolMessage) and result.tool_call_id == turn.tool_calls[0]["id"]


@WAYS
def test_signatures_of_thinking_come_back_with_their_own_words(ask: Ask) -> None:
    answer = ask(wrapped(ThinkingChat()), CONVERSATION)
    thoughts = [b for b in answer.content if isinstance(b, dict) and b["type"] == "thinking"]
    assert [(b["thinking"], b["signature"]) for b in thoughts] == [
        ("Row 17?", "s1"),
        ("There.", "s2"),
    ]


@WAYS
def test_an_answer_is_accepted_as_history(ask: Ask) -> None:
    model = ThinkingChat()
    llm = wrapped(model)
    answer = ask(llm, CONVERSATION)
    ask(llm, [*CONVERSATION, answer, HumanMessage("And then?")])
    assert not any(getattr(m, "tool_calls", None) for m in model.seen[2][3:])


@WAYS
@MODELS
def test_on_a_mixed_turn_the_caller_gets_its_own_call(ask: Ask, kind: type[RetrievingChat]) -> None:
    model = kind(also="search")
    answer = ask(wrapped(model), CONVERSATION)
    assert [(c["name"], c["args"]) for c in answer.tool_calls] == [("search", {"q": "x"})]
    assert "headroom_retrieve" not in str(answer.content)
    assert len(model.seen) == 1


@WAYS
def test_a_model_that_never_stops_fetching_is_stopped(ask: Ask) -> None:
    model = RetrievingChat(endless=True)
    answer = ask(wrapped(model), CONVERSATION)
    assert answer.tool_calls == []
    assert len(model.seen) == 6
    assert "no more retrievals" in str(model.seen[-1][-1].content)


def test_text_is_passed_on_before_the_model_is_asked_again() -> None:
    model = RetrievingChat()
    stream = wrapped(model).stream(CONVERSATION)
    said = ""
    for chunk in stream:
        said += chunk.text
        if "up." in said:
            break
    assert (said.strip(), len(model.seen)) == ("I look it up.", 1)


def test_how_a_stream_ended_is_said_once_and_by_the_last_turn() -> None:
    answer = streamed(wrapped(RetrievingChat()), CONVERSATION)
    assert answer.response_metadata["finish_reason"] == "stop"
    assert answer.response_metadata["model_name"] == "scripted-1"
    assert answer.id == "chatcmpl-1"


async def test_async_answers_are_the_same() -> None:
    for kind in (RetrievingChat, ThinkingChat):
        expected = invoked(wrapped(kind()), CONVERSATION)
        assert (await wrapped(kind()).ainvoke(CONVERSATION)).content == expected.content
        chunks = [chunk async for chunk in wrapped(kind()).astream(CONVERSATION)]
        assert total(chunks).text == streamed(wrapped(kind()), CONVERSATION).text


def test_the_answer_says_how_often_something_was_fetched() -> None:
    answer = invoked(wrapped(RetrievingChat()), CONVERSATION)
    assert answer.response_metadata["headroom"]["retrievals"] == 1


def test_the_retrieval_tool_stands_behind_the_callers_tools() -> None:
    assert tools_of(wrapped(RetrievingChat())) == ["search", "headroom_retrieve"]


@pytest.mark.parametrize("choice", ["any", "search"])
def test_who_must_call_a_tool_is_not_offered_ours(choice: str) -> None:
    bound = HeadroomChatModel(ScriptedChat()).bind_tools([search], tool_choice=choice)
    assert tools_of(bound) == ["search"]


def test_without_tools_nothing_is_offered_and_no_marker_speaks_of_a_tool() -> None:
    model = ScriptedChat()
    HeadroomChatModel(model).invoke(CONVERSATION)
    assert "[headroom " in str(model.seen[0][2].content)
    assert "headroom_retrieve" not in str(model.seen[0][2].content)


def test_a_caller_that_brings_the_tool_answers_it_itself() -> None:
    @tool
    def headroom_retrieve(handle: str) -> str:
        """Fetch."""
        return handle

    model = RetrievingChat()
    bound = HeadroomChatModel(model).bind_tools([search, headroom_retrieve])
    answer = invoked(bound, CONVERSATION)
    assert tools_of(bound) == ["search", "headroom_retrieve"]
    assert [c["name"] for c in answer.tool_calls] == ["headroom_retrieve"]


def test_who_wants_handles_only_gets_the_bare_models_tools() -> None:
    quiet = Compressor(CompressionConfig(retrieval="handle"), store=MemoryStore())
    bound = HeadroomChatModel(ScriptedChat(), compressor=quiet).bind_tools([search])
    assert tools_of(bound) == ["search"]


def test_a_bypass_holds_beside_tools_and_without() -> None:
    model = ScriptedChat()
    llm = HeadroomChatModel(model)
    with llm.compressor.bypass():
        llm.invoke(CONVERSATION)
        llm.bind_tools([search]).invoke(CONVERSATION)
    assert all(seen[2].content == CONVERSATION[2].content for seen in model.seen)
