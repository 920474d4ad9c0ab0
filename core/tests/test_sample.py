"""The sample that detectors share: bounded, from all over a text, and cheap to rule out with."""

from __future__ import annotations

import pytest

from headroom.bundled import bundled_compressors
from headroom.compressors.interface import Content
from headroom.counting.default import default_counter
from headroom.routing.sample import (
    GLANCED_LINES,
    REACH,
    SAMPLED_LINES,
    Sample,
    sample_of,
    take_sample,
)

LONG = "\n".join(f"line {n} " + "x" * (n % 400) for n in range(5_000))


def test_a_small_text_is_its_own_sample() -> None:
    text = "a\n\n  b\n"
    sample = take_sample(text)
    assert sample.whole
    assert sample.pieces == (text.split("\n"),)
    assert sample.lines == ["a", "  b"]


def test_a_sample_has_lines_from_the_start_the_middle_and_the_end() -> None:
    sample = take_sample(LONG)
    start, middle, end = sample.pieces
    assert (start[0], end[-1]) == ("line 0 ", LONG.split("\n")[-1][:REACH])
    assert 2_000 < int(middle[0].split()[1]) < 3_000
    assert not sample.whole


@pytest.mark.parametrize(
    "text", [LONG, "x" * 5_000_000, "\n" * 1_000_000, "ab\n" * 500_000, ""], ids=len
)
def test_a_sample_is_bounded_whatever_the_text(text: str) -> None:
    sample = take_sample(text)
    assert sum(map(len, sample.pieces)) <= 3 * SAMPLED_LINES
    assert all(len(line) <= REACH for line in sample.lines)
    assert len(sample.glance) <= 2 * GLANCED_LINES


def test_a_glance_is_spread_over_the_sample() -> None:
    sample = take_sample("\n".join(f"line {n}" for n in range(200)))
    assert set(sample.glance) <= set(sample.lines)
    assert sample.glance[0] == "line 0"
    assert int(sample.glance[-1].split()[1]) > 190


def test_what_few_glanced_lines_are_is_seldom() -> None:
    sample = take_sample("one: 1\n" * 10 + "two\n" * 30)
    assert sample.seldom(lambda line: ":" in line, 0.5)
    assert not sample.seldom(lambda line: ":" in line, 0.2)
    assert not Sample(([],), [], []).seldom(str.isdigit, 0.5)


def test_a_sample_is_taken_once_for_all_detectors(monkeypatch: pytest.MonkeyPatch) -> None:
    content = Content("def f():\n    return 1\n" * 40, default_counter())
    first = sample_of(content)
    for compressor in bundled_compressors():
        compressor.detect(content)
    assert sample_of(content) is first
