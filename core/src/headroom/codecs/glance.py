"""A glance at a request: whether a tool result that is worth a closer look can stand in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from headroom.codecs.formats import ANTHROPIC, CHAT, CONVERSE, GEMINI, RESPONSES, codec_named
from headroom.codecs.requests import shape_of
from headroom.recent import RecentBytes

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

# Where a list of messages may end, and how many such places are tried: the last message may hold
# lists itself.
_LIST_END = re.compile(rb"\}(?=\s*\])")
_ENDS = 4

_BRACE, _COMMA = b"{,"
# Most whitespace before a role, in bytes.
_INDENT = 64
# How far before its role the beginning of a message is looked for, in bytes.
_USUAL = 8 * 1024
# How many bytes beside a cut tell it from most others: only a likely part is compared.
_HINT = 64

# What an agent adds between two requests is seldom more messages than that.
_LATEST = 8

# To scan so few bytes takes no longer than to remember them.
_FEW_BYTES = 2_048

# Bytes of each of two generations: some hundred long conversations, and what follows them.
_REMEMBERED = 8 * 1024 * 1024
_REMEMBERED_TAILS = 1024 * 1024
# A longer part is scanned again each time, in bytes.
_LONGEST = 1024 * 1024


class Glance:
    """Tell requests that cannot hold a large tool result; safe to share between threads.

    A body is cut where one of its values ends and the next key or object begins. A part in which
    nothing was found, or of which it was learnt that nothing changes in it, is remembered:
    conversations come back with a few messages more, and only those are looked at.

    Args:
        is_large: Says of a text of a result whether it is worth a closer look, and always the
            same of the same text.

    >>> Glance(bool).may_hold_result(b'{"messages": [{"role": "user", "content": "hello"}]}')
    False
    """

    def __init__(self, is_large: IsLarge) -> None:
        self._is_large = is_large
        self._heads = RecentBytes[tuple[object, ...]](size=_REMEMBERED)
        self._tails = RecentBytes[tuple[object, ...]](size=_REMEMBERED_TAILS)

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
        is_clear = self._is_clear(body, name)
        return self._holds_large(body, format) if is_clear is None else not is_clear

    def learn(self, body: bytes, format: str, key: str, messages: Sequence[Any]) -> None:
        """Remember of a request whose results were looked into that none of them changes.

        What stands behind a message never changes what becomes of it: so the messages are
        remembered as the beginning of other requests, with and without the last of them.

        Args:
            body: The request, as JSON in UTF-8.
            format: The name of its codec.
            key: Which of its values are the messages.
            messages: As they were read from the body.
        """
        if len(body) > _LONGEST:
            return
        self._remember(body, format, len(body))
        last = next(_role_cuts(body), 0)
        for match in islice(_LIST_END.finditer(body, last), _ENDS):
            end = match.end()
            # The end of the messages, and not of a list or a text inside of them?
            if _is_same(_parsed(body[:end] + b"]}"), key, messages):
                self._remember(body, format, end)
                # What begins where the last message may begin, and ends where it ends, is it.
                if isinstance(_parsed(body[last:end].lstrip(b", \n\r\t")), dict):
                    self._remember(body, format, last)
                return

    def _remember(self, body: bytes, name: str | None, cut: int) -> None:
        if cut <= _LONGEST:
            self._heads[_head_key(body, name, cut)] = body[:cut]

    def _is_known(self, body: bytes, name: str | None, cut: int) -> bool:
        head = self._heads.get(_head_key(body, name, cut))
        return head is not None and body.startswith(head)

    def _is_clear(self, body: bytes, name: str | None) -> bool | None:
        """Say whether no result is large, by the bytes alone; None if they have to be parsed."""
        end = len(body)
        if end < _FEW_BYTES and self._is_clear_within(body, name, 0, end):
            return True
        if self._is_known(body, name, end):
            return True
        begin, last = self._known_head(body, name)
        if end - begin > _FEW_BYTES and (behind := _BEHIND_LIST.search(body, last)) is not None:
            end = behind.end()
        is_clear = self._is_clear_within(body, name, begin, end)
        if is_clear and last > begin:
            self._remember(body, name, last)
        if not is_clear or end == len(body):
            return is_clear
        return self._is_clear_tail(body, name, end)

    def _known_head(self, body: bytes, name: str | None) -> tuple[int, int]:
        """Return how many bytes at the start are known as clear, and where the last role stands."""
        last = 0
        for cut in islice(_role_cuts(body), _LATEST):
            last = last or cut
            if self._is_known(body, name, cut):
                return cut, last
        return 0, last

    def _is_clear_tail(self, body: bytes, name: str | None, begin: int) -> bool | None:
        """Say it of what follows the messages: a system prompt or tools, the same each time."""
        length = len(body) - begin
        key = (name, length, body[begin : begin + _HINT])
        tail = self._tails.get(key)
        if tail is not None and body.endswith(tail):
            return True
        is_clear = self._is_clear_within(body, name, begin, len(body))
        if is_clear and length <= _LONGEST:
            self._tails[key] = body[begin:]
        return is_clear

    def _is_clear_within(self, body: bytes, name: str | None, begin: int, end: int) -> bool | None:
        # A single character is looked for at many times the speed.
        if body.find(b"\\", begin, end) >= 0 and _ESCAPED.search(body, begin, end):
            return None
        marks = 0
        for mark in _MARKS[name]:
            marks += body.count(mark, begin, end)
        if not marks and not _ROLE.search(body, begin, end):
            return True
        written = _RESULTS.get(name or "")
        if written is None:
            return None
        marks += len(_ROLE.findall(body, begin, end))
        results = written.findall(body, begin, end)
        try:
            if any(self._is_large(_unquoted(text or in_block)) for text, in_block in results):
                return False
        except ValueError:
            return None
        # What is written in another way, or holds more, has to be parsed.
        return True if len(results) == marks else None

    def _holds_large(self, body: bytes, format: str | None) -> bool:
        value = _parsed(body)
        if value is None:
            return True  # whoever looks closer says what it is
        shape = shape_of(value, format)
        if shape is None:
            return False
        return any(_holds_result(message, self._is_large) for message in value[shape.key])


def _head_key(body: bytes, name: str | None, cut: int) -> tuple[object, ...]:
    return name, cut, body[max(0, cut - _HINT) : cut]


def _role_cuts(body: bytes) -> Iterator[int]:
    """Yield where to cut before a message, or before its role, from the end of a request.

    A message begins with its role or, as some clients write it, with its content.
    """
    role = len(body)
    while (role := body.rfind(b'"role"', 0, role)) > 0:
        if b'"' not in body[role + 6 : role + 9]:
            continue  # a key of something else: a tool's schema, say
        before = _end_before(body, role)
        if body[before - 1] == _COMMA:
            content = body.rfind(b'{"content"', max(0, role - _USUAL), role)
            yield _end_of_value(body, content) if content > 0 else before
        elif body[before - 1] == _BRACE:
            yield _end_of_value(body, before - 1)


def _end_before(body: bytes, at: int) -> int:
    """Return where the last sign before a place ends."""
    window = max(0, at - _INDENT)
    return window + len(body[window:at].rstrip())


def _end_of_value(body: bytes, brace: int) -> int:
    """Return where the value before an object ends, or the bracket that it is the first in."""
    end = _end_before(body, brace)
    return end - 1 if body[end - 1] == _COMMA else end


def _is_same(request: Any, key: str, messages: Sequence[Any]) -> bool:
    try:
        return isinstance(request, dict) and request.get(key) == messages
    except RecursionError:
        return False


def _parsed(json_bytes: bytes) -> Any:
    """Return what JSON stands for; None for what is none."""
    try:
        return json.loads(json_bytes.decode())
    except (ValueError, RecursionError):
        return None


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
