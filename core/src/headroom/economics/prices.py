"""What providers charge, and the rules of their prompt caches: data, dated and sourced.

List prices in US dollars per million tokens for short prompts, without batch, priority or regional
surcharges. They change: hand your own rows in front of these to every function that takes a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Provider = Literal["anthropic", "openai", "google"]

# The day on which the rows below were last compared with their sources.
PRICES_VERSION = "2026-11-20"

ANTHROPIC_SOURCE = "https://platform.claude.com/docs/en/about-claude/pricing"
OPENAI_SOURCE = "https://developers.openai.com/api/docs/pricing"
GOOGLE_SOURCE = "https://ai.google.dev/gemini-api/docs/pricing"

_MINUTE = 60
_HOUR = 60 * _MINUTE

# What may follow a family's name without making it another model: a date, a snapshot, a variant
# that costs the same.
_SAME_MODEL = re.compile(
    r"(?:[-@](?:\d{4}-\d{2}-\d{2}|\d{3,8}|latest|preview|thinking|v\d{1,3}))*(?:[:\[].*)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing:
    """What one family of models charges, and how its prompt cache works.

    Prices are US dollars per million tokens.

    Args:
        provider: Whose rules these are.
        family: The name that every model of the family starts with, without date.
        input: Price of a prompt's token that is neither read from nor written to the cache.
        output: Price of a token that the model writes.
        cache_read: Price of a prompt's token that is read from the cache.
        cache_write: Price of a prompt's token that is written to the cache.
        cache_write_long: The same, for the longer lifetime; None where there is one lifetime.
        minimum_prefix: A shorter prefix is not cached, in tokens.
        step: Cached prefixes are a multiple of this many tokens long.
        breakpoints: Places that a request may mark for caching; 0: the provider chooses alone.
        lifetime_seconds: How long an unread entry stays at least, or usually.
        long_lifetime_seconds: The same, for the longer lifetime; None where there is one.
        source: Where the prices stand.
        as_of: The day on which they stood there, as YYYY-MM-DD.

    Raises:
        ValueError: If a number is negative or the minimum or the step less than one token.
    """

    provider: Provider
    family: str
    input: float
    output: float
    cache_read: float
    cache_write: float
    cache_write_long: float | None = None
    minimum_prefix: int = 1024
    step: int = 1
    breakpoints: int = 0
    lifetime_seconds: int = 5 * _MINUTE
    long_lifetime_seconds: int | None = None
    source: str = ""
    as_of: str = PRICES_VERSION

    def __post_init__(self) -> None:
        charged = (self.input, self.output, self.cache_read, self.cache_write)
        if min(*charged, self.cache_write_long or 0.0) < 0:
            raise ValueError("prices must be 0 or more")
        if self.minimum_prefix < 1 or self.step < 1:
            raise ValueError("minimum_prefix and step must be 1 or more")


def _anthropic(
    family: str, input: float, output: float, minimum: int, read: float = 0.1
) -> Pricing:
    """Return a row by Anthropic's rule: a write costs 1.25 inputs for five minutes, 2 for an hour.

    https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    """
    return Pricing(
        provider="anthropic",
        family=family,
        input=input,
        output=output,
        cache_read=round(read * input, 6),
        cache_write=round(1.25 * input, 6),
        cache_write_long=2 * input,
        minimum_prefix=minimum,
        breakpoints=4,
        long_lifetime_seconds=_HOUR,
        source=ANTHROPIC_SOURCE,
    )


def _openai(family: str, input: float, output: float, read: float, write: float = 1.0) -> Pricing:
    """Return a row by OpenAI's rule: 1,024 tokens at least, then steps of 128.

    From GPT-5.6 on a write costs 1.25 inputs and lives for half an hour at least.
    https://developers.openai.com/api/docs/guides/prompt-caching
    """
    writes_are_charged = write > 1.0
    return Pricing(
        provider="openai",
        family=family,
        input=input,
        output=output,
        cache_read=read,
        cache_write=round(write * input, 6),
        step=1 if writes_are_charged else 128,
        breakpoints=4 if writes_are_charged else 0,
        lifetime_seconds=30 * _MINUTE if writes_are_charged else 5 * _MINUTE,
        source=OPENAI_SOURCE,
    )


def _google(family: str, input: float, output: float, read: float, minimum: int) -> Pricing:
    """Return a row by the rule of Gemini's implicit cache: reads are cheaper, writes cost nothing.

    How long an entry lives is not promised. Google's pages disagree about the smallest prefix; the
    larger figure stands here. https://ai.google.dev/gemini-api/docs/caching
    """
    return Pricing(
        provider="google",
        family=family,
        input=input,
        output=output,
        cache_read=read,
        cache_write=input,
        minimum_prefix=minimum,
        source=GOOGLE_SOURCE,
    )


PRICES: tuple[Pricing, ...] = (
    _anthropic("claude-fable-5-1", 10.0, 50.0, 512, read=0.025),
    _anthropic("claude-fable-5", 10.0, 50.0, 512),
    _anthropic("claude-opus-5-5", 4.0, 20.0, 512, read=0.05),
    _anthropic("claude-opus-5", 5.0, 25.0, 512),
    _anthropic("claude-opus-4-8", 5.0, 25.0, 1024),
    _anthropic("claude-opus-4-7", 5.0, 25.0, 2048),
    _anthropic("claude-opus-4-6", 5.0, 25.0, 4096),
    _anthropic("claude-opus-4-5", 5.0, 25.0, 4096),
    _anthropic("claude-opus-4-1", 15.0, 75.0, 1024),
    _anthropic("claude-opus-4", 15.0, 75.0, 1024),
    _anthropic("claude-sonnet-5-5", 2.0, 10.0, 512, read=0.05),
    _anthropic("claude-sonnet-5", 2.0, 10.0, 1024),
    _anthropic("claude-sonnet-4-6", 3.0, 15.0, 1024),
    _anthropic("claude-sonnet-4-5", 3.0, 15.0, 1024),
    _anthropic("claude-sonnet-4", 3.0, 15.0, 1024),
    # Up to 100,000 tokens of prompt; longer prompts cost five times as much.
    _anthropic("claude-haiku-5-5", 0.1, 0.5, 512),
    _anthropic("claude-haiku-4-5", 1.0, 5.0, 4096),
    _openai("gpt-6.1-sol", 2.0, 10.0, 0.1, write=1.25),
    _openai("gpt-6-astra", 10.0, 50.0, 1.0, write=1.25),
    _openai("gpt-6-sol", 2.0, 10.0, 0.2, write=1.25),
    _openai("gpt-6-luna", 0.1, 0.5, 0.01, write=1.25),
    _openai("gpt-5.6", 4.0, 20.0, 0.4, write=1.25),
    _openai("gpt-5.6-sol", 4.0, 20.0, 0.4, write=1.25),
    _openai("gpt-5.6-terra", 2.0, 12.0, 0.2, write=1.25),
    _openai("gpt-5.6-luna", 0.2, 1.2, 0.02, write=1.25),
    _openai("gpt-5.5", 5.0, 30.0, 0.5),
    _openai("gpt-5.4", 2.5, 15.0, 0.25),
    _openai("gpt-5.4-mini", 0.75, 4.5, 0.075),
    _openai("gpt-5.4-nano", 0.2, 1.25, 0.02),
    _openai("gpt-5.2", 1.75, 14.0, 0.175),
    _openai("gpt-5.1", 1.25, 10.0, 0.125),
    _openai("gpt-5", 1.25, 10.0, 0.125),
    _openai("gpt-5-mini", 0.25, 2.0, 0.025),
    _openai("gpt-5-nano", 0.05, 0.4, 0.005),
    _openai("gpt-4.1", 2.0, 8.0, 0.5),
    _openai("gpt-4.1-mini", 0.4, 1.6, 0.1),
    _openai("gpt-4.1-nano", 0.1, 0.4, 0.025),
    _openai("gpt-4o", 2.5, 10.0, 1.25),
    _openai("gpt-4o-mini", 0.15, 0.6, 0.075),
    _openai("o3", 2.0, 8.0, 0.5),
    _openai("o4-mini", 1.1, 4.4, 0.275),
    _google("gemini-4-argon", 2.0, 10.0, 0.1, 4096),
    _google("gemini-3.8-flash", 0.75, 3.75, 0.075, 4096),
    _google("gemini-3.7-flash", 0.75, 3.75, 0.075, 4096),
    _google("gemini-3.6-flash", 0.75, 3.75, 0.075, 4096),
    _google("gemini-3.5-flash", 1.5, 9.0, 0.15, 4096),
    _google("gemini-3.5-flash-lite", 0.3, 2.5, 0.03, 4096),
    _google("gemini-3.1-pro", 2.0, 12.0, 0.2, 4096),
    _google("gemini-3.1-flash-lite", 0.25, 1.5, 0.025, 4096),
    _google("gemini-3-flash", 0.5, 3.0, 0.05, 4096),
    _google("gemini-2.5-pro", 1.25, 10.0, 0.125, 2048),
    _google("gemini-2.5-flash", 0.3, 2.5, 0.03, 2048),
    _google("gemini-2.5-flash-lite", 0.1, 0.4, 0.01, 2048),
)


def pricing_for(model: str | None, table: Sequence[Pricing] = PRICES) -> Pricing | None:
    """Return the row of a model, however a gateway spells it; None for a model that is not listed.

    Of several rows the one with the longest family counts, of equal ones the first.

    Args:
        model: As a request names it: ``claude-opus-5-5``, ``openai/gpt-5.6-sol-2026-07-09``,
            ``us.anthropic.claude-sonnet-4-5-20250929-v1:0``.
        table: The rows to look in, yours first.

    >>> pricing_for("anthropic/claude-opus-5-5").cache_read
    0.2
    >>> pricing_for("gpt-5.9") is None
    True
    """
    # Bedrock, Vertex and gateways put a region, a publisher or a path in front.
    name = (model or "").lower().rpartition("/")[2]
    found = [row for row in table if _is_of(name, row.family.lower())]
    return max(found, key=lambda row: len(row.family), default=None)


def _is_of(name: str, family: str) -> bool:
    at = name.find(family)
    if at < 0 or (at and name[at - 1] != "."):
        return False
    return _SAME_MODEL.fullmatch(name[at + len(family) :]) is not None
