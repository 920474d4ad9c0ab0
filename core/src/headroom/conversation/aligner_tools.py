"""A list of tools in one canonical order, whatever order a caller's sets and dicts gave it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from headroom.codecs.access import is_items

# Marks of the provider's cache stand between tools: they keep their position.
_MARKS = ("cachePoint",)
_MARK_KEYS = ("cache_control",)


def canonical_tools(tools: Sequence[Any]) -> list[Any] | None:
    """Return the tools by name, their schemas' keys sorted; None if they stand so already.

    Cache breakpoints stay at their position in the list. The properties of a tool with
    ``strict: true`` keep their order: there the model writes its arguments in that order.
    """
    if not all(isinstance(tool, Mapping) for tool in tools):
        return None
    marks = [_marks(tool) for tool in tools]
    plain = [_canonical(_without_marks(tool)) for tool in tools if not _is_mark(tool)]
    ordered = iter(sorted(plain, key=_name))
    placed = [
        tool if _is_mark(tool) else {**next(ordered), **mark}
        for tool, mark in zip(tools, marks, strict=True)
    ]
    # Dicts compare equal in any order; their JSON does not.
    return None if _written(placed) == _written(tools) else placed


def _is_mark(tool: Mapping[str, Any]) -> bool:
    return any(key in tool for key in _MARKS)


def _marks(tool: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tool[key] for key in _MARK_KEYS if key in tool}


def _without_marks(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in tool.items() if key not in _MARK_KEYS}


def _name(tool: Mapping[str, Any]) -> tuple[str, str]:
    for inside in (tool, tool.get("function"), tool.get("toolSpec"), tool.get("custom")):
        if isinstance(inside, Mapping) and isinstance(inside.get("name"), str):
            return inside["name"], ""
    return "", _written(tool)


def _written(value: Any) -> str:
    return json.dumps(value, default=repr)


def _canonical(value: Any, *, strict: bool = False, named: bool = False) -> Any:
    """Return a schema with sorted keys; ``named``: its keys are names of properties."""
    if isinstance(value, Mapping):
        strict = strict or value.get("strict") is True
        keys = list(value) if strict and named else sorted(value, key=str)
        return {k: _below(str(k), value[k], strict=strict, named=named) for k in keys}
    if is_items(value):
        return [_canonical(item, strict=strict) for item in value]
    return value


def _below(key: str, value: Any, *, strict: bool, named: bool) -> Any:
    if not named and key == "required" and _is_names(value):
        return sorted(value)
    if not named and key in ("functionDeclarations", "function_declarations") and is_items(value):
        inside = [v for v in value if isinstance(v, Mapping)]
        if len(inside) == len(value):
            return sorted((_canonical(v, strict=strict) for v in inside), key=_name)
    if not named and key in ("enum", "examples", "default", "const"):
        # Values, not schema: their order and keys may mean something.
        return value
    return _canonical(value, strict=strict, named=not named and key == "properties")


def _is_names(value: Any) -> bool:
    return is_items(value) and all(isinstance(name, str) for name in value)
