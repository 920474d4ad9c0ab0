"""The scaling bench makes texts of the size it says and measures each on its own."""

from __future__ import annotations

import json

import pytest

from headroom_evals.__main__ import main
from headroom_evals.scaling import MAKERS, scaled_case


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("size", [10_000, 100_000])
def test_a_made_text_has_about_the_size_and_is_the_same_again(kind: str, size: int) -> None:
    text = scaled_case(kind, size).text
    assert 0.9 * size < len(text) < 1.1 * size
    assert text == scaled_case(kind, size).text


def test_a_made_array_is_json() -> None:
    assert len(json.loads(scaled_case("json", 10_000).text)) > 50


def test_sizes_up_to_the_largest_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scaling", "--kind", "prose", "--largest", "10000"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in printed[1:2]] == [["prose", "ours", "0.01"]]
