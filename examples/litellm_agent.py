# /// script
# requires-python = ">=3.10"
# dependencies = ["headroom-litellm"]
# ///
"""An agent on LiteLLM whose model reads a fraction of a tool's result, and fetches one row of it.

Runs offline against a server on loopback that follows a script. With ``OPENAI_API_KEY`` set it asks
a real model.

Usage: python examples/litellm_agent.py
"""

from __future__ import annotations

import json
import os
from typing import Any

from jobs_tool import list_jobs
from scripted_chat import script
from scripted_server import scripted_server

import headroom_litellm
from headroom import CompressionConfig, Compressor, LedgerEntry, MemoryStore

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "list_jobs",
            "description": "List all jobs of a region as JSON.",
            "parameters": {
                "type": "object",
                "properties": {"region": {"type": "string"}},
                "required": ["region"],
            },
        },
    }
]


def show(entry: LedgerEntry) -> None:
    """Print what one call of the model read."""
    if entry.event == "compress":
        print(f"the model read {entry.tokens_after:,} of {entry.tokens_before:,} tokens")


def ask(question: str, **model: Any) -> str:
    """Let the model call tools until it answers."""
    compressor = Compressor(
        CompressionConfig(retrieval="tool"), store=MemoryStore(), on_result=show
    )
    messages: list[Any] = [{"role": "user", "content": question}]
    while True:
        answer = headroom_litellm.completion(
            messages=messages, tools=TOOLS, compressor=compressor, **model
        )
        message = answer.choices[0].message
        if not message.tool_calls:
            return str(message.content)
        messages.append(message)
        for call in message.tool_calls:
            result = list_jobs(**json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})


def main() -> None:
    """Ask, and show what the model reads on the way."""
    question = "Which job in eu-west-1 failed, and how long did job 17 take?"
    if os.environ.get("OPENAI_API_KEY"):
        print(ask(question, model="openai/gpt-4o-mini"))
        return
    # Read when LiteLLM is imported, at its first use: else that import asks GitHub for prices.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    with scripted_server(script) as address:
        print(ask(question, model="openai/scripted", api_base=f"{address}/v1", api_key="offline"))


if __name__ == "__main__":
    main()
