"""Real LangChain clients over HTTP, with a model that fetches what was left out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_anthropic import ChatAnthropic
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import SecretStr
from retrieving_servers import Wire, anthropic_messages, chat_completions, serving

from headroom_langchain import HeadroomChatModel

ROWS = json.dumps(
    [{"id": n, "job": f"job-{n * 7919}", "state": "done", "took": n * 37 % 90} for n in range(300)],
    indent=1,
)
CALL = {"name": "list_jobs", "args": {"region": "eu"}, "id": "call_1"}
HISTORY: list[BaseMessage] = [
    HumanMessage("Which jobs failed?"),
    AIMessage("", tool_calls=[CALL]),
    ToolMessage(ROWS, tool_call_id="call_1"),
]


@tool
def list_jobs(region: str) -> str:
    """List jobs."""
    return region


@pytest.fixture(params=["openai", "anthropic"])
def wired(request: pytest.FixtureRequest) -> Iterator[tuple[BaseChatModel, Wire]]:
    key = SecretStr("none")
    if request.param == "openai":
        with serving(chat_completions) as wire:
            base = f"{wire.base_url}/v1"
            yield ChatOpenAI(model="gpt-4o", base_url=base, api_key=key, stream_usage=True), wire
    else:
        with serving(anthropic_messages) as wire:
            yield (
                ChatAnthropic(
                    model_name="claude-loopback",
                    base_url=wire.base_url,
                    api_key=key,
                    timeout=None,
                    stop=None,
                ),
                wire,
            )


def bound(model: BaseChatModel) -> Any:
    return HeadroomChatModel(model).bind_tools([list_jobs])


def check(answer: AIMessage, wire: Wire) -> None:
    assert "I look it up." in answer.text
    assert "job-126704" in answer.text
    assert answer.tool_calls == []
    assert "headroom_retrieve" not in str(answer.content)
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["total_tokens"] == 108
    first, second = wire.requests
    assert second["messages"][: len(first["messages"])] == first["messages"]
    assert first["tools"] == second["tools"]
    assert len(first["tools"]) == 2


def test_a_retrieval_is_answered_between_two_requests(wired: tuple[BaseChatModel, Wire]) -> None:
    model, wire = wired
    check(bound(model).invoke(HISTORY), wire)


def test_a_stream_goes_on_after_a_retrieval(wired: tuple[BaseChatModel, Wire]) -> None:
    model, wire = wired
    whole = None
    for chunk in bound(model).stream(HISTORY):
        whole = chunk if whole is None else whole + chunk
    check(whole, wire)  # type: ignore[arg-type]  # a sum of chunks is a message


def test_it_is_so_on_an_event_loop(wired: tuple[BaseChatModel, Wire]) -> None:
    model, wire = wired

    async def ask() -> None:
        whole = None
        async for chunk in bound(model).astream(HISTORY):
            whole = chunk if whole is None else whole + chunk
        check(whole, wire)  # type: ignore[arg-type]
        del wire.requests[:]
        check(await bound(model).ainvoke(HISTORY), wire)

    asyncio.run(ask())


@pytest.mark.parametrize("streams", [False, True])
def test_the_provider_accepts_the_answer_as_history(
    wired: tuple[BaseChatModel, Wire], streams: bool
) -> None:
    model, wire = wired
    llm = bound(model)
    answer = llm.invoke(HISTORY)
    if streams:
        whole = None
        for chunk in llm.stream(HISTORY):
            whole = chunk if whole is None else whole + chunk
        answer = whole
    again = llm.invoke([*HISTORY, answer, HumanMessage("Anything else?")])
    assert again.text == "Nothing more."
    sent = json.dumps(wire.requests[-1]["messages"])
    assert "tool_use_id" not in sent.replace('"tool_use_id": "call_1"', "")
    assert '"name": "headroom_retrieve"' not in sent
