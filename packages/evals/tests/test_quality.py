"""The quality bench: halves, retrieval in a new process, controls at equal tokens."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from headroom.counting.default import default_counter
from headroom_evals import goals, losses
from headroom_evals.__main__ import main
from headroom_evals.cases import Case, Needle, shipped_cases
from headroom_evals.intervals import interval, wilson
from headroom_evals.quality import Answered, half_of, measure_quality, nearest_handle
from headroom_evals.quality_report import by_half, by_kind
from headroom_evals.systems.process import SystemUnderTest


def test_both_halves_have_files_of_their_own() -> None:
    halves = {case.id: half_of(case) for case in shipped_cases()}
    assert 8 <= list(halves.values()).count("tuning") <= len(halves) - 8


def test_the_questions_of_one_file_are_in_the_same_half() -> None:
    cases = [Case(f"qa/set.json#{i}", "qa", "t", {}, (), "x") for i in range(20)]
    assert len({half_of(case) for case in cases}) == 1


def test_a_command_line_run_writes_every_answer_and_the_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    json_file, page = tmp_path / "quality.json", tmp_path / "quality.md"
    arguments = ["quality", "--kind", "paths", "--kind", "csv", "--limit", "1"]
    assert main([*arguments, "--json", str(json_file), "--markdown", str(page)]) == 0
    answered = json.loads(json_file.read_text(encoding="utf-8"))["answered"]
    assert {a["system"] for a in answered} == {
        "ours",
        "ours-lossless",
        "ours-aggressive",
        "head+tail",
        "random lines",
        "minified JSON",
    }
    assert all(a["error"] is None and a["inline"] <= a["recoverable"] for a in answered)
    assert {a["hidden"] for a in answered} == {True, False}
    assert all(a["restored"] for a in answered if a["system"] == "ours-lossless")
    written = page.read_text(encoding="utf-8")
    assert "| csv | ours |" in written
    assert "--kind paths --kind csv" in written
    assert "bootstrap" in capsys.readouterr().out


def test_a_control_never_gets_more_tokens_than_ours_kept() -> None:
    lines = "".join(f'{{"id": {i}, "state": "ready", "size": {i % 7}}}\n' for i in range(400))
    case = Case("a", "json", "t", {}, (Needle("Which is 77?", ("77",)),), lines)
    report = measure_quality([case], [SystemUnderTest("ours", retrieves=True)], default_counter())
    tokens = {a.system: a.tokens_after for a in report.answered}
    assert tokens["ours"] < report.answered[0].tokens_before
    assert tokens["head+tail"] <= tokens["ours"]
    assert tokens["random lines"] <= tokens["ours"]


def test_what_was_left_out_is_fetched_in_a_new_process() -> None:
    records = [{"id": i, "name": f"item {i}", "color": "red", "weight": i * 17} for i in range(600)]
    text = json.dumps(records)
    hidden = tuple(
        Needle(f"What does item {i} weigh?", (f"item {i}", str(i * 17))) for i in (211, 333, 477)
    )
    # The question that is asked names none of them.
    case = Case(
        "a",
        "json",
        "t",
        {},
        hidden,
        text,
        (
            {"role": "user", "content": "List all."},
            {"role": "tool", "tool_call_id": "1", "content": text},
        ),
        (1,),
    )
    (answer,) = (
        a
        for a in measure_quality(
            [case], [SystemUnderTest("ours-aggressive", retrieves=True)], default_counter()
        ).answered
        if a.system == "ours-aggressive"
    )
    assert answer.error is None
    assert answer.inline < answer.recoverable == answer.facts == 3


def test_equal_surroundings_give_the_first_handle() -> None:
    assert nearest_handle("aaaa bbbb", ["aaaa", "bbbb"], "nothing in common") == "aaaa"


def test_without_facts_the_interval_is_everything() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_table_has_every_kind_and_their_sum() -> None:
    report = measure_quality(
        shipped_cases()[:1], [SystemUnderTest("ours", retrieves=True)], default_counter()
    )
    assert [row[:2] for row in by_kind(report.answered)][-4:] == [
        ("all", "ours"),
        ("all", "head+tail"),
        ("all", "random lines"),
        ("all", "minified JSON"),
    ]


def answer(system: str, **fields: Any) -> Answered:
    """Return an answer in which a hundred tokens became fifty and the one fact is shown."""
    usual = Answered("a", "json", "reporting", system, "Q?", False, 100, 50, 1, 1, 1)
    return replace(usual, **fields)


def test_a_goal_that_is_missed_says_so() -> None:
    answered = [answer("ours", tokens_after=10), answer("ours-aggressive", tokens_after=90)]
    cells = {row[0]: row[3] for row in goals.on_machine_data(answered)}
    assert cells["balanced: mean kept"] == "0.100"
    assert cells["aggressive: mean kept"] == "0.900, missed"


def test_goals_are_about_their_own_kinds_and_about_what_was_measured() -> None:
    page, table = answer("ours", kind="markdown"), answer("ours")
    assert goals.on_machine_data([page]) == goals.on_written([table]) == []
    assert goals.on_written([page]) and goals.overall([page, table])
    assert not any("not asked" in row[0] for row in goals.on_machine_data([table]))


def test_a_fact_that_is_not_shown_is_listed_with_what_retrieval_brought() -> None:
    mine = answer("ours", inline=0, missing=(("id", "7"),))
    (row,) = losses.rows([mine, answer("head+tail")], "ours")
    assert row[3:] == ("id … 7 (fetched 1)", "head+tail shows 1 facts, not 0")


def test_an_input_on_which_another_keeps_less_and_shows_as_much_is_listed() -> None:
    smaller = answer("headroom-ai", tokens_after=20)
    (row,) = losses.rows([answer("ours"), smaller], "ours")
    assert row[3:] == ("", "headroom-ai keeps 0.20")
    assert losses.rows([answer("ours"), replace(smaller, inline=0)], "ours") == []


def test_both_halves_and_their_sum_are_reported() -> None:
    answered = [answer("ours"), answer("ours", case="b", half="tuning")]
    assert [row[:3] for row in by_half(answered)] == [
        ("tuning", "ours", "1"),
        ("reporting", "ours", "1"),
        ("all", "ours", "2"),
    ]


def test_facts_of_one_file_do_not_make_an_interval_narrow() -> None:
    apart = interval([(1, 1)] * 30 + [(0, 1)] * 10)
    together = interval([(30, 30), (0, 10)])
    assert apart[1] - apart[0] < together[1] - together[0]
