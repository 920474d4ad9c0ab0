"""Outcomes of earlier calls, so that text seen before costs a look-up."""

from __future__ import annotations

import threading
from collections import OrderedDict

from headroom.engine import Rendering

# About 16 million characters of compressed text: a few hundred long conversations.
DEFAULT_MAX_BYTES = 64 * 1024 * 1024

# What an entry costs beside its text: key, record, dictionary slot.
_ENTRY_BYTES = 600


class RenderingMemo:
    """Keep renderings by the digest of everything they depend on, bounded in bytes."""

    def __init__(self, *, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[bytes, tuple[Rendering, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes) -> Rendering | None:
        """Return the rendering of this job, if it is still known."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: bytes, rendering: Rendering) -> None:
        """Remember a rendering, and forget the least recently used ones over the limit."""
        size = _ENTRY_BYTES + 4 * len(rendering.text or rendering.original or "")
        with self._lock:
            self._bytes += size - self._entries.pop(key, (rendering, 0))[1]
            self._entries[key] = (rendering, size)
            while self._bytes > self._max_bytes:
                _, (_, freed) = self._entries.popitem(last=False)
                self._bytes -= freed
