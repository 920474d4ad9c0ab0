"""What was found out lately, by a key."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class RecentDict(Generic[Key, Value]):
    """Remember values, and forget those that nobody asked for in a long while.

    Two generations: when the younger one is full, the older one goes. Safe to share between
    threads without a lock; what is lost in a race is found out again.

    Args:
        size: Keys of one generation; at most twice as many are held.

    >>> seen = RecentDict(size=1)
    >>> for key in "abc":
    ...     seen[key] = key.upper()
    >>> seen.get("a"), seen.get("b"), seen.get("c")
    (None, 'B', 'C')
    """

    def __init__(self, *, size: int) -> None:
        self._size = size
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def __setitem__(self, key: Key, value: Value) -> None:
        """Remember a value."""
        young = self._young
        if len(young) >= self._size and key not in young:
            self._old, self._young = young, {key: value}
        else:
            young[key] = value

    def get(self, key: Key) -> Value | None:
        """Return the value, and keep it in mind; None if it was forgotten."""
        value = self._young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self[key] = value
        return value
