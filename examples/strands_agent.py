# /// script
# requires-python = ">=3.10"
# dependencies = ["headroom-strands", "strands-agents[openai]>=1.10"]
# ///
"""A Strands agent whose model reads a fraction of a tool's result, and fetches one row of it.

Runs offline with a model that follows a script. With ``OPENAI_API_KEY`` set it asks a real one.

Usage: python examples/strands_agent.py
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncGenerator, AsyncIterable, Iterator
from typing import Any

from strands import Agent, tool
from strands.models.model import Model
from strands.models.openai import OpenAIModel

from headroom import CompressionConfig, Compressor, LedgerEntry, MemoryStore
from headroom_strands import HeadroomStrandsModel

STATES = ("done", "done", "done", "queued")


@tool
def list_jobs(region: str) -> str:
    """List all jobs of a region as JSON.

    Args:
        region: The region.
    """
    jobs = [
        {"job": n, "state": STATES[n % 4], "host": f"node-{n * 37 % 97}", "seconds": n * 53 % 600}
        for n in range(1, 401)
    ]
    jobs[240] |= {"state": "failed", "error": f"disk full in {region}"}
    return json.dumps(jobs, indent=2)


class Scripted(Model):
    """Stands in for a model: lists the jobs, fetches row 17, answers."""

    def update_config(self, **model_config: Any) -> None:
        """Take no configuration."""

    def get_config(self) -> Any:
        """Return no configuration."""
        return {}

    async def structured_output(self, *args: Any, **kwargs: Any) -> AsyncGenerator[Any, None]:
        """Give no structured output."""
        raise NotImplementedError
        yield

    async def stream(self, messages: Any, *args: Any, **kwargs: Any) -> AsyncIterable[Any]:
        """Follow the script."""
        content = messages[-1]["content"][0]
        read = content["toolResult"]["content"][0]["text"] if "toolResult" in content else ""
        handles = re.findall(r"^\[headroom_retrieve (\w+):", read)
        if not read:
            events = _calling("list_jobs", {"region": "eu-west-1"})
        elif handles:
            events = _calling("headroom_retrieve", {"handle": handles[0], "rows": "17"})
        else:
            events = _saying(f"Job 241 failed: the disk is full. Job 17:\n{read}")
        for event in events:
            yield event


def _calling(name: str, arguments: dict[str, str]) -> Iterator[Any]:
    use = {"name": name, "toolUseId": f"call_{name}"}
    delta = {"toolUse": {"input": json.dumps(arguments)}}
    return _turn({"toolUse": use}, delta, "tool_use")


def _saying(text: str) -> Iterator[Any]:
    return _turn({}, {"text": text}, "end_turn")


def _turn(start: Any, delta: Any, reason: str) -> Iterator[Any]:
    yield {"messageStart": {"role": "assistant"}}
    yield {"contentBlockStart": {"start": start}}
    yield {"contentBlockDelta": {"delta": delta}}
    yield {"contentBlockStop": {}}
    yield {"messageStop": {"stopReason": reason}}


def show(entry: LedgerEntry) -> None:
    """Print what one call of the model read."""
    if entry.event == "compress":
        print(f"the model read {entry.tokens_after:,} of {entry.tokens_before:,} tokens")


def main() -> None:
    """Ask the agent, and show what its model reads on the way."""
    real = bool(os.environ.get("OPENAI_API_KEY"))
    model = OpenAIModel(model_id="gpt-4o-mini") if real else Scripted()
    compressor = Compressor(
        CompressionConfig(retrieval="tool"), store=MemoryStore(), on_result=show
    )
    wrapped = HeadroomStrandsModel(model, compressor=compressor)
    agent = Agent(model=wrapped, tools=[list_jobs], callback_handler=None)
    print(agent("Which job in eu-west-1 failed, and how long did job 17 take?"))


if __name__ == "__main__":
    main()
