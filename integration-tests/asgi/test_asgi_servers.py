"""The middleware behind real servers: what goes over the wire, and what never should."""

from __future__ import annotations

import gzip
import json
import threading
import tracemalloc
from collections.abc import Iterator
from functools import partial
from typing import Any

import brotli
import httpx
import pytest
from asgi_servers import (
    CHAT,
    JSON,
    SERVERS,
    chat_request,
    exchange,
    live,
    raw_request,
    serving,
)
from loopback_server import loopback_server

from headroom import Compressor, MemoryStore
from headroom_asgi import CompressionMiddleware
from headroom_asgi.encodings import zstd

BODY = chat_request()
MEGABYTE = 1 << 20
ENCODERS: dict[str, Any] = {
    "gzip": gzip.compress,
    "br": partial(brotli.compress, quality=2),
    "zstd": zstd.compress,
}


class Recording:
    """An app that remembers its requests; answers with the number of bytes that it read."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[bytes, bytes]] = []
        self.left = threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return await live(receive, send)
        parts = []
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left.set()
                return
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                break
        self.bodies.append(b"".join(parts))
        self.headers.append(dict(scope["headers"]))
        answer = str(len(self.bodies[-1])).encode()
        headers = [(b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


@pytest.mark.parametrize("server", SERVERS)
def test_requests_are_shortened_one_after_the_other_on_one_connection(server: str) -> None:
    app = Recording()
    with serving(CompressionMiddleware(app), server) as address, httpx.Client() as client:
        for seed in (1, 2, 3):
            body = chat_request(seed)
            answer = client.post(address + CHAT, content=body, headers=JSON)
            assert int(answer.text) == len(app.bodies[-1]) < 0.8 * len(body)
            assert int(answer.headers["x-headroom-tokens-saved"]) > 500
            assert app.headers[-1][b"content-length"] == answer.content
        same = client.post(address + CHAT, content=b"{}", headers=JSON)
        assert same.headers["x-headroom-skipped"] == "nothing-to-shorten"
        connections = client._transport._pool.connections  # type: ignore[attr-defined]
        assert len(connections) == 1


@pytest.mark.parametrize("server", SERVERS)
def test_chunked_and_encoded_bodies_arrive_shortened_and_plain(server: str) -> None:
    app = Recording()
    encoded = gzip.compress(BODY)

    def chunks() -> Iterator[bytes]:
        yield encoded[:1000]
        yield encoded[1000:]

    with serving(CompressionMiddleware(app), server) as address:
        headers = {**JSON, "content-encoding": "gzip"}
        httpx.post(address + CHAT, content=chunks(), headers=headers)
    assert json.loads(app.bodies[0])["model"] == "gpt-4o"
    assert len(app.bodies[0]) < len(BODY)
    assert not {b"content-encoding", b"transfer-encoding"} & app.headers[0].keys()


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_bomb_arrives_as_it_was_sent(server: str, encoding: str) -> None:
    bomb, app = ENCODERS[encoding](bytes(64 * MEGABYTE)), Recording()
    with serving(CompressionMiddleware(app), server) as address:
        headers = {**JSON, "content-encoding": encoding}
        answer = httpx.post(address + CHAT, content=bomb, headers=headers, timeout=30)
    assert app.bodies == [bomb]
    assert app.headers[0][b"content-encoding"] == encoding.encode()
    assert answer.headers["x-headroom-skipped"] == "too-large"


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
def test_a_hundred_megabytes_pass_and_are_never_held(declared: bool) -> None:
    chunk, size = b" " * MEGABYTE, 100 * MEGABYTE

    async def counting(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return await live(receive, send)
        read, more = 0, True
        while more:
            message = await receive()
            read, more = read + len(message["body"]), message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(read).encode()})

    def chunks() -> Iterator[bytes]:
        for _ in range(100):
            yield chunk

    headers = {**JSON, **({"content-length": str(size)} if declared else {})}
    tracemalloc.start()
    try:
        with serving(CompressionMiddleware(counting, max_body=8 * MEGABYTE)) as address:
            answer = httpx.post(address + CHAT, content=chunks(), headers=headers, timeout=60)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert int(answer.text) == size
    assert answer.headers["x-headroom-skipped"] == "too-large"
    assert most < 40 * MEGABYTE


@pytest.mark.parametrize("server", SERVERS)
def test_a_client_that_stops_sending_in_the_middle_is_seen_to_leave(server: str) -> None:
    app = Recording()
    with serving(CompressionMiddleware(app), server) as address:
        exchange(address, raw_request(BODY[:5000], length=len(BODY)), half_closed=True)
        assert app.left.wait(20)
    assert app.bodies == []


@pytest.mark.parametrize("server", SERVERS)
def test_a_half_closed_connection_is_answered_as_it_is_without_the_middleware(server: str) -> None:
    answers = []
    for wrap in (lambda app: app, CompressionMiddleware):
        with serving(wrap(Recording()), server) as address:
            # A server may hang up on such a client, or answer it: that is the server's affair.
            answer = exchange(address, raw_request(b"{}"), half_closed=True)
            whole = exchange(address, raw_request(BODY), half_closed=False)
            answers.append((answer.partition(b"\r\n")[0], whole.partition(b"\r\n")[0]))
    assert answers[0] == answers[1]
    assert answers[0][1].startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("server", SERVERS)
def test_a_stream_reaches_the_client_as_it_is_sent_and_ends_when_the_client_leaves(
    server: str,
) -> None:
    left = threading.Event()

    async def streaming(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return await live(receive, send)
        while (await receive()).get("more_body", False):
            pass
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        event = {"type": "http.response.body", "body": b"data: one\n\n", "more_body": True}
        await send(event)
        # The real `receive`: it waits until the client leaves.
        assert (await receive())["type"] == "http.disconnect"
        left.set()

    with serving(CompressionMiddleware(streaming), server) as address:
        with httpx.stream("POST", address + CHAT, content=BODY, headers=JSON) as answer:
            events = answer.iter_text()
            assert next(events) == "data: one\n\n"
            assert "x-headroom-tokens-saved" in answer.headers
            assert not left.is_set()
        assert left.wait(20)


@pytest.mark.parametrize("server", SERVERS)
def test_an_app_that_forwards_sends_the_shortened_body_and_no_bypass(server: str) -> None:
    with loopback_server("fine") as wire:

        async def forward(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "lifespan":
                return await live(receive, send)
            body, more = b"", True
            while more:
                message = await receive()
                body, more = body + message["body"], message["more_body"]
            dropped = (b"host", b"content-length")
            headers = [(k, v) for k, v in scope["headers"] if k not in dropped]
            async with httpx.AsyncClient(base_url=wire.base_url) as client:
                answer = await client.post("/chat/completions", content=body, headers=headers)
            own = [(b"x-seen", b"1" if b"x-headroom-bypass" in dict(headers) else b"0")]
            await send({"type": "http.response.start", "status": 200, "headers": own})
            await send({"type": "http.response.body", "body": answer.content})

        compressor = Compressor(store=MemoryStore())
        middleware = CompressionMiddleware(forward, compressor=compressor)
        with serving(middleware, server) as address, httpx.Client(base_url=address) as client:
            first = client.post(CHAT, content=BODY, headers=JSON)
            assert first.json()["choices"][0]["message"]["content"] == "fine"
            bypassed = client.post(CHAT, content=BODY, headers={**JSON, "x-headroom-bypass": "1"})
    assert wire.bodies[0] == compressor.compress_request(BODY, format="openai-chat").output
    assert wire.bodies[1] == BODY
    assert bypassed.headers["x-seen"] == "0"
    assert bypassed.headers["x-headroom-skipped"] == "bypass"
