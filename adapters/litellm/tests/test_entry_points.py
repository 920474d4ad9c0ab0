"""Every call type of the installed LiteLLM: compressed on the wire, or reported as passed on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import litellm
import pytest
from conversations import ANTHROPIC, CHAT, GEMINI, RESPONSES, ROWS
from event_loop import EventLoop
from litellm import google_genai as google
from litellm.types.utils import CallTypes
from upstream import Upstream

from headroom_conformance import Probe
from headroom_litellm import HeadroomCallback, entry_points, install

OPENAI = "openai/gpt-4o"
CLAUDE = "anthropic/claude-sonnet-4-5"
GOOGLE = "gemini/gemini-2.5-pro"


@dataclass(frozen=True)
class Case:
    """A way to call LiteLLM."""

    name: str
    call_type: str
    call: Callable[[dict[str, Any]], Any]


def _google(name: str) -> Callable[[dict[str, Any]], Any]:
    def call(at: dict[str, Any]) -> Any:
        return getattr(google, name)(model=GOOGLE, contents=GEMINI, **at)

    return call


def _router(name: str, model: str, **arguments: Any) -> Callable[[dict[str, Any]], Any]:
    def call(at: dict[str, Any]) -> Any:
        deployment = {"model_name": "fast", "litellm_params": {"model": model, **at}}
        return getattr(litellm.Router([deployment]), name)(model="fast", **arguments)

    return call


def _messages(model: str, **more: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda at: litellm.anthropic.messages.acreate(
        model=model, messages=ANTHROPIC, max_tokens=64, **more, **at
    )


HOOKED = (
    Case("acompletion", "acompletion", lambda at: litellm.acompletion(OPENAI, messages=CHAT, **at)),
    Case(
        "acompletion, streamed",
        "acompletion",
        lambda at: litellm.acompletion(model=OPENAI, messages=CHAT, stream=True, **at),
    ),
    Case(
        "acompletion of Anthropic",
        "acompletion",
        lambda at: litellm.acompletion(model=CLAUDE, messages=CHAT, **at),
    ),
    Case(
        "acompletion with fallbacks",
        "acompletion",
        lambda at: litellm.acompletion(
            model=OPENAI, messages=CHAT, fallbacks=["openai/gpt-4o-mini"], **at
        ),
    ),
    Case(
        "responses", "responses", lambda at: litellm.responses(model=OPENAI, input=RESPONSES, **at)
    ),
    Case(
        "aresponses",
        "aresponses",
        lambda at: litellm.aresponses(model=OPENAI, input=RESPONSES, **at),
    ),
    Case(
        "aresponses, streamed",
        "aresponses",
        lambda at: litellm.aresponses(model=OPENAI, input=RESPONSES, stream=True, **at),
    ),
    Case(
        "aresponses by way of Anthropic",
        "aresponses",
        lambda at: litellm.aresponses(model=CLAUDE, input=RESPONSES, **at),
    ),
    Case("messages", "anthropic_messages", _messages(CLAUDE)),
    Case("messages, streamed", "anthropic_messages", _messages(CLAUDE, stream=True)),
    Case("messages by way of OpenAI", "anthropic_messages", _messages(OPENAI)),
    Case("the router's acompletion", "acompletion", _router("acompletion", OPENAI, messages=CHAT)),
    Case("the router's aresponses", "aresponses", _router("aresponses", OPENAI, input=RESPONSES)),
    Case(
        "the router's messages",
        "anthropic_messages",
        _router("aanthropic_messages", CLAUDE, messages=ANTHROPIC, max_tokens=64),
    ),
    Case("agenerate_content", "agenerate_content", _google("agenerate_content")),
    Case(
        "agenerate_content_stream",
        "agenerate_content_stream",
        _google("agenerate_content_stream"),
    ),
)

PATCHED = (
    Case("completion", "completion", lambda at: litellm.completion(OPENAI, CHAT, **at)),
    Case(
        "completion, streamed",
        "completion",
        lambda at: litellm.completion(model=OPENAI, messages=CHAT, stream=True, **at),
    ),
    Case("the router's completion", "completion", _router("completion", OPENAI, messages=CHAT)),
    Case(
        "batch_completion",
        "completion",
        lambda at: litellm.batch_completion(model=OPENAI, messages=[CHAT], **at),
    ),
    Case(
        "responses by way of Anthropic",
        "responses",
        lambda at: litellm.responses(model=CLAUDE, input=RESPONSES, **at),
    ),
)

UNTOUCHED = (
    Case("completion", "completion", lambda at: litellm.completion(OPENAI, CHAT, **at)),
    Case(
        "positional messages",
        "acompletion",
        lambda at: litellm.acompletion(OPENAI, CHAT, **at),
    ),
    Case(
        "text_completion",
        "text_completion",
        lambda at: litellm.text_completion(model=OPENAI, prompt=ROWS, **at),
    ),
    Case(
        "atext_completion",
        "atext_completion",
        lambda at: litellm.atext_completion(model=OPENAI, prompt=ROWS, **at),
    ),
    Case("generate_content", "generate_content", _google("generate_content")),
)


def _named(case: Case) -> str:
    return case.name


def _sent(case: Case, upstream: Upstream, loop: EventLoop) -> str:
    """Send a case's call, read its answer to the end, and return what arrived."""

    async def drained() -> None:
        answer = case.call({"api_base": upstream.url, "api_key": "k"})
        if hasattr(answer, "__await__"):
            answer = await answer
        if hasattr(answer, "__aiter__"):
            async for _ in answer:
                pass
        elif hasattr(answer, "__next__"):
            for _ in answer:
                pass

    loop.run(drained())
    (request,) = upstream.requests
    return json.dumps(request)


@pytest.mark.parametrize("case", HOOKED, ids=_named)
def test_the_callback_is_asked_once_and_reaches_the_wire(
    case: Case, upstream: Upstream, loop: EventLoop
) -> None:
    compressor = Probe()
    litellm.callbacks = [HeadroomCallback(compressor=compressor)]
    request = _sent(case, upstream, loop)
    assert len(request) < len(ROWS) / 2
    assert compressor.calls == 1
    assert case.call_type in _reported("callback")


@pytest.mark.parametrize("case", PATCHED, ids=_named)
def test_the_patch_is_asked_once_and_reaches_the_wire(
    case: Case, upstream: Upstream, loop: EventLoop
) -> None:
    compressor = Probe()
    litellm.callbacks = [HeadroomCallback(compressor=compressor)]
    with install(compressor=compressor):
        request = _sent(case, upstream, loop)
    assert len(request) < len(ROWS) / 2
    assert compressor.calls == 1


@pytest.mark.parametrize("case", UNTOUCHED, ids=_named)
def test_what_no_hook_reaches_passes_through_as_it_was(
    case: Case, upstream: Upstream, loop: EventLoop
) -> None:
    compressor = Probe()
    litellm.callbacks = [HeadroomCallback(compressor=compressor)]
    request = _sent(case, upstream, loop)
    assert json.dumps(ROWS)[1:-1] in request
    assert compressor.calls == 0


def test_every_call_type_of_the_installed_litellm_is_reported() -> None:
    reported = entry_points()
    assert [point.call_type for point in reported] == [kind.value for kind in CallTypes]
    assert all(point.reason for point in reported if point.compressed_by != "callback")


def test_every_call_type_that_is_reported_as_compressed_is_tested_above() -> None:
    assert _reported("callback") == {case.call_type for case in HOOKED}
    assert _reported("wrapper") == {"completion"}


def test_positional_messages_are_warned_of(
    upstream: Upstream, loop: EventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    litellm.callbacks = [HeadroomCallback(compressor=Probe())]
    loop.run(litellm.acompletion(OPENAI, CHAT, api_base=upstream.url, api_key="k"))
    (message,) = [r.getMessage() for r in caplog.records if r.name == "headroom_litellm"]
    assert "keyword arguments" in message
    assert "job" not in message


def _reported(by: str) -> set[str]:
    return {point.call_type for point in entry_points() if point.compressed_by == by}
