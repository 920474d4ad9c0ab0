"""Where the numbers of each result may go: numbers only, never text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """The numbers of one call.

    Args:
        model: Model name as given, or None.
        format: Wire format.
        counter_name: What the tokens were counted with.
        tokens_before: Tokens read.
        tokens_after: Tokens returned.
        overhead_tokens: Tokens of the retrieval tool's schema.
        kinds: For each kind of content that was shortened: tokens before and after.
    """

    model: str | None
    format: str
    counter_name: str
    tokens_before: int
    tokens_after: int
    overhead_tokens: int
    kinds: tuple[tuple[str, int, int], ...] = ()


class Ledger(Protocol):
    """Receives the numbers of each call; pass its ``record`` as ``on_result``."""

    def record(self, entry: LedgerEntry) -> None:
        """Keep one entry."""
        ...
