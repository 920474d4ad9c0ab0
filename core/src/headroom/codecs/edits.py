"""Set values inside requests: in mappings, copy on write, and in the bytes of their JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headroom.codecs.protocol import Path

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_SCALAR = re.compile(r"[^\s,\]}]+")
_SPACE = re.compile(r"[ \t\r\n]*")
_BRACKET = re.compile(r'["{}\[\]]')


@dataclass(frozen=True, slots=True)
class Edit:
    """Set the value at a path.

    Args:
        path: Keys and positions from the request inwards. Its last part may be a key that the
            mapping does not have yet, or the length of the list: the value is then added.
        value: The new value: strings, numbers, lists and dicts, as JSON has them.
    """

    path: Path
    value: Any


def edited(container: Any, edits: Sequence[Edit]) -> Any:
    """Return the container with all edits made, one after the other.

    Containers on the way to a new value are copied, everything else is shared.

    >>> edited({"a": [1, {"b": 2}]}, [Edit(("a", 1, "b"), 3), Edit(("a", 2), 4)])
    {'a': [1, {'b': 3}, 4]}
    """
    for edit in edits:
        container = _set(container, edit.path, edit.value)
    return container


def _set(container: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(container, Mapping):
        changed = {**container, key: _set(container.get(key), rest, value)}
        return changed if type(container) is dict else _as(type(container), changed)
    if isinstance(container, (list, tuple)):
        items = list(container)
        items[int(key) : int(key) + 1] = [_set((items[int(key) :] or [None])[0], rest, value)]
        return tuple(items) if isinstance(container, tuple) else items
    name = str(key)
    return container.model_copy(update={name: _set(getattr(container, name), rest, value)})


def _as(kind: Any, changed: dict[Any, Any]) -> Any:
    # Subclasses of dict with the usual constructor (OrderedDict, say) stay what they are.
    try:
        return kind(changed)
    except TypeError:
        return changed


def edited_document(document: str, edits: Sequence[Edit]) -> str | None:
    """Return the JSON document with all edits made, every other character as it was.

    Returns:
        The new document; None if a place could not be found.

    >>> edited_document('{"a": [1, {"b":  2}]}', [Edit(("a", 1, "b"), 3), Edit(("c",), "x")])
    '{"a": [1, {"b":  3}],"c":"x"}'
    """
    ascii_only = document.isascii()
    for edit in edits:
        try:
            written = _written(edit.value, ascii_only=ascii_only)
        except ValueError:  # 1e999 has been read as a number that JSON cannot spell
            return None
        place = _place(document, edit.path)
        if place is None:
            return None
        start, end, lead = place
        document = f"{document[:start]}{lead}{written}{document[end:]}"
    return document


def _written(value: Any, *, ascii_only: bool) -> str:
    compact = (",", ":")
    written = json.dumps(value, ensure_ascii=ascii_only, separators=compact, allow_nan=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8 form; its escape has.
        return json.dumps(value, separators=compact)
    return written


def _place(document: str, path: Path) -> tuple[int, int, str] | None:
    """Return where the value at the path stands, and what must be written before a new one."""
    at = _after_space(document, 0)
    end = len(document)
    for depth, key in enumerate(path):
        if at >= len(document) or document[at] not in "[{":
            return None
        members = list(_members(document, at))
        # Of keys that stand twice the last one counts, as it does for `json.loads`.
        found = [(start, stop) for name, start, stop in members if name == key]
        if found:
            at, end = found[-1]
            continue
        is_new = isinstance(key, str) if document[at] == "{" else key == len(members)
        if depth < len(path) - 1 or not is_new:
            return None
        after = members[-1][2] if members else at + 1
        lead = "," if members else ""
        return after, after, lead + (f"{json.dumps(key)}:" if isinstance(key, str) else "")
    return at, end, ""


def _members(document: str, at: int) -> Iterator[tuple[str | int, int, int]]:
    """Yield key, start and end of each value of the object or array that starts at ``at``."""
    is_object = document[at] == "{"
    at = _after_space(document, at + 1)
    count = 0
    while document[at] not in "]}":
        key: str | int = count
        if is_object:
            quoted = _STRING.match(document, at)
            if quoted is None:
                raise ValueError("a key is missing")
            key = json.loads(quoted.group())
            at = _after_space(document, _after_space(document, quoted.end()) + 1)
        end = _end(document, at)
        yield key, at, end
        count += 1
        at = _after_space(document, end)
        if document[at] == ",":
            at = _after_space(document, at + 1)


def _after_space(document: str, at: int) -> int:
    found = _SPACE.match(document, at)
    return at if found is None else found.end()


def _end(document: str, at: int) -> int:
    """Return where the value that starts at ``at`` ends."""
    if document[at] not in "[{":
        found = (_STRING if document[at] == '"' else _SCALAR).match(document, at)
        return at if found is None else found.end()
    depth = 0
    while (sign := _BRACKET.search(document, at)) is not None:
        at = sign.end()
        if sign.group() == '"':
            string = _STRING.match(document, sign.start())
            at = len(document) if string is None else string.end()
            continue
        depth += 1 if sign.group() in "[{" else -1
        if not depth:
            break
    return at
