"""The rules by which a fact counts as readable."""

from __future__ import annotations

import pytest

from headroom_evals.scoring import is_readable, stands_in


def test_a_missing_string_is_not_readable() -> None:
    assert not is_readable("id 7", "id 7 failed", ["7", "failed"])


def test_what_was_a_whole_word_must_stay_one() -> None:
    assert not is_readable("it was 170", "it was 17", ["17"])


def test_what_was_part_of_a_word_may_stay_part_of_one() -> None:
    assert is_readable("abc17x", "abc17", ["17"])


def test_strings_that_moved_far_apart_are_not_readable() -> None:
    assert is_readable("web-2" + " " * 100 + "failed", "web-2 failed", ["web-2", "failed"])
    assert not is_readable("web-2" + " " * 700 + "failed", "web-2 failed", ["web-2", "failed"])


def test_strings_that_were_far_apart_may_stay_so() -> None:
    original = "web-2" + " " * 1000 + "failed"
    assert is_readable("web-2" + " " * 2000 + "failed", original, ["web-2", "failed"])


def test_the_closest_places_count() -> None:
    text = "web-2" + "." * 2000 + "web-2 failed" + "." * 2000 + "failed"
    assert is_readable(text, "web-2 failed", ["web-2", "failed"])


@pytest.mark.parametrize("written", ['say "hi"', r"say \"hi\""])
def test_a_string_may_be_escaped_as_in_json(written: str) -> None:
    assert stands_in(f"..{written}..", ['say "hi"'])


def test_letters_beyond_ascii_may_be_escaped_as_in_json() -> None:
    assert stands_in(r"Malm\u00f6", ["Malmö"])
