"""The values of a JSON document with their places in the text: one pass, any depth."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

# Strings, punctuation and scalars of a text that is known to be JSON.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)
# Numbers are not converted: one of any length is well-formed.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
_PLAIN_KEY = re.compile(r"[^\W\d]\w*")

# An array of scalars up to this many characters is one value, printed whole.
SHORT_ARRAY = 300
# Entries of an object are rows when all are objects and there are at least this many.
_FEWEST_ENTRIES = 3
# Paths beyond this many characters keep their tail: they are words to match, not addresses.
_LONGEST_PATH = 400


@dataclass(slots=True)
class Container:
    """An object or array: where it stands, and what it is called in its parent."""

    parent: int
    key: str | int
    is_object: bool
    start: int
    key_start: int
    path: str
    end: int = -1
    children: int = 0
    objects: int = 0


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar or a short array of scalars.

    Args:
        start: Start of the member, its key included, or of the element; in characters.
        value_start: Start of the value itself.
        end: End of both.
        holder: Index of the container; -1 when the document is a scalar.
        key: Key or index in the container.
    """

    start: int
    value_start: int
    end: int
    holder: int
    key: str | int


def is_json(text: str) -> bool:
    """Say whether the text is one JSON object or array that Python's parser accepts."""
    if not text[:64].lstrip().startswith(("{", "[")):
        return False
    try:
        _DECODER.decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def join_path(path: str, key: str | int) -> str:
    """Return the dotted path of a member: ``items.3.name``."""
    return f"{path}.{key}"[-_LONGEST_PATH:] if path else str(key)


def write_path(containers: list[Container], index: int) -> str:
    """Return a container's address in the syntax of the ``path`` selector.

    >>> containers, _ = read_values('{"a": [{"odd key": {"x": 1}}]}')
    >>> write_path(containers, 3)
    '$.a[0]["odd key"]'
    """
    steps: list[str] = []
    while containers[index].parent >= 0:
        key = containers[index].key
        if isinstance(key, int):
            steps.append(f"[{key}]")
        else:
            plain = _PLAIN_KEY.fullmatch(key) is not None
            steps.append(f".{key}" if plain else f"[{json.dumps(key, ensure_ascii=False)}]")
        index = containers[index].parent
    return "$" + "".join(reversed(steps))


def read_values(text: str) -> tuple[list[Container], list[Value]]:
    """Return the containers (in the order in which they open) and the values of a document.

    The text must be JSON (see `is_json`).
    """
    walk = _Walk(text)
    walk.run()
    return walk.containers, walk.values


def records(containers: list[Container]) -> list[int]:
    """Return for each container the record it belongs to, as an index of a container.

    A record is the nearest enclosing object that is one of several alike: an element of an array,
    or an entry of an object whose entries are all objects. Outside of any, it is the object
    itself.
    """
    of: list[int] = []
    in_row: list[bool] = []
    for index, container in enumerate(containers):
        parent = container.parent
        if parent >= 0 and _is_row(container, containers[parent]):
            of.append(index)
            in_row.append(True)
        elif parent >= 0 and (in_row[parent] or not container.is_object):
            of.append(of[parent])
            in_row.append(in_row[parent])
        else:
            of.append(index)
            in_row.append(False)
    return of


def _is_row(container: Container, parent: Container) -> bool:
    if not container.is_object:
        return False
    alike = parent.children == parent.objects >= _FEWEST_ENTRIES
    return not parent.is_object or alike


class _Walk:
    """One pass over the tokens of a JSON document; no recursion, so that depth costs nothing."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.containers: list[Container] = []
        self.values: list[Value] = []
        self.stack: list[int] = []
        self.key: tuple[int, int] | None = None

    def run(self) -> None:
        pending: tuple[int, int] | None = None
        for found in _TOKEN.finditer(self.text):
            first = self.text[found.start()]
            if first == ":":
                self.key, pending = pending, None
                continue
            if first in "{[":
                self._open(found.start(), first == "{")
                continue
            if pending is not None:
                self._value(*pending)
                pending = None
            if first in "}]":
                self._close(found.end())
            elif first != ",":
                pending = found.span()
        if pending is not None:
            self._value(*pending)

    def _place(self, start: int) -> tuple[int, str | int, int]:
        """Return holder, key, and start of the member for the value that starts at ``start``."""
        if not self.stack:
            return -1, "", start
        holder = self.stack[-1]
        parent = self.containers[holder]
        parent.children += 1
        if self.key is None:
            return holder, parent.children - 1, start
        key_start, key_end = self.key
        self.key = None
        escaped = self.text[key_start + 1 : key_end - 1]
        key = json.loads(f'"{escaped}"', strict=False) if "\\" in escaped else escaped
        return holder, key, key_start

    def _open(self, start: int, is_object: bool) -> None:
        holder, key, key_start = self._place(start)
        path = ""
        if holder >= 0:
            path = join_path(self.containers[holder].path, key)
            self.containers[holder].objects += is_object
        self.stack.append(len(self.containers))
        self.containers.append(Container(holder, key, is_object, start, key_start, path))

    def _value(self, start: int, end: int) -> None:
        holder, key, key_start = self._place(start)
        self.values.append(Value(key_start, start, end, holder, key))

    def _close(self, end: int) -> None:
        index = self.stack.pop()
        closed = self.containers[index]
        closed.end = end
        if closed.parent < 0 or (closed.children and not self._is_short_array(index)):
            return
        # An empty container, or a short array of scalars: one value of its parent.
        if closed.children:
            del self.values[-closed.children :]
        self.values.append(Value(closed.key_start, closed.start, end, closed.parent, closed.key))

    def _is_short_array(self, index: int) -> bool:
        closed = self.containers[index]
        if closed.is_object or closed.end - closed.start > SHORT_ARRAY:
            return False
        # The last of the values are its own exactly when it holds no container with values.
        mine = self.values[-closed.children :]
        return len(mine) == closed.children and all(v.holder == index for v in mine)
