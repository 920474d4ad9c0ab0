"""A glance at a request: whether a tool result that is worth a closer look can stand in it."""

from __future__ import annotations

import json
import re
from typing import Any

from headroom.codecs.formats import ANTHROPIC, CHAT, CONVERSE, GEMINI, RESPONSES, codec_named
from headroom.codecs.requests import shape_of

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
_RESULT_KEYS = ("toolResult", "functionResponse", "function_response")


def may_hold_result(body: bytes, least: int, format: str | None = None) -> bool:
    """Say whether a request may hold a tool result of at least so many bytes.

    Args:
        body: JSON in UTF-8; for anything else the answer does not matter.
        least: Bytes of UTF-8.
        format: The wire format; any when None.

    Returns:
        False only if it holds none.

    Raises:
        UnknownFormatError: If ``format`` names no known format.

    >>> may_hold_result(b'{"messages": [{"role": "user", "content": "hello"}]}', 1)
    False
    """
    marks = _ALL_MARKS if format is None else _MARKS[codec_named(format).name]
    is_marked = _ROLE.search(body) or any(mark in body for mark in marks)
    # A single character is looked for at many times the speed.
    if not is_marked and not (b"\\" in body and _ESCAPED.search(body)):
        return False
    try:
        value = json.loads(body.decode())
    except (ValueError, RecursionError):
        return False
    shape = shape_of(value, format)
    return shape is not None and any(_holds_result(m, least) for m in value[shape.key])


def _holds_result(message: Any, least: int) -> bool:
    if not isinstance(message, dict):
        return False
    if message.get("role") in ("tool", "function") or "output" in message:
        return any(_reaches(message.get(key), least) for key in _TEXT_KEYS)
    blocks = message.get("content")
    if not isinstance(blocks, list):
        blocks = message.get("parts")
    return isinstance(blocks, list) and any(_is_result(block, least) for block in blocks)


def _is_result(block: Any, least: int) -> bool:
    if not isinstance(block, dict):
        return False
    if block.get("type") == "tool_result":
        return _reaches(block.get("content"), least)
    return any(key in block for key in _RESULT_KEYS)


def _reaches(content: Any, least: int) -> bool:
    """Say whether content is so large; content in blocks is not looked into."""
    if not isinstance(content, str):
        return content is not None
    size = len(content) if content.isascii() else len(content.encode("utf-8", "surrogatepass"))
    return size >= least
