"""What tokens cost over the life of a conversation: pure functions of counts and prices.

A conversation is sent whole at every turn. A token of it is paid once when it is new (written to
the provider's cache, if it has one) and then at every later turn (read from the cache while the
prefix before it stays as it was). So what is left out on its first day is saved many times over,
and what is changed later makes everything behind it new again.

All amounts are US dollars, all counts tokens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from headroom.economics.prices import Pricing

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request, as far as its price depends on it.

    Args:
        tokens: Tokens of the whole prompt.
        same: Tokens at its beginning that the request before it began with, byte for byte.
        output: Tokens that the model wrote.
    """

    tokens: int
    same: int = 0
    output: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.same <= self.tokens or self.output < 0:
            raise ValueError(f"0 <= same <= tokens and output >= 0 must hold: {self!r}")


@dataclass(frozen=True, slots=True)
class Bill:
    """What requests cost, and of which tokens.

    Args:
        read: Tokens read from the cache.
        written: Tokens written to the cache.
        uncached: Tokens of prompts that were too short to be cached.
        output: Tokens that the model wrote.
        usd: What all of it costs, in US dollars.
    """

    read: int = 0
    written: int = 0
    uncached: int = 0
    output: int = 0
    usd: float = 0.0

    def __add__(self, other: Bill) -> Bill:
        return Bill(
            self.read + other.read,
            self.written + other.written,
            self.uncached + other.uncached,
            self.output + other.output,
            self.usd + other.usd,
        )

    @property
    def prompt(self) -> int:
        """Tokens of the prompts."""
        return self.read + self.written + self.uncached


def cacheable(tokens: int, pricing: Pricing) -> int:
    """Return how many tokens of a prefix the provider's cache can give back.

    >>> from headroom.economics import pricing_for
    >>> tuple(cacheable(n, pricing_for("gpt-5")) for n in (1023, 1024, 1200))
    (0, 1024, 1152)
    """
    if tokens < pricing.minimum_prefix:
        return 0
    return pricing.minimum_prefix + (tokens - pricing.minimum_prefix) // pricing.step * pricing.step


def request_bill(prompt: Prompt, pricing: Pricing, *, long_lived: bool = False) -> Bill:
    """Price one request that comes while the cache still holds the one before it.

    What both begin with is read, the rest is written; a prompt under the provider's minimum is
    neither.

    Args:
        prompt: The request.
        pricing: Whose prices.
        long_lived: True: entries are written for the longer lifetime, where there is one.
    """
    read = cacheable(prompt.same, pricing)
    fresh = prompt.tokens - read
    is_cached = prompt.tokens >= pricing.minimum_prefix
    write = _write(pricing, long_lived=long_lived)
    usd = (
        read * pricing.cache_read
        + fresh * (write if is_cached else pricing.input)
        + prompt.output * pricing.output
    ) / _MILLION
    written, uncached = (fresh, 0) if is_cached else (0, fresh)
    return Bill(read, written, uncached, prompt.output, usd)


def conversation_bill(
    prompts: Iterable[Prompt], pricing: Pricing, *, long_lived: bool = False
) -> Bill:
    """Price requests that follow each other while the cache lives."""
    total = Bill()
    for prompt in prompts:
        total += request_bill(prompt, pricing, long_lived=long_lived)
    return total


def _write(pricing: Pricing, *, long_lived: bool) -> float:
    if long_lived and pricing.cache_write_long is not None:
        return pricing.cache_write_long
    return pricing.cache_write


def value_at_birth(
    tokens: int,
    pricing: Pricing,
    *,
    turns: int,
    hit_rate: float = 1.0,
    long_lived: bool = False,
) -> float:
    """Return what it saves to leave tokens out before they are sent for the first time.

    They are not written once, and not read again (or written again, where the cache missed) at
    each of the turns that follow: tokens x (w + turns x (h r + (1 - h) w)).

    Args:
        tokens: Tokens left out.
        pricing: Whose prices.
        turns: Later turns that would have sent them again.
        hit_rate: Share of those turns that finds the cache warm, as a fraction.
        long_lived: True: entries are written for the longer lifetime, where there is one.

    Raises:
        ValueError: If a number is negative or the rate above 1.

    >>> from headroom.economics import pricing_for
    >>> value_at_birth(1_000_000, pricing_for("claude-opus-5"), turns=20)
    16.25
    """
    if tokens < 0 or turns < 0 or not 0 <= hit_rate <= 1:
        raise ValueError("tokens and turns must be 0 or more, hit_rate from 0 to 1")
    write = _write(pricing, long_lived=long_lived)
    again = hit_rate * pricing.cache_read + (1 - hit_rate) * write
    return tokens * (write + turns * again) / _MILLION


def rewrite_value(
    removed: int, suffix: int, pricing: Pricing, *, turns: float, long_lived: bool = False
) -> float:
    """Return what it saves to shorten history that is in the cache; negative if it costs more.

    Everything that stands behind the first change is written again instead of read:
    turns x removed x r - suffix x (w - r).

    Args:
        removed: Tokens that go.
        suffix: Tokens behind the first change that stay.
        pricing: Whose prices.
        turns: Turns that profit: this one and those that follow.
        long_lived: True: entries are written for the longer lifetime, where there is one.

    Raises:
        ValueError: If a number is negative.
    """
    if min(removed, suffix, turns) < 0:
        raise ValueError("removed, suffix and turns must be 0 or more")
    again = _write(pricing, long_lived=long_lived) - pricing.cache_read
    return (turns * removed * pricing.cache_read - suffix * again) / _MILLION


def break_even_turns(
    removed: int, suffix: int, pricing: Pricing, *, long_lived: bool = False
) -> float:
    """Return after how many turns it pays to shorten history that is in the cache.

    ``inf`` where it never does. See `rewrite_value` for the arguments.

    >>> from headroom.economics import pricing_for
    >>> break_even_turns(50_000, 50_000, pricing_for("claude-opus-5"))
    11.5
    """
    if min(removed, suffix) < 0:
        raise ValueError("removed and suffix must be 0 or more")
    lost = suffix * (_write(pricing, long_lived=long_lived) - pricing.cache_read)
    gained = removed * pricing.cache_read
    if lost <= 0:
        return 0.0
    return lost / gained if gained else float("inf")


def resend_cost(tokens: int, pricing: Pricing) -> float:
    """Return what it costs to send a prefix again that the request before began with."""
    read = cacheable(tokens, pricing)
    # What the cache cannot give back is written to it, or, under the minimum, never gets there.
    rest = pricing.cache_write if read else pricing.input
    return (read * pricing.cache_read + (tokens - read) * rest) / _MILLION


def shrinking_cost(before: int, after: int, pricing: Pricing) -> float:
    """Return by how much a shortened prefix costs more to send again than the longer one.

    Negative where the shorter one is cheaper, as it is unless it falls below the smallest prefix
    that the provider caches.

    Args:
        before: Tokens of the prefix as it was.
        after: Tokens of the shortened prefix.
        pricing: Whose prices.

    >>> from headroom.economics import pricing_for
    >>> haiku = pricing_for("claude-haiku-4-5")  # caches from 4,096 tokens on
    >>> round(shrinking_cost(5_000, 4_000, haiku), 6), shrinking_cost(9_000, 5_000, haiku) < 0
    (0.0035, True)
    """
    return resend_cost(after, pricing) - resend_cost(before, pricing)
