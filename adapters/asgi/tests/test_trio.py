"""Servers that run on trio, as hypercorn can."""

from __future__ import annotations

import threading

import trio
from apps import Recording, Server, chat_request, part, scope_of

from headroom import Compressor, MemoryStore
from headroom_asgi import CompressionMiddleware
from headroom_conformance import Probe

BODY = chat_request()


def test_a_conversation_is_shortened_under_trio_in_a_thread() -> None:
    threads: list[int] = []

    class Noting(Probe):
        def _rewrite(self, *args, **kwargs):  # type: ignore[no-untyped-def]  # passes all on
            threads.append(threading.get_ident())
            return super()._rewrite(*args, **kwargs)

    app, server = Recording(), Server(part(BODY))
    middleware = CompressionMiddleware(app, compressor=Noting())
    trio.run(middleware, scope_of(), server.receive, server.send)
    assert len(app.body) < 0.7 * len(BODY)
    assert threads and threading.get_ident() not in threads


def test_a_bypass_holds_under_trio() -> None:
    app, server = Recording(), Server(part(BODY))
    compressor = Compressor(store=MemoryStore())
    with compressor.bypass():
        middleware = CompressionMiddleware(app, compressor=compressor)
        trio.run(middleware, scope_of(), server.receive, server.send)
    assert app.body == BODY


def test_another_event_loop_gets_its_requests_as_they_came() -> None:
    app, server = Recording(), Server(part(BODY))
    running = CompressionMiddleware(app)(scope_of(), server.receive, server.send)
    # Nothing above ever waits: a loop of one step.
    try:
        running.send(None)
    except StopIteration:
        pass
    assert app.body == BODY
    assert (b"x-headroom-skipped", b"error") in server.sent[0]["headers"]
