"""A small OpenAI-compatible server on loopback that records every request and gives one answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HEAD = {"id": "chatcmpl-loopback", "created": 0, "model": "gpt-4o"}


@dataclass
class Wire:
    """What arrived at the server.

    Args:
        base_url: Where the server listens: the ``base_url`` of an OpenAI client.
        answer: What it answers to everything.
        bodies: The requests' bodies, as bytes, oldest first.
    """

    base_url: str
    answer: str
    bodies: list[bytes] = field(default_factory=list)

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The bodies, parsed."""
        return [json.loads(body) for body in self.bodies]


@contextmanager
def loopback_server(answer: str) -> Iterator[Wire]:
    """Serve ``POST /v1/chat/completions``, plain and streamed, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.wire = wire = Wire(f"http://127.0.0.1:{server.server_port}/v1", answer)  # type: ignore[attr-defined]  # the handler finds it there
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        wire: Wire = self.server.wire  # type: ignore[attr-defined]  # see loopback_server
        wire.bodies.append(body)
        request = json.loads(body)
        parts = _streamed(wire.answer) if request.get("stream") else _plain(wire.answer)
        kind = "text/event-stream" if request.get("stream") else "application/json"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(parts)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: the demo prints what matters."""


def _plain(answer: str) -> bytes:
    message = {"role": "assistant", "content": answer}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps({**HEAD, "object": "chat.completion", "choices": [choice]}).encode()


def _streamed(answer: str) -> bytes:
    words = [{"content": word + " "} for word in answer.split(" ")]
    deltas: list[tuple[dict[str, str], str | None]] = [(word, None) for word in words]
    events = [
        {"index": 0, "delta": delta, "finish_reason": reason}
        for delta, reason in (*deltas, ({}, "stop"))
    ]
    lines = [
        "data: " + json.dumps({**HEAD, "object": "chat.completion.chunk", "choices": [event]})
        for event in events
    ]
    return ("\n\n".join([*lines, "data: [DONE]"]) + "\n\n").encode()
