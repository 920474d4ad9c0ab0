"""JSON text as a tree of lexemes, so that every byte of a value can be written again.

A node is an object (``dict``: raw key to node), an array (``list`` of nodes) or a scalar (``str``:
its lexeme, quotes and escapes included). ``1``, ``1.0``, ``1e400``, ``"1"`` and ``"\\u0031"`` are
five different lexemes, so no number is rounded and no string changes its escapes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NoReturn, TypeAlias

Node: TypeAlias = "str | list[Node] | dict[str, Node]"

# Deeper documents exist only as attacks; every walk over a tree may recurse this far.
DEEPEST = 80

# Over valid JSON this finds keys (with their colon), strings, brackets and bare scalars; white
# space, commas and the colons that belong to keys fall between the matches.
LEXEME = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"(?:[ \t\r\n]*:)?|[{}\[\]]|[^\s,{}\[\]":]+')

_BRACKETS = frozenset("{}[]")
_LARGE = 200_000

STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"')
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
LITERALS = frozenset(("true", "false", "null"))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


_VALIDATOR = json.JSONDecoder(parse_float=len, parse_int=len, parse_constant=_refuse)


def is_scalar_lexeme(text: str) -> bool:
    """Say whether the text is the lexeme of one JSON number, ``true``, ``false`` or ``null``."""
    return text in LITERALS or NUMBER.fullmatch(text) is not None


def parse(text: str, same: dict[str, str] | None = None) -> Node | None:
    """Return the tree of one JSON document, or None if the text is none that a tree can hold.

    None is also the answer for documents nested deeper than `DEEPEST`, and for objects with the
    same key twice. Time is linear in the text.

    Args:
        text: The document.
        same: Lexemes of other documents, to be shared with this one, which adds its own.

    >>> parse('{"a": [1.0, "x"]}')
    {'a': ['1.0', '"x"']}
    """
    # The tree is right for valid JSON only: commas, colons and the insides of scalars are checked
    # by the standard library. Its own tree, without lexemes, is dropped before ours is built.
    try:
        _VALIDATOR.decode(text)
    except (ValueError, RecursionError):
        return None
    return _build(text, {} if same is None else same)


def _build(text: str, same: dict[str, str]) -> Node | None:
    root: list[Node] = []
    stack: list[list[Node] | dict[str, Node]] = []
    here: list[Node] | dict[str, Node] = root
    key = ""
    # Equal lexemes are one object: tables are full of them, and memory is what large ones lack.
    for lexeme in _lexemes(text):
        if lexeme[-1] == ":":
            key = same.get(lexeme) or same.setdefault(lexeme, lexeme[1 : lexeme.rindex('"')])
            if key in here:
                return None
            continue
        if lexeme not in _BRACKETS:
            scalar = same.setdefault(lexeme, lexeme)
            if isinstance(here, list):
                here.append(scalar)
            else:
                here[key] = scalar
            continue
        if lexeme in "]}":
            if not stack:
                return None
            here = stack.pop()
            continue
        inner: list[Node] | dict[str, Node] = [] if lexeme == "[" else {}
        if isinstance(here, list):
            here.append(inner)
        else:
            here[key] = inner
        if len(stack) >= DEEPEST:
            return None
        stack.append(here)
        here = inner
    return root[0] if root else None


def _lexemes(text: str) -> Iterable[str]:
    # A list of them all is made twice as fast, and takes more memory than a large text has.
    if len(text) <= _LARGE:
        return LEXEME.findall(text)
    return (found.group() for found in LEXEME.finditer(text))


def compact(node: Node) -> str:
    """Return the node as JSON without any white space.

    >>> compact({"a": ["1.0", '"x"']})
    '{"a":[1.0,"x"]}'
    """
    if isinstance(node, str):
        return node
    if isinstance(node, dict):
        return "{" + ",".join([f'"{key}":{compact(value)}' for key, value in node.items()]) + "}"
    return "[" + ",".join([v if isinstance(v, str) else compact(v) for v in node]) + "]"


def compact_length(node: Node) -> int:
    """Return the length of what `compact` returns, without writing it.

    >>> compact_length({"a": ["1.0", '"x"']})
    15
    """
    if isinstance(node, str):
        return len(node)
    # Brackets and commas; an empty container has no comma to save.
    length = 1 + len(node) if node else 2
    values: Iterable[Node] = node
    if isinstance(node, dict):
        length += sum(map(len, node)) + 3 * len(node)
        values = node.values()
    return length + sum([len(v) if isinstance(v, str) else compact_length(v) for v in values])


def depth_of(node: Node) -> int:
    """Return how many containers deep the node is; 0 for a scalar."""
    if isinstance(node, str):
        return 0
    values = node.values() if isinstance(node, dict) else node
    return 1 + max((depth_of(value) for value in values if not isinstance(value, str)), default=0)


def leaves_in(node: Node) -> int:
    """Return the number of scalars and empty containers in the node."""
    if isinstance(node, str) or not node:
        return 1
    values = node.values() if isinstance(node, dict) else node
    return sum([1 if isinstance(value, str) else leaves_in(value) for value in values])
