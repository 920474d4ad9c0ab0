# /// script
# requires-python = ">=3.10"
# dependencies = ["headroom-anthropic", "anthropic>=0.52"]
# ///
"""A loop on Anthropic's SDK whose model reads a fraction of a tool's result, and fetches a row.

Runs offline against a small server that follows a script. With ``ANTHROPIC_API_KEY`` set it asks a
real model.

Usage: python examples/anthropic_agent.py
"""

from __future__ import annotations

import os
import re
from contextlib import nullcontext
from typing import Any

from anthropic import Anthropic
from jobs_tool import list_jobs
from scripted_server import scripted_server

from headroom_anthropic import with_headroom

SCHEMA = {"type": "object", "properties": {"region": {"type": "string"}}}
TOOLS: Any = [{"name": "list_jobs", "input_schema": SCHEMA}]


def script(request: dict[str, Any]) -> dict[str, Any]:
    """Stand in for a model: list the jobs, fetch row 17, answer."""
    turns = [m["content"] for m in request["messages"] if isinstance(m["content"], list)]
    results = [b["content"] for turn in turns for b in turn if b["type"] == "tool_result"]
    if not results:
        block = calling("list_jobs", {"region": "eu-west-1"})
    elif len(results) == 1:
        (handle,) = re.findall(r"\[headroom_retrieve (\w+):", results[0])
        block = calling("headroom_retrieve", {"handle": handle, "rows": "17"})
    else:
        told = f"Job 241 failed: the disk is full. Job 17:\n{results[1]}"
        block = {"type": "text", "text": told}
    head = {"id": "msg", "type": "message", "role": "assistant", "model": "scripted"}
    reason = "end_turn" if block["type"] == "text" else "tool_use"
    usage = {"input_tokens": 0, "output_tokens": 0}
    return {**head, "content": [block], "stop_reason": reason, "usage": usage}


def calling(name: str, arguments: dict[str, str]) -> dict[str, Any]:
    """Return a call of a tool."""
    return {"type": "tool_use", "id": f"call_{name}", "name": name, "input": arguments}


def main() -> None:
    """Run the loop, and show what the model read in each turn."""
    is_real = bool(os.environ.get("ANTHROPIC_API_KEY"))
    with nullcontext("") if is_real else scripted_server(script) as address:
        bare = Anthropic() if is_real else Anthropic(base_url=address, api_key="none")
        with with_headroom(bare) as client:
            run(client, "claude-opus-5" if is_real else "scripted")


def run(client: Anthropic, model: str) -> None:
    """Ask, run the tool that the model calls, and ask again."""
    question = "Which job in eu-west-1 failed, and how long did job 17 take?"
    messages: list[Any] = [{"role": "user", "content": question}]
    while True:
        told = client.messages.with_raw_response.create(
            model=model, max_tokens=500, messages=messages, tools=TOOLS
        )
        before, after = (told.headers[f"x-headroom-tokens-{name}"] for name in ("before", "after"))
        print(f"the model read {int(after):,} of {int(before):,} tokens")
        message = told.parse()
        messages.append({"role": "assistant", "content": message.content})
        results = []
        for block in message.content:
            if block.type == "text":
                print(block.text)
            elif block.type == "tool_use":
                result = list_jobs(**block.input)
                results.append({"type": "tool_result", "tool_use_id": block.id, "content": result})
        if not results:
            return
        messages.append({"role": "user", "content": results})


if __name__ == "__main__":
    main()
