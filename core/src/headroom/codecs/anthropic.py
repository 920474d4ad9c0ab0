"""Anthropic messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from headroom.codecs.access import field, is_items, text_field
from headroom.codecs.blocks import (
    UNKNOWN_CALL,
    Call,
    block_texts,
    call_of,
    plain,
    results,
    role_of,
    texts_of,
)
from headroom.codecs.protocol import Path
from headroom.codecs.splice import with_texts
from headroom.segments import Segment

_ONLY_HERE = ("tool_use", "tool_result", "thinking", "redacted_thinking")


class AnthropicCodec:
    """Texts of Anthropic messages: strings, ``text`` blocks, and the texts of ``tool_result``."""

    name = "anthropic"

    def recognises(self, messages: Sequence[Any]) -> bool:
        """Say whether a tool or thinking block stands among the messages' blocks."""
        return any(
            field(block, "type") in _ONLY_HERE
            for message in messages
            if is_items(content := field(message, "content"))
            for block in content
        )

    def read(self, messages: Sequence[Any]) -> list[Segment]:
        """Return every text, tool results with the call that they answer."""
        calls: dict[str, Call] = {}
        segments: list[Segment] = []
        for index, message in enumerate(messages):
            role = role_of(message)
            if role is None:
                continue
            content = field(message, "content")
            if not is_items(content):
                segments.extend(plain(texts_of(content, (index, "content")), role, index))
                continue
            for position, block in enumerate(content):
                at: Path = (index, "content", position)
                kind = field(block, "type")
                if kind == "tool_use":
                    call_id = text_field(block, "id") or ""
                    calls[call_id] = call_of(field(block, "name"), field(block, "input"))
                elif kind == "tool_result":
                    segments.extend(_result(block, index, at, calls))
                else:
                    segments.extend(plain(block_texts(block, at), role, index))
        return segments

    def write(self, messages: Sequence[Any], texts: Mapping[Path, str]) -> Any:
        """Put new texts back, sharing everything else."""
        return with_texts(messages, texts)


def _result(block: Any, index: int, at: Path, calls: Mapping[str, Call]) -> Sequence[Segment]:
    call_id = text_field(block, "tool_use_id")
    return list(
        results(
            texts_of(field(block, "content"), (*at, "content")),
            index,
            calls.get(call_id or "", UNKNOWN_CALL),
            call_id=call_id,
            is_error=field(block, "is_error") is True,
        )
    )
