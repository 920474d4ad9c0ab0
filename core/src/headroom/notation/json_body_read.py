"""Read the body of a re-noted JSON document back into its tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from headroom.errors import DecodingError
from headroom.notation.columns import ROW_KEY
from headroom.notation.columns_read import RowReader, read_header
from headroom.notation.json_read import read_member_key, read_node, scalar_end, string_end
from headroom.notation.json_tree import DEEPEST, Node

_DEFINITION = re.compile(r"\$([1-9])=([^\n]*)\n")
_PREFIXED = re.compile(r'"\$([1-9])')
_NUMBER = re.compile(r"[&*]([1-9][0-9]{0,8})")
_BLOCK_END = re.compile(r"\n[\]}]")

# References inside what is referred to can make a short body stand for an endless text: beyond as
# many nodes as the body can hold itself, this many may come out of references.
MOST_NODES = 5_000_000


def read_body(body: str) -> Node:
    """Return the document of a body.

    Raises:
        DecodingError: If the body is not well-formed.
    """
    reader = _Reader(body)
    at = reader.read_definitions()
    node, at = reader.read(at, 0)
    if at != len(body):
        raise DecodingError("the body goes on behind its document")
    return node


def read_table(body: str) -> Iterator[Node] | None:
    """Return the rows of a body that is a single table of an array, one by one; else None.

    For a reader who needs no row twice: rows in memory are many times as large as their text.

    Raises:
        DecodingError: If the header is not well-formed; while rows are read, if one of them is.
    """
    found = _BLOCK_END.search(body, 2) if body.startswith("[\n") else None
    if found is None or found[0] != "\n]" or found.end() != len(body):
        return None
    header, *lines = body[2 : found.start()].split("\n")
    reader = RowReader(read_header(header))
    return map(reader.read, lines)


@dataclass(slots=True)
class _Reader:
    body: str
    prefixes: dict[str, str] = field(default_factory=dict)
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)
    nodes: int = 0

    def read_definitions(self) -> int:
        at = 0
        while (found := _DEFINITION.match(self.body, at)) is not None:
            self.prefixes[found[1]] = found[2]
            at = found.end()
        return at

    def read(self, at: int, depth: int) -> tuple[Node, int]:
        if depth > DEEPEST:
            raise DecodingError("nested too deep")
        self._spend(1)
        body = self.body
        mark = body[at : at + 1]
        if mark == '"':
            return self._read_string(at)
        if mark == "{" or mark == "[":
            return self._read_container(at, depth)
        if mark == "&":
            return self._read_anchor(at, depth)
        if mark == "*":
            return self._read_reference(at)
        end = scalar_end(body, at)
        return body[at:end], end

    def _spend(self, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES + len(self.body):
            raise DecodingError("the document is too large")

    def _read_string(self, at: int) -> tuple[Node, int]:
        end = string_end(self.body, at)
        text = self.body[at:end]
        found = _PREFIXED.match(text) if self.prefixes else None
        if found is None:
            return text, end
        prefix = self.prefixes.get(found[1])
        if prefix is None:
            raise DecodingError(f"${found[1]} is not defined")
        return f'"{prefix}{text[found.end() :]}', end

    def _read_container(self, at: int, depth: int) -> tuple[Node, int]:
        body = self.body
        following = body[at + 1 : at + 2]
        if following == "\n":
            return self._read_block(at)
        if following in ("}", "]"):
            node, end = read_node(body, at)
            return node, end
        return self._read_items(at, depth) if body[at] == "[" else self._read_members(at, depth)

    def _read_items(self, at: int, depth: int) -> tuple[Node, int]:
        values: list[Node] = []
        while True:
            value, at = self.read(at + 1, depth + 1)
            values.append(value)
            mark = self.body[at : at + 1]
            if mark == "]":
                return values, at + 1
            if mark != ",":
                raise DecodingError(f"expected , or ] at {self.body[at : at + 40]!r}")

    def _read_members(self, at: int, depth: int) -> tuple[Node, int]:
        members: dict[str, Node] = {}
        while True:
            key, at = read_member_key(self.body, at + 1)
            members[key], at = self.read(at, depth + 1)
            mark = self.body[at : at + 1]
            if mark == "}":
                return members, at + 1
            if mark != ",":
                raise DecodingError(f"expected , or }} at {self.body[at : at + 40]!r}")

    def _read_anchor(self, at: int, depth: int) -> tuple[Node, int]:
        found = _NUMBER.match(self.body, at)
        if found is None or self.body[found.end() : found.end() + 1] not in ("{", "["):
            raise DecodingError("& without a number and a container")
        before = self.nodes
        node, end = self.read(found.end(), depth)
        self.anchors[found[1]] = (node, self.nodes - before)
        return node, end

    def _read_reference(self, at: int) -> tuple[Node, int]:
        found = _NUMBER.match(self.body, at)
        known = self.anchors.get(found[1]) if found is not None else None
        if found is None or known is None:
            raise DecodingError(f"nothing to repeat at {self.body[at : at + 20]!r}")
        self._spend(known[1])
        return known[0], found.end()

    def _read_block(self, at: int) -> tuple[Node, int]:
        found = _BLOCK_END.search(self.body, at + 2)
        if found is None:
            raise DecodingError("a table without an end")
        header, *lines = self.body[at + 2 : found.start()].split("\n")
        reader = RowReader(read_header(header))
        self._spend((found.start() - at) // 2)
        if self.body[at] == "[" and found[0] == "\n]":
            return [reader.read(line) for line in lines], found.end()
        if self.body[at] == "{" and found[0] == "\n}":
            return dict(_keyed(reader, line) for line in lines), found.end()
        raise DecodingError("a table with another table's end")


def _keyed(reader: RowReader, line: str) -> tuple[str, Node]:
    if line.startswith("="):
        key, at = read_member_key(line, 1)
        node, end = read_node(line, at)
        if end != len(line):
            raise DecodingError("a row goes on behind its JSON")
        return key, node
    row = reader.read(line)
    key_text = row.pop(ROW_KEY, None) if isinstance(row, dict) else None
    if not isinstance(key_text, str) or key_text[:1] != '"':
        raise DecodingError("a row without its key")
    return key_text[1:-1], row
