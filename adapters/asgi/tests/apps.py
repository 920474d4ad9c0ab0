"""Apps that remember what reached them, a client for them, and requests to send."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import brotli
import httpx

from headroom_asgi.encodings import zstd
from headroom_conformance import OpenAIChatConformance, agent_conversation

CHAT = "/v1/chat/completions"
JSON = {"content-type": "application/json"}
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def chat_request(seed: int = 1) -> bytes:
    """Return the body of a request in which there is a lot to shorten."""
    messages = OpenAIChatConformance().build_messages(agent_conversation(seed))
    return json.dumps({"model": "gpt-4o", "messages": messages}, indent=1).encode()


def short_request(result: str | None = None) -> bytes:
    """Return one in which there is nothing to shorten, with or without a tool's result."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Which version is this?"}]
    if result is not None:
        function = {"name": "read_file", "arguments": "{}"}
        call = {"id": "call", "type": "function", "function": function}
        messages += [
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "call", "content": result},
        ]
    return json.dumps({"model": "gpt-4o", "messages": messages}).encode()


@dataclass
class Recording:
    """An app that reads its whole request and remembers all that it was given."""

    body: bytes = b""
    scope: Any = None
    messages: list[Any] = field(default_factory=list)
    status: int = 200

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope, self.messages = scope, []
        while True:
            message = await receive()
            self.messages.append(message)
            if message["type"] != "http.request" or not message.get("more_body", False):
                break
        self.body = b"".join(m.get("body", b"") for m in self.messages)
        head = {"type": "http.response.start", "status": self.status, "headers": [(b"x-own", b"1")]}
        await send(head)
        await send({"type": "http.response.body", "body": b"answer"})

    @property
    def request(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)

    @property
    def headers(self) -> dict[bytes, bytes]:
        """The request's headers."""
        return dict(self.scope["headers"])


async def asend(
    app: Any, body: bytes | Iterable[bytes], headers: dict[str, str], *, path: str, method: str
) -> httpx.Response:
    """Send one request to an app; parts of a body are sent as chunks."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        content = body if isinstance(body, bytes) else _stream(body)
        return await client.request(method, path, content=content, headers=headers)


def send(
    app: Any,
    body: bytes | Iterable[bytes] = b"",
    headers: dict[str, str] | None = None,
    *,
    path: str = CHAT,
    method: str = "POST",
) -> httpx.Response:
    """Send one request to an app, on an event loop of its own."""
    return asyncio.run(asend(app, body, {**JSON, **(headers or {})}, path=path, method=method))


async def _stream(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def halves(body: bytes) -> list[bytes]:
    """Cut a body in two, in the middle of whatever stands there."""
    return [body[: len(body) // 2], body[len(body) // 2 :]]


class Server:
    """A server's side of one connection, for what no client can send on purpose.

    Args:
        messages: What ``receive`` gives, one after the other, and then ``http.disconnect`` forever.
    """

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.messages = list(messages)
        self.sent: list[Any] = []

    async def receive(self) -> Any:
        return self.messages.pop(0) if self.messages else {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)


def part(body: bytes, *, more: bool = False) -> dict[str, Any]:
    """Return a message that carries a part of a body."""
    return {"type": "http.request", "body": body, "more_body": more}


def scope_of(path: str = CHAT, **changes: Any) -> dict[str, Any]:
    """Return the scope of a request with a conversation."""
    headers = [(b"content-type", b"application/json")]
    known = {"type": "http", "method": "POST", "path": path, "root_path": "", "headers": headers}
    return {**known, **changes}
