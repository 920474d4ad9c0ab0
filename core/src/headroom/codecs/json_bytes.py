"""Replace strings inside a JSON document without touching any other byte of it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from headroom.codecs.protocol import Path

# Strings are matched whole, so that brackets inside them are never seen; the two classes inside
# share no character, so the match cannot backtrack.
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NEXT = re.compile(r'["{}\[\],:]')


def read_body(body: bytes) -> tuple[str | None, Any]:
    """Return the document that the bytes spell, and its value; None for what cannot be read."""
    try:
        document = body.decode()
    except UnicodeDecodeError:
        return None, None
    try:
        return document, json.loads(document)
    except (ValueError, RecursionError):
        return document, None


def string_spans(document: str, paths: Collection[Path]) -> dict[Path, tuple[int, int]]:
    """Return where the strings at the given paths stand, quotes included, in characters.

    ``document`` must be valid JSON. Where a key stands twice in one object the last one counts,
    as it does for `json.loads`. Linear in the document; works at any depth.

    >>> string_spans('{"a": ["x", "y"]}', [("a", 1)])
    {('a', 1): (12, 15)}
    """
    walk = _Walk(frozenset(paths))
    at = 0
    while (match := _NEXT.search(document, at)) is not None:
        at = match.end()
        if match.group() == '"':
            string = _STRING.match(document, match.start())
            if string is None:
                raise ValueError("unterminated string")
            at = string.end()
            walk.string(string.group(), match.start(), at)
        else:
            walk.sign(match.group())
    return walk.found


@dataclass(slots=True)
class _Container:
    """An open object or array: its path if it leads to a wanted string, and where it stands."""

    path: Path | None
    is_object: bool
    key: str | int
    expects_key: bool


class _Walk:
    """Follows a document's signs and notes where the wanted strings stand."""

    def __init__(self, wanted: frozenset[Path]) -> None:
        self.found: dict[Path, tuple[int, int]] = {}
        self._wanted = wanted
        self._leading = {path[:n] for path in wanted for n in range(len(path))}
        self._opened: set[Path] = set()
        self._stack: list[_Container] = []

    def string(self, quoted: str, start: int, end: int) -> None:
        if not self._stack:
            return
        here = self._stack[-1]
        if here.expects_key:
            here.key = json.loads(quoted) if "\\" in quoted else quoted[1:-1]
        elif here.path is not None and (path := (*here.path, here.key)) in self._wanted:
            self.found[path] = (start, end)

    def sign(self, sign: str) -> None:
        if sign in "{[":
            self._open(is_object=sign == "{")
        elif sign in "}]":
            self._stack.pop()
        elif sign == ":":
            self._stack[-1].expects_key = False
        else:
            here = self._stack[-1]
            here.expects_key = here.is_object
            if isinstance(here.key, int):
                here.key += 1

    def _open(self, *, is_object: bool) -> None:
        path: Path | None = ()
        if self._stack:
            parent = self._stack[-1]
            path = None if parent.path is None else (*parent.path, parent.key)
        if path is not None and path in self._leading:
            if path in self._opened:
                self._forget_below(path)
            self._opened.add(path)
        else:
            path = None
        self._stack.append(_Container(path, is_object, "" if is_object else 0, is_object))

    def _forget_below(self, path: Path) -> None:
        # A repeated key replaces what an earlier value under the same path held.
        for known in [p for p in self.found if p[: len(path)] == path]:
            del self.found[known]


def with_strings(document: str, value: Any, texts: Mapping[Path, str]) -> str | None:
    """Return the document with the strings at the given paths replaced.

    Every character outside those strings stays. Non-ASCII characters are escaped if the document
    escapes all of its own.

    Args:
        document: Valid JSON.
        value: The document as parsed.
        texts: New strings by path.

    Returns:
        The new document, or None where a string could not be located beyond doubt.
    """
    spans = string_spans(document, texts.keys())
    if spans.keys() != texts.keys():
        return None
    ascii_only = document.isascii()
    pieces: list[str] = []
    end = 0
    for path, (start, stop) in sorted(spans.items(), key=lambda item: item[1]):
        if json.loads(document[start:stop]) != _at(value, path):
            return None
        pieces += [document[end:start], _quoted(texts[path], ascii_only=ascii_only)]
        end = stop
    pieces.append(document[end:])
    return "".join(pieces)


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _quoted(text: str, *, ascii_only: bool) -> str:
    quoted = json.dumps(text, ensure_ascii=ascii_only)
    # A lone surrogate has no UTF-8 form; its escape has.
    return quoted if ascii_only or _is_encodable(quoted) else json.dumps(text)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
