"""What adapters share: the compressor that they were given, and what they log."""

from __future__ import annotations

import pytest

from headroom import (
    CompressionConfig,
    Compressor,
    MemoryStore,
    asks_for_bypass,
    compressor_from,
    failure_without_text,
    headers_of,
    without_tool,
)


def test_given_neither_an_adapter_offers_retrieval_and_passes_what_is_too_long() -> None:
    config = compressor_from(None, None).config
    assert (config.retrieval, config.on_overflow) == ("tool", "pass")


def test_what_was_given_is_what_is_used() -> None:
    compressor, config = Compressor(store=MemoryStore()), CompressionConfig(fidelity="lossless")
    assert compressor_from(compressor, None) is compressor
    assert compressor_from(None, config).config is config
    with pytest.raises(ValueError, match="not both"):
        compressor_from(compressor, config)
    with pytest.raises(TypeError, match="got str"):
        compressor_from("gpt-4o", None)  # type: ignore[arg-type]


def test_without_the_tool_no_marker_speaks_of_it_and_the_store_is_the_same() -> None:
    offering = Compressor(CompressionConfig(retrieval="tool"), store=MemoryStore())
    assert without_tool(offering).config.retrieval == "handle"
    assert without_tool(offering).store is offering.store
    quiet = Compressor(store=MemoryStore())
    assert without_tool(quiet) is quiet


def test_a_failure_is_named_with_its_place_and_without_its_words() -> None:
    try:
        raise ValueError("a secret")
    except ValueError as error:
        said = failure_without_text(error)
    assert said.startswith("ValueError at test_adapting.py:")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(None, False), ("", False), ("false", False), ("0", False), (" TRUE ", True), ("yes", True)],
)
def test_a_bypass_header_is_heeded_where_it_says_yes(value: str | None, wanted: bool) -> None:
    assert asks_for_bypass(value) is wanted


def test_the_headers_of_a_result_are_its_numbers() -> None:
    rows = "\n".join(f"2026-01-01 INFO served request {n} in {n % 7} ms" for n in range(400))
    result = Compressor(store=MemoryStore()).compress_text(rows)
    before, after, saved = map(int, headers_of(result).values())
    assert before - after == saved > 0
    assert (before, after) == (result.tokens_before, result.tokens_after)
