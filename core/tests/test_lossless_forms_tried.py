"""Which lossless forms are written, and which are decoded: only those that can be used."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom.compressors.smart_crusher import SmartCrusher
from headroom.counting.default import default_counter
from headroom.selection.budgets import takes_more

QUESTION = "Which order has failed?"


def orders(count: int) -> str:
    rng = random.Random(7)
    words = "box crate parcel pallet letter carton".split()
    return json.dumps(
        [
            {
                "id": n,
                "note": " ".join(rng.choices(words, k=12)),
                "state": "failed" if n == 55 else "paid",
            }
            for n in range(count)
        ]
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the steps that were taken."""
    steps: list[str] = []
    for name in ("encode", "decode", "select"):
        step = getattr(SmartCrusher, name)

        def noted(
            self: SmartCrusher, *given: object, _name: str = name, _step: Any = step
        ) -> object:
            steps.append(_name)
            return _step(self, *given)

        monkeypatch.setattr(SmartCrusher, name, noted)
    return steps


def compressed(text: str, *, lossless: bool = False) -> str:
    config = CompressionConfig(fidelity="lossless" if lossless else "balanced")
    compressor = Compressor(config, store=MemoryStore())
    return compressor.compress_text(text, query=QUESTION).output


def test_no_lossless_form_is_written_where_none_can_be_small_enough(asked: list[str]) -> None:
    text = orders(400)
    assert len(compressed(text)) < len(text) / 5
    assert asked == ["select"]


def test_a_lossless_form_that_is_used_is_decoded_and_compared(asked: list[str]) -> None:
    assert compressed(orders(60), lossless=True).startswith("[headroom json")
    assert asked == ["encode", "decode"]


def test_numbers_that_follow_from_each_other_may_still_be_told_in_few_tokens() -> None:
    count = default_counter().count
    assert not takes_more(" ".join(map(str, range(500))), 600, count)
    assert takes_more(orders(400), 300, count)
