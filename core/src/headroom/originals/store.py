"""Where originals are kept: the protocol, and the store that lives in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Protocol

from headroom.errors import HandleCollisionError, StoreError
from headroom.originals.handles import original_bytes

# Enough for weeks of one agent's tool outputs, small beside the agent itself.
DEFAULT_MAX_BYTES = 256 * 1024 * 1024


class Store(Protocol):
    """Keeps originals under their handles.

    A store must be safe to use from several threads. What it accepted it gives back unchanged,
    lone surrogates included, until a size limit that its owner set makes it forget.
    """

    def put(self, handle: str, original: str, *, namespace: str = "") -> None:
        """Keep an original; putting the same one again only marks it as recently used.

        Raises:
            HandleCollisionError: If another original stands under the handle.
            StoreError: If the original could not be kept.
        """
        ...

    def get(self, handle: str, *, namespace: str = "") -> str | None:
        """Return the original, or None where the namespace has none under this handle.

        Raises:
            StoreError: If the store could not be read.
        """
        ...


class MemoryStore:
    """Keep originals in this process, bounded in bytes, least recently used first out.

    Args:
        max_bytes: Most bytes of originals (as UTF-8) to keep.
    """

    def __init__(self, *, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        if max_bytes <= 0:
            raise ValueError(f"max_bytes must be positive, got {max_bytes}")
        self._max_bytes = max_bytes
        self._bytes = 0
        self._originals: OrderedDict[tuple[str, str], tuple[str, int]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, handle: str, original: str, *, namespace: str = "") -> None:
        """Keep an original; raise `StoreError` when it alone is larger than the limit."""
        key = (namespace, handle)
        with self._lock:
            known = self._originals.get(key)
            if known is not None:
                if known[0] != original:
                    raise HandleCollisionError(f"another original stands under handle {handle}")
                self._originals.move_to_end(key)
                return
        size = len(original_bytes(original))
        if size > self._max_bytes:
            raise StoreError(f"an original of {size} bytes is over the limit of {self._max_bytes}")
        with self._lock:
            self._bytes += size - self._originals.pop(key, ("", 0))[1]
            self._originals[key] = (original, size)
            while self._bytes > self._max_bytes:
                _, (_, freed) = self._originals.popitem(last=False)
                self._bytes -= freed

    def get(self, handle: str, *, namespace: str = "") -> str | None:
        """Return the original and mark it as recently used, or None."""
        key = (namespace, handle)
        with self._lock:
            known = self._originals.get(key)
            if known is None:
                return None
            self._originals.move_to_end(key)
            return known[0]

    def __deepcopy__(self, memo: dict[int, object]) -> MemoryStore:
        # Frameworks deep-copy the models that hold us; the handles they wrote must stay known.
        return self

    def __reduce__(self) -> tuple[object, ...]:
        # Originals stay in the process that keeps them; what travels is the limit.
        return (_empty_store, (self._max_bytes,))


def _empty_store(max_bytes: int) -> MemoryStore:
    return MemoryStore(max_bytes=max_bytes)
