"""Four providers' endpoints on loopback: every body that arrives is kept, and answered briefly."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER = "Job 17 failed."


@dataclass
class Upstream:
    """Where the server listens, and what arrived: parsed bodies, oldest first.

    ``refusals`` is how many of the next requests are refused, as a provider that is down does.
    """

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    refusals: int = 0


@contextmanager
def serving() -> Iterator[Upstream]:
    """Serve until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.upstream = upstream = Upstream(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        upstream: Upstream = self.server.upstream  # type: ignore[attr-defined]
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        upstream.requests.append(request)
        if upstream.refusals:
            upstream.refusals -= 1
            self._send(500, "application/json", b'{"error": {"message": "down", "type": "x"}}')
            return
        reply = next(reply for part, reply in _REPLIES.items() if part in self.path)
        body, events = reply()
        if request.get("stream") or "streamGenerateContent" in self.path:
            self._send(200, "text/event-stream", _streamed(events))
        else:
            self._send(200, "application/json", json.dumps(body).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _streamed(events: list[dict[str, Any]]) -> bytes:
    lines = []
    for event in events:
        name = f"event: {event['type']}\n" if "type" in event else ""
        lines.append(f"{name}data: {json.dumps(event)}\n\n")
    done = "data: [DONE]\n\n" if events[0].get("object") == "chat.completion.chunk" else ""
    return ("".join(lines) + done).encode()


Reply = tuple[dict[str, Any], list[dict[str, Any]]]


def _chat() -> Reply:
    head = {"id": "chatcmpl-1", "created": 1, "model": "gpt-4o"}
    usage = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}
    message = {"role": "assistant", "content": ANSWER}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    body = {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
    chunk = {**head, "object": "chat.completion.chunk"}
    parts = [({"role": "assistant", "content": ANSWER}, None), ({}, "stop")]
    return body, [
        {**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}
        for delta, reason in parts
    ]


def _messages() -> Reply:
    usage = {"input_tokens": 9, "output_tokens": 4}
    text = {"type": "text", "text": ANSWER}
    head = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x"}
    body = {**head, "content": [text], "stop_reason": "end_turn", "usage": usage}
    delta = {"stop_reason": "end_turn", "stop_sequence": None}
    return body, [
        {"type": "message_start", "message": {**body, "content": [], "stop_reason": None}},
        {"type": "content_block_start", "index": 0, "content_block": {**text, "text": ""}},
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": ANSWER},
        },
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": delta, "usage": usage},
        {"type": "message_stop"},
    ]


def _responses() -> Reply:
    text = {"type": "output_text", "text": ANSWER, "annotations": []}
    message = {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "content": [text],
    }
    body = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "status": "completed",
        "model": "gpt-4o",
        "output": [message],
        "usage": {"input_tokens": 9, "output_tokens": 4, "total_tokens": 13},
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
    }
    return body, [
        {"type": "response.created", "response": {**body, "status": "in_progress", "output": []}},
        {"type": "response.completed", "response": body},
    ]


def _generated() -> Reply:
    content = {"role": "model", "parts": [{"text": ANSWER}]}
    usage = {"promptTokenCount": 9, "candidatesTokenCount": 4, "totalTokenCount": 13}
    body = {
        "candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
        "usageMetadata": usage,
        "modelVersion": "gemini-2.5-pro",
    }
    return body, [body]


_REPLIES = {
    "/chat/completions": _chat,
    "/messages": _messages,
    "/responses": _responses,
    "enerateContent": _generated,
}
