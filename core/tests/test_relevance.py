from headroom.selection.relevance import bm25, is_asked, question_terms, stem, terms


def test_a_stem_is_a_prefix_of_its_word() -> None:
    for word in ("failures", "timed", "connections", "queries", "es", "a", "logging"):
        assert word.startswith(stem(word))


def test_inflections_share_a_stem() -> None:
    assert stem("failed") == stem("failing") == stem("fails")
    assert stem("connections") == stem("connection")


def test_identifiers_are_found_whole_and_in_parts() -> None:
    assert {"http", "pars"} <= set(terms("parseHttpHeader"))
    assert "snak" in terms("snake_case")


def test_scripts_without_spaces_are_split_into_pairs() -> None:
    assert terms("東京都") == ["東京", "京都"]


def test_function_words_ask_for_nothing() -> None:
    assert question_terms("What is it? Please have a look at this.") == ()


def test_only_the_line_with_the_number_scores() -> None:
    units = [f"line {n}: value" for n in range(300)]
    scores = bm25("What does entry 177 say?", units)
    assert max(range(300), key=scores.__getitem__) == 177
    assert sum(score > 0 for score in scores) == 1


def test_a_rare_term_weighs_more_than_a_common_one() -> None:
    units = ["request ok"] * 50 + ["request timeout"]
    scores = bm25("request timeout", units)
    assert scores[50] > scores[0] > 0


def test_a_question_about_something_else_was_not_asked_of_this_text() -> None:
    assert is_asked("which order failed", "order 12 failed")
    assert not is_asked("carry on with the task", "linux kernel boot")
    assert not is_asked("", "anything")


def test_a_term_inside_another_word_does_not_count() -> None:
    assert not is_asked("the art", "start restart partial")
