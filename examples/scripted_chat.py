"""What stands in for a model of chat completions where an example runs offline."""

from __future__ import annotations

import json
import re
from typing import Any


def script(request: dict[str, Any]) -> dict[str, Any]:
    """Stand in for a model: list the jobs, fetch row 17, answer."""
    results = [m["content"] for m in request["messages"] if m["role"] == "tool"]
    message: dict[str, Any] = {"role": "assistant", "content": None}
    if not results:
        message["tool_calls"] = [calling("list_jobs", {"region": "eu-west-1"})]
    elif len(results) == 1:
        (handle,) = re.findall(r"\[headroom_retrieve (\w+):", results[0])
        message["tool_calls"] = [calling("headroom_retrieve", {"handle": handle, "rows": "17"})]
    else:
        message["content"] = f"Job 241 failed: the disk is full. Job 17:\n{results[1]}"
    finish = "stop" if message["content"] else "tool_calls"
    choice = {"index": 0, "message": message, "finish_reason": finish}
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    head = {"id": "chat", "object": "chat.completion", "created": 0, "model": "scripted"}
    return {**head, "choices": [choice], "usage": usage}


def calling(name: str, arguments: dict[str, str]) -> dict[str, Any]:
    """Return a call of a tool."""
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"id": f"call_{name}", "type": "function", "function": function}
