"""JSON paths: ``$.items[3].name``, ``items[*].id``, ``a.b[0:5]``; answers are spans of the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from headroom.errors import SelectorError

_STEP = re.compile(
    r"""\.?\[\s*(?P<index>-?\d{1,12})\s*\]
    |\.?\[\s*(?P<low>-?\d{1,12})?\s*:\s*(?P<high>-?\d{1,12})?\s*\]
    |\.?\[\s*(?P<star>\*)\s*\]
    |\.?\[\s*(?P<quoted>"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*')\s*\]
    |\.(?P<dotstar>\*)
    |\.(?P<key>[^.\[\]*]+)""",
    re.VERBOSE | re.DOTALL,
)
_WHITE = re.compile(r"[ \t\n\r]*")
_MOST_STEPS = 64
_KEYS_SHOWN = 12


def _lexeme(text: str) -> str:
    return text


# Values are only walked over, so numbers are not converted, however long they are.
_SCANNER = json.JSONDecoder(parse_int=_lexeme, parse_float=_lexeme, strict=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: a key, an index, or a range of indices (``*`` is the whole range)."""

    key: str | None = None
    low: int | None = None
    high: int | None = None
    single: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a text.

    Args:
        start: Start of the value, in characters.
        end: End of the value.
        key: Its key in an object, or its index.
        key_start: Start of the member with its key; ``start`` for an element.
    """

    start: int
    end: int
    key: str | int
    key_start: int


def parse_path(path: str) -> tuple[Step, ...]:
    """Read a path.

    Raises:
        SelectorError: If it is not one.

    >>> [step.key or (step.low, step.high) for step in parse_path("$.items[3].name")]
    ['items', (3, 4), 'name']
    """
    rest = path.strip().removeprefix("$")
    if rest and rest[0] not in ".[":
        rest = f".{rest}"
    steps: list[Step] = []
    at = 0
    while at < len(rest):
        found = _STEP.match(rest, at)
        if found is None or len(steps) >= _MOST_STEPS:
            raise SelectorError(
                f"path {path[:80]!r} is not understood; write for example $.items[3].name, "
                'items[*].id, a.b[0:5] or a["odd key"]'
            )
        steps.append(_step(found))
        at = found.end()
    return tuple(steps)


def _step(found: re.Match[str]) -> Step:
    if found["index"] is not None:
        low = int(found["index"])
        return Step(low=low, high=low + 1, single=True)
    if found["quoted"] is not None:
        quoted = found["quoted"]
        inner = quoted[1:-1]
        if quoted[0] == "'":
            inner = inner.replace("\\'", "'").replace('"', '\\"')
        try:
            return Step(key=json.loads(f'"{inner}"', strict=False))
        except ValueError:
            return Step(key=quoted[1:-1])
    if found["key"] is not None:
        return Step(key=found["key"].strip())
    return Step(
        low=int(found["low"]) if found["low"] else None,
        high=int(found["high"]) if found["high"] else None,
    )


def root(text: str) -> Node:
    """Return the document of a text that is known to be JSON."""
    start = _skip(text, 0)
    return Node(start, len(text.rstrip(" \t\n\r")), "$", start)


def children(text: str, node: Node) -> Iterator[Node]:
    """Yield the members or elements of a container in order; nothing for a scalar.

    Spans come from Python's own scanner, so a level costs one pass over it at C speed.
    """
    opening = text[node.start]
    if opening not in "{[":
        return
    at = _skip(text, node.start + 1)
    index = 0
    while text[at] not in "}]":
        key_start, name = at, index
        if opening == "{":
            name, at = _SCANNER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        _, end = _SCANNER.raw_decode(text, at)
        yield Node(at, end, name, key_start if opening == "{" else at)
        index += 1
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    found = _WHITE.match(text, at)
    return found.end() if found is not None else at


def find_path(text: str, path: str) -> list[Node]:
    """Return the values at a path of a JSON text, in order; of equal keys the last counts.

    Raises:
        SelectorError: If the path is malformed, or names a key or an index that no value has.
    """
    nodes = [root(text)]
    for number, step in enumerate(parse_path(path)):
        found: list[Node] = []
        for node in nodes:
            found.extend(_take(text, node, step))
        if nodes and not found and (step.key is not None or step.single):
            raise SelectorError(_advice(text, nodes, step, number))
        nodes = found
    return nodes


def _take(text: str, node: Node, step: Step) -> list[Node]:
    inside = list(children(text, node))
    is_object = text[node.start] == "{"
    if step.key is not None:
        if is_object:
            return [child for child in inside if child.key == step.key][-1:]
        # Dotted indices (containers.0.image) are what many tools print.
        if step.key.isdecimal() and len(step.key) < 10 and int(step.key) < len(inside):
            return [inside[int(step.key)]]
        return []
    if step.single and step.low is not None:
        if is_object:
            return [child for child in inside if child.key == str(step.low)][-1:]
        at = step.low + len(inside) if step.low < 0 else step.low
        return inside[at : at + 1] if at >= 0 else []
    return inside[step.low : step.high]


def _advice(text: str, nodes: list[Node], step: Step, number: int) -> str:
    what = repr(step.key[:60]) if step.key is not None else f"index {step.low}"
    inside = list(children(text, nodes[0]))
    if text[nodes[0].start] == "{":
        keys = ", ".join(str(child.key)[:40] for child in inside[:_KEYS_SHOWN])
        more = ", ..." if len(inside) > _KEYS_SHOWN else ""
        return f"path has no {what} at step {number + 1}; keys there: {keys}{more}"
    if text[nodes[0].start] == "[":
        return f"path has no {what} at step {number + 1}; there is an array of {len(inside)}"
    return f"path has no {what} at step {number + 1}; there is a single value"
