"""Where the numbers of each call may go: numbers only, never text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from headroom.segments import RewriteResult


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """The tokens of one kind of content from one tool, within one call.

    Args:
        kind: Kind of content, as in `Decision.kind`; ``-`` for texts that were not looked at.
        tool_name: The tool, or "" for texts of people and models and of unknown tools.
        tokens_before: Tokens read.
        tokens_after: Tokens returned.
    """

    kind: str
    tool_name: str
    tokens_before: int
    tokens_after: int


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """The numbers of one call.

    Args:
        event: ``compress`` or ``retrieve``.
        model: Model name as given, or None.
        format: Wire format; "" for a retrieval.
        counter_name: What the tokens were counted with.
        tokens_before: Tokens read; 0 for a retrieval.
        tokens_after: Tokens returned; for a retrieval the tokens of the answer, a debit.
        overhead_tokens: Tokens of the retrieval tool's schema, a debit.
        lines: The same tokens by kind and tool, in order of first appearance.
    """

    event: Literal["compress", "retrieve"]
    model: str | None
    format: str
    counter_name: str
    tokens_before: int
    tokens_after: int
    overhead_tokens: int = 0
    lines: tuple[LedgerLine, ...] = ()

    @property
    def tokens_saved(self) -> int:
        """Tokens saved, net of every debit; negative for a retrieval."""
        return self.tokens_before - self.tokens_after - self.overhead_tokens


class Ledger(Protocol):
    """Receives the numbers of each call; pass its ``record`` as ``on_result``."""

    def record(self, entry: LedgerEntry) -> None:
        """Keep one entry."""
        ...


def compression_entry(done: RewriteResult, *, format_name: str, model: str | None) -> LedgerEntry:
    """Return the entry of a compression."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for d in done.decisions:
        key = (d.kind, d.tool_name or "")
        before, after = sums.get(key, (0, 0))
        sums[key] = (before + d.tokens_before, after + d.tokens_after)
    return LedgerEntry(
        event="compress",
        model=model,
        format=format_name,
        counter_name=done.counter_name,
        tokens_before=done.tokens_before,
        tokens_after=done.tokens_after,
        overhead_tokens=done.overhead_tokens,
        lines=tuple(LedgerLine(*key, *tokens) for key, tokens in sums.items()),
    )


def retrieval_entry(tokens: int, counter_name: str) -> LedgerEntry:
    """Return the entry of a retrieval whose answer has ``tokens`` tokens."""
    return LedgerEntry("retrieve", None, "", counter_name, 0, tokens)
