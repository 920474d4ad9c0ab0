"""The shipped inputs hold what their manifest says, and folders are read as documented."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from headroom_evals.cases import SHIPPED_INPUTS, Case, Needle, shipped_cases
from headroom_evals.folders import folder_cases
from headroom_evals.scoring import is_readable, stands_in

CASES = shipped_cases()
NOT_INPUTS = {"manifest.jsonl", "NOTICE.md", ".gitattributes"}


def test_there_are_at_least_a_hundred_inputs_of_eight_kinds() -> None:
    assert len(CASES) >= 100
    assert len({case.kind for case in CASES}) >= 8


def test_every_file_is_in_the_manifest_and_together_they_stay_small() -> None:
    files = [p for p in SHIPPED_INPUTS.rglob("*") if p.is_file() and p.name not in NOT_INPUTS]
    assert {p.relative_to(SHIPPED_INPUTS).as_posix() for p in files} == {c.id for c in CASES}
    assert sum(p.stat().st_size for p in files) < 3_000_000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_an_input_has_two_facts_or_more_and_each_is_readable_in_it(case: Case) -> None:
    assert len(case.needles) >= 2
    for needle in case.needles:
        assert is_readable(case.text, case.text, needle.must_contain), needle


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_no_input_names_a_machine(case: Case) -> None:
    assert not re.search(
        r"/tmp/(?!foo)|/root/|/home/(?!app|user)|/Users/|pyenv|pypi\.org|npmjs\.org", case.text
    )


def test_a_question_is_asked_before_the_tool_is_called() -> None:
    case = Case("a", "log", "read_log", {"path": "x"}, (Needle("Why?", ("b",)),), "a\nb")
    user, assistant, tool = case.messages("Why?")
    assert (user["role"], user["content"]) == ("user", "Why?")
    assert assistant["tool_calls"][0]["function"]["name"] == "read_log"
    assert (tool["role"], tool["content"]) == ("tool", "a\nb")


def test_of_many_questions_the_first_six_are_asked_each_once() -> None:
    needles = tuple(Needle(f"Question {i // 2}?", (str(i),)) for i in range(40))
    case = Case("a", "log", "read_log", {}, needles, "")
    assert case.queries == tuple(f"Question {i}?" for i in range(6))


def write(folder: Path, file: str, content: object, **needle: object) -> None:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    row = {"file": file, "query": "Q?", "must_contain": ["needle"], "match": "raw", **needle}
    with (folder / "needles.jsonl").open("a", encoding="utf-8") as out:
        out.write(json.dumps(row) + "\n")


def test_a_file_of_a_folder_is_one_case_with_all_its_facts(tmp_path: Path) -> None:
    write(tmp_path, "logs/a.log", "one\nneedle\n")
    write(tmp_path, "logs/a.log", "one\nneedle\n", query="Other?")
    (case,) = folder_cases(tmp_path)
    assert (case.id, case.kind, case.queries) == ("logs/a.log", "logs", ("Q?", "Other?"))
    assert case.text == "one\nneedle\n"


def test_facts_in_pictures_and_of_missing_files_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, "images/a.png", "x", match="image")
    write(tmp_path, "logs/gone.log", "x")
    (tmp_path / "logs/gone.log").unlink()
    assert folder_cases(tmp_path) == ()


def test_a_scope_with_messages_is_a_conversation_of_which_tool_results_count(
    tmp_path: Path,
) -> None:
    messages = [
        {"role": "user", "content": "find it", "extra": 1},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
        {"role": "tool", "tool_call_id": "1", "content": "the needle"},
        {"role": "assistant", "content": "done"},
    ]
    write(tmp_path, "traces/t.json", {"a": {"messages": messages}}, scope="a.messages")
    (case,) = folder_cases(tmp_path)
    assert (case.kind, case.observed, case.text) == ("traces-chat", (2,), "the needle")
    assert case.queries == (None,)
    assert case.messages(None)[0] == {"role": "user", "content": "find it"}


def test_without_tool_messages_what_the_user_says_after_the_first_turn_is_observed(
    tmp_path: Path,
) -> None:
    messages = [
        {"role": "user", "content": "task"},
        {"role": "assistant", "content": "ls"},
        {"role": "user", "content": "needle"},
    ]
    write(tmp_path, "traces/t.json", {"messages": messages}, scope="messages")
    (case,) = folder_cases(tmp_path)
    assert case.observed == (2,)


def test_a_fact_that_the_conversation_says_elsewhere_is_not_counted(tmp_path: Path) -> None:
    messages = [
        {"role": "user", "content": "where is the needle?"},
        {"role": "tool", "content": "the needle"},
    ]
    write(tmp_path, "traces/t.json", {"messages": messages}, scope="messages")
    (case,) = folder_cases(tmp_path)
    assert case.needles == ()


def test_a_question_of_a_set_comes_with_neighbouring_paragraphs(tmp_path: Path) -> None:
    paragraphs = [{"context": f"paragraph {i}"} for i in range(40)]
    paragraphs[30] = {"context": "here is the needle"}
    document = {"data": [{"paragraphs": paragraphs}]}
    write(tmp_path, "qa/set.json", document, id="q1", context_start="here")
    (case,) = folder_cases(tmp_path)
    assert "needle" in case.text
    assert case.text.count("\n\n") == 9


def test_the_measuring_folder_is_read_whole_where_it_is_present() -> None:
    root = next(
        (
            p / "shared/data/open"
            for p in Path(__file__).parents
            if (p / "shared/data/open").is_dir()
        ),
        None,
    )
    if root is None:
        pytest.skip("shared/data/open is not there")
    cases = folder_cases(root)
    assert len(cases) > 250
    assert all(stands_in(c.text, n.must_contain) for c in cases for n in c.needles if c.recorded)
