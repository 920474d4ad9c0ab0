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
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import headroom_litellm
from headroom import CompressionConfig, Compressor, LedgerEntry, MemoryStore

STATES = ("done", "done", "done", "queued")
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


def list_jobs(region: str) -> str:
    """List all jobs of a region as JSON."""
    jobs = [
        {"job": n, "state": STATES[n % 4], "host": f"node-{n * 37 % 97}", "seconds": n * 53 % 600}
        for n in range(1, 401)
    ]
    jobs[240] |= {"state": "failed", "error": f"disk full in {region}"}
    return json.dumps(jobs, indent=2)


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


class Scripted(BaseHTTPRequestHandler):
    """Stands in for a model: lists the jobs, fetches row 17, answers."""

    def do_POST(self) -> None:
        """Follow the script."""
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        results = [m["content"] for m in request["messages"] if m["role"] == "tool"]
        if not results:
            message = _calling("list_jobs", {"region": "eu-west-1"})
        elif len(results) == 1:
            (handle,) = re.findall(r"\[headroom_retrieve (\w+):", results[0])
            message = _calling("headroom_retrieve", {"handle": handle, "rows": "17"})
        else:
            text = f"Job 241 failed: the disk is full. Job 17:\n{results[1]}"
            message = {"role": "assistant", "content": text}
        finish = "tool_calls" if "tool_calls" in message else "stop"
        choice = {"index": 0, "message": message, "finish_reason": finish}
        usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
        head = {"id": "loopback", "object": "chat.completion", "created": 0, "model": "scripted"}
        body = json.dumps({**head, "choices": [choice], "usage": usage}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


def _calling(name: str, arguments: dict[str, str]) -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    call = {"id": f"call_{name}", "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


@contextmanager
def scripted_model() -> Iterator[str]:
    """Serve the scripted model on loopback until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def main() -> None:
    """Ask, and show what the model reads on the way."""
    question = "Which job in eu-west-1 failed, and how long did job 17 take?"
    if os.environ.get("OPENAI_API_KEY"):
        print(ask(question, model="openai/gpt-4o-mini"))
        return
    # Read when LiteLLM is imported, at its first use: else that import asks GitHub for prices.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    with scripted_model() as url:
        print(ask(question, model="openai/scripted", api_base=url, api_key="offline"))


if __name__ == "__main__":
    main()
