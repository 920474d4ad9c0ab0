"""The compressors that come with the core, in the order in which they are asked."""

from __future__ import annotations

import functools

from headroom.compressors.interface import ContentCompressor


@functools.cache
def bundled_compressors() -> tuple[ContentCompressor, ...]:
    """Return one instance of each bundled compressor; they hold no state."""
    return ()
