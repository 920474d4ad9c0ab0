"""Which segments may be touched, and how far. Every entry point asks here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from headroom.config import CompressionConfig, Fidelity
from headroom.counting.protocol import Counter
from headroom.segments import Segment

RETRIEVAL_TOOL_NAME = "headroom_retrieve"

# An agent needs the whole message of an ordinary failure; a failing build can be a book.
PROTECTED_ERROR_TOKENS = 2_000

# Short results that are remembered as such, and how long one may be in characters for each token
# that makes it worth compressing: together a few megabytes at most.
_REMEMBERED = 4_096
_LONGEST_REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Permission:
    """What may be done with one segment.

    Args:
        allowed: False: the text stays as it is, and ``reason`` says why.
        reason: Why not; "" when allowed.
        fidelity: How far compression may go.
        min_tokens: Texts with fewer tokens are left alone.
        verbatim_below: Texts of at most this many tokens are left alone because they are
            errors; 0 for all others.
        keep: Substrings whose lines or rows stay visible.
        markers: False: only lossless forms.
    """

    allowed: bool
    reason: str = ""
    fidelity: Fidelity = "balanced"
    min_tokens: int = 0
    verbatim_below: int = 0
    keep: tuple[str, ...] = ()
    markers: bool = True


def permission(segment: Segment, config: CompressionConfig, *, first_user: bool) -> Permission:
    """Decide what may be done with a segment.

    Args:
        segment: The text and what is known about it.
        config: The caller's wishes.
        first_user: True for the first user message of a conversation: it states the task.
    """
    rule = config.rule_for(segment.tool_name)
    refusal = _refusal(segment, config, off=rule.off, first_user=first_user)
    if refusal:
        return Permission(allowed=False, reason=refusal)
    markers = config.retrieval != "none"
    fidelity = rule.fidelity or config.fidelity
    return Permission(
        allowed=True,
        fidelity=fidelity if markers else "lossless",
        min_tokens=config.min_tokens if rule.min_tokens is None else rule.min_tokens,
        verbatim_below=(
            PROTECTED_ERROR_TOKENS if segment.is_error and config.protect_errors else 0
        ),
        keep=rule.keep,
        markers=markers,
    )


def _refusal(segment: Segment, config: CompressionConfig, *, off: bool, first_user: bool) -> str:
    if segment.pinned:
        return "pinned by the caller"
    if (segment.tool_name or "").endswith(RETRIEVAL_TOOL_NAME):
        return "a retrieval's result is never compressed"
    if segment.role not in config.roles:
        return f"{segment.role} text is not compressed"
    if off:
        return f"switched off for tool {segment.tool_name}"
    if segment.role == "user" and first_user:
        return "the first user message states the task"
    return ""


def large_results(config: CompressionConfig, counter: Counter) -> Callable[[str], bool] | None:
    """Return what says of a tool result's text whether it may be shortened, by its size alone.

    None where requests may change in which no such result stands. Texts that are not large are
    remembered, a bounded number of them: conversations show them again and again.
    """
    if config.align_cache or config.tidy_tools or config.context_limit is not None:
        return None
    if set(config.roles) - {"tool"}:
        return None
    own = [rule.min_tokens for rule in config.tools.values() if rule.min_tokens is not None]
    least = min([config.min_tokens, *own])

    @lru_cache(maxsize=_REMEMBERED)
    def has_enough(text: str) -> bool:
        return counter.count(text) >= least

    def is_large(text: str) -> bool:
        return len(text) > least * _LONGEST_REMEMBERED or has_enough(text)

    return is_large
