"""Which codec reads a sequence of messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headroom.codecs.anthropic import AnthropicCodec
from headroom.codecs.chat import ChatCodec
from headroom.codecs.protocol import MessagesCodec
from headroom.errors import UnknownFormatError

_CHAT = ChatCodec()
_ANTHROPIC = AnthropicCodec()

_BY_NAME: dict[str, MessagesCodec] = {
    "openai-chat": _CHAT,
    "openai": _CHAT,
    "anthropic": _ANTHROPIC,
}


def codec_for(messages: Sequence[Any], format: str | None) -> MessagesCodec:  # public name
    """Return the codec of a named format, or of the format that the messages' shape shows.

    Messages of plain texts look the same in both formats and are read as chat.

    Raises:
        UnknownFormatError: If ``format`` names no known format.
    """
    if format is not None:
        codec = _BY_NAME.get(format)
        if codec is None:
            raise UnknownFormatError(f"unknown format {format!r}; known: {', '.join(_BY_NAME)}")
        return codec
    if _ANTHROPIC.recognises(messages):
        return _ANTHROPIC
    return _CHAT
