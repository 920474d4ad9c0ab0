"""Indexes of conversations that were gone through, so that a longer one need not start over."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from headroom.conversation.index import LineIndex

# About a hundred megabytes: a dozen long conversations.
DEFAULT_MAX_CHARACTERS = 16 * 1024 * 1024

# What a line costs beside its characters, in characters.
_LINE_CHARACTERS = 100


class IndexShelf:
    """Keep indexes by the digest of what they cover, bounded in characters.

    Whoever takes an index owns it, since an index grows: two threads never share one.
    """

    def __init__(self, *, max_characters: int = DEFAULT_MAX_CHARACTERS) -> None:
        self._room = max_characters
        self._indexes: OrderedDict[bytes, LineIndex] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, digests: Sequence[bytes]) -> tuple[LineIndex, int]:
        """Return the index that covers most, and how many texts it covers.

        Args:
            digests: The digest of each beginning of a conversation, the empty one first.
        """
        with self._lock:
            for covered in range(len(digests) - 1, 0, -1):
                index = self._indexes.pop(digests[covered], None)
                if index is not None:
                    self._room += _size(index)
                    return index, covered
        return LineIndex(), 0

    def put(self, digest: bytes, index: LineIndex) -> None:
        """Keep an index, and forget the least recently used ones over the limit."""
        with self._lock:
            previous = self._indexes.pop(digest, None)
            self._room += 0 if previous is None else _size(previous)
            self._indexes[digest] = index
            self._room -= _size(index)
            while self._room < 0:
                _, freed = self._indexes.popitem(last=False)
                self._room += _size(freed)


def _size(index: LineIndex) -> int:
    return index.characters + _LINE_CHARACTERS * index.lines
