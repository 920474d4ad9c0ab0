"""Which requests hold a conversation, wherever the app is mounted."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from apps import Recording, Server, chat_request, part, scope_of, send
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount

from headroom_asgi import CompressionMiddleware
from headroom_conformance import AnthropicConformance, agent_conversation

BODY = chat_request()


def responses_request() -> bytes:
    messages = json.loads(BODY)["messages"]
    items = [
        {"type": "function_call_output", "call_id": m["tool_call_id"], "output": m["content"]}
        for m in messages
        if m["role"] == "tool" and isinstance(m["content"], str)
    ]
    return json.dumps({"model": "gpt-4o", "input": items}).encode()


def gemini_request() -> bytes:
    outputs = [item["output"] for item in json.loads(responses_request())["input"]]
    parts = [{"functionResponse": {"name": "read", "response": {"output": o}}} for o in outputs]
    return json.dumps({"contents": [{"role": "user", "parts": parts}]}).encode()


def converse_request() -> bytes:
    outputs = [item["output"] for item in json.loads(responses_request())["input"]]
    blocks = [{"toolResult": {"toolUseId": "t", "content": [{"text": o}]}} for o in outputs]
    return json.dumps({"messages": [{"role": "user", "content": blocks}]}).encode()


def anthropic_request() -> bytes:
    suite = AnthropicConformance()
    messages = suite.build_messages(agent_conversation(1, system=False))
    return json.dumps(suite.build_request(messages)).encode()


MODEL = "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fown"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", BODY),
        ("/openai/deployments/gpt/chat/completions?api-version=1", BODY),
        ("/v1/responses", responses_request()),
        ("/v1/messages", anthropic_request()),
        ("/v1beta/models/gemini-pro:generateContent", gemini_request()),
        ("/v1beta/models/gemini-pro:streamGenerateContent?alt=sse", gemini_request()),
        ("/model/amazon.nova/converse-stream", converse_request()),
        (f"{MODEL}/converse", converse_request()),
        (f"{MODEL}/invoke", anthropic_request()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_providers_endpoint_is_known_by_its_path(path: str, body: bytes) -> None:
    app = Recording()
    response = send(CompressionMiddleware(app), body, path=path)
    assert int(response.headers["x-headroom-tokens-saved"]) > 1_000
    assert len(app.body) < len(body)


@pytest.mark.parametrize("path", ["/v1/embeddings", "/v1/messages/count", "/", "/v1/chat"])
def test_another_path_is_not(path: str) -> None:
    app = Recording()
    send(CompressionMiddleware(app), BODY, path=path)
    assert app.body == BODY


def is_shortened(routes: Any, **scope: Any) -> bool:
    app, server = Recording(), Server(part(BODY))
    middleware = CompressionMiddleware(app, routes=routes)
    asyncio.run(middleware(scope_of(**scope), server.receive, server.send))
    return len(app.body) < len(BODY)


def test_routes_name_paths_of_ones_own() -> None:
    patterns = {"/ask": "openai-chat", "/tenants/*/ask": "openai-chat"}
    assert is_shortened(patterns, path="/ask")
    assert is_shortened(patterns, path="/tenants/seven/ask")
    assert not is_shortened(patterns, path="/ask/more")
    assert not is_shortened(patterns, path="/v1/chat/completions")
    assert is_shortened(lambda path: "openai" if path.endswith("ask") else None, path="/x/ask")


def test_a_mounted_apps_routes_are_its_own_or_the_whole_ones() -> None:
    whole = {"/llm/ask": "openai-chat"}
    inner = {"/ask": "openai-chat"}
    for routes in (whole, inner):
        # As frameworks mount now, and as they did before: without the mount's own path.
        assert is_shortened(routes, path="/llm/ask", root_path="/llm")
        assert is_shortened(routes, path="/ask", root_path="/llm/")
    assert not is_shortened(inner, path="/llm/ask")
    assert not is_shortened(inner, path="/llmask", root_path="/llm")


@pytest.mark.parametrize("mount", ["/llm", "/v1"])
def test_the_middleware_works_around_a_mount_and_within_it(mount: str) -> None:
    rest = "/messages" if mount == "/v1" else "/v1/messages"
    body = anthropic_request()
    for within in (True, False):
        app = Recording()
        inner = CompressionMiddleware(app) if within else app
        around = [] if within else [Middleware(CompressionMiddleware)]
        outer = Starlette(routes=[Mount(mount, inner)], middleware=around)
        send(outer, body, path=f"{mount}{rest}")
        assert len(app.body) < len(body)


def test_routes_that_raise_are_the_users_bug_and_a_format_unknown_later_costs_no_request() -> None:
    assert not is_shortened(lambda path: "no such format", path="/ask")
