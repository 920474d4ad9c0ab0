"""Real servers on loopback, each in a thread of its own, and the requests that are sent to them."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import hypercorn.asyncio
import hypercorn.trio
import trio
import uvicorn
from hypercorn.config import Config, Sockets

from headroom_conformance import OpenAIChatConformance, agent_conversation

CHAT = "/v1/chat/completions"
JSON = {"content-type": "application/json"}


class _Bound(Config):
    """A configuration whose socket is there already."""

    bound: socket.socket

    def create_sockets(self) -> Sockets:
        return Sockets([], [self.bound], [])


@contextmanager
def serving(app: Any, server: str = "uvicorn") -> Iterator[str]:
    """Serve an app until the block ends; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        run, stop = SERVERS[server](app, bound)
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            stop()
            thread.join()


Controls = tuple[Callable[[], None], Callable[[], None]]


def _uvicorn(app: Any, bound: socket.socket) -> Controls:
    config = uvicorn.Config(app, log_level="critical", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)

    def stop() -> None:
        server.should_exit = True

    return lambda: server.run(sockets=[bound]), stop


def _hypercorn(app: Any, bound: socket.socket) -> Controls:
    loop, stopping = asyncio.new_event_loop(), asyncio.Event()

    def run() -> None:
        with_trigger = hypercorn.asyncio.serve(app, _config(bound), shutdown_trigger=stopping.wait)
        loop.run_until_complete(with_trigger)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

    return run, lambda: loop.call_soon_threadsafe(stopping.set) and None


def _hypercorn_trio(app: Any, bound: socket.socket) -> Controls:
    started = threading.Event()
    token: list[Any] = []

    async def main() -> None:
        stopping = trio.Event()
        token[:] = [trio.lowlevel.current_trio_token(), stopping]
        started.set()
        await hypercorn.trio.serve(app, _config(bound), shutdown_trigger=stopping.wait)

    def stop() -> None:
        started.wait()
        trio.from_thread.run_sync(token[1].set, trio_token=token[0])

    return lambda: trio.run(main), stop


def _config(bound: socket.socket) -> Config:
    config = _Bound()
    config.bound = bound
    config.errorlog = config.accesslog = None
    config.graceful_timeout = 1
    return config


SERVERS: dict[str, Callable[[Any, socket.socket], Controls]] = {
    "uvicorn": _uvicorn,
    "hypercorn": _hypercorn,
    "hypercorn-trio": _hypercorn_trio,
}


def chat_request(seed: int = 1, **more: Any) -> bytes:
    """Return the body of a request in which there is a lot to shorten."""
    messages = OpenAIChatConformance().build_messages(agent_conversation(seed))
    return json.dumps({"model": "gpt-4o", "messages": messages, **more}).encode()


async def live(receive: Any, send: Any) -> None:
    """Serve the lifespan of an app that has nothing to start or stop."""
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


def exchange(address: str, sent: bytes, *, half_closed: bool) -> bytes:
    """Send bytes, close the sending side if asked to, and return all that comes back."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(sent)
        if half_closed:
            connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def raw_request(body: bytes, *, length: int | None = None, path: str = CHAT) -> bytes:
    """Return a request as it stands on the wire; it asks the server to close the connection."""
    head = [
        f"POST {path} HTTP/1.1",
        "host: app",
        "connection: close",
        "content-type: application/json",
        f"content-length: {len(body) if length is None else length}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body
