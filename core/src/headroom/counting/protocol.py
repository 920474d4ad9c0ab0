"""What the core asks of a token counter."""

from __future__ import annotations

from typing import Protocol


class Counter(Protocol):
    """Counts the tokens of a text.

    A counter must be deterministic and safe to call from several threads. The count of a text
    may not depend on anything but the text.
    """

    @property
    def name(self) -> str:
        """Name printed beside every number that this counter produced."""
        ...

    def count(self, text: str) -> int:
        """Return the number of tokens of ``text``; 0 for the empty text."""
        ...
