"""Which of LiteLLM's call types are compressed, by what, and why the others are passed through."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Literal

CHAT = "openai-chat"
ANTHROPIC = "anthropic"
RESPONSES = "openai-responses"
GEMINI = "gemini"

# The call types that LiteLLM shows to a callback's deployment hook, and their requests' format.
HOOKED = {
    "acompletion": CHAT,
    "anthropic_messages": ANTHROPIC,
    "responses": RESPONSES,
    "aresponses": RESPONSES,
    "agenerate_content": GEMINI,
    "agenerate_content_stream": GEMINI,
}

_UNHOOKED = "LiteLLM shows its synchronous calls to no hook that could change them"
_PASSED = {
    "aanthropic_messages": "the router's name for calls that reach a callback as others",
    "completion": f"{_UNHOOKED}: use completion() or install()",
    "generate_content": _UNHOOKED,
    "generate_content_stream": _UNHOOKED,
    "text_completion": "a prompt is one text of the user, without tool results",
    "atext_completion": "a prompt is one text of the user, without tool results",
    "compact_responses": "the provider condenses the conversation itself",
    "acompact_responses": "the provider condenses the conversation itself",
    "_arealtime": "a socket, not a request",
    "_aresponses_websocket": "a socket, not a request",
    "pass_through_endpoint": "the proxy forwards the body unread",
    "llm_passthrough_route": "the proxy forwards the body unread",
    "allm_passthrough_route": "the proxy forwards the body unread",
    "create_batch": "the requests stand in a file",
    "acreate_batch": "the requests stand in a file",
}
_NO_CONVERSATION = "carries no conversation that Headroom knows"


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """What happens to the requests of one call type.

    Args:
        call_type: LiteLLM's name of it.
        compressed_by: ``callback`` where `HeadroomCallback` does it, ``wrapper`` where only
            `completion` and `install` do; None: the requests are passed through.
        reason: Why the callback passes the requests through; empty where it compresses them.
    """

    call_type: str
    compressed_by: Literal["callback", "wrapper"] | None
    reason: str = ""


def entry_points() -> tuple[EntryPoint, ...]:
    """Report on every call type of the installed LiteLLM, which this imports.

    A call type that this version of the adapter has never heard of is passed through.
    """
    kinds = import_module("litellm.types.utils").CallTypes
    return tuple(_reported(kind.value) for kind in kinds)


def _reported(call_type: str) -> EntryPoint:
    if call_type in HOOKED:
        return EntryPoint(call_type, "callback")
    reason = _PASSED.get(call_type, _NO_CONVERSATION)
    return EntryPoint(call_type, "wrapper" if call_type == "completion" else None, reason)
