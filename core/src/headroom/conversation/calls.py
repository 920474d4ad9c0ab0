"""What a tool call says: the values of its arguments, and how a reference names each."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping

# A call without a line break and shorter than this says nothing worth a reference.
_FEWEST_CHARACTERS = 120

_REMEMBERED_CHARACTERS = 1_000

# Longer names make a reference cost more than it saves.
_MOST_NAME_CHARACTERS = 60

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")

Arguments = str | Mapping[str, object] | None


def values_of(arguments: Arguments) -> Iterator[tuple[str | None, object]]:
    r"""Yield the values of a call's arguments in order, each with the name that it goes by.

    A value inside others is named by the way to it (``edits.0.new``), arguments that are one text
    by "". None: no plain name leads there.

    >>> list(values_of('{"path": "a.py", "edits": [{"new": "x\\n"}]}'))
    [('path', 'a.py'), ('edits.0.new', 'x\n')]
    """
    # A stack of our own: arguments may be nested deeper than Python's.
    stack: list[tuple[str | None, object]] = [("", _parsed(arguments))]
    while stack:
        name, here = stack.pop()
        if isinstance(here, Mapping):
            inner = [(_below(name, key), value) for key, value in here.items()]
            stack.extend(reversed(inner))
        elif isinstance(here, (list, tuple)):
            inside = [(_joined(name, str(n)) if name else None, v) for n, v in enumerate(here)]
            stack.extend(reversed(inside))
        else:
            yield name, here


def argument_text(arguments: Arguments) -> str:
    """Return the values of a call's arguments, a line each."""
    if arguments is None:
        return ""
    if isinstance(arguments, str) and len(arguments) <= _REMEMBERED_CHARACTERS:
        return _remembered_text(arguments)
    return _text(arguments)


def _text(arguments: Arguments) -> str:
    values = (value for _, value in values_of(arguments))
    return "\n".join(str(v) for v in values if v is not None and not isinstance(v, bool))


# A conversation's calls are read again at every later call; small ones are most of them.
_remembered_text = functools.lru_cache(maxsize=2_048)(_text)


def said_in(arguments: Arguments) -> Iterator[tuple[str, str]]:
    """Yield the texts among a call's values that a later text may repeat, with their names."""
    if isinstance(arguments, str) and len(arguments) < _FEWEST_CHARACTERS:
        return
    for name, value in values_of(arguments):
        if name is not None and isinstance(value, str) and len(value) >= _FEWEST_CHARACTERS:
            yield name, value


def _parsed(arguments: Arguments) -> object:
    if not isinstance(arguments, str):
        return arguments
    try:
        return json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments


def _below(name: str | None, key: object) -> str | None:
    return _joined(name, key) if isinstance(key, str) and _KEY.fullmatch(key) else None


def _joined(name: str | None, key: str) -> str | None:
    if name is None:
        return None
    joined = f"{name}.{key}" if name else key
    return joined if len(joined) <= _MOST_NAME_CHARACTERS else None
