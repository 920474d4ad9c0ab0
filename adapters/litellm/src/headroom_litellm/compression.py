"""One call through the core, at most once; or, should anything go wrong, as it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from headroom import (
    BYPASS_HEADER,
    CompressionResult,
    Compressor,
    ContextLimitError,
    RetrievalTool,
    asks_for_bypass,
    failure_without_text,
    without_tool,
)
from headroom_litellm.entry_points import ANTHROPIC, CHAT, GEMINI, RESPONSES

logger = logging.getLogger("headroom_litellm")

Arguments = Mapping[str, Any]

CONVERSATION = {CHAT: "messages", ANTHROPIC: "messages", RESPONSES: "input", GEMINI: "contents"}
# What the core may want to see of a request beside its conversation.
_BESIDE = ("model", "tools", "system", "instructions")


@dataclass(frozen=True, slots=True)
class _Sent:
    """What went out last in this task: LiteLLM's own calls nest, and pass arguments on.

    Args:
        call: Names the call to LiteLLM; nested ones have the same name.
        conversation: As it was sent, where that was shortened.
    """

    call: tuple[Any, ...] | None
    conversation: Any


_sent: ContextVar[_Sent | None] = ContextVar("headroom_litellm_sent", default=None)


class CallCompression:
    """Compresses calls, whoever intercepts them.

    Args:
        compressor: Decides everything.
    """

    def __init__(self, compressor: Compressor) -> None:
        self.compressor = compressor
        self._without_tool = without_tool(compressor)

    def compress(self, arguments: Arguments, format: str) -> CompressionResult[Any] | None:
        """Compress what a call sends; None where nothing is to be changed.

        The result's output holds the conversation, and whatever else of a request the core reads.

        Raises:
            ContextLimitError: If the configuration asks for that.
        """
        key = CONVERSATION[format]
        body = {name: arguments[name] for name in (key, *_BESIDE) if arguments.get(name)}
        offered = offers_retrieval(arguments.get("tools"))
        compressor = self.compressor if offered else self._without_tool
        try:
            result = compressor.compress_request(body, format=format)
        except ContextLimitError:
            raise
        except Exception as error:  # noqa: BLE001  # the user's request must go out
            what = failure_without_text(error)
            logger.warning("sending a request of %s uncompressed: %s", format, what)
            return None
        return None if result.output is body else result


def begin(arguments: Arguments, format: str) -> bool:
    """Say whether a call is to be compressed, and mark it for all that it calls in turn."""
    conversation = arguments.get(CONVERSATION[format])
    if not isinstance(conversation, (list, tuple)):
        return False
    sent, name = _sent.get(), _name(arguments)
    _sent.set(_Sent(name, None if sent is None else sent.conversation))
    # Fallbacks are nested calls under new names, with the arguments that the outer call sent.
    done = sent is not None and (
        (name is not None and name == sent.call) or conversation == sent.conversation
    )
    return not done and not asks_to_be_left(arguments)


def changed(arguments: Arguments, result: CompressionResult[Any], format: str) -> dict[str, Any]:
    """Return the arguments with what the result changed, and mark that as sent."""
    new = {name: value for name, value in result.output.items() if value is not arguments[name]}
    _sent.set(_Sent(_name(arguments), new.get(CONVERSATION[format])))
    return {**arguments, **new}


@contextmanager
def forgotten_afterwards() -> Iterator[None]:
    """Hold the mark of what was sent no longer than this context."""
    token = _sent.set(_sent.get())
    try:
        yield
    finally:
        _sent.reset(token)


def offers_retrieval(tools: object) -> bool:
    """Say whether the tools of a call, in any provider's format, fetch originals."""
    return isinstance(tools, (list, tuple)) and any(
        _tool_name(tool) == RetrievalTool.name for tool in tools
    )


def asks_to_be_left(arguments: Arguments) -> bool:
    """Say whether a call has the bypass header: its own, or the proxy's client's."""
    request = arguments.get("proxy_server_request")
    places = [arguments.get("extra_headers"), arguments.get("headers")]
    if isinstance(request, Mapping):
        places.append(request.get("headers"))
    return any(
        isinstance(value, str) and name.lower() == BYPASS_HEADER and asks_for_bypass(value)
        for headers in places
        if isinstance(headers, Mapping)
        for name, value in headers.items()
    )


def _name(arguments: Arguments) -> tuple[Any, ...] | None:
    """Name a call; what LiteLLM adds to a conversation of its own accord is another one."""
    call_id = arguments.get("litellm_call_id")
    return None if call_id is None else (call_id, arguments.get("_agentic_loop_depth") or 0)


def _tool_name(tool: Any) -> Any:
    if not isinstance(tool, Mapping):
        return getattr(tool, "name", None)
    function = tool.get("function")
    return function.get("name") if isinstance(function, Mapping) else tool.get("name")
