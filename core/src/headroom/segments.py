"""The seam between wire formats and the engine: texts go in, aligned rewrites come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from headroom.results import Decision

Role = Literal["tool", "user", "assistant", "system"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One text of a conversation, with what is known about it.

    A codec or an adapter reads *every* text of the conversation, in order: what stands before a
    tool result (the question, the call) steers how that result is shortened. Which segments may
    be touched is not the reader's business but the policy's.

    Args:
        text: The text, exactly as it stands in the message.
        role: ``tool`` for tool results, whatever the format calls them.
        index: Position of the message that holds the text, from 0.
        tool_name: Name of the tool that was called, where known.
        arguments: The call's own arguments: parsed, or as the text that was sent.
        call_id: Id of the call that this text answers.
        is_error: True when the protocol flags the result as an error.
        pinned: True when the caller wants this text left alone.
        location: Opaque to the core: where the codec puts a new text back.
    """

    text: str
    role: Role
    index: int = 0
    tool_name: str | None = None
    arguments: str | Mapping[str, object] | None = None
    call_id: str | None = None
    is_error: bool = False
    pinned: bool = False
    location: object = None

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise TypeError(f"a segment's text must be a str, got {type(self.text).__name__}")


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The new text of one segment, and the handles that stand in it."""

    text: str
    handles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RewriteResult:
    """What became of a sequence of segments.

    Args:
        rewrites: One entry per segment, in order; None means: leave that text as it is.
        decisions: One per segment, in order.
        tokens_before: Tokens of all segments as given.
        tokens_after: Tokens of all segments after rewriting.
        overhead_tokens: Tokens of the retrieval tool's schema, if the model is given the tool.
        counter_name: What the tokens were counted with.
    """

    rewrites: tuple[Rewrite | None, ...]
    decisions: tuple[Decision, ...]
    tokens_before: int
    tokens_after: int
    overhead_tokens: int
    counter_name: str

    @property
    def changed(self) -> bool:
        """Say whether any text was rewritten."""
        return any(r is not None for r in self.rewrites)

    @property
    def handles(self) -> tuple[str, ...]:
        """Every handle written, in order, each once."""
        return tuple(dict.fromkeys(h for r in self.rewrites if r is not None for h in r.handles))

    def with_decisions(self, decisions: Sequence[Decision]) -> RewriteResult:
        """Return the result with decisions on what stands beside the messages, and their tokens."""
        return replace(
            self,
            decisions=(*self.decisions, *decisions),
            tokens_before=self.tokens_before + sum(d.tokens_before for d in decisions),
            tokens_after=self.tokens_after + sum(d.tokens_after for d in decisions),
        )
