"""A Strands model that runs offline, answers by a script, and remembers what reached it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, AsyncIterable, Iterator
from typing import Any

from strands import Agent, tool
from strands.models.model import Model

from headroom_conformance.machine_texts import rows

ROWS = rows(1, 150)
MARKER = re.compile(r"\[headroom_retrieve ([0-9a-f]{16}): ")
QUESTION = "Which jobs failed?"
ROW_17 = "consumer-lease-16"


@tool
def list_jobs(region: str) -> str:
    """List the jobs of a region.

    Args:
        region: The region.
    """
    return ROWS


class ScriptedModel(Model):
    """Lists the jobs, thinks, fetches a row where a marker offers it, and answers."""

    def __init__(self, *, also: str = "", endless: bool = False) -> None:
        self.seen: list[list[Any]] = []
        self.offered: list[list[str]] = []
        self.also = also
        self.endless = endless
        self.config = {"model_id": "scripted-1"}

    def update_config(self, **model_config: Any) -> None:
        self.config.update(model_config)

    def get_config(self) -> Any:
        return self.config

    async def structured_output(
        self, output_model: Any, prompt: Any, system_prompt: Any = None, **kwargs: Any
    ) -> AsyncGenerator[Any, None]:
        self.seen.append(list(prompt))
        yield {"output": output_model()}

    async def stream(  # type: ignore[override]
        self, messages: Any, tool_specs: Any = None, system_prompt: Any = None, **kwargs: Any
    ) -> AsyncIterable[Any]:
        self.seen.append(list(messages))
        self.offered.append([spec["name"] for spec in tool_specs or ()])
        for event in self._answer(messages, bool(tool_specs)):
            yield event

    def _answer(self, messages: Any, has_tools: bool) -> Iterator[Any]:
        last = messages[-1]["content"]
        results = [block["toolResult"] for block in last if "toolResult" in block]
        text = results[0]["content"][0].get("text", "") if results else ""
        listed = text.startswith(("[headroom", "["))
        marker = MARKER.search(json.dumps(messages))
        yield {"messageStart": {"role": "assistant"}}
        if not has_tools:
            yield from texted("hello")
        elif not results:
            yield from called("list_jobs", {"region": "eu"}, f"list{len(self.seen)}")
        elif marker and (self.endless or (listed and MARKER.match(text))):
            yield from _thought("which row?")
            yield from texted("I look it up.")
            if self.also and "theirs" not in str(messages):
                yield from called(self.also, {"region": "us"}, "theirs")
            retrieval = {"handle": marker[1], "rows": "17"}
            yield from called("headroom_retrieve", retrieval, f"fetch{len(self.seen)}")
        else:
            yield from texted(f"It says: {text}")
            has_tools = False
        calls = has_tools and (not results or bool(marker))
        yield {"messageStop": {"stopReason": "tool_use" if calls else "end_turn"}}
        usage = {"inputTokens": 50, "outputTokens": 4, "totalTokens": 54}
        yield {"metadata": {"usage": usage, "metrics": {"latencyMs": 7}}}


def texted(text: str) -> Iterator[Any]:
    """Yield the events of a text."""
    yield {"contentBlockStart": {"start": {}}}
    for word in re.findall(r"\S+\s*", text):
        yield {"contentBlockDelta": {"delta": {"text": word}}}
    yield {"contentBlockStop": {}}


def _thought(text: str) -> Iterator[Any]:
    yield {"contentBlockStart": {"start": {}}}
    yield {"contentBlockDelta": {"delta": {"reasoningContent": {"text": text}}}}
    yield {"contentBlockDelta": {"delta": {"reasoningContent": {"signature": f"s:{text}"}}}}
    yield {"contentBlockStop": {}}


def called(name: str, arguments: Any, call_id: str) -> Iterator[Any]:
    """Yield the events of a tool's call."""
    yield {"contentBlockStart": {"start": {"toolUse": {"name": name, "toolUseId": call_id}}}}
    text = json.dumps(arguments)
    for part in (text[:7], text[7:]):
        yield {"contentBlockDelta": {"delta": {"toolUse": {"input": part}}}}
    yield {"contentBlockStop": {}}


def agent_of(model: Any, **about: Any) -> Agent:
    return Agent(model=model, tools=[list_jobs], callback_handler=None, **about)


def results_in(messages: list[Any]) -> list[Any]:
    """Return every tool result of a conversation."""
    return [b["toolResult"] for m in messages for b in m["content"] if "toolResult" in b]


def text_of(result: Any) -> str:
    return str(result["content"][0]["text"])


def said(agent: Agent) -> str:
    """Return the text of an agent's last message."""
    return " ".join(block["text"] for block in agent.messages[-1]["content"] if "text" in block)
