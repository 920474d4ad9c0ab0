# /// script
# requires-python = ">=3.10"
# dependencies = ["headroom-agno", "openai>=2"]
# ///
"""An Agno agent whose model reads a fraction of a tool's result, and fetches one row of it.

Runs offline with a model that follows a script. With ``OPENAI_API_KEY`` set it asks a real one.

Usage: python examples/agno_agent.py
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from agno.agent import Agent
from agno.models.base import Model
from agno.models.message import Message
from agno.models.openai import OpenAIChat
from agno.models.response import ModelResponse

from headroom import CompressionConfig, Compressor, LedgerEntry, MemoryStore
from headroom_agno import HeadroomAgnoModel

STATES = ("done", "done", "done", "queued")


def list_jobs(region: str) -> str:
    """List all jobs of a region as JSON."""
    jobs = [
        {"job": n, "state": STATES[n % 4], "host": f"node-{n * 37 % 97}", "seconds": n * 53 % 600}
        for n in range(1, 401)
    ]
    jobs[240] |= {"state": "failed", "error": f"disk full in {region}"}
    return json.dumps(jobs, indent=2)


@dataclass
class Scripted(Model):
    """Stands in for a model: lists the jobs, fetches row 17, answers."""

    id: str = "scripted"

    def invoke(self, *args: Any, **kwargs: Any) -> ModelResponse:
        """Follow the script."""
        messages: list[Message] = kwargs["messages"]
        results = [str(m.content) for m in messages if m.role == "tool"]
        if not results:
            return _calling("list_jobs", {"region": "eu-west-1"})
        if len(results) == 1:
            (handle,) = re.findall(r"\[headroom_retrieve (\w+):", results[0])
            return _calling("headroom_retrieve", {"handle": handle, "rows": "17"})
        return ModelResponse(
            role="assistant", content=f"Job 241 failed: the disk is full. Job 17:\n{results[1]}"
        )

    def invoke_stream(self, *args: Any, **kwargs: Any) -> Iterator[ModelResponse]:
        """Follow the script."""
        yield self.invoke(*args, **kwargs)

    async def ainvoke(self, *args: Any, **kwargs: Any) -> ModelResponse:
        """Follow the script."""
        return self.invoke(*args, **kwargs)

    async def ainvoke_stream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ModelResponse]:
        """Follow the script."""
        yield self.invoke(*args, **kwargs)

    def _parse_provider_response(self, response: Any, **kwargs: Any) -> ModelResponse:
        raise NotImplementedError

    def _parse_provider_response_delta(self, response: Any) -> ModelResponse:
        raise NotImplementedError


def _calling(name: str, arguments: dict[str, str]) -> ModelResponse:
    function = {"name": name, "arguments": json.dumps(arguments)}
    call = {"id": f"call_{name}", "type": "function", "function": function}
    return ModelResponse(role="assistant", tool_calls=[call])


def show(entry: LedgerEntry) -> None:
    """Print what one call of the model read."""
    if entry.event == "compress":
        print(f"the model read {entry.tokens_after:,} of {entry.tokens_before:,} tokens")


def main() -> None:
    """Ask the agent, and show what its model reads on the way."""
    model = OpenAIChat(id="gpt-4o-mini") if os.environ.get("OPENAI_API_KEY") else Scripted()
    compressor = Compressor(
        CompressionConfig(retrieval="tool"), store=MemoryStore(), on_result=show
    )
    agent = Agent(
        model=HeadroomAgnoModel(model, compressor=compressor), tools=[list_jobs], telemetry=False
    )
    print(agent.run("Which job in eu-west-1 failed, and how long did job 17 take?").content)


if __name__ == "__main__":
    main()
