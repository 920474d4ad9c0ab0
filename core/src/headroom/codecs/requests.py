"""Whole requests: which provider's body it is, and where the messages stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headroom.codecs.access import field, is_items
from headroom.codecs.formats import ANTHROPIC, CHAT, CONVERSE, GEMINI, RESPONSES, codec_named
from headroom.codecs.protocol import MessagesCodec

# Top-level keys that only one provider's body has beside its messages.
_ONLY_CONVERSE = ("inferenceConfig", "toolConfig", "modelId", "additionalModelRequestFields")
_ONLY_ANTHROPIC = ("anthropic_version", "system", "stop_sequences", "thinking", "top_k")

_KEYS = {CHAT.name: "messages", ANTHROPIC.name: "messages", CONVERSE.name: "messages"} | {
    RESPONSES.name: "input",
    GEMINI.name: "contents",
}


@dataclass(frozen=True, slots=True)
class RequestShape:
    """How to read one request's body.

    Args:
        codec: Reads the messages.
        key: Top-level key that holds them.
        model: Model name as the body states it, or None.
    """

    codec: MessagesCodec
    key: str
    model: str | None


def messages_key(format: str) -> str:
    """Return the top-level key that holds the messages in requests of a format."""
    return _KEYS[format]


def shape_of(body: Any, format: str | None = None) -> RequestShape | None:
    """Return how to read a request's body; None for a body that no format has.

    Raises:
        UnknownFormatError: If ``format`` names no known format.
    """
    if not isinstance(body, Mapping):
        return None
    codec = codec_named(format) if format is not None else _recognised(body)
    if codec is None or not is_items(body.get(_KEYS[codec.name])):
        return None
    model = field(body, "model", "modelId")
    return RequestShape(codec, _KEYS[codec.name], model if isinstance(model, str) else None)


def _recognised(body: Mapping[str, Any]) -> MessagesCodec | None:
    if is_items(body.get("contents")):
        return GEMINI
    if is_items(body.get("input")):
        # Embedding requests have an input too: a list of strings or of token numbers.
        return RESPONSES if all(isinstance(item, Mapping) for item in body["input"]) else None
    messages = body.get("messages")
    if not is_items(messages):
        return None
    if CHAT.recognises(messages):
        return CHAT
    if ANTHROPIC.recognises(messages):
        return ANTHROPIC
    if CONVERSE.recognises(messages) or any(key in body for key in _ONLY_CONVERSE):
        return CONVERSE
    return ANTHROPIC if any(key in body for key in _ONLY_ANTHROPIC) else CHAT
