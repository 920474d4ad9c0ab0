"""Which codec reads a sequence of messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headroom.codecs.anthropic import AnthropicCodec
from headroom.codecs.chat import ChatCodec
from headroom.codecs.converse import ConverseCodec
from headroom.codecs.gemini import GeminiCodec
from headroom.codecs.protocol import MessagesCodec
from headroom.codecs.responses import ResponsesCodec
from headroom.errors import UnknownFormatError

CHAT = ChatCodec()
ANTHROPIC = AnthropicCodec()
RESPONSES = ResponsesCodec()
CONVERSE = ConverseCodec()
GEMINI = GeminiCodec()

_BY_NAME: dict[str, MessagesCodec] = {
    "openai": CHAT,
    "openai-chat": CHAT,
    "anthropic": ANTHROPIC,
    "openai-responses": RESPONSES,
    "responses": RESPONSES,
    "bedrock-converse": CONVERSE,
    "converse": CONVERSE,
    "gemini": GEMINI,
}

# The marks of the first four exclude each other; chat comes last because plain messages, which
# several formats share, are read alike by it.
_BY_SHAPE: tuple[MessagesCodec, ...] = (ANTHROPIC, GEMINI, RESPONSES, CONVERSE)


def codec_named(name: str) -> MessagesCodec:
    """Return the codec of a named format.

    Raises:
        UnknownFormatError: If ``name`` names no known format.
    """
    codec = _BY_NAME.get(name)
    if codec is None:
        raise UnknownFormatError(f"unknown format {name!r}; known: {', '.join(_BY_NAME)}")
    return codec


def codec_for(messages: Sequence[Any], format: str | None) -> MessagesCodec:
    """Return the codec of a named format, or of the format that the messages' shape shows.

    Raises:
        UnknownFormatError: If ``format`` names no known format.
    """
    if format is not None:
        return codec_named(format)
    return next((codec for codec in _BY_SHAPE if codec.recognises(messages)), CHAT)
