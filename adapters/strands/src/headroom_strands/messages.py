"""Strands' messages: read every text as a segment, put new texts back into copies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from headroom import Rewrite, Segment

# Keys that lead from a message to a text in it.
Path = tuple[int | str, ...]

_ROLES: dict[str, Literal["user", "assistant"]] = {"user": "user", "assistant": "assistant"}


def read_segments(messages: Sequence[Any]) -> list[Segment]:
    """Return every text of a conversation, in order, with what is known about it.

    Tool results are blocks of user messages here. Reasoning, guarded content, documents and
    structured results hold no text of ours. A message that Strands keeps as pinned is pinned.

    Args:
        messages: The conversation. Never modified.
    """
    calls: dict[str, Mapping[str, Any]] = {}
    segments: list[Segment] = []
    for number, message in enumerate(messages):
        role = _ROLES.get(message.get("role"))
        if role is None:
            continue
        pinned = _is_pinned(message)
        for place, block in enumerate(message.get("content") or ()):
            at: Path = ("content", place)
            if "toolUse" in block:
                calls[block["toolUse"].get("toolUseId", "")] = block["toolUse"]
            elif "toolResult" in block:
                result = block["toolResult"]
                call = calls.get(result.get("toolUseId", ""), {})
                for inside, text in _texts(result.get("content") or ()):
                    segments.append(
                        Segment(
                            text=text,
                            role="tool",
                            index=number,
                            tool_name=call.get("name"),
                            arguments=call.get("input"),
                            call_id=result.get("toolUseId"),
                            is_error=result.get("status") == "error",
                            pinned=pinned,
                            location=(number, (*at, "toolResult", "content", *inside)),
                        )
                    )
            else:
                for inside, text in _texts([block]):
                    where = (number, (*at, *inside[1:]))
                    segments.append(
                        Segment(text=text, role=role, index=number, pinned=pinned, location=where)
                    )
    return segments


def write_back(
    messages: list[Any], segments: Sequence[Segment], rewrites: Sequence[Rewrite | None]
) -> list[Any]:
    """Return the messages with the new texts; the same list where there are none.

    A message that was not rewritten is the same object, the others are copies along the way.
    """
    written: dict[int, Any] = {}
    for segment, rewrite in zip(segments, rewrites, strict=True):
        if rewrite is not None and isinstance(segment.location, tuple):
            number, path = segment.location
            written[number] = _with(written.get(number, messages[number]), path, rewrite.text)
    if not written:
        return messages
    return [written.get(number, message) for number, message in enumerate(messages)]


def _with(value: Any, path: Path, text: str) -> Any:
    if not path:
        return text
    key, *rest = path
    copy: Any = list(value) if isinstance(value, list) else dict(value)
    copy[key] = _with(value[key], tuple(rest), text)
    return copy


def _texts(blocks: Sequence[Any]) -> Iterator[tuple[Path, str]]:
    for place, block in enumerate(blocks):
        # A block is a union with one member set.
        if isinstance(block, Mapping) and isinstance(block.get("text"), str):
            yield (place, "text"), block["text"]


def _is_pinned(message: Mapping[str, Any]) -> bool:
    custom = (message.get("metadata") or {}).get("custom") or {}
    return custom.get("pinned") is True
