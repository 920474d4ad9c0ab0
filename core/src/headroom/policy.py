"""Which segments may be touched, and how far. Every entry point asks here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from headroom.config import CompressionConfig, Fidelity
from headroom.segments import Segment

RETRIEVAL_TOOL_NAME = "headroom_retrieve"

# An agent needs the whole message of an ordinary failure; a failing build can be a book.
PROTECTED_ERROR_TOKENS = 2_000


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
