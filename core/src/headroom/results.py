"""What a call gives back: decisions, tokens, handles, and a table a person can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from headroom.economics import PRICES, Pricing, pricing_for, shrinking_cost, value_at_birth

Action = Literal["kept", "encoded", "selected", "aligned"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was done with one text, or why nothing was.

    Args:
        index: Position of the message that holds the text, from 0; -1 for a part of a request
            beside its messages.
        kind: Kind of content that was recognised (``json``, ``log``, ``search``, ``paths``,
            ``text`` …), or ``-`` where the text was not looked at.
        compressor: Name of the compressor that wrote the new text; empty when kept.
        action: ``kept``: untouched; ``encoded``: lossless re-notation; ``selected``: parts were
            left out behind a marker; ``aligned``: changed so that the prefix stays cached.
        reason: Why, in a few words.
        tokens_before: Tokens of the text as given; 0 for a message without text.
        tokens_after: Tokens of the text as returned.
        handles: Handles that stand in the new text.
        tool_name: Tool that produced the text, where known.
        parts: Where the text consists of several, such as a transcript of commands, what was
            done with each, in order. Their tokens are those of the parts alone, and the handles
            of all of them stand in ``handles``.
    """

    index: int
    kind: str
    compressor: str
    action: Action
    reason: str
    tokens_before: int
    tokens_after: int
    handles: tuple[str, ...] = ()
    tool_name: str | None = None
    parts: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class CompressionResult(Generic[T]):
    """The outcome of one call.

    Args:
        output: Same type and wire format as given; the same object when nothing changed.
        decisions: In message order, at least one per message.
        tokens_before: Tokens of all texts that were read, in ``counter_name`` tokens.
        tokens_after: The same after compression.
        overhead_tokens: Tokens of the retrieval tool's schema, when the model is given the tool.
        handles: Every handle written in this result, in order.
        format: Wire format that was recognised.
        model: Model name as given, or None.
        counter_name: What the tokens were counted with; ends in ``reference`` where the model's
            own tokenizer is another one.
    """

    output: T
    decisions: tuple[Decision, ...]
    tokens_before: int
    tokens_after: int
    overhead_tokens: int
    handles: tuple[str, ...]
    format: str
    model: str | None
    counter_name: str

    @property
    def messages(self) -> T:
        """The output, under the name that suits a list of messages."""
        return self.output

    @property
    def request(self) -> T:
        """The output, under the name that suits a whole request."""
        return self.output

    @property
    def text(self) -> T:
        """The output, under the name that suits a single text."""
        return self.output

    @property
    def tokens_saved(self) -> int:
        """Tokens saved net of the overhead; negative when the overhead was larger."""
        return self.tokens_before - self.tokens_after - self.overhead_tokens

    @property
    def savings(self) -> float:
        """Share of the tokens that was saved net of the overhead, as a fraction (1.0 is all)."""
        return self.tokens_saved / self.tokens_before if self.tokens_before else 0.0

    def explain(self, *, prices: Sequence[Pricing] = PRICES) -> str:
        """Return a table: one line per decision, then the totals and what they are worth.

        Args:
            prices: What models charge; the last line is left out for a model without a row.
        """
        return explain(self, prices)


_COLUMNS = ("message", "kind", "before", "after", "done", "why")


def explain(result: CompressionResult[T], prices: Sequence[Pricing] = PRICES) -> str:
    """Lay out a result's decisions as a table with aligned columns."""
    rows = [row for decision in result.decisions for row in _rows(decision, str(decision.index))]
    widths = [max(len(row[i]) for row in (_COLUMNS, *rows)) for i in range(len(_COLUMNS))]
    numeric = {0, 2, 3}
    lines = [
        "  ".join(
            cell.rjust(width) if i in numeric else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (_COLUMNS, *rows)
    ]
    overhead = f" - {result.overhead_tokens} overhead" if result.overhead_tokens else ""
    lines.append(
        f"{result.tokens_before} -> {result.tokens_after} tokens{overhead}: "
        f"{result.savings:.1%} saved ({result.counter_name} tokens)"
    )
    pricing = pricing_for(result.model, prices)
    if pricing is not None and result.tokens_saved:
        lines.append(worth(result, pricing))
    return "\n".join(lines)


def _rows(decision: Decision, place: str) -> list[tuple[str, ...]]:
    """Return a decision's row, and those of its parts: ``2.1`` is the first part of message 2."""
    handles = () if decision.parts else decision.handles
    row = (
        place,
        decision.kind,
        str(decision.tokens_before),
        str(decision.tokens_after),
        f"{decision.action} by {decision.compressor}" if decision.compressor else decision.action,
        decision.reason + (f" [{', '.join(handles)}]" if handles else ""),
    )
    below = (_rows(part, f"{place}.{i}") for i, part in enumerate(decision.parts, 1))
    return [row, *(r for rows in below for r in rows)]


def worth(result: CompressionResult[T], pricing: Pricing) -> str:
    """Say in one line what the saved tokens are worth at list prices, or that they cost more.

    The texts count, not the tools and the images of a request; tokens are those of the counter.
    """
    listed = f"list prices of {pricing.family}, {pricing.as_of}"
    saved = result.tokens_saved
    if saved < 0:
        loss = value_at_birth(-saved, pricing, turns=0)
        return f"costs ${loss:.6f} more than it saves ({listed})"
    once = value_at_birth(saved, pricing, turns=0)
    later = -shrinking_cost(result.tokens_before, result.tokens_before - saved, pricing)
    if later < 0:
        return (
            f"saves ${once:.6f} once, but a later turn of this length costs ${-later:.6f} more: "
            f"prefixes under {pricing.minimum_prefix} tokens are not cached ({listed})"
        )
    return f"saves ${once:.6f} once and ${later:.6f} with each later turn ({listed})"
