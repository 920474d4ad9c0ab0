"""Requests per second of a FastAPI app with the middleware, as a share of those without it.

On bodies in which nothing changes: there the middleware can only cost. Two servers run side by
side, each a process of its own, and are asked in turns, so that whatever else the machine does
meets both. Every body is a new one: the text of its last message is unlike any other's.

Needs what the tests of this folder need. Usage:

    python integration-tests/asgi/throughput.py [--rounds 25] [--requests 300] [--fast]

``--fast`` serves with uvloop and httptools, which have to be installed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel

from headroom_asgi import CompressionMiddleware

PATH = "/v1/chat/completions"
CONNECTIONS = 8
WORDS = "the job on node seven failed again because its disk is full so we retry it later".split()
SALT = "@unlike@"


class ChatRequest(BaseModel):
    """The part of a chat request that the apps read."""

    model: str
    messages: list[dict[str, Any]]


def answering() -> FastAPI:
    """Return an app that reads the typed body and does nothing: what is measured is overhead."""
    app = FastAPI()

    @app.post(PATH)
    async def chat(body: ChatRequest) -> dict[str, int]:
        return {"messages": len(body.messages)}

    return app


def forwarding(upstream: str) -> FastAPI:
    """Return a gateway: what apps that take such requests do."""
    app = FastAPI()
    client = httpx.AsyncClient(base_url=upstream)

    @app.post(PATH)
    async def chat(request: Request) -> Response:
        answer = await client.post(PATH, content=await request.body())
        return Response(answer.content, media_type="application/json")

    return app


def serve(app: str, upstream: str, *, with_middleware: bool, fast: bool) -> None:
    """Serve one of the apps until the process is ended, and say where."""
    served: Any = answering() if app == "answering" else forwarding(upstream)
    if with_middleware:
        served = CompressionMiddleware(served)
    loop, http = ("uvloop", "httptools") if fast else ("asyncio", "h11")
    config = uvicorn.Config(served, port=0, log_level="warning", loop=loop, http=http)
    server = uvicorn.Server(config)

    async def run() -> None:
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        print(f"http://127.0.0.1:{port}", flush=True)  # noqa: T201
        await serving

    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(run())


@contextmanager
def running(app: str, upstream: str, middleware: str, speed: str) -> Iterator[str]:
    """Run an app in a process of its own; give its address."""
    command = [sys.executable, __file__, "--serve", app, upstream, middleware, speed]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def said(random: Random, words: int) -> str:
    """Return something that a person might have written, in short paragraphs."""
    return "".join(random.choice(WORDS) + (" " if n % 20 else "\n\n") for n in range(1, words + 1))


def conversation(turns: int, *, result_words: int = 0) -> bytes:
    """Return a request's body with a place for what makes it unlike any other."""
    random = Random(turns)
    messages: list[dict[str, Any]] = [{"role": "system", "content": said(random, 60)}]
    for turn in range(turns):
        messages.append({"role": "user", "content": said(random, 40)})
        if result_words:
            function = {"name": "status_of", "arguments": json.dumps({"job": turn})}
            call = {"id": f"call_{turn}", "type": "function", "function": function}
            messages += [
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {
                    "role": "tool",
                    "tool_call_id": f"call_{turn}",
                    "content": said(random, result_words),
                },
            ]
        messages.append({"role": "assistant", "content": said(random, 60)})
    messages.append({"role": "user", "content": f"And now? {SALT}"})
    return json.dumps({"model": "gpt-4o", "messages": messages}).encode()


BODIES = {
    "a question": conversation(0),
    "a conversation": conversation(60),
    "an agent's, short results": conversation(40, result_words=12),
    "an agent's, results that stay": conversation(20, result_words=150),
}


async def rate(address: str, body: bytes, first: int, requests: int) -> float:
    """Return the requests per second that a server answers on some connections at once."""
    host, port = address.removeprefix("http://").split(":")
    head = f"POST {PATH} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"
    numbers = iter(range(first, first + requests))

    async def client() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for number in numbers:
            own = body.replace(SALT.encode(), str(number).encode())
            writer.write(f"{head}content-length: {len(own)}\r\n\r\n".encode() + own)
            answered = await reader.readuntil(b"\r\n\r\n")
            assert answered.startswith(b"HTTP/1.1 200"), answered
            length = int(answered.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
        writer.close()
        await writer.wait_closed()

    started = time.perf_counter()
    await asyncio.gather(*[client() for _ in range(CONNECTIONS)])
    return requests / (time.perf_counter() - started)


def compare(bare: str, wrapped: str, body: bytes, rounds: int, requests: int) -> list[float]:
    """Ask both servers in turns; return the share of each round."""
    shares = []
    for number in range(-1, rounds):
        first = (number + 1) * requests
        rates = {}
        # The order changes from round to round; the first round only warms up.
        for address in (bare, wrapped) if number % 2 else (wrapped, bare):
            rates[address] = asyncio.run(rate(address, body, first, requests))
        if number >= 0:
            shares.append(rates[wrapped] / rates[bare])
    return shares


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--serve", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        app, upstream, middleware, speed = given.serve
        serve(app, upstream, with_middleware=middleware == "yes", fast=speed == "fast")
        return
    speed = "fast" if given.fast else "plain"
    print(f"{'app':12} {'body':30} {'bytes':>7} {'share of rps':>13} {'rounds':>14}")  # noqa: T201
    with ExitStack() as stack:
        upstream = stack.enter_context(running("answering", "-", "no", speed))
        for app in ("answering", "forwarding"):
            bare = stack.enter_context(running(app, upstream, "no", speed))
            wrapped = stack.enter_context(running(app, upstream, "yes", speed))
            for name, body in BODIES.items():
                shares = compare(bare, wrapped, body, given.rounds, given.requests)
                low, high = min(shares), max(shares)
                middle = statistics.median(shares)
                print(f"{app:12} {name:30} {len(body):7,} {middle:13.2f} {low:6.2f} to {high:.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
