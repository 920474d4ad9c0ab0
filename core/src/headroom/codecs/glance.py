"""A glance at a request: whether a tool result that is worth a closer look can stand in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from headroom.codecs.formats import ANTHROPIC, CHAT, CONVERSE, GEMINI, RESPONSES, codec_named
from headroom.codecs.requests import shape_of
from headroom.recent import RecentDict

IsLarge = Callable[[str], bool]

# What stands in the bytes of every request with a tool result. The roles make one in any format.
_ROLE = re.compile(rb'"role"\s*:\s*"(?:tool|function)"')
_MARKS: dict[str | None, tuple[bytes, ...]] = {
    CHAT.name: (),
    ANTHROPIC.name: (b'"tool_result"',),
    RESPONSES.name: (b'_output"',),
    CONVERSE.name: (b'"toolResult"',),
    GEMINI.name: (b'"functionResponse"', b'"function_response"'),
}
_MARKS[None] = tuple(mark for marks in _MARKS.values() for mark in marks)

# An escape of an ASCII character may spell any of them.
_ESCAPED = re.compile(rb"\\u00[2-7]")

_TEXT_KEYS = ("content", "parts", "output")
_PLAIN = ("text", "input_text", "output_text")
_RESULT_KEYS = ("toolResult", "functionResponse", "function_response")


def _as_written(mark: str, ids: str, text: str) -> re.Pattern[bytes]:
    """Match a result as SDKs write it: its mark, ids, one text, and nothing else that counts.

    It begins with its mark: nothing that stands before that can then belong to it.
    """
    string = r'"[^"\\]*(?:\\.[^"\\]*)*"'
    block = rf'\[\s*\{{\s*"type"\s*:\s*"text"\s*,\s*"text"\s*:\s*({string})\s*\}}\s*\]'
    id = r'"[^"\\]*"'
    flag = r'"is_error"\s*:\s*(?:true|false)'
    cache = rf'"cache_control"\s*:\s*\{{\s*"type"\s*:\s*{id}\s*(?:,\s*"ttl"\s*:\s*{id}\s*)?\}}'
    pattern = (
        rf'\{{\s*{mark}\s*,\s*(?:"(?:{ids})"\s*:\s*{id}\s*,\s*)*"{text}"\s*:\s*'
        rf"(?:({string})|{block})\s*(?:,\s*(?:{flag}|{cache})\s*)*\}}"
    )
    return re.compile(pattern.encode(), re.DOTALL)


_RESULTS = {
    CHAT.name: _as_written(r'"role"\s*:\s*"tool"', "tool_call_id|name", "content"),
    ANTHROPIC.name: _as_written(r'"type"\s*:\s*"tool_result"', "tool_use_id", "content"),
    RESPONSES.name: _as_written(
        r'"type"\s*:\s*"function_call_output"', "call_id|id|status", "output"
    ),
}

# The first key behind a list. Were the quotation mark the end of a string, a sign would follow it
# and not a letter; so in valid JSON this stands in no string.
_BEHIND_LIST = re.compile(rb'\],(?=\s*"(?!is_error")[a-z])')

# Most whitespace before a role, in bytes, and how many bytes before a cut tell it from others.
_BRACE = ord("{")
_INDENT = 64
_HINT = 64

# What an agent adds between two requests is seldom more messages than that.
_LATEST = 8

# To scan so few bytes takes no longer than to remember them.
_FEW_BYTES = 2_048

# One of about 300 bytes for each request that goes on from another.
_REMEMBERED = 4_096


class Glance:
    """Tell requests that cannot hold a large tool result; safe to share between threads.

    A body is cut where one of its values ends and the next key or object begins. A part in which
    nothing was found is remembered by its hash: conversations come back with a few messages more,
    and only those are looked at. A hash of 64 bits that lies would leave a request as it came.

    Args:
        is_large: Says of a text of a result whether it is worth a closer look, and always the
            same of the same text.

    >>> Glance(bool).may_hold_result(b'{"messages": [{"role": "user", "content": "hello"}]}')
    False
    """

    def __init__(self, is_large: IsLarge) -> None:
        self._is_large = is_large
        self._clear = RecentDict[tuple[object, ...], int](size=_REMEMBERED)

    def may_hold_result(self, body: bytes, format: str | None = None) -> bool:
        """Say whether a request may hold a tool result that is worth a closer look.

        Args:
            body: JSON in UTF-8; of anything else, nothing changes whatever the answer.
            format: The wire format; any when None.

        Returns:
            False only if it holds none.

        Raises:
            UnknownFormatError: If ``format`` names no known format.
        """
        name = None if format is None else codec_named(format).name
        return not self._is_clear(body, name) and self._holds_large(body, format)

    def _is_clear(self, body: bytes, name: str | None) -> bool:
        """Say whether the bytes show without being parsed that nothing large stands in them."""
        begin, last, end = 0, 0, len(body)
        if end > _FEW_BYTES:
            begin, last = self._known_head(body, name)
        if end - begin > _FEW_BYTES and (behind := _BEHIND_LIST.search(body, last)) is not None:
            end = behind.end()
        if not self._is_clear_within(body, name, begin, end):
            return False
        if last > begin:
            self._clear[name, last, _hint(body, last)] = hash(body[:last])
        return end == len(body) or self._is_clear_tail(body, name, end)

    def _known_head(self, body: bytes, name: str | None) -> tuple[int, int]:
        """Return how many bytes at the start are known as clear, and where the last role stands."""
        last = 0
        for cut in islice(_role_cuts(body), _LATEST):
            last = last or cut
            # Few bytes tell most bodies apart: only one that is likely the same is hashed.
            known = self._clear.get((name, cut, _hint(body, cut)))
            if known is not None and known == hash(body[:cut]):
                return cut, last
        return 0, last

    def _is_clear_tail(self, body: bytes, name: str | None, begin: int) -> bool:
        """Say it of what follows the messages: a system prompt or tools, the same each time."""
        key = (name, hash(body[begin:]))
        if self._clear.get(key) is None:
            if not self._is_clear_within(body, name, begin, len(body)):
                return False
            self._clear[key] = begin
        return True

    def _is_clear_within(self, body: bytes, name: str | None, begin: int, end: int) -> bool:
        # A single character is looked for at many times the speed.
        if body.find(b"\\", begin, end) >= 0 and _ESCAPED.search(body, begin, end):
            return False
        marks = sum(body.count(mark, begin, end) for mark in _MARKS[name])
        if not marks and not _ROLE.search(body, begin, end):
            return True
        written = _RESULTS.get(name or "")
        if written is None:
            return False
        marks += len(_ROLE.findall(body, begin, end))
        results = written.findall(body, begin, end)
        # One that is written in another way, or that holds more, has to be parsed.
        if len(results) != marks:
            return False
        try:
            return not any(
                self._is_large(_unquoted(text or in_block)) for text, in_block in results
            )
        except ValueError:
            return False

    def _holds_large(self, body: bytes, format: str | None) -> bool:
        try:
            value = json.loads(body.decode())
        except (ValueError, RecursionError):
            return True  # whoever looks closer says what it is
        shape = shape_of(value, format)
        if shape is None:
            return False
        return any(_holds_result(message, self._is_large) for message in value[shape.key])


def _role_cuts(body: bytes) -> Iterator[int]:
    """Yield where to cut before a role, from the end: at its brace, or behind a comma."""
    role = len(body)
    while (role := body.rfind(b'"role"', 0, role)) > 0:
        if b'"' not in body[role + 6 : role + 9]:
            continue  # a key of something else: a tool's schema, say
        if body[role - 1] == _BRACE:
            yield role - 1
            continue
        window = max(0, role - _INDENT)
        before = body[window:role].rstrip()
        if before.endswith((b"{", b",")):
            yield window + len(before) - before.endswith(b"{")


def _hint(body: bytes, cut: int) -> bytes:
    return body[max(0, cut - _HINT) : cut]


def _unquoted(string: bytes) -> str:
    """Return the text that a JSON string spells; ValueError if it spells none."""
    text: str = json.loads(string) if b"\\" in string else string[1:-1].decode()
    return text


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
