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
        calls: How often it was asked, by whichever of its methods.
        segments: What it was asked last about.
    """

    def __init__(self, config: CompressionConfig | None = None, **arguments: Any) -> None:
        arguments.setdefault("store", MemoryStore())
        super().__init__(config, **arguments)
        self.calls = 0
        self.segments: tuple[Segment, ...] = ()

    # All that a compressor is asked ends here: segments, messages, requests and single texts.
    def _rewrite(self, segments: Sequence[Segment], **arguments: Any) -> RewriteResult:
        self.calls += 1
        self.segments = tuple(segments)
        return super()._rewrite(segments, **arguments)


class FailingProbe(Probe):
    """A compressor whose engine has a bug."""

    def _rewrite(self, segments: Sequence[Segment], **arguments: Any) -> RewriteResult:
        """Remember the call, then fail, with a text of the conversation in the error."""
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
