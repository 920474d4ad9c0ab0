"""When what the user said asks something of a text."""

from __future__ import annotations

import pytest

from headroom.selection.asking import is_about_call, is_question, speaks_of

TEXT = "2024-05-01 GET /orders/12 is next, look at the result, go ahead and continue\n" * 3


@pytest.mark.parametrize(
    "said",
    [
        "Go ahead.",
        "Good, and what is next?",
        "Please look at the result and go on.",
        "Take it from here.",
        "Continue.",
        "OK, next step please.",
        "What do you make of it?",
        "",
    ],
)
def test_letting_the_work_go_on_asks_for_nothing(said: str) -> None:
    assert not is_question(said)
    assert not speaks_of(said, TEXT)
    assert not is_about_call(said, "cat next/result.log")


def test_a_question_needs_one_word_of_the_text_and_a_remark_two() -> None:
    assert speaks_of("Which order was late?", TEXT)
    assert not speaks_of("Fix the order form.", TEXT)
    assert speaks_of("Fix the order of GET requests from 2024.", TEXT)


def test_a_single_word_may_be_all_that_is_said() -> None:
    assert speaks_of("orders", TEXT)
    assert not speaks_of("customers", TEXT)


def test_a_question_about_what_was_called_for_is_one_about_the_result() -> None:
    assert is_about_call("Which pod does not start?", "kubectl get pods")
    assert not is_about_call("Go on with the pods.", "kubectl get pods")


def test_a_question_mark_asks_in_any_language() -> None:
    assert is_question("Welche Bestellung ist die letzte?")
    assert is_question(
        "\u3069\u306e\u6ce8\u6587\u304c\u5931\u6557\u3057\u307e\u3057\u305f\u304b\uff1f"
    )
    assert not is_question("OK?")
