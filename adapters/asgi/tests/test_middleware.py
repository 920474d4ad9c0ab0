"""What reaches the app, what the response says, and what is left exactly as it came."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from typing import Any

import pytest
from apps import (
    CHAT,
    ENCODERS,
    JSON,
    Recording,
    Server,
    asend,
    chat_request,
    halves,
    part,
    scope_of,
    send,
    short_request,
)

from headroom import (
    CompressionConfig,
    Compressor,
    ContextLimitError,
    MemoryStore,
    RetrievalTool,
    UnknownFormatError,
)
from headroom_asgi import CompressionMiddleware
from headroom_conformance import FailingProbe, FullStore, Probe

BODY = chat_request()


def test_a_long_conversation_reaches_the_app_shortened_and_the_response_tells_by_how_much() -> None:
    app = Recording()
    response = send(CompressionMiddleware(app), BODY)
    before, after, saved = (
        int(response.headers[f"x-headroom-tokens-{name}"]) for name in ("before", "after", "saved")
    )
    assert len(app.body) < 0.7 * len(BODY)
    assert before - after == saved > 1_000
    assert response.headers["x-own"] == "1"
    assert "x-headroom-skipped" not in response.headers


def test_the_headers_fit_the_new_body() -> None:
    app = Recording()
    headers = {"content-encoding": "gzip", "x-api-key": "k"}
    send(CompressionMiddleware(app), halves(gzip.compress(BODY)), headers)
    assert app.headers[b"content-length"] == str(len(app.body)).encode()
    assert not {b"transfer-encoding", b"content-encoding"} & app.headers.keys()
    assert app.headers[b"x-api-key"] == b"k"
    assert app.headers[b"content-type"] == b"application/json"


def test_the_app_can_read_the_cores_account_of_its_request() -> None:
    app = Recording()
    send(CompressionMiddleware(app), BODY)
    assert app.scope["headroom"].tokens_saved > 1_000
    assert "selected" in app.scope["headroom"].explain()
    assert app.scope["headroom"].output is None


def test_the_scope_is_the_servers_own() -> None:
    app, scope, server = Recording(), scope_of(), Server(part(BODY))
    asyncio.run(CompressionMiddleware(app)(scope, server.receive, server.send))
    assert app.scope is scope


@pytest.mark.parametrize(
    "body",
    [short_request(), short_request("1.4.2"), short_request("word " * 90), b"", b"[1, 2]"],
    ids=["no result", "a short result", "a result under the limit", "empty", "no request"],
)
def test_where_nothing_changes_the_app_gets_the_very_messages_and_headers(body: bytes) -> None:
    parts = [part(body[:5], more=True), part(body[5:], more=True), part(b"")]
    app, scope, server = Recording(), scope_of(), Server(*parts)
    headers = scope["headers"]
    asyncio.run(CompressionMiddleware(app)(scope, server.receive, server.send))
    assert all(one is other for one, other in zip(app.messages, parts, strict=True))
    assert app.scope["headers"] is headers


@pytest.mark.parametrize("result", ["1.4.2", "word " * 110, "word " * 40_000])
def test_a_response_says_the_same_of_a_request_that_stays_however_often_it_comes(
    result: str,
) -> None:
    app = Recording()
    middleware, body = CompressionMiddleware(app), short_request(result)
    for _ in range(3):
        response = send(middleware, body)
        assert app.body == body
        told = {k: v for k, v in response.headers.items() if k.startswith("x-headroom")}
        assert told == {"x-headroom-skipped": "nothing-to-shorten"}


@pytest.mark.parametrize("encoded", [False, True])
@pytest.mark.parametrize("retrieval", ["tool", "handle"])
def test_a_request_that_stayed_is_not_looked_into_again(retrieval: Any, encoded: bool) -> None:
    app, body = Recording(), short_request("word " * 110)
    middleware = CompressionMiddleware(app, config=CompressionConfig(retrieval=retrieval))
    sent = ENCODERS["gzip"](body) if encoded else body
    headers = {"content-encoding": "gzip"} if encoded else {}
    send(middleware, sent, headers)
    assert "headroom" in app.scope
    send(middleware, sent, headers)
    assert "headroom" not in app.scope
    assert app.body == sent


def test_of_a_result_that_was_looked_into_the_account_says_why_it_stays() -> None:
    app = Recording()
    send(CompressionMiddleware(app, config=CompressionConfig()), short_request("word " * 110))
    assert "no compressor for this kind of text" in app.scope["headroom"].explain()


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"content-type": "text/plain"}, "content-type"),
        ({"content-type": "application/json; charset=latin-1"}, "content-type"),
        ({"content-type": "multipart/form-data; boundary=x"}, "content-type"),
        ({"content-type": ""}, "content-type"),
        ({"content-encoding": "compress"}, "encoding"),
        ({"content-encoding": "gzip"}, "encoding"),
        ({"content-encoding": "br"}, "encoding"),
        ({"content-encoding": "zstd"}, "encoding"),
        ({"content-encoding": "deflate"}, "encoding"),
        ({"content-encoding": "gzip, br, gzip"}, "encoding"),
        ({"content-digest": "sha-256=:x:"}, "digest"),
        ({"x-headroom-bypass": "true"}, "bypass"),
    ],
    ids=lambda value: str(value),
)
def test_what_is_in_the_way_leaves_the_request_as_it_came_and_is_named(
    headers: dict[str, str], reason: str
) -> None:
    app = Recording()
    response = send(CompressionMiddleware(app), BODY, headers)
    assert app.body == BODY
    assert response.headers["x-headroom-skipped"] == reason
    assert response.text == "answer"


@pytest.mark.parametrize("name", ENCODERS)
def test_an_encoded_body_in_which_nothing_changes_stays_encoded(name: str) -> None:
    app, body = Recording(), ENCODERS[name](short_request())
    send(CompressionMiddleware(app), body, {"content-encoding": name})
    assert app.body == body
    assert app.headers[b"content-encoding"] == name.encode()


@pytest.mark.parametrize("kind", ["application/json; charset=UTF-8", "application/vnd.own+json"])
def test_other_spellings_of_json_are_json(kind: str) -> None:
    app = Recording()
    send(CompressionMiddleware(app), BODY, {"content-type": kind})
    assert len(app.body) < len(BODY)


def test_a_malformed_body_reaches_the_app_whose_error_it_is() -> None:
    app, broken = Recording(status=422), BODY[:-7]
    response = send(CompressionMiddleware(app), broken)
    assert app.body == broken
    assert (response.status_code, response.headers["x-headroom-skipped"]) == (422, "not-a-request")


def test_a_bypass_is_not_passed_on() -> None:
    app = Recording()
    send(CompressionMiddleware(app), BODY, {"X-Headroom-Bypass": "1", "x-other": "2"})
    assert app.headers[b"x-other"] == b"2"
    assert b"x-headroom-bypass" not in app.headers
    send(CompressionMiddleware(app), BODY, {"X-Headroom-Bypass": "0"})
    assert len(app.body) < len(BODY)
    assert b"x-headroom-bypass" not in app.headers


def test_a_compressor_is_bypassed_in_the_task_that_asks_for_it() -> None:
    app, compressor = Recording(), Compressor(store=MemoryStore())
    with compressor.bypass():
        response = send(CompressionMiddleware(app, compressor=compressor), BODY)
    assert app.body == BODY
    assert response.headers["x-headroom-skipped"] == "bypass"


def test_a_body_over_the_limit_passes_by_its_declared_length_before_it_is_read() -> None:
    app, scope = Recording(), scope_of()
    scope["headers"] += [(b"content-length", b"1001")]
    parts = [part(b"x" * 1000, more=True), part(b"y")]
    server = Server(*parts)
    asyncio.run(CompressionMiddleware(app, max_body=1000)(scope, server.receive, server.send))
    assert all(one is other for one, other in zip(app.messages, parts, strict=True))
    assert (b"x-headroom-skipped", b"too-large") in server.sent[0]["headers"]


def test_of_a_body_over_the_limit_no_more_is_held_than_the_limit() -> None:
    read: list[int] = []
    parts = [part(b"x" * 400, more=True) for _ in range(9)] + [part(b"")]
    server = Server(*parts)

    class Watching(Recording):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            read.append(10 - len(server.messages))
            await super().__call__(scope, receive, send)

    app = Watching()
    middleware = CompressionMiddleware(app, max_body=1000)
    asyncio.run(middleware(scope_of(), server.receive, server.send))
    assert read == [3]
    assert all(one is other for one, other in zip(app.messages, parts, strict=True))


def test_a_body_of_single_bytes_does_not_outgrow_the_limit_by_its_messages() -> None:
    parts = [part(b"x", more=True) for _ in range(1_000)]
    server = Server(*parts, part(b""))
    app = Recording()
    middleware = CompressionMiddleware(app, max_body=100_000)
    asyncio.run(middleware(scope_of(), server.receive, server.send))
    assert app.body == b"x" * 1_000
    assert (b"x-headroom-skipped", b"too-large") in server.sent[0]["headers"]


def test_a_body_of_exactly_the_limit_is_shortened() -> None:
    app = Recording()
    send(CompressionMiddleware(app, max_body=len(BODY)), BODY)
    assert len(app.body) < len(BODY)
    send(CompressionMiddleware(app, max_body=len(BODY) - 1), BODY)
    assert app.body == BODY


def test_a_client_that_leaves_in_the_middle_of_its_body_is_seen_to_leave_there() -> None:
    parts = [part(BODY[:100], more=True), part(BODY[100:200], more=True)]
    app, server = Recording(), Server(*parts)
    asyncio.run(CompressionMiddleware(app)(scope_of(), server.receive, server.send))
    assert app.messages == [*parts, {"type": "http.disconnect"}]


def test_a_client_that_leaves_while_the_app_answers_is_seen_to_leave() -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while not seen or seen[-1] != "http.disconnect":
            seen.append((await receive())["type"])

    server = Server(part(BODY))
    asyncio.run(CompressionMiddleware(app)(scope_of(), server.receive, server.send))
    assert seen == ["http.request", "http.disconnect"]


@pytest.mark.parametrize("compressor", [FailingProbe(), Probe(store=FullStore())])
def test_a_failure_inside_leaves_the_request_as_it_came(
    compressor: Compressor, caplog: pytest.LogCaptureFixture
) -> None:
    app = Recording()
    with caplog.at_level(logging.WARNING):
        response = send(CompressionMiddleware(app, compressor=compressor), BODY)
    assert response.text == "answer"
    if isinstance(compressor, FailingProbe):
        assert app.body == BODY
        assert response.headers["x-headroom-skipped"] == "error"
        (record,) = caplog.records
        assert "EngineError" in record.message
        assert "payment" not in caplog.text
    else:
        # What loses nothing needs no store; nothing else was done.
        assert app.scope["headroom"].handles == ()


def test_a_context_limit_that_raises_reaches_the_app_around() -> None:
    config = CompressionConfig(context_limit=50, on_overflow="raise")
    with pytest.raises(ContextLimitError):
        send(CompressionMiddleware(Recording(), config=config), BODY)


def test_other_methods_paths_and_protocols_pass_without_a_trace() -> None:
    app = Recording()
    middleware = CompressionMiddleware(app)
    for path, method in (("/v1/embeddings", "POST"), (CHAT, "PUT"), (CHAT, "GET")):
        response = send(middleware, BODY, {"x-headroom-bypass": "1"}, path=path, method=method)
        assert app.body == BODY
        assert app.headers[b"x-headroom-bypass"] == b"1"
        assert not [name for name in response.headers if name.startswith("x-headroom")]
    for kind in ("websocket", "lifespan"):
        passed: list[Any] = []

        async def other(*connection: Any, passed: list[Any] = passed) -> None:
            passed.extend(connection)

        connection = ({"type": kind}, object(), object())
        asyncio.run(CompressionMiddleware(other)(*connection))  # type: ignore[arg-type]
        assert all(one is other for one, other in zip(passed, connection, strict=True))


def test_a_response_is_passed_message_by_message() -> None:
    sent = [
        {"type": "http.response.debug", "info": {}},
        {"type": "http.response.start", "status": 200, "trailers": True},
        {"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True},
        {"type": "http.response.pathsend", "path": "/a"},
        {"type": "http.response.trailers", "headers": []},
    ]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in sent:
            await send(message)

    server = Server(part(BODY))
    asyncio.run(CompressionMiddleware(app)(scope_of(), server.receive, server.send))
    assert [one is other for one, other in zip(server.sent, sent, strict=True)] == [
        *(True, False, True, True, True)
    ]
    assert server.sent[1].items() >= sent[1].items()
    assert "headers" not in sent[1]


def test_the_default_speaks_of_no_tool_and_a_compressor_with_one_only_where_it_is_offered() -> None:
    app = Recording()
    send(CompressionMiddleware(app), BODY)
    assert b"headroom_retrieve" not in app.body
    compressor = Compressor(CompressionConfig(retrieval="tool"), store=MemoryStore())
    middleware = CompressionMiddleware(app, compressor=compressor)
    send(middleware, BODY)
    assert b"headroom_retrieve" not in app.body
    offering = {**json.loads(BODY), "tools": [RetrievalTool(compressor).definition("openai")]}
    send(middleware, json.dumps(offering).encode())
    assert "[headroom_retrieve " in json.dumps(app.request["messages"])


@pytest.mark.parametrize("format", ["openai", "responses", "anthropic", "gemini", "converse"])
def test_the_tool_is_found_among_the_tools_of_each_format(format: Any) -> None:
    app = Recording()
    compressor = Compressor(CompressionConfig(retrieval="tool"), store=MemoryStore())
    tool: Any = RetrievalTool(compressor).definition(format)
    known = {"tools": [None, {"functionDeclarations": [tool]} if format == "gemini" else tool]}
    tools = {"toolConfig": known} if format == "converse" else known
    send(
        CompressionMiddleware(app, compressor=compressor),
        json.dumps({**json.loads(BODY), **tools}).encode(),
    )
    assert "[headroom_retrieve " in json.dumps(app.request["messages"])


@pytest.mark.parametrize("mention", [{"user": "headroom_retrieve"}, {"tools": "headroom_retrieve"}])
def test_a_mention_of_the_tool_is_not_the_tool(mention: dict[str, str]) -> None:
    app = Recording()
    compressor = Compressor(CompressionConfig(retrieval="tool"), store=MemoryStore())
    body = json.dumps({**json.loads(BODY), **mention}).encode()
    send(CompressionMiddleware(app, compressor=compressor), body)
    assert "[headroom_retrieve " not in json.dumps(app.request["messages"])
    assert len(app.body) < len(body)


def test_wrong_arguments_raise_when_the_app_is_built() -> None:
    compressor, config = Compressor(store=MemoryStore()), CompressionConfig()
    wrong: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"compressor": compressor, "config": config}, ValueError),
        ({"compressor": compressor, "compressor_for": lambda scope: None}, ValueError),
        ({"config": config, "compressor_for": lambda scope: None}, ValueError),
        ({"compressor_for": compressor}, TypeError),
        ({"compressor": "a compressor"}, TypeError),
        ({"max_body": 0}, ValueError),
        ({"routes": 7}, TypeError),
        ({"routes": {"/chat": "no such format"}}, UnknownFormatError),
        ({"retrieve_path": "headroom"}, ValueError),
    ]
    for arguments, error in wrong:
        with pytest.raises(error):
            CompressionMiddleware(Recording(), **arguments)


def test_the_event_loop_goes_on_while_a_large_body_is_compressed() -> None:
    rows = [{"id": n, "state": "ok", "name": f"item {n % 9}"} for n in range(90_000)]
    body = short_request(json.dumps(rows))
    assert len(body) > 4_000_000

    async def beat_while_sending() -> tuple[int, int]:
        app = Recording()
        middleware = CompressionMiddleware(app)
        sending = asyncio.create_task(asend(middleware, body, JSON, path=CHAT, method="POST"))
        beats = 0
        while not sending.done():
            await asyncio.sleep(0)
            beats += 1
        await sending
        return beats, len(app.body)

    beats, received = asyncio.run(beat_while_sending())
    assert received < len(body) / 4
    # Reading and answering alone take a few dozen turns of the loop.
    assert beats > 1_000
