"""Copy-on-write replacement of texts deep inside lists and mappings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from headroom.codecs.protocol import Path


def with_texts(container: Any, texts: Mapping[Path, str]) -> Any:
    """Return ``container`` with the texts at the given paths replaced.

    Containers on the way to a new text are copied once; everything else is shared. Without texts
    the container itself comes back.

    >>> before = [{"a": ["x", "y"]}, {"b": "z"}]
    >>> after = with_texts(before, {(0, "a", 1): "Y"})
    >>> after, before[0]["a"][1], after[1] is before[1]
    ([{'a': ['x', 'Y']}, {'b': 'z'}], 'y', True)
    """
    if not texts:
        return container
    if () in texts:
        return texts[()]
    inside: dict[str | int, dict[Path, str]] = {}
    for (key, *rest), text in texts.items():
        inside.setdefault(key, {})[tuple(rest)] = text
    changed = {key: with_texts(container[key], below) for key, below in inside.items()}
    return _replaced(container, changed)


def _replaced(container: Any, changed: Mapping[str | int, Any]) -> Any:
    if isinstance(container, Mapping):
        copied = dict(container)
        for key, value in changed.items():
            copied[str(key)] = value
        return copied if type(container) is dict else _same_mapping(container, copied)
    copied_items = list(container)
    for position, value in changed.items():
        copied_items[int(position)] = value
    return copied_items if isinstance(container, list) else _same_sequence(container, copied_items)


def _same_mapping(like: Mapping[str, Any], items: dict[str, Any]) -> Any:
    # Subclasses of dict with the usual constructor (OrderedDict, say) stay what they are.
    try:
        return type(like)(items)  # type: ignore[call-arg]  # Mapping itself takes no arguments
    except TypeError:
        return items


def _same_sequence(like: Sequence[Any], items: list[Any]) -> Any:
    return tuple(items) if isinstance(like, tuple) else items
