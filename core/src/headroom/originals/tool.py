"""The retrieval tool. (The retrieval owner replaces this first form.)"""

from __future__ import annotations

from typing import Any

from headroom.counting.protocol import Counter


class RetrievalTool:
    """The retrieval tool."""

    def __init__(self, compressor: Any) -> None:
        self._compressor = compressor

    def overhead_tokens(self, counter: Counter) -> int:
        """Count the schema's tokens."""
        return counter.count("headroom_retrieve")
