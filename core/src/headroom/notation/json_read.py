"""Read compact JSON out of the middle of a text, lexeme by lexeme."""

from __future__ import annotations

import re

from headroom.errors import DecodingError
from headroom.notation.json_tree import DEEPEST, LITERALS, NUMBER, STRING, Node

_WORD = re.compile(r"[a-z]+")


def string_end(text: str, at: int) -> int:
    """Return where the JSON string that starts at ``at`` ends.

    Raises:
        DecodingError: If there is none.
    """
    found = STRING.match(text, at)
    if found is None:
        raise DecodingError(f"no string at {text[at : at + 40]!r}")
    return found.end()


def scalar_end(text: str, at: int) -> int:
    """Return where the JSON number or literal that starts at ``at`` ends.

    Raises:
        DecodingError: If there is none.
    """
    number = NUMBER.match(text, at)
    if number is not None:
        return number.end()
    word = _WORD.match(text, at)
    if word is None or word[0] not in LITERALS:
        raise DecodingError(f"no JSON value at {text[at : at + 40]!r}")
    return word.end()


def read_node(text: str, at: int, depth: int = 0) -> tuple[Node, int]:
    """Return the JSON value that starts at ``at``, written without white space, and its end.

    Raises:
        DecodingError: If there is none, or if it is nested deeper than `DEEPEST`.
    """
    mark = text[at : at + 1]
    if mark == '"':
        end = string_end(text, at)
        return text[at:end], end
    if mark not in ("{", "["):
        end = scalar_end(text, at)
        return text[at:end], end
    if depth >= DEEPEST:
        raise DecodingError("nested too deep")
    if text[at + 1 : at + 2] == ("}" if mark == "{" else "]"):
        return ({} if mark == "{" else []), at + 2
    if mark == "[":
        return _read_array(text, at, depth)
    return _read_object(text, at, depth)


def _read_array(text: str, at: int, depth: int) -> tuple[Node, int]:
    values: list[Node] = []
    while True:
        value, at = read_node(text, at + 1, depth + 1)
        values.append(value)
        mark = text[at : at + 1]
        if mark == "]":
            return values, at + 1
        if mark != ",":
            raise DecodingError(f"expected , or ] at {text[at : at + 40]!r}")


def _read_object(text: str, at: int, depth: int) -> tuple[Node, int]:
    members: dict[str, Node] = {}
    while True:
        key, at = read_member_key(text, at + 1)
        members[key], at = read_node(text, at, depth + 1)
        mark = text[at : at + 1]
        if mark == "}":
            return members, at + 1
        if mark != ",":
            raise DecodingError(f"expected , or }} at {text[at : at + 40]!r}")


def read_member_key(text: str, at: int) -> tuple[str, int]:
    """Return the raw key at ``at`` and where its value starts.

    Raises:
        DecodingError: If there is none.
    """
    end = string_end(text, at)
    if text[end : end + 1] != ":":
        raise DecodingError(f"expected : at {text[end : end + 40]!r}")
    return text[at + 1 : end - 1], end + 1
