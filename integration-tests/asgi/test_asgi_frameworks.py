"""The middleware around apps of each framework, in the way that the framework adds one."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import httpx
import pytest
import trio
from asgi_servers import CHAT, JSON, SERVERS, chat_request, serving
from fastapi import FastAPI
from litestar import Litestar, Request, post
from pydantic import BaseModel
from quart import Quart, request
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Mount, Route

from headroom_asgi import CompressionMiddleware

BODY = chat_request()
MESSAGES = json.loads(BODY)["messages"]


class ChatRequest(BaseModel):
    model: str
    messages: list[dict[str, Any]]


def starlette_app() -> Any:
    async def chat(request: Any) -> JSONResponse:
        return JSONResponse(await request.json())

    routes = [Route(CHAT, chat, methods=["POST"])]
    return Starlette(routes=routes, middleware=[Middleware(CompressionMiddleware)])


def fastapi_app() -> Any:
    app = FastAPI()
    app.add_middleware(CompressionMiddleware)

    @app.post(CHAT)
    async def chat(body: ChatRequest) -> dict[str, Any]:
        return body.model_dump()

    return app


def fastapi_app_of_plain_functions() -> Any:
    app = FastAPI()
    app.add_middleware(CompressionMiddleware)

    @app.post(CHAT)
    def chat(body: ChatRequest) -> dict[str, Any]:
        return body.model_dump()

    return app


def litestar_app() -> Any:
    @post(CHAT)
    async def chat(request: Request[Any, Any, Any]) -> dict[str, Any]:
        return dict(await request.json())

    return Litestar([chat], middleware=[lambda app: CompressionMiddleware(app)])


def litestar_app_of_raw_requests() -> Any:
    @post(CHAT)
    async def chat(request: Request[Any, Any, Any]) -> dict[str, Any]:
        return dict(json.loads(await request.body()))

    return CompressionMiddleware(Litestar([chat]))


def quart_app() -> Any:
    app = Quart("quart_app")

    @app.post(CHAT)
    async def chat() -> Any:
        return await request.get_json()

    app.asgi_app = CompressionMiddleware(app.asgi_app)  # type: ignore[method-assign]
    return app


def mounted_app() -> Any:
    return Starlette(routes=[Mount("/v1", CompressionMiddleware(_inner()))])


def app_of_mounts() -> Any:
    return CompressionMiddleware(Starlette(routes=[Mount("/v1", _inner())]))


def _inner() -> Any:
    async def chat(request: Any) -> JSONResponse:
        return JSONResponse(await request.json())

    return Starlette(routes=[Route("/chat/completions", chat, methods=["POST"])])


APPS = (
    starlette_app,
    fastapi_app,
    fastapi_app_of_plain_functions,
    litestar_app,
    litestar_app_of_raw_requests,
    quart_app,
    mounted_app,
    app_of_mounts,
)


@pytest.mark.parametrize("server", ["uvicorn", "hypercorn"])
@pytest.mark.parametrize("build", APPS, ids=lambda build: str(build.__name__))
def test_an_apps_handler_reads_the_shortened_conversation(build: Any, server: str) -> None:
    with serving(build(), server) as address, httpx.Client(base_url=address) as client:
        answer = client.post(CHAT, content=BODY, headers=JSON)
        bypassed = client.post(CHAT, content=BODY, headers={**JSON, "x-headroom-bypass": "true"})
    assert answer.is_success
    read = answer.json()["messages"]
    assert [m["role"] for m in read] == [m["role"] for m in MESSAGES]
    assert len(json.dumps(read)) < 0.7 * len(json.dumps(MESSAGES))
    assert int(answer.headers["x-headroom-tokens-saved"]) > 1_000
    assert bypassed.json()["messages"] == MESSAGES


@pytest.mark.parametrize("build", [fastapi_app, litestar_app, quart_app])
def test_a_malformed_body_gets_the_frameworks_own_error(build: Any) -> None:
    with serving(build()) as address, httpx.Client(base_url=address) as client:
        answer = client.post(CHAT, content=BODY[:-9], headers=JSON)
        own = client.post(CHAT, content=BODY[:-9], headers={**JSON, "x-headroom-bypass": "1"})
    assert answer.is_error
    assert (answer.status_code, answer.text) == (own.status_code, own.text)
    assert answer.headers["x-headroom-skipped"] == "not-a-request"


@pytest.mark.parametrize("server", SERVERS)
def test_a_streamed_answer_is_cancelled_when_its_client_leaves(server: str) -> None:
    ended = threading.Event()

    async def events() -> Any:
        try:
            number = 0
            while True:
                yield f"data: {number}\n\n"
                number += 1
                await _a_moment()
        finally:
            ended.set()

    async def chat(request: Any) -> StreamingResponse:
        await request.body()
        return StreamingResponse(events(), media_type="text/event-stream")

    routes = [Route(CHAT, chat, methods=["POST"])]
    app = Starlette(routes=routes, middleware=[Middleware(CompressionMiddleware)])
    with serving(app, server) as address:
        with httpx.stream("POST", address + CHAT, content=BODY, headers=JSON) as answer:
            lines = answer.iter_lines()
            assert next(lines) == "data: 0"
            assert not ended.is_set()
        assert ended.wait(20)


async def _a_moment() -> None:
    """Let the event loop, whichever it is, see to its sockets."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        await trio.sleep(0.001)
    else:
        await asyncio.sleep(0.001)


def test_an_app_sees_what_became_of_its_request() -> None:
    app = FastAPI()
    app.add_middleware(CompressionMiddleware)

    @app.post(CHAT)
    async def chat(body: ChatRequest) -> dict[str, Any]:
        return {}

    seen: list[Any] = []

    async def spying(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)
        await app(scope, receive, send)

    with serving(spying) as address:
        httpx.post(address + CHAT, content=BODY, headers=JSON)
    # The scope is the server's own: what stands outside sees the route and the account as well.
    (scope,) = [scope for scope in seen if scope["type"] == "http"]
    assert scope["headroom"].tokens_saved > 1_000
    assert scope["endpoint"] is chat
