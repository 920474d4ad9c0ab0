"""Copy-on-write replacement of texts deep inside lists, mappings and SDK objects."""

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
    changed = {key: with_texts(_child(container, key), below) for key, below in inside.items()}
    return _replaced(container, changed)


def _child(container: Any, key: str | int) -> Any:
    if isinstance(container, (Mapping, Sequence)):
        return container[key]  # type: ignore[index]  # the key came from this container
    return getattr(container, str(key))


def _replaced(container: Any, changed: Mapping[str | int, Any]) -> Any:
    if isinstance(container, Mapping):
        return _replaced_in_mapping(container, changed)
    if isinstance(container, Sequence):
        items = list(container)
        for position, value in changed.items():
            items[int(position)] = value
        return tuple(items) if isinstance(container, tuple) else items
    return container.model_copy(update=dict(changed))


def _replaced_in_mapping(container: Mapping[Any, Any], changed: Mapping[str | int, Any]) -> Any:
    copied = {key: changed.get(key, value) for key, value in container.items()}
    if type(container) is dict:
        return copied
    # Subclasses of dict with the usual constructor (OrderedDict, say) stay what they are.
    try:
        return type(container)(copied)  # type: ignore[call-arg]  # Mapping itself takes none
    except TypeError:
        return copied
