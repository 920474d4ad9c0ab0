"""A glance at a request: whether a tool result that is worth a closer look can stand in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from headroom.codecs.formats import ANTHROPIC, CHAT, CONVERSE, GEMINI, RESPONSES, codec_named
from headroom.codecs.requests import shape_of

IsLarge = Callable[[str], bool]

# What stands in the bytes of every request with a tool result. The roles make one in any format.
_ROLE = re.compile(rb'"role"\s*:\s*"(?:tool|function)"')
_MARKS: dict[str, tuple[bytes, ...]] = {
    CHAT.name: (),
    ANTHROPIC.name: (b'"tool_result"',),
    RESPONSES.name: (b'_output"',),
    CONVERSE.name: (b'"toolResult"',),
    GEMINI.name: (b'"functionResponse"', b'"function_response"'),
}
_ALL_MARKS = tuple(mark for marks in _MARKS.values() for mark in marks)

# An escape of an ASCII character may spell any of them.
_ESCAPED = re.compile(rb"\\u00[2-7]")

_TEXT_KEYS = ("content", "parts", "output")
# A chat's tool result as SDKs write it, with nothing else in it.
_CHAT_RESULT = re.compile(
    rb'\{\s*"role"\s*:\s*"tool"\s*,\s*(?:"(?:tool_call_id|name)"\s*:\s*"[^"\\]*"\s*,\s*)*'
    rb'"content"\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")\s*\}'
)

_PLAIN = ("text", "input_text", "output_text")
_RESULT_KEYS = ("toolResult", "functionResponse", "function_response")


def may_hold_result(body: bytes, is_large: IsLarge, format: str | None = None) -> bool:
    """Say whether a request may hold a tool result that is worth a closer look.

    Args:
        body: JSON in UTF-8; for anything else the answer does not matter.
        is_large: Says of a text of a result whether it is.
        format: The wire format; any when None.

    Returns:
        False only if it holds none.

    Raises:
        UnknownFormatError: If ``format`` names no known format.

    >>> may_hold_result(b'{"messages": [{"role": "user", "content": "hello"}]}', bool)
    False
    """
    name = None if format is None else codec_named(format).name
    marks = _ALL_MARKS if name is None else _MARKS[name]
    is_marked = _ROLE.search(body) or any(mark in body for mark in marks)
    # A single character is looked for at many times the speed.
    is_escaped = b"\\" in body and _ESCAPED.search(body) is not None
    if not is_marked and not is_escaped:
        return False
    if name == CHAT.name and not is_escaped:
        texts = _chat_results(body)
        if texts is not None:
            return any(map(is_large, texts))
    try:
        value = json.loads(body.decode())
    except (ValueError, RecursionError):
        return False
    shape = shape_of(value, format)
    return shape is not None and any(_holds_result(m, is_large) for m in value[shape.key])


def _chat_results(body: bytes) -> list[str] | None:
    """Return the texts of a chat's tool results without reading the rest; None: read all of it.

    Each must begin with its role: nothing that stands before that can then belong to it.
    """
    written = _CHAT_RESULT.findall(body)
    if len(written) != len(_ROLE.findall(body)):
        return None
    try:
        return [json.loads(w) if b"\\" in w else w[1:-1].decode() for w in written]
    except ValueError:
        return None


def _holds_result(message: Any, is_large: IsLarge) -> bool:
    if not isinstance(message, dict):
        return False
    if message.get("role") in ("tool", "function") or "output" in message:
        return any(_reaches(message.get(key), is_large) for key in _TEXT_KEYS)
    blocks = message.get("content")
    if not isinstance(blocks, list):
        blocks = message.get("parts")
    return isinstance(blocks, list) and any(_is_result(block, is_large) for block in blocks)


def _is_result(block: Any, is_large: IsLarge) -> bool:
    if not isinstance(block, dict):
        return False
    if block.get("type") == "tool_result":
        return _reaches(block.get("content"), is_large)
    return any(key in block for key in _RESULT_KEYS)


def _reaches(content: Any, is_large: IsLarge) -> bool:
    """Say whether content holds a large text; of blocks, only plain texts are looked into."""
    if isinstance(content, list):
        return any(not _is_plain(block) or is_large(block["text"]) for block in content)
    return content is not None and (not isinstance(content, str) or is_large(content))


def _is_plain(block: Any) -> bool:
    return (
        isinstance(block, dict)
        and block.get("type") in _PLAIN
        and isinstance(block.get("text"), str)
    )
