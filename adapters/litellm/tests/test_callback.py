"""What the callback does beside compressing: LiteLLM's metadata, bypass, failures, objects."""

from __future__ import annotations

import asyncio
import json
from copy import deepcopy
from datetime import datetime
from typing import Any

import litellm
import pytest
from conversations import ANTHROPIC, CHAT, QUESTION, RESPONSES, ROWS, TOOLS
from event_loop import EventLoop
from litellm.integrations.custom_logger import CustomLogger
from litellm.proxy._types import SpendLogsMetadata
from litellm.proxy.spend_tracking.spend_tracking_utils import get_logging_payload
from litellm.types.utils import CallTypes, Message
from upstream import Upstream

from headroom import CompressionConfig, Compressor, ContextLimitError, RetrievalTool
from headroom_conformance import FailingProbe, Probe
from headroom_litellm import HeadroomCallback

OPENAI = "openai/gpt-4o"
CLAUDE = "anthropic/claude-sonnet-4-5"


class SpendLog(CustomLogger):
    """Keeps what LiteLLM tells the loggers of its proxy about a call that succeeded.

    About this one call: it tells them late, and those of other tests may still be to come.
    """

    def __init__(self, call_id: str) -> None:
        super().__init__()
        self.call_id = call_id
        self.told: list[tuple[Any, ...]] = []
        self.written = asyncio.Event()

    async def async_log_success_event(
        self, kwargs: Any, response_obj: Any, start_time: datetime, end_time: datetime
    ) -> None:
        if kwargs["litellm_call_id"] == self.call_id:
            self.told.append((kwargs, response_obj, start_time, end_time))
            self.written.set()

    def metadata(self) -> dict[str, Any]:
        """Return what the proxy writes into its spend log for the one call."""
        (told,) = self.told
        written: dict[str, Any] = json.loads(get_logging_payload(*told)["metadata"])
        return written


@pytest.fixture
def at(upstream: Upstream) -> dict[str, Any]:
    return {"api_base": upstream.url, "api_key": "k"}


def test_the_callback_is_one_of_litellms_own() -> None:
    assert isinstance(HeadroomCallback(), CustomLogger)


@pytest.mark.skipif(
    "compression_savings" not in SpendLogsMetadata.__annotations__,
    reason="the spend logs of this LiteLLM have no place for savings",
)
@pytest.mark.parametrize("format", ["chat", "router", "messages", "responses"])
def test_savings_stand_where_the_spend_logs_read_them(
    format: str, at: dict[str, Any], loop: EventLoop
) -> None:
    async def logged() -> dict[str, Any]:
        log = SpendLog(f"{format}-1")
        call = {"litellm_call_id": log.call_id, **at}
        litellm.callbacks = [HeadroomCallback(), log]
        if format == "chat":
            await litellm.acompletion(model=OPENAI, messages=CHAT, metadata={"team": "a"}, **call)
        elif format == "router":
            deployment = {"model_name": "fast", "litellm_params": {"model": OPENAI, **at}}
            router = litellm.Router([deployment])
            await router.acompletion("fast", CHAT, litellm_call_id=log.call_id)
        elif format == "messages":
            await litellm.anthropic.messages.acreate(
                model=CLAUDE, messages=ANTHROPIC, max_tokens=64, **call
            )
        else:
            await litellm.aresponses(model=OPENAI, input=RESPONSES, **call)
        await asyncio.wait_for(log.written.wait(), 10)
        return log.metadata()

    savings = loop.run(logged())["compression_savings"]
    assert savings["source"] == "headroom"
    assert savings["tokens_saved"] == savings["tokens_before"] - savings["tokens_after"] > 1_000


def test_a_callers_metadata_is_not_touched(at: dict[str, Any], loop: EventLoop) -> None:
    litellm.callbacks = [HeadroomCallback()]
    metadata = {"team": "a"}
    loop.run(litellm.acompletion(model=OPENAI, messages=CHAT, metadata=metadata, **at))
    assert "compression_savings" not in metadata


def test_no_savings_are_claimed_where_nothing_was_saved(
    at: dict[str, Any], loop: EventLoop
) -> None:
    callback = HeadroomCallback()
    arguments = {"model": OPENAI, "messages": CHAT[:1], "metadata": {"team": "a"}}
    sent = loop.run(callback.async_pre_call_deployment_hook(arguments, CallTypes.acompletion))
    assert sent == arguments
    assert sent is not None and sent["messages"] is arguments["messages"]


@pytest.mark.parametrize("where", ["extra_headers", "headers"])
def test_a_call_with_the_bypass_header_goes_out_as_it_is(
    where: str, at: dict[str, Any], upstream: Upstream, loop: EventLoop
) -> None:
    compressor = Probe()
    litellm.callbacks = [HeadroomCallback(compressor=compressor)]
    header = {where: {"X-Headroom-Bypass": "true"}}
    loop.run(litellm.acompletion(model=OPENAI, messages=CHAT, **header, **at))
    assert upstream.requests[0]["messages"] == CHAT
    assert compressor.calls == 0


def test_calls_that_follow_one_another_in_a_task_are_each_compressed(
    at: dict[str, Any], upstream: Upstream, loop: EventLoop
) -> None:
    compressor = Probe()
    litellm.callbacks = [HeadroomCallback(compressor=compressor)]

    async def twice() -> None:
        for _ in range(2):
            await litellm.acompletion(model=OPENAI, messages=CHAT, **at)

    loop.run(twice())
    one, other = upstream.requests
    assert one == other
    assert compressor.calls == 2


def test_what_a_bypass_let_through_is_compressed_in_the_next_call(
    at: dict[str, Any], upstream: Upstream, loop: EventLoop
) -> None:
    compressor = Compressor()
    litellm.callbacks = [HeadroomCallback(compressor=compressor)]

    async def twice() -> None:
        with compressor.bypass():
            await litellm.acompletion(model=OPENAI, messages=CHAT, **at)
        await litellm.acompletion(model=OPENAI, messages=CHAT, **at)

    loop.run(twice())
    as_it_was, shortened = (request["messages"][2]["content"] for request in upstream.requests)
    assert as_it_was == ROWS
    assert len(shortened) < len(ROWS) / 2


def test_a_failure_is_logged_without_any_text(
    at: dict[str, Any], upstream: Upstream, loop: EventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    litellm.callbacks = [HeadroomCallback(compressor=FailingProbe())]
    loop.run(litellm.acompletion(model=OPENAI, messages=CHAT, **at))
    assert upstream.requests[0]["messages"] == CHAT
    (record,) = [record for record in caplog.records if record.name == "headroom_litellm"]
    assert "EngineError" in record.getMessage()
    assert QUESTION not in record.getMessage()


def test_a_context_limit_that_is_to_be_kept_fails_the_call(
    at: dict[str, Any], upstream: Upstream, loop: EventLoop
) -> None:
    config = CompressionConfig(context_limit=10, on_overflow="raise")
    litellm.callbacks = [HeadroomCallback(config=config)]
    with pytest.raises(ContextLimitError):
        loop.run(litellm.acompletion(model=OPENAI, messages=CHAT, **at))
    assert upstream.requests == []


def test_litellms_own_message_objects_are_read_and_left_alone(
    at: dict[str, Any], upstream: Upstream, loop: EventLoop
) -> None:
    litellm.callbacks = [HeadroomCallback()]
    asked = Message(**CHAT[1])
    answered = Message(role="tool", tool_call_id="call_1", content=ROWS)  # type: ignore[call-overload]
    messages = [CHAT[0], asked, answered]
    before = deepcopy(messages)
    loop.run(litellm.acompletion(model=OPENAI, messages=messages, **at))
    assert messages == before
    arrived = upstream.requests[0]["messages"][2]
    assert arrived["tool_call_id"] == "call_1"
    assert len(arrived["content"]) < len(ROWS) / 2


@pytest.mark.parametrize("offered", [True, False])
def test_markers_speak_of_the_tool_only_where_the_call_offers_it(
    offered: bool, at: dict[str, Any], upstream: Upstream, loop: EventLoop
) -> None:
    compressor = Compressor(CompressionConfig(retrieval="tool"))
    litellm.callbacks = [HeadroomCallback(compressor=compressor)]
    tools = [*TOOLS, *([RetrievalTool(compressor).definition("openai")] if offered else [])]
    loop.run(litellm.acompletion(model=OPENAI, messages=CHAT, tools=tools, **at))
    (request,) = upstream.requests
    assert ("headroom_retrieve" in request["messages"][2]["content"]) is offered
    assert request["tools"] == tools


def test_other_call_types_are_none_of_its_business(loop: EventLoop) -> None:
    callback = HeadroomCallback()
    for kind in (CallTypes.aembedding, None):
        arguments = {"messages": CHAT, "input": ["text"]}
        assert loop.run(callback.async_pre_call_deployment_hook(arguments, kind)) is None


def test_a_compressor_and_a_config_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="not both"):
        HeadroomCallback(compressor=Compressor(), config=CompressionConfig())


def test_the_event_loop_runs_on_while_a_call_is_compressed(
    at: dict[str, Any], loop: EventLoop
) -> None:
    class Waiting(Probe):
        """Ends only when the loop has run something else."""

        def _rewrite(self, *args: Any, **kwargs: Any) -> Any:
            assert asyncio.run_coroutine_threadsafe(_something_else(), running).result(30) == "ran"
            return super()._rewrite(*args, **kwargs)

    async def called() -> None:
        nonlocal running
        running = asyncio.get_running_loop()
        await litellm.acompletion(model=OPENAI, messages=CHAT, **at)

    running: Any = None
    compressor = Waiting()
    litellm.callbacks = [HeadroomCallback(compressor=compressor)]
    loop.run(called())
    assert compressor.calls == 1


async def _something_else() -> str:
    return "ran"
