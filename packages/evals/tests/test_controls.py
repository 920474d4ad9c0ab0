"""The controls keep what they say, and no more tokens than they may."""

from __future__ import annotations

from headroom_evals.systems.controls import head_and_tail, last_lines, minified, random_lines


class Characters:
    """Counts one token per character."""

    name = "characters"

    def count(self, text: str) -> int:
        return len(text)


def test_json_is_written_without_white_space() -> None:
    assert minified('{\n  "a": [1, 2.50],\n  "é": null\n}') == '{"a":[1,2.5],"é":null}'


def test_json_lines_stay_lines() -> None:
    assert minified('{"a": 1}\n{"a": 2}\n') == '{"a":1}\n{"a":2}\n'


def test_what_is_no_json_stays_as_it_is() -> None:
    assert minified("plain\n{text}") == "plain\n{text}"


def test_head_and_tail_fill_the_budget_from_both_ends() -> None:
    text = "a" * 50 + "b" * 50
    assert head_and_tail(text, 11, Characters()) == "aaaaa\nbbbbb"


def test_last_lines_are_whole_and_at_most_as_many() -> None:
    assert last_lines("a\nb\nc\n", 2) == "b\nc\n"
    assert last_lines("a\nb", 3) == "a\nb"


def test_random_lines_stay_in_order_and_depend_on_the_seed_alone() -> None:
    text = "\n".join(f"{i:03d}" for i in range(100))
    kept = random_lines(text, 40, Characters(), seed=1)
    assert (
        kept == random_lines(text, 40, Characters(), seed=1) != random_lines(text, 40, Characters())
    )
    assert kept.split("\n") == sorted(kept.split("\n"))
    assert len(kept.split("\n")) == 10
