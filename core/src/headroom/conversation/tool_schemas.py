"""Tool definitions without what says nothing: annotations that repeat a name, and defaults.

By JSON Schema (draft 2020-12, "Validation", chapter 9) ``title``, ``default``, ``$comment`` and the
like are annotations: no value is valid or invalid because of them. Left out is what repeats (a
title that is its property's name), what is for authors only (``$comment``), and what its absence
means (``additionalProperties: true``, ``minLength: 0``, ``default: null`` of what need not be
given). Names, descriptions, types, enums, ``required`` and all other constraints stay, in their
order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headroom.codecs.access import is_items
from headroom.codecs.body import Body
from headroom.codecs.edits import Edit
from headroom.codecs.protocol import Path
from headroom.codecs.requests import RequestShape
from headroom.conversation.aligner_parts import parts_of, value_at
from headroom.conversation.beside import BESIDE_THE_MESSAGES, attempted
from headroom.counting.protocol import Counter
from headroom.results import Action, Decision

# Where the schema of a tool stands, in each wire format.
_SCHEMAS: tuple[Path, ...] = (
    ("function", "parameters"),
    ("parameters",),
    ("parametersJsonSchema",),
    ("parameters_json_schema",),
    ("input_schema",),
    ("toolSpec", "inputSchema", "json"),
)
_DECLARATIONS = ("functionDeclarations", "function_declarations")

# Keywords by what stands below them: schemas by name, a list of schemas, one schema.
_NAMED = frozenset({"properties", "$defs", "definitions", "patternProperties", "dependentSchemas"})
_LISTED = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_SINGLE = frozenset(
    "items additionalProperties additionalItems not if then else contains propertyNames "
    "unevaluatedItems unevaluatedProperties contentSchema".split()
)

# What its absence means.
_DEFAULTS: Mapping[str, Any] = {
    "description": "",
    "deprecated": False,
    "readOnly": False,
    "writeOnly": False,
    "uniqueItems": False,
    "nullable": False,
    "minLength": 0,
    "minItems": 0,
    "minProperties": 0,
    "examples": [],
    "required": [],
}

# Deeper than this a schema is left as it is.
_DEEPEST = 60

# What frameworks add to a function's name for the title of its arguments.
_MADE_OF = frozenset(("", "arguments", "args", "input", "inputs", "params", "parameters", "schema"))

_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Tidied:
    """A request with tidied tools, and what was decided on them."""

    body: Body
    decisions: tuple[Decision, ...] = ()


def tidied(given: Body, shape: RequestShape, counter: Counter) -> Tidied:
    """Return a request whose tool definitions are tidied; itself if nothing was to be done."""

    def done() -> Tidied:
        path = parts_of(given.value, shape.codec.name, shape.key).tools
        return Tidied(given) if path is None else _tidied(given, path, counter)

    return attempted(done, lambda why: Tidied(given, (why,)), "tool definitions")


def _tidied(given: Body, path: Path, counter: Counter) -> Tidied:
    tools = value_at(given.value, path)
    tidy = tidy_tools(tools)
    before = counter.count(_written(tools))
    body = None if tidy is tools else given.with_edits([Edit(path, tidy)])
    after = before if body is None else counter.count(_written(tidy))
    if body is None or after >= before:
        return Tidied(given, (_decision("kept", "nothing to leave out", before, before),))
    said = "annotations that repeat names or say defaults left out"
    return Tidied(body, (_decision("encoded", said, before, after),))


def _decision(action: Action, reason: str, before: int, after: int) -> Decision:
    return Decision(BESIDE_THE_MESSAGES, "tools", "tool-schemas", action, reason, before, after)


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def tidy_tools(tools: Sequence[Any]) -> Sequence[Any]:
    """Return tools without annotations that say nothing; the same object if there are none.

    >>> tidy_tools([{"name": "f", "input_schema": {"type": "object", "title": "F"}}])
    [{'name': 'f', 'input_schema': {'type': 'object'}}]
    """
    tidy = [_tool(tool) for tool in tools]
    return tools if all(a is b for a, b in zip(tools, tidy, strict=True)) else tidy


def _tool(tool: Any) -> Any:
    if not isinstance(tool, Mapping):
        return tool
    for key in _DECLARATIONS:
        if is_items(tool.get(key)):
            inside = tidy_tools(tool[key])
            tool = tool if inside is tool[key] else {**tool, key: inside}
    for path in _SCHEMAS:
        schema = value_at(tool, path)
        if isinstance(schema, Mapping):
            name = value_at(tool, (*path[:1], "name")) if len(path) > 1 else tool.get("name")
            tidy = _root(schema, str(name or ""))
            tool = tool if tidy is schema else _with(tool, path, tidy)
    return tool


def _with(container: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    key = str(path[0])
    return {**container, key: _with(container[key], path[1:], value) if path[1:] else value}


def _root(schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    # An annotation can be read by a keyword in that one case.
    is_open = "unevaluatedProperties" not in _written(schema)
    return _Tidier(drops_open=is_open).schema(schema, name, required=True, depth=0)


@dataclass(frozen=True, slots=True)
class _Tidier:
    drops_open: bool

    def schema(
        self, schema: Mapping[str, Any], name: str, *, required: bool, depth: int
    ) -> Mapping[str, Any]:
        if depth > _DEEPEST:
            return schema
        tidy = {
            key: self._below(key, value, schema, depth)
            for key, value in schema.items()
            if not self._says_nothing(key, value, name, required=required)
        }
        same = len(tidy) == len(schema) and all(tidy[key] is schema[key] for key in schema)
        return schema if same else tidy

    def _says_nothing(self, key: str, value: Any, name: str, *, required: bool) -> bool:
        if key == "title":
            return isinstance(value, str) and _repeats(value, name)
        if key == "$comment":
            return True
        if key == "additionalProperties":
            return self.drops_open and (value is True or value == {})
        if key == "default":
            return value is None and not required
        # False equals 0 in Python, not in JSON.
        return key in _DEFAULTS and (
            type(value) is type(_DEFAULTS[key]) and value == _DEFAULTS[key]
        )

    def _below(self, key: str, value: Any, schema: Mapping[str, Any], depth: int) -> Any:
        if key in _NAMED and isinstance(value, Mapping):
            return self._named(key, value, schema, depth)
        if key in _LISTED and is_items(value):
            tidy = [self._single(item, depth) for item in value]
            return value if all(a is b for a, b in zip(value, tidy, strict=True)) else tidy
        return self._single(value, depth) if key in _SINGLE else value

    def _named(
        self, key: str, value: Mapping[str, Any], schema: Mapping[str, Any], depth: int
    ) -> Mapping[str, Any]:
        wanted = schema.get("required") if key == "properties" else None
        listed = wanted if isinstance(wanted, (list, tuple)) else ()
        needed = frozenset(one for one in listed if isinstance(one, str))
        tidy = {
            name: self.schema(below, name, required=name in needed, depth=depth + 1)
            if isinstance(below, Mapping)
            else below
            for name, below in value.items()
        }
        return value if all(tidy[name] is value[name] for name in value) else tidy

    def _single(self, value: Any, depth: int) -> Any:
        if not isinstance(value, Mapping):
            return value
        return self.schema(value, "", required=True, depth=depth + 1)


def _repeats(title: str, name: str) -> bool:
    said, known = _letters(title), _letters(name)
    return said.startswith(known) and said[len(known) :] in _MADE_OF if known else not said


def _letters(name: str) -> str:
    return _NO_LETTERS.sub("", name).casefold()
