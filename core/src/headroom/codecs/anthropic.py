"""Anthropic messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from headroom.codecs.blocks import block_texts, role_of, texts_of
from headroom.codecs.protocol import Path
from headroom.codecs.splice import with_texts
from headroom.segments import Role, Segment

_ONLY_HERE = frozenset({"tool_use", "tool_result", "thinking", "redacted_thinking"})


class AnthropicCodec:
    """Texts of Anthropic messages: strings, ``text`` blocks, and the texts of ``tool_result``."""

    name = "anthropic"

    def recognises(self, messages: Sequence[Any]) -> bool:
        """Say whether a tool or thinking block stands among the messages' blocks."""
        return any(
            isinstance(block, Mapping) and block.get("type") in _ONLY_HERE
            for message in messages
            for block in _blocks(message)
        )

    def read(self, messages: Sequence[Any]) -> list[Segment]:
        """Return every text, tool results with the call that they answer."""
        calls: dict[str, tuple[str | None, Mapping[str, object] | None]] = {}
        segments: list[Segment] = []
        for index, message in enumerate(messages):
            role = role_of(message)
            if role is None:
                continue
            content = message.get("content")
            if not isinstance(content, (list, tuple)):
                segments.extend(_plain(texts_of(content, (index, "content")), role, index))
                continue
            for position, block in enumerate(content):
                at: Path = (index, "content", position)
                kind = block.get("type") if isinstance(block, Mapping) else None
                if kind == "tool_use" and isinstance(block.get("id"), str):
                    calls[block["id"]] = _call(block)
                elif kind == "tool_result":
                    segments.extend(_result(block, index, at, calls))
                else:
                    segments.extend(_plain(block_texts(block, at), role, index))
        return segments

    def write(self, messages: Sequence[Any], texts: Mapping[Path, str]) -> Any:
        """Put new texts back, sharing everything else."""
        return with_texts(messages, texts)


def _blocks(message: Any) -> Sequence[Any]:
    content = message.get("content") if isinstance(message, Mapping) else None
    return content if isinstance(content, (list, tuple)) else ()


def _call(block: Mapping[str, Any]) -> tuple[str | None, Mapping[str, object] | None]:
    name, arguments = block.get("name"), block.get("input")
    return (
        name if isinstance(name, str) else None,
        arguments if isinstance(arguments, Mapping) else None,
    )


def _plain(texts: Iterable[tuple[Path, str]], role: Role, index: int) -> Iterator[Segment]:
    for path, text in texts:
        yield Segment(text=text, role=role, index=index, location=path)


def _result(
    block: Mapping[str, Any],
    index: int,
    at: Path,
    calls: Mapping[str, tuple[str | None, Mapping[str, object] | None]],
) -> Iterator[Segment]:
    id_ = block.get("tool_use_id")
    call_id = id_ if isinstance(id_, str) else None
    name, arguments = calls.get(call_id or "", (None, None))
    for path, text in texts_of(block.get("content"), (*at, "content")):
        yield Segment(
            text=text,
            role="tool",
            index=index,
            tool_name=name,
            arguments=arguments,
            call_id=call_id,
            is_error=block.get("is_error") is True,
            location=path,
        )
