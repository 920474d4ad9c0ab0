"""SharedContext: what one agent found, handed to another in few tokens, whole on request."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass

from headroom.compressor import Compressor
from headroom.errors import HandleCollisionError
from headroom.originals.handles import handle_of

# Somebody else may take a key's next place between our look and our put.
_MOST_RACES = 64


@dataclass(frozen=True, slots=True)
class SharedEntry:
    """What stands under a key.

    Args:
        key: The key.
        text: The content, compressed.
        handle: Under which the whole content stands in the store.
        tokens_before: Tokens of the content.
        tokens_after: Tokens of ``text``.
        agent: Who put it there, if they said so.
    """

    key: str
    text: str
    handle: str
    tokens_before: int
    tokens_after: int
    agent: str | None = None

    @property
    def savings(self) -> float:
        """Share of the tokens that was saved, as a fraction (1.0 is all)."""
        return 1 - self.tokens_after / self.tokens_before if self.tokens_before else 0.0


class SharedContext:
    """Hand compressed content from agent to agent under names.

    Everything lives in the compressor's store, so that agents in other processes find it where the
    store is one that they share (a `SQLiteStore` of one file, Redis). Nothing expires; a store with
    a size limit forgets what was used least recently.

    Args:
        compressor: Compresses, and has the store; one with default settings when None.

    >>> shared = SharedContext()
    >>> entry = shared.put("greeting", "hello")
    >>> shared.get("greeting"), shared.get("greeting", full=True), shared.get("nothing")
    ('hello', 'hello', None)
    """

    def __init__(self, compressor: Compressor | None = None) -> None:
        self._compressor = Compressor() if compressor is None else compressor
        self._newest: dict[str, int] = {}
        self._lock = threading.Lock()

    def put(
        self, key: str, content: str, *, agent: str | None = None, query: str | None = None
    ) -> SharedEntry:
        """Put content under a key, in place of what stood there.

        Args:
            key: Its name.
            content: A text of any kind.
            agent: Who puts it there.
            query: What the reader will look for; that stays visible.

        Raises:
            TypeError: If the key or the content is not a string.
            StoreError: If the store could not keep it.
        """
        for given in (key, content):
            if not isinstance(given, str):
                raise TypeError(f"key and content must be strings, got {type(given).__name__}")
        store, namespace = self._compressor.store, self._compressor.config.namespace
        result = self._compressor.compress_text(content, query=query)
        handle = handle_of(content, namespace=namespace)
        store.put(handle, content, namespace=namespace)
        entry = SharedEntry(
            key, result.text, handle, result.tokens_before, result.tokens_after, agent
        )
        written = json.dumps(asdict(entry), sort_keys=True)
        newest, number = self._found(key)
        if newest == entry:
            return entry
        for place in range(number + 1, number + 1 + _MOST_RACES):
            try:
                store.put(self._place(key, place), written, namespace=namespace)
            except HandleCollisionError:
                continue
            with self._lock:
                self._newest[key] = place
            return entry
        raise HandleCollisionError(f"others keep putting content under {key!r}")

    def get(self, key: str, *, full: bool = False) -> str | None:
        """Return what stands under a key, compressed or whole; None if nothing does.

        Args:
            key: Its name.
            full: True: the whole content, byte for byte.

        Raises:
            StoreError: If the store could not be read.
        """
        found = self.entry(key)
        if found is None or not full:
            return None if found is None else found.text
        namespace = self._compressor.config.namespace
        return self._compressor.store.get(found.handle, namespace=namespace)

    def entry(self, key: str) -> SharedEntry | None:
        """Return all that is known of a key; None if nothing stands under it.

        Raises:
            StoreError: If the store could not be read.
        """
        return self._found(key)[0]

    def _found(self, key: str) -> tuple[SharedEntry | None, int]:
        """Return the newest entry of a key, and its number among all that stood there.

        A store never replaces what stands under a handle, so each content has a place of its own.
        """
        namespace = self._compressor.config.namespace
        with self._lock:
            number = self._newest.get(key, 0)
        newest = None
        if number:
            newest = self._compressor.store.get(self._place(key, number), namespace=namespace)
        while True:
            place = self._place(key, number + 1)
            later = self._compressor.store.get(place, namespace=namespace)
            if later is None:
                break
            newest, number = later, number + 1
        with self._lock:
            self._newest[key] = max(number, self._newest.get(key, 0))
        return (None if newest is None else SharedEntry(**json.loads(newest))), number

    def _place(self, key: str, number: int) -> str:
        namespace = self._compressor.config.namespace
        return handle_of(f"headroom shared context\n{number}\n{key}", namespace=namespace)
