# /// script
# requires-python = ">=3.10"
# dependencies = ["headroom-openai", "openai>=1.66"]
# ///
"""A loop on OpenAI's SDK whose model reads a fraction of a tool's result, and fetches a row of it.

Runs offline against a small server that follows a script. With ``OPENAI_API_KEY`` set it asks a
real model.

Usage: python examples/openai_agent.py
"""

from __future__ import annotations

import json
import os
from contextlib import nullcontext
from typing import Any

from jobs_tool import list_jobs
from openai import OpenAI
from scripted_chat import script
from scripted_server import scripted_server

from headroom_openai import with_headroom

PARAMETERS = {"type": "object", "properties": {"region": {"type": "string"}}}
TOOLS: Any = [{"type": "function", "function": {"name": "list_jobs", "parameters": PARAMETERS}}]


def main() -> None:
    """Run the loop, and show what the model read in each turn."""
    is_real = bool(os.environ.get("OPENAI_API_KEY"))
    with nullcontext("") if is_real else scripted_server(script) as address:
        bare = OpenAI() if is_real else OpenAI(base_url=f"{address}/v1", api_key="none")
        with with_headroom(bare) as client:
            run(client, "gpt-4o-mini" if is_real else "scripted")


def run(client: OpenAI, model: str) -> None:
    """Ask, run the tool that the model calls, and ask again."""
    question = "Which job in eu-west-1 failed, and how long did job 17 take?"
    messages: list[Any] = [{"role": "user", "content": question}]
    while True:
        told = client.chat.completions.with_raw_response.create(
            model=model, messages=messages, tools=TOOLS
        )
        before, after = (told.headers[f"x-headroom-tokens-{name}"] for name in ("before", "after"))
        print(f"the model read {int(after):,} of {int(before):,} tokens")
        message = told.parse().choices[0].message
        messages.append(message)
        if not message.tool_calls:
            print(message.content)
            return
        for call in message.tool_calls:
            if call.type == "function":
                result = list_jobs(**json.loads(call.function.arguments))
                messages.append({"role": "tool", "tool_call_id": call.id, "content": result})


if __name__ == "__main__":
    main()
