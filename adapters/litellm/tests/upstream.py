"""Four providers on loopback: every body that arrives is kept, and answered by a script."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from headroom_conformance.wire import WireFormat, WireTurn, answer, stream

ANSWER = "Job 17 failed."

Model = Callable[[dict[str, Any]], WireTurn]


def says(request: dict[str, Any]) -> WireTurn:
    """Answer like a model that needs no tool."""
    return WireTurn("turn_1", ANSWER)


@dataclass
class Upstream:
    """Where the server listens, and what happens there.

    Args:
        url: Its address.
        model: Answers the requests.
        requests: What arrived: parsed bodies, oldest first.
        refusals: How many of the next requests are refused, as by a provider that is down.
    """

    url: str
    model: Model = says
    requests: list[dict[str, Any]] = field(default_factory=list)
    refusals: int = 0

    def forget(self) -> None:
        """Begin anew."""
        self.model, self.refusals = says, 0
        self.requests.clear()


@contextmanager
def serving() -> Iterator[Upstream]:
    """Serve until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    upstream = Upstream(f"http://127.0.0.1:{server.server_port}")
    server.upstream = upstream  # type: ignore[attr-defined]  # the handler finds it there
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    # Connections are kept: a conformance suite makes a thousand calls.
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        upstream: Upstream = self.server.upstream  # type: ignore[attr-defined]  # see serving
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        upstream.requests.append(request)
        if upstream.refusals:
            upstream.refusals -= 1
            self._send(500, "application/json", b'{"error": {"message": "down", "type": "x"}}')
            return
        turn = upstream.model(request)
        streams = bool(request.get("stream")) or "stream" in self.path
        if streams:
            self._send(200, "text/event-stream", _streamed(self.path, turn))
        else:
            self._send(200, "application/json", json.dumps(_whole(self.path, turn)).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _format(path: str) -> WireFormat | None:
    endings: dict[str, WireFormat] = {
        "/chat/completions": "openai-chat",
        "/messages": "anthropic",
        "/responses": "openai-responses",
    }
    return next((name for ending, name in endings.items() if path.endswith(ending)), None)


def _whole(path: str, turn: WireTurn) -> dict[str, Any]:
    format = _format(path)
    return _generated(turn) if format is None else answer(format, turn)


def _streamed(path: str, turn: WireTurn) -> bytes:
    format = _format(path)
    if format is None:
        return f"data: {json.dumps(_generated(turn))}\n\n".encode()
    return stream(format, turn)


def _generated(turn: WireTurn) -> dict[str, Any]:
    content = {"role": "model", "parts": [{"text": turn.text}]}
    usage = {"promptTokenCount": 9, "candidatesTokenCount": 4, "totalTokenCount": 13}
    return {
        "candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
        "usageMetadata": usage,
        "modelVersion": "gemini-2.5-pro",
    }
