"""Give an original back, whole or in part. (The retrieval owner replaces this first form.)"""

from __future__ import annotations

from dataclasses import dataclass

from headroom.compressors.interface import Relevance
from headroom.counting.protocol import Counter


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A part of an original."""

    text: str
    unit: str
    selected: int
    total: int
    complete: bool
    next_cursor: str | None


def retrieve_part(
    original: str,
    *,
    counter: Counter,
    relevance: Relevance | None = None,
    lines: object = None,
    rows: object = None,
    path: str | None = None,
    pattern: str | None = None,
    query: str | None = None,
    max_tokens: int | None = None,
    cursor: str | None = None,
) -> Retrieval:
    """Return the whole original."""
    total = original.count("\n") + 1
    return Retrieval(original, "lines", total, total, True, None)
