"""Headroom's promises, held by wrapped clients over HTTP, in every way to ask them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import pytest
from calling import TOOLS, Messages

from headroom_conformance import AdapterConformance, AnthropicConformance, Conversation, Probe
from headroom_conformance.fetching import TOKENS_READ, TOKENS_WRITTEN, Answer, FetchingModel
from headroom_conformance.loopback import Arrived, LoopbackProvider
from headroom_conformance.wire import WireCall, WireTurn

USED = (TOKENS_READ, TOKENS_WRITTEN)


class TestMessages(AdapterConformance):
    modes = (
        *("create", "acreate", "stream", "astream"),
        *("raw", "beta", "streamed_response", "other_options"),
    )
    # Every request is written anew, in UTF-8.
    shares_objects = False
    carries_surrogates = False
    carries_system = False
    answers_retrieval = True

    format = AnthropicConformance()
    provider: ClassVar[LoopbackProvider]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _served(cls) -> Iterator[None]:
        with LoopbackProvider(lambda _: WireTurn("turn", "Fine.")) as provider:
            cls.provider = provider
            yield

    def build_messages(self, conversation: Conversation) -> list[Any]:
        return self.format.build_messages(conversation)

    def texts(self, messages: Sequence[Any]) -> list[str]:
        return self.format.texts(messages)

    def run(self, messages: list[Any], compressor: Probe, mode: str) -> list[Any]:
        self.provider.requests.clear()
        Messages(self.provider, compressor).ask(mode, messages)
        (request,) = self.provider.bodies
        received: list[Any] = request["messages"]
        return received

    def run_retrieving(
        self, messages: list[Any], compressor: Probe, mode: str, model: FetchingModel
    ) -> Answer:
        def reply(arrived: Arrived) -> WireTurn:
            names = [tool["name"] for tool in arrived.body["tools"]]
            said = model.reply(self.texts(arrived.body["messages"]), names)
            calls = tuple(WireCall(c.id, c.name, c.arguments) for c in said.calls)
            turn = len(model.requests)
            return WireTurn(f"turn_{turn}", said.text, calls, f"thought {turn}", tokens=USED)

        self.provider.reply = reply
        try:
            return Messages(self.provider, compressor).ask(mode, messages, tools=TOOLS)
        finally:
            self.provider.reply = lambda _: WireTurn("turn", "Fine.")
