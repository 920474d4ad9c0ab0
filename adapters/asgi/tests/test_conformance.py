"""Headroom's promises, held by an app behind the middleware, however its requests are sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from apps import CHAT, ENCODERS, Recording, halves, send

from headroom_asgi import CompressionMiddleware
from headroom_asgi.encodings import decoded
from headroom_conformance import (
    AdapterConformance,
    AnthropicConformance,
    Conversation,
    CoreConformance,
    OpenAIChatConformance,
    Probe,
)


class _Requests(AdapterConformance):
    modes = ("identity", "chunked", *ENCODERS)
    shares_objects = False

    path: str
    format: CoreConformance

    def build_messages(self, conversation: Conversation) -> list[Any]:
        return self.format.build_messages(conversation)

    def texts(self, messages: Sequence[Any]) -> list[str]:
        return self.format.texts(messages)

    def run(self, messages: list[Any], compressor: Probe, mode: str) -> list[Any]:
        app = Recording()
        body = json.dumps(self.format.build_request(messages)).encode()
        middleware = CompressionMiddleware(app, compressor=compressor)
        if mode in ENCODERS:
            encoded = {"content-encoding": mode}
            response = send(middleware, ENCODERS[mode](body), encoded, path=self.path)
        else:
            sent = body if mode == "identity" else halves(body)
            response = send(middleware, sent, path=self.path)
        assert response.text == "answer"
        received: list[Any] = json.loads(_decoded(app))["messages"]
        return received


class TestChatCompletions(_Requests):
    carries_errors = False
    path = CHAT
    format = OpenAIChatConformance()


class TestAnthropicMessages(_Requests):
    carries_system = False
    path = "/v1/messages"
    format = AnthropicConformance()


def _decoded(app: Recording) -> bytes:
    """Return the body as the app would read it: one that nothing was done to is still encoded."""
    return decoded(app.body, app.headers.get(b"content-encoding", b"").decode(), limit=1 << 30)
