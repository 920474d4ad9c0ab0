# /// script
# requires-python = ">=3.10"
# dependencies = ["headroom-asgi", "starlette>=0.29", "httpx>=0.27"]
# ///
"""A gateway in front of a model, and the one line that makes what it forwards a fraction as long.

Runs offline with a provider that counts what it is sent. With ``OPENAI_API_KEY`` set the gateway
forwards to the real one.

Usage: python examples/asgi_app.py
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from headroom import Compressor, MemoryStore
from headroom_asgi import CompressionMiddleware

STATES = ("done", "done", "done", "queued")
JOBS = [
    {"job": n, "state": STATES[n % 4], "host": f"node-{n * 37 % 97}", "seconds": n * 53 % 600}
    for n in range(1, 401)
]
JOBS[240] |= {"state": "failed", "error": "disk full"}

HANDLE = re.compile(r"\b[0-9a-f]{16}\b")

CALL = {"name": "list_jobs", "arguments": json.dumps({"region": "eu-west-1"})}
CONVERSATION = {
    "model": "gpt-4o-mini",
    "messages": [
        {"role": "user", "content": "Which job in eu-west-1 failed?"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "call_1", "type": "function", "function": CALL}],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": json.dumps(JOBS, indent=2)},
    ],
}


async def stand_in(request: Request) -> Response:
    """Answer as a provider would, with what arrived."""
    body = await request.body()
    said = json.loads(body)["messages"][-1]["content"]
    failed = re.search(r"\b241\b.*", said)
    content = f"Read {len(body):,} bytes; found: {failed.group() if failed else 'nothing'}"
    if handle := HANDLE.search(said):
        content += f". The rest is under {handle.group()}"
    message = {"role": "assistant", "content": content}
    return JSONResponse({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})


def provider() -> httpx.AsyncClient:
    """Return a client of the real provider, where there is a key, else of one that stands in."""
    key = os.environ.get("OPENAI_API_KEY")
    if key:
        headers = {"authorization": f"Bearer {key}"}
        return httpx.AsyncClient(base_url="https://api.openai.com", headers=headers, timeout=60)
    app = Starlette(routes=[Route("/v1/chat/completions", stand_in, methods=["POST"])])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://provider")


def gateway(upstream: httpx.AsyncClient) -> Any:
    """Return an app that forwards what it is sent."""

    async def chat(request: Request) -> Response:
        answer = await upstream.post(
            "/v1/chat/completions",
            content=await request.body(),
            headers={"content-type": "application/json"},
        )
        return Response(answer.content, answer.status_code, media_type="application/json")

    compressor = Compressor(store=MemoryStore())
    return Starlette(
        routes=[Route("/v1/chat/completions", chat, methods=["POST"])],
        middleware=[
            Middleware(
                CompressionMiddleware, compressor=compressor, retrieve_path="/headroom/retrieve"
            )
        ],
    )


async def main() -> None:
    """Ask through the gateway without compression and with it; fetch a row that it left out."""
    async with provider() as upstream:
        transport = httpx.ASGITransport(app=gateway(upstream))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            for bypass in ("true", "false"):
                answer = await client.post(
                    "/v1/chat/completions",
                    json=CONVERSATION,
                    headers={"x-headroom-bypass": bypass},
                )
                said = answer.json()["choices"][0]["message"]["content"]
                print(said)
                for name, value in answer.headers.items():
                    if name.startswith("x-headroom"):
                        print(f"  {name}: {value}")
            if handle := HANDLE.search(said):
                path = f"/headroom/retrieve/{handle.group()}"
                print((await client.get(path, params={"rows": "17"})).json()["text"])


if __name__ == "__main__":
    asyncio.run(main())
