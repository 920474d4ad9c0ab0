"""Bytes that were met lately, by a key."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

# What an entry costs beside its bytes: its key, and its place in a dictionary.
_ENTRY_BYTES = 300


class RecentBytes(Generic[Key]):
    """Remember bytes, and forget those that nobody asked for in a long while.

    Two generations: when the younger one is full, the older one goes. Safe to share between
    threads without a lock; what is lost in a race is found out again.

    Args:
        size: Bytes of one generation, of which the last entry may take more; at most twice as
            many are held.

    >>> recent = RecentBytes(size=400)
    >>> for key in "abcde":
    ...     recent[key] = key.encode()
    >>> [key for key in "abcde" if recent.get(key)]
    ['c', 'd', 'e']
    """

    def __init__(self, *, size: int) -> None:
        self._size = size
        self._held = 0
        self._young: dict[Key, bytes] = {}
        self._old: dict[Key, bytes] = {}

    def __setitem__(self, key: Key, value: bytes) -> None:
        """Remember bytes."""
        if self._held >= self._size:
            self._old, self._young, self._held = self._young, {}, 0
        self._young[key] = value
        self._held += len(value) + _ENTRY_BYTES

    def get(self, key: Key) -> bytes | None:
        """Return the bytes, and keep them in mind; None if they were forgotten."""
        value = self._young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self[key] = value
        return value
