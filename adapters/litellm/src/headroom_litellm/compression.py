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
    Compressor,
    ContextLimitError,
    Exchange,
    Exchanges,
    asks_for_bypass,
    failure_without_text,
)
from headroom_litellm.entry_points import ANTHROPIC, CHAT, GEMINI, RESPONSES

logger = logging.getLogger("headroom_litellm")

Arguments = Mapping[str, Any]

CONVERSATION = {CHAT: "messages", ANTHROPIC: "messages", RESPONSES: "input", GEMINI: "contents"}
# What the core may want to know of a request beside its conversation.
_BESIDE = ("model", "tools", "tool_choice", "n", "system", "instructions")


@dataclass(frozen=True, slots=True)
class _Sent:
    """What went out last in this task: LiteLLM's own calls nest, and pass arguments on.

    Args:
        call: Names the call to LiteLLM; nested ones have the same name.
        conversation: As it was sent, where the core has seen it.
    """

    call: tuple[Any, ...] | None
    conversation: Any


_sent: ContextVar[_Sent | None] = ContextVar("headroom_litellm_sent", default=None)


class Calls:
    """Compresses calls, whoever intercepts them.

    Args:
        compressor: Decides everything.
    """

    def __init__(self, compressor: Compressor) -> None:
        self.compressor = compressor
        self._exchanges = Exchanges(compressor)

    def open(self, arguments: Arguments, format: str, *, answers: bool = False) -> Exchange | None:
        """Compress what a call sends; None where that fails.

        Args:
            arguments: The call's.
            format: Of its conversation.
            answers: Whether the model's retrievals will be answered.

        Raises:
            ContextLimitError: If the configuration asks for that.
        """
        names = (CONVERSATION[format], *_BESIDE)
        body = {name: arguments[name] for name in names if arguments.get(name)}
        try:
            return self._exchanges.open(body, format=format, answers=answers)
        except ContextLimitError:
            raise
        except Exception as error:  # noqa: BLE001  # the user's request must go out
            what = failure_without_text(error)
            logger.warning("sending a request of %s uncompressed: %s", format, what)
            return None


def is_due(arguments: Arguments, format: str) -> bool:
    """Say whether a call has a conversation that nobody compressed and that may be compressed."""
    conversation = arguments.get(CONVERSATION[format])
    if not isinstance(conversation, (list, tuple)) or _asks_to_be_left(arguments):
        return False
    sent, name = _sent.get(), _name(arguments)
    if sent is None:
        return True
    # Fallbacks are nested calls under new names, with the arguments that the outer call sent.
    return (name is None or name != sent.call) and conversation != sent.conversation


def mark(arguments: Arguments, conversation: Any = None) -> None:
    """Mark a call for all that it calls in turn, and what it sends as compressed."""
    _sent.set(_Sent(_name(arguments), conversation))


@contextmanager
def marked(arguments: Arguments, conversation: Any) -> Iterator[None]:
    """Mark a call as `mark` does, inside this context."""
    token = _sent.set(_Sent(_name(arguments), conversation))
    try:
        yield
    finally:
        _sent.reset(token)


def with_body(arguments: Arguments, body: Arguments) -> dict[str, Any]:
    """Return a call's arguments with what differs in its request's body."""
    return {**arguments, **{k: v for k, v in body.items() if v is not arguments.get(k)}}


def _asks_to_be_left(arguments: Arguments) -> bool:
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
