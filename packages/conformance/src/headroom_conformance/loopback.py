"""A provider on loopback: it remembers what arrives, and answers what a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast

from headroom import format_of_path
from headroom_conformance.wire import WireFormat, WireTurn, answer, stream

# How often the server looks whether to stop, in seconds.
_POLL = 0.01


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request as it came over the wire.

    Args:
        path: With its query.
        headers: Names in lower case.
        raw: The body's bytes.
    """

    path: str
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        """The body, parsed."""
        return json.loads(self.raw)

    @property
    def format(self) -> WireFormat:
        """The wire format that the path takes; chat completions for an unknown path."""
        found = format_of_path(self.path.partition("?")[0]) or "openai-chat"
        return cast(WireFormat, found)


@dataclass(frozen=True, slots=True)
class PlainAnswer:
    """An answer that is no model's turn: an error, another endpoint's, bytes of any kind."""

    status: int
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


Reply = Callable[[Arrived], "WireTurn | PlainAnswer"]


class LoopbackProvider:
    """A server of chat completions, Responses and Messages; stops when its ``with`` ends.

    Args:
        reply: Answers each request; streams where the request asks for that.

    Attributes:
        requests: What arrived, oldest first.
        base_url: Where it listens, without a path.
    """

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.requests: list[Arrived] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL,))
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def bodies(self) -> list[Any]:
        """The bodies of `requests`, parsed."""
        return [request.body for request in self.requests]

    def __enter__(self) -> LoopbackProvider:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(provider: LoopbackProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # A small answer waits for an acknowledgement otherwise.
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            raw = self.rfile.read(int(headers.get("content-length", "0")))
            arrived = Arrived(self.path, headers, raw)
            provider.requests.append(arrived)
            told = provider.reply(arrived)
            plain = told if isinstance(told, PlainAnswer) else _written(arrived, told)
            self.send_response(plain.status)
            named = {"Content-Type": "application/json", **plain.headers}
            for name, value in {**named, "Content-Length": str(len(plain.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(plain.body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


def _written(arrived: Arrived, turn: WireTurn) -> PlainAnswer:
    if arrived.body.get("stream"):
        kind = {"Content-Type": "text/event-stream; charset=utf-8"}
        return PlainAnswer(200, stream(arrived.format, turn), kind)
    return PlainAnswer(200, json.dumps(answer(arrived.format, turn)).encode())
