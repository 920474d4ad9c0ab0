"""Two providers on loopback whose model fetches what a marker offers, then answers with it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MARKER = re.compile(r"\[headroom_retrieve ([0-9a-f]{16}): ")

Reply = Callable[[dict[str, Any]], tuple[dict[str, Any], list[dict[str, Any]]]]


@dataclass
class Wire:
    """What arrived: the requests, oldest first, and where the server listens."""

    base_url: str
    requests: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def serving(reply: Reply) -> Iterator[Wire]:
    """Answer every request with what ``reply`` makes of it: a body, or the events of a stream."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            wire.requests.append(request)
            body, events = reply(request)
            streams = bool(request.get("stream"))
            self.send_response(200)
            kind = "text/event-stream" if streams else "application/json"
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(_events(events) if streams else json.dumps(body).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    wire = Wire(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _events(events: list[dict[str, Any]]) -> bytes:
    lines = []
    for event in events:
        name = f"event: {event['type']}\n" if "type" in event else ""
        lines.append(f"{name}data: {json.dumps(event)}\n\n")
    done = "" if events and "type" in events[0] else "data: [DONE]\n\n"
    return ("".join(lines) + done).encode()


def _handle_in(request: dict[str, Any]) -> str:
    found = MARKER.search(json.dumps(request["messages"]))
    assert found is not None, "no marker offers a retrieval"
    return found[1]


def chat_completions(request: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Answer as OpenAI's Chat Completions do; refuse calls without results."""
    messages = request["messages"]
    called = [c["id"] for m in messages for c in m.get("tool_calls") or ()]
    assert called == [m["tool_call_id"] for m in messages if m["role"] == "tool"]
    last = messages[-1]
    head = {"id": f"chatcmpl-{len(messages)}", "created": 0, "model": "gpt-4o"}
    usage = {"prompt_tokens": 50, "completion_tokens": 4, "total_tokens": 54}
    if last["role"] == "tool" and last["tool_call_id"].startswith("fetch"):
        deltas: list[dict[str, Any]] = [{"content": f"It says: {last['content']}"}]
        message = {"role": "assistant", "content": deltas[0]["content"]}
        reason = "stop"
    elif last["role"] == "user" and len(messages) > 1:
        deltas = [{"content": "Nothing more."}]
        message = {"role": "assistant", "content": "Nothing more."}
        reason = "stop"
    else:
        arguments = json.dumps({"handle": _handle_in(request), "rows": "17-17"})
        function = {"name": "headroom_retrieve", "arguments": arguments}
        call = {"id": f"fetch{len(messages)}", "type": "function", "function": function}
        message = {"role": "assistant", "content": "I look it up.", "tool_calls": [call]}
        start = {**call, "index": 0, "function": {**function, "arguments": ""}}
        rest = {"index": 0, "function": {"arguments": arguments}}
        deltas = [{"content": "I look it up."}, {"tool_calls": [start]}, {"tool_calls": [rest]}]
        reason = "tool_calls"
    choice = {"index": 0, "message": message, "finish_reason": reason}
    body = {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
    chunk = {**head, "object": "chat.completion.chunk"}
    events = [
        {**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        for delta in deltas
    ]
    events.append({**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
    if (request.get("stream_options") or {}).get("include_usage"):
        events.append({**chunk, "choices": [], "usage": usage})
    return body, events


def anthropic_messages(request: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Answer as Anthropic's Messages do, with signed thinking; refuse what Anthropic refuses."""
    messages = request["messages"]
    blocks = [b for m in messages for b in m["content"] if isinstance(b, dict)]
    called = [b["id"] for b in blocks if b["type"] == "tool_use"]
    assert called == [b["tool_use_id"] for b in blocks if b["type"] == "tool_result"]
    for block in blocks:
        if block["type"] == "thinking":
            assert block["signature"] == f"signed:{block['thinking']}"
    last = messages[-1]["content"][-1]
    result = last if isinstance(last, dict) and last["type"] == "tool_result" else None
    turn = len(messages)
    if result is not None and result["tool_use_id"].startswith("fetch"):
        content: list[dict[str, Any]] = [_thought(f"found at {turn}")]
        content.append({"type": "text", "text": f"It says: {json.dumps(result['content'])}"})
        reason = "end_turn"
    elif result is None and turn > 1:
        content, reason = [{"type": "text", "text": "Nothing more."}], "end_turn"
    else:
        call = {"handle": _handle_in(request), "rows": "17-17"}
        content = [
            _thought("which row?"),
            {"type": "text", "text": "I look it up."},
            {"type": "tool_use", "id": f"fetch{turn}", "name": "headroom_retrieve", "input": call},
        ]
        reason = "tool_use"
    usage = {"input_tokens": 50, "output_tokens": 4}
    head = {"id": f"msg_{turn}", "type": "message", "role": "assistant", "model": "claude-x"}
    body = {**head, "content": content, "stop_reason": reason, "usage": usage}
    return body, list(_anthropic_events(body, usage))


def _thought(text: str) -> dict[str, Any]:
    return {"type": "thinking", "thinking": text, "signature": f"signed:{text}"}


def _anthropic_events(body: dict[str, Any], usage: dict[str, int]) -> Iterator[dict[str, Any]]:
    start = {**body, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 0}}
    yield {"type": "message_start", "message": start}
    for index, block in enumerate(body["content"]):
        empty = {
            "thinking": {"type": "thinking", "thinking": "", "signature": ""},
            "text": {"type": "text", "text": ""},
            "tool_use": {**block, "input": {}},
        }[block["type"]]
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        for delta in _deltas(block):
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": body["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, "usage": usage}
    yield {"type": "message_stop"}


def _deltas(block: dict[str, Any]) -> list[dict[str, Any]]:
    if block["type"] == "thinking":
        return [
            {"type": "thinking_delta", "thinking": block["thinking"]},
            {"type": "signature_delta", "signature": block["signature"]},
        ]
    if block["type"] == "text":
        return [{"type": "text_delta", "text": block["text"]}]
    text = json.dumps(block["input"])
    return [{"type": "input_json_delta", "partial_json": part} for part in (text[:8], text[8:])]
