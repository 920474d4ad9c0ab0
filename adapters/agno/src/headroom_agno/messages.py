"""Agno's messages: read every text as a segment, put new texts back into copies of the messages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from agno.models.message import Message

from headroom import Rewrite, Segment

# Keys that lead from a message's content to a text in it; () when the content is the text.
Path = tuple[int | str, ...]

_ROLES = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "model": "assistant",
    "tool": "tool",
    "function": "tool",
}


def read_segments(messages: Sequence[Message], *, compressed: bool = False) -> list[Segment]:
    """Return every text of a conversation, in order, with what is known about it.

    Args:
        messages: The conversation. Never modified.
        compressed: Whether the model is sent ``compressed_content`` where there is some.
    """
    calls: dict[str, tuple[str | None, Any]] = {}
    segments: list[Segment] = []
    for number, message in enumerate(messages):
        for call in message.tool_calls or ():
            _note(calls, call)
        role = _ROLES.get(message.role)
        if role is None:
            continue
        name, arguments = calls.get(message.tool_call_id or "", (None, None))
        is_result = role == "tool"
        for path, text in _texts(message.get_content(use_compressed_content=compressed)):
            segments.append(
                Segment(
                    text=text,
                    role=role,  # type: ignore[arg-type]  # one of the values above
                    index=number,
                    tool_name=(message.tool_name or name) if is_result else None,
                    arguments=_arguments(message.tool_args or arguments) if is_result else None,
                    call_id=message.tool_call_id if is_result else None,
                    is_error=is_result and bool(message.tool_call_error),
                    location=(number, path),
                )
            )
    return segments


def write_back(
    messages: list[Message],
    segments: Sequence[Segment],
    rewrites: Sequence[Rewrite | None],
    *,
    compressed: bool = False,
) -> list[Message]:
    """Return the messages with the new texts; the same list where there are none.

    A message that was not rewritten is the same object, the others are copies.
    """
    by_message: dict[int, dict[Path, str]] = {}
    for segment, rewrite in zip(segments, rewrites, strict=True):
        if rewrite is not None and isinstance(segment.location, tuple):
            number, path = segment.location
            by_message.setdefault(number, {})[path] = rewrite.text
    if not by_message:
        return messages
    return [
        _rewritten(message, by_message[number], compressed=compressed)
        if number in by_message
        else message
        for number, message in enumerate(messages)
    ]


def _rewritten(message: Message, texts: Mapping[Path, str], *, compressed: bool) -> Message:
    if compressed and message.compressed_content is not None:
        return message.model_copy(update={"compressed_content": texts[()]})
    return message.model_copy(update={"content": _replaced(message.content, texts)})


def _replaced(content: Any, texts: Mapping[Path, str]) -> Any:
    if () in texts:
        return texts[()]
    blocks = list(content)
    for (position, *inside), text in texts.items():
        block = blocks[position]  # type: ignore[index]  # a path into a list begins with a number
        blocks[position] = {**block, "text": text} if inside else text  # type: ignore[index]
    return blocks


def _texts(content: Any) -> list[tuple[Path, str]]:
    if isinstance(content, str):
        return [((), content)]
    found: list[tuple[Path, str]] = []
    for position, block in enumerate(content if isinstance(content, list) else ()):
        if isinstance(block, str):
            found.append(((position,), block))
        elif isinstance(block, dict) and block.get("type") == "text":
            text = block.get("text")
            if isinstance(text, str):
                found.append(((position, "text"), text))
    return found


def _note(calls: dict[str, tuple[str | None, Any]], call: Any) -> None:
    if not isinstance(call, dict) or not isinstance(call.get("id"), str):
        return
    function = call.get("function")
    if isinstance(function, dict):
        calls[call["id"]] = (function.get("name"), function.get("arguments"))
        if isinstance(call.get("call_id"), str):  # the Responses API answers under another id
            calls[call["call_id"]] = calls[call["id"]]


def _arguments(value: Any) -> str | Mapping[str, object] | None:
    if value is None or isinstance(value, (str, Mapping)):
        return value
    try:
        return json.dumps(value)
    except (TypeError, ValueError):
        return None
