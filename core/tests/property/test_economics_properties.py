"""Whatever the counts and the prices: costs are never negative, and less is never dearer."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom import economics
from headroom.economics import PRICES, Pricing, Prompt

rows = st.sampled_from(PRICES)
counts = st.integers(0, 2_000_000)
turns = st.integers(0, 500)
rates = st.floats(0, 1)


@st.composite
def prompts(draw: st.DrawFn) -> Prompt:
    tokens = draw(counts)
    return Prompt(tokens, draw(st.integers(0, tokens)), draw(counts))


@given(prompts(), rows, st.booleans())
def test_a_bill_accounts_for_every_token_and_is_never_negative(
    prompt: Prompt, row: Pricing, long_lived: bool
) -> None:
    bill = economics.request_bill(prompt, row, long_lived=long_lived)
    assert bill.prompt == prompt.tokens
    assert min(bill.read, bill.written, bill.uncached) >= 0
    assert bill.read <= prompt.same
    cheapest, dearest = row.cache_read, max(row.cache_write, row.cache_write_long or 0.0)
    without_output = bill.usd - prompt.output * row.output / 1e6
    assert cheapest * prompt.tokens / 1e6 - 1e-9 <= without_output
    assert without_output <= dearest * prompt.tokens / 1e6 + 1e-9


@given(counts, counts, counts, rows)
def test_a_longer_common_prefix_never_costs_more(
    tokens: int, one: int, other: int, row: Pricing
) -> None:
    shorter, longer = sorted((min(one, tokens), min(other, tokens)))
    with_longer = economics.request_bill(Prompt(tokens, longer), row).usd
    assert with_longer <= economics.request_bill(Prompt(tokens, shorter), row).usd + 1e-12


@given(st.tuples(counts, counts), st.tuples(turns, turns), rates, rows, st.booleans())
def test_more_tokens_left_out_for_more_turns_are_worth_more(
    tokens: tuple[int, int], later: tuple[int, int], rate: float, row: Pricing, long_lived: bool
) -> None:
    less, more = sorted(tokens)
    few, many = sorted(later)

    def worth(removed: int, turns: int) -> float:
        return economics.value_at_birth(
            removed, row, turns=turns, hit_rate=rate, long_lived=long_lived
        )

    assert 0 <= worth(less, few) <= worth(more, many)


@given(counts, turns, rates, rates, rows)
def test_what_is_left_out_is_worth_more_where_the_cache_misses_more(
    tokens: int, later: int, one: float, other: float, row: Pricing
) -> None:
    rarely, often = sorted((one, other))
    missed = economics.value_at_birth(tokens, row, turns=later, hit_rate=rarely)
    assert missed >= economics.value_at_birth(tokens, row, turns=later, hit_rate=often) - 1e-9


@given(st.integers(1, 1_000_000), counts, rows, st.booleans())
def test_a_rewrite_saves_nothing_before_its_break_even_and_something_after(
    removed: int, suffix: int, row: Pricing, long_lived: bool
) -> None:
    even = economics.break_even_turns(removed, suffix, row, long_lived=long_lived)

    def saved(after: float) -> float:
        return economics.rewrite_value(removed, suffix, row, turns=after, long_lived=long_lived)

    assert saved(even) == pytest.approx(0, abs=1e-6)
    assert saved(even + 1) > 0
    assert saved(math.floor(even)) <= 1e-6


@given(counts, rows)
def test_a_cache_gives_back_no_more_than_stands_there(tokens: int, row: Pricing) -> None:
    found = economics.cacheable(tokens, row)
    assert 0 <= found <= tokens
    assert found == 0 or found >= row.minimum_prefix
    assert economics.cacheable(found, row) == found


@given(counts, counts, rows)
def test_shrinking_a_prefix_costs_more_only_below_the_minimum(
    one: int, other: int, row: Pricing
) -> None:
    after, before = sorted((one, other))
    if economics.shrinking_cost(before, after, row) > row.step * row.cache_write / 1e6:
        assert after < row.minimum_prefix <= before
