"""Fields of dicts and of the providers' own SDK objects, read and replaced alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard


def is_model(thing: Any) -> bool:
    """Say whether ``thing`` is a pydantic model, as the providers' SDKs use them.

    Asked by shape, so that nothing needs to be installed.
    """
    kind = type(thing)
    return hasattr(kind, "model_fields") and hasattr(kind, "model_copy")


def is_record(thing: Any) -> bool:
    """Say whether ``thing`` has named fields: a mapping or an SDK object."""
    return isinstance(thing, Mapping) or is_model(thing)


def is_items(thing: Any) -> TypeGuard[Sequence[Any]]:
    """Say whether ``thing`` is a list or a tuple."""
    return isinstance(thing, (list, tuple))


def field(thing: Any, *names: str) -> Any:
    """Return the first of the named fields that is there, else None.

    Several names serve formats that spell one field in two ways (``functionCall`` on the wire,
    ``function_call`` in the SDK).
    """
    # Long conversations are read again and again: most things are dicts, and asked for one name.
    if type(thing) is dict or isinstance(thing, Mapping):
        for name in names:
            if name in thing:
                return thing[name]
        return None
    if is_model(thing):
        return next((v for name in names if (v := getattr(thing, name, None)) is not None), None)
    return None


def text_field(thing: Any, *names: str) -> str | None:
    """Return the first of the named fields that is there, if it is a string."""
    value = field(thing, *names)
    return value if isinstance(value, str) else None


def name_of(thing: Any, *names: str) -> str:
    """Return which of ``names`` the field is stored under; the first if none is."""
    if isinstance(thing, Mapping):
        return next((name for name in names if name in thing), names[0])
    return next((name for name in names if getattr(thing, name, None) is not None), names[0])
