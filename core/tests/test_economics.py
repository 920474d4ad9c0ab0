"""What tokens cost: every figure here was worked out by hand from the rates."""

from __future__ import annotations

import dataclasses
import math

import pytest

from headroom import CompressionResult, economics
from headroom.economics import Bill, Pricing, Prompt

# One dollar per million: what a figure is made of can be read off it.
ANTHROPIC = Pricing(
    provider="anthropic",
    family="plain",
    input=1.0,
    output=5.0,
    cache_read=0.1,
    cache_write=1.25,
    cache_write_long=2.0,
    minimum_prefix=1000,
    breakpoints=4,
)
OPENAI = dataclasses.replace(
    ANTHROPIC,
    provider="openai",
    cache_write=1.0,
    cache_write_long=None,
    minimum_prefix=1024,
    step=128,
)
MILLION = 1_000_000


def test_a_first_request_is_written_whole() -> None:
    bill = economics.request_bill(Prompt(10_000, output=1_000), ANTHROPIC)
    assert (bill.read, bill.written, bill.uncached, bill.output) == (0, 10_000, 0, 1_000)
    assert bill.usd == pytest.approx(0.0175)


def test_a_later_request_reads_what_it_begins_with_and_writes_the_rest() -> None:
    bill = economics.request_bill(Prompt(12_000, same=10_000), ANTHROPIC)
    assert (bill.read, bill.written, bill.uncached) == (10_000, 2_000, 0)
    assert bill.usd == pytest.approx((10_000 * 0.1 + 2_000 * 1.25) / MILLION)


def test_the_longer_lifetime_costs_two_inputs_to_write() -> None:
    bill = economics.request_bill(Prompt(10_000), ANTHROPIC, long_lived=True)
    assert bill.usd == pytest.approx(0.02)
    assert economics.request_bill(Prompt(10_000), OPENAI, long_lived=True).usd == pytest.approx(
        0.01
    )


def test_a_prompt_under_the_minimum_is_neither_read_nor_written() -> None:
    bill = economics.request_bill(Prompt(900, same=800), ANTHROPIC)
    assert (bill.read, bill.written, bill.uncached) == (0, 0, 900)
    assert bill.usd == pytest.approx(900 / MILLION)


def test_a_prefix_under_the_minimum_is_written_with_the_rest() -> None:
    bill = economics.request_bill(Prompt(2_000, same=900), ANTHROPIC)
    assert (bill.read, bill.written) == (0, 2_000)


def test_openai_reads_in_steps() -> None:
    bill = economics.request_bill(Prompt(3_000, same=1_300), OPENAI)
    assert (bill.read, bill.written) == (1_280, 1_720)


def test_a_conversation_costs_the_sum_of_its_requests() -> None:
    prompts = [Prompt(2_000), Prompt(3_000, same=2_000), Prompt(4_000, same=3_000)]
    bill = economics.conversation_bill(prompts, ANTHROPIC)
    assert (bill.read, bill.written, bill.prompt) == (5_000, 4_000, 9_000)
    assert bill.usd == pytest.approx((5_000 * 0.1 + 4_000 * 1.25) / MILLION)
    assert economics.conversation_bill([], ANTHROPIC) == Bill()


def test_a_token_left_out_at_birth_is_saved_at_every_later_turn() -> None:
    # w + N r = 1.25 + 20 x 0.1
    value = economics.value_at_birth(MILLION, ANTHROPIC, turns=20)
    assert value == pytest.approx(3.25)
    # 1.25 + 20 (0.97 x 0.1 + 0.03 x 1.25)
    missing = economics.value_at_birth(MILLION, ANTHROPIC, turns=20, hit_rate=0.97)
    assert missing == pytest.approx(3.94)
    without_cache = dataclasses.replace(ANTHROPIC, cache_read=1.0, cache_write=1.0)
    assert economics.value_at_birth(MILLION, without_cache, turns=20) == pytest.approx(21)


def test_rewriting_history_pays_after_the_break_even_and_not_before() -> None:
    # (1.25 - 0.1) x 50,000 / (0.1 x 50,000)
    assert economics.break_even_turns(50_000, 50_000, ANTHROPIC) == pytest.approx(11.5)
    assert economics.break_even_turns(50_000, 10_000, ANTHROPIC) == pytest.approx(2.3)
    assert economics.break_even_turns(20_000, 100_000, ANTHROPIC) == pytest.approx(57.5)
    assert economics.break_even_turns(50_000, 50_000, ANTHROPIC, long_lived=True) == pytest.approx(
        19
    )
    assert economics.rewrite_value(50_000, 50_000, ANTHROPIC, turns=11) < 0
    assert economics.rewrite_value(50_000, 50_000, ANTHROPIC, turns=12) > 0
    assert economics.rewrite_value(10_000, 0, ANTHROPIC, turns=3) == pytest.approx(0.003)


def test_rewriting_history_for_nothing_never_pays() -> None:
    assert math.isinf(economics.break_even_turns(0, 1, ANTHROPIC))
    assert economics.break_even_turns(0, 0, ANTHROPIC) == 0


def test_a_prefix_that_falls_below_the_minimum_costs_more_than_the_longer_one() -> None:
    haiku = dataclasses.replace(ANTHROPIC, minimum_prefix=4_096)
    # 5,000 tokens read at 0.1 cost 500; 4,000 tokens that nothing caches cost 4,000.
    assert economics.shrinking_cost(5_000, 4_000, haiku) == pytest.approx(3_500 / MILLION)
    assert economics.shrinking_cost(5_000, 4_096, haiku) < 0
    assert economics.shrinking_cost(5_000, 400, haiku) < 0


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("claude-opus-4-20250514", "claude-opus-4"),
        ("claude-opus-4-5-20251101", "claude-opus-4-5"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("vertex_ai/claude-opus-4-1@20250805", "claude-opus-4-1"),
        ("claude-opus-5-5[1m]", "claude-opus-5-5"),
        ("openai/gpt-5-2025-08-07", "gpt-5"),
        ("GPT-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("models/gemini-3.1-pro-preview", "gemini-3.1-pro"),
        ("claude-opus-4-9", None),
        ("gpt-5-pro", None),
        ("gpt-5.9", None),
        ("my-gpt-4o", None),
        ("", None),
        (None, None),
    ],
)
def test_a_model_is_priced_as_its_own_family_or_not_at_all(
    model: str | None, family: str | None
) -> None:
    found = economics.pricing_for(model)
    assert (found.family if found else None) == family


def test_ones_own_rows_come_first() -> None:
    own = dataclasses.replace(ANTHROPIC, family="gpt-4o", input=7.0)
    assert economics.pricing_for("gpt-4o", (own, *economics.PRICES)) is own


def test_every_shipped_row_is_dated_sourced_and_plausible() -> None:
    for row in economics.PRICES:
        assert row.as_of == economics.PRICES_VERSION
        assert row.source.startswith("https://")
        assert 0 < row.cache_read < row.input <= row.cache_write <= 1.25 * row.input
        assert row.input < row.output
        assert economics.pricing_for(row.family) is row


@pytest.mark.parametrize("wrong", [{"input": -1.0}, {"minimum_prefix": 0}, {"step": 0}])
def test_impossible_rows_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        dataclasses.replace(ANTHROPIC, **wrong)  # type: ignore[arg-type]  # one field of several


@pytest.mark.parametrize("prompt", [(1, 2, 0), (1, -1, 0), (1, 0, -1)])
def test_impossible_prompts_are_refused(prompt: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="must hold"):
        Prompt(*prompt)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        economics.value_at_birth(-1, ANTHROPIC, turns=1)
    with pytest.raises(ValueError, match="0 to 1"):
        economics.value_at_birth(1, ANTHROPIC, turns=1, hit_rate=1.5)
    with pytest.raises(ValueError, match="0 or more"):
        economics.rewrite_value(1, -1, ANTHROPIC, turns=1)
    with pytest.raises(ValueError, match="0 or more"):
        economics.break_even_turns(-1, 1, ANTHROPIC)


def explained(before: int, after: int, *, model: str | None = "plain", overhead: int = 0) -> str:
    result = CompressionResult("", (), before, after, overhead, (), "text", model, "tests")
    return result.explain(prices=(ANTHROPIC,)).split("\n")[-1]


def test_explain_says_what_the_saved_tokens_are_worth() -> None:
    # 5,000 tokens: written at 1.25 once, read at 0.1 later.
    assert explained(8_000, 3_000) == (
        "saves $0.006250 once and $0.000500 with each later turn (list prices of plain, 2026-11-20)"
    )


def test_explain_says_when_a_shorter_prompt_costs_more() -> None:
    # 1,500 tokens read at 0.1 cost 150; 900 that are not cached cost 900.
    line = explained(1_500, 900)
    assert line.startswith("saves $0.000750 once, but a later turn of this length costs $0.000750")
    assert "under 1000 tokens" in line


def test_explain_says_when_the_retrieval_tool_costs_more_than_was_saved() -> None:
    assert explained(2_000, 1_990, overhead=110).startswith("costs $0.000125 more than it saves")


def test_explain_keeps_quiet_about_money_where_it_does_not_know_the_price() -> None:
    assert "$" not in explained(8_000, 3_000, model=None)
    assert "$" not in explained(8_000, 3_000, model="somebody's")
    assert "$" not in explained(8_000, 8_000)
