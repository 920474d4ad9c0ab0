"""Compressors that a suite hands to an adapter: one that watches, and ones that misbehave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headroom import (
    CompressionConfig,
    Compressor,
    MemoryStore,
    RewriteResult,
    Segment,
    StoreError,
)


class EngineError(RuntimeError):
    """What the failing compressor raises."""


class Probe(Compressor):
    """A compressor with a store of its own that remembers what it was asked.

    Attributes:
        calls: How often a conversation was rewritten, through whichever entry point.
        segments: What the last call was given.
    """

    def __init__(self, config: CompressionConfig | None = None, **arguments: Any) -> None:
        arguments.setdefault("store", MemoryStore())
        super().__init__(config, **arguments)
        self.calls = 0
        self.segments: tuple[Segment, ...] = ()

    # Every entry point comes by here: adapters that read segments themselves call `rewrite`, those
    # that are given a provider's own requests `compress_request`.
    def _rewrite(self, segments: Sequence[Segment], **arguments: Any) -> RewriteResult:
        self.calls += 1
        self.segments = tuple(segments)
        return super()._rewrite(segments, **arguments)

    def leaves_alone(self, body: bytes, *, format: str | None = None) -> bool:
        """Return False: a suite wants to see what is done with every request."""
        return False


class FailingProbe(Probe):
    """A compressor whose engine has a bug."""

    def _rewrite(self, segments: Sequence[Segment], **arguments: Any) -> RewriteResult:
        # With a text of the conversation in the error.
        self.calls += 1
        self.segments = tuple(segments)
        raise EngineError("a bug, while reading: " + "".join(s.text for s in self.segments))


class FullStore:
    """A store that can keep nothing, as on a full disk."""

    def put(self, handle: str, original: str, *, namespace: str = "") -> None:
        """Raise `StoreError`."""
        raise StoreError("no space left on device")

    def get(self, handle: str, *, namespace: str = "") -> str | None:
        """Return None: it never kept anything."""
        return None


class BrokenStore(FullStore):
    """A store that fails with an error of its own, as a driver does."""

    def put(self, handle: str, original: str, *, namespace: str = "") -> None:
        """Raise `OSError`."""
        raise OSError("connection reset")
