"""Headroom's promises on the wire, held by the callback and the wrappers in each way of a call."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Iterator, Sequence
from itertools import groupby
from typing import Any, ClassVar

import litellm
import pytest
from event_loop import EventLoop
from upstream import Upstream

from headroom_conformance import AdapterConformance, Conversation, Probe, Turn
from headroom_litellm import HeadroomCallback, acompletion, completion, install

_CACHED = {"cache_control": {"type": "ephemeral"}}


class _OnTheWire(AdapterConformance):
    """Sends through LiteLLM to the upstream, and returns the conversation that arrived there."""

    # LiteLLM writes every request anew.
    shares_objects = False
    carries_surrogates = False

    upstream: ClassVar[Upstream]
    loop: ClassVar[EventLoop]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _wired(cls, request: pytest.FixtureRequest, server: Upstream, loop: EventLoop) -> None:
        request.cls.upstream, request.cls.loop = server, loop

    def run(self, messages: list[Any], compressor: Probe, mode: str) -> list[Any]:
        self.upstream.requests.clear()
        getattr(self, f"_{mode}")(messages, compressor)
        (request,) = self.upstream.requests
        received: list[Any] = request["messages"]
        return received

    def _called_back(self, call: Callable[[], Coroutine[Any, Any, Any]], probe: Probe) -> None:
        litellm.callbacks = [HeadroomCallback(compressor=probe)]
        try:
            self.loop.run(call())
        finally:
            litellm.callbacks = []
