"""One agent's conversation with a large tool result, in each format that LiteLLM takes."""

from __future__ import annotations

from typing import Any

from headroom_conformance.machine_texts import rows

ROWS = rows(1, 150)
QUESTION = "Which job failed?"
_CALL = {"name": "list_jobs", "arguments": "{}"}

CHAT: list[Any] = [
    {"role": "user", "content": QUESTION},
    {
        "role": "assistant",
        "content": "I look.",
        "tool_calls": [{"id": "call_1", "type": "function", "function": _CALL}],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": ROWS},
]
ANTHROPIC: list[Any] = [
    {"role": "user", "content": QUESTION},
    {
        "role": "assistant",
        "content": [{"type": "tool_use", "id": "call_1", "name": "list_jobs", "input": {}}],
    },
    {
        "role": "user",
        "content": [{"type": "tool_result", "tool_use_id": "call_1", "content": ROWS}],
    },
]
RESPONSES: list[Any] = [
    {"role": "user", "content": QUESTION},
    {"type": "function_call", "call_id": "call_1", **_CALL},
    {"type": "function_call_output", "call_id": "call_1", "output": ROWS},
]
GEMINI: list[Any] = [
    {"role": "user", "parts": [{"text": QUESTION}]},
    {"role": "model", "parts": [{"functionCall": {"name": "list_jobs", "args": {}}}]},
    {
        "role": "user",
        "parts": [{"functionResponse": {"name": "list_jobs", "response": {"output": ROWS}}}],
    },
]
TOOLS: list[Any] = [
    {
        "type": "function",
        "function": {
            "name": "list_jobs",
            "description": "List all jobs.",
            "parameters": {"type": "object", "properties": {}},
        },
    }
]
