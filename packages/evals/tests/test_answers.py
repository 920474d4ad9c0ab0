"""Questions are drawn from files in SQuAD's format, and answers looked for in what is left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headroom.counting.default import default_counter
from headroom_evals.__main__ import main
from headroom_evals.answers import measure, read_questions, rows

TOWNS = ("Arne", "Bevik", "Corry", "Dalby", "Elsow", "Farnholt")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    paragraphs = [
        {
            "context": f"{town} lies on the river Osk. Its mill was built in {1700 + n} by Jan. "
            f"The bridge of {town} burned down twice. The market is held on {day}.",
            "qas": [
                {
                    "question": f"On which day is the market of {town} held?",
                    "answers": [{"text": day, "answer_start": 0}],
                }
            ],
        }
        for n, (town, day) in enumerate(
            zip(
                TOWNS,
                ("Monday", "Tuesday", "Friday", "Sunday", "Saturday", "Thursday"),
                strict=True,
            )
        )
    ]
    path = tmp_path / "towns.json"
    path.write_text(json.dumps({"data": [{"title": "Towns", "paragraphs": paragraphs}]}))
    (tmp_path / "other.json").write_text("[1, 2]")
    return tmp_path


def test_the_answer_stands_in_every_drawn_result(data: Path) -> None:
    questions = read_questions(data / "towns.json", 3, 10)
    assert len(questions) == 6
    assert all(question.is_answered(question.passages) for question in questions)
    assert all(len(question.passages.split("\n\n")) == 3 for question in questions)


def test_drawing_is_seeded(data: Path) -> None:
    assert read_questions(data / "towns.json", 4, 3) == read_questions(data / "towns.json", 4, 3)


def test_controls_keep_no_more_than_ours(data: Path) -> None:
    for question in read_questions(data / "towns.json", 6, 10):
        found = {one.system: one for one in measure(question, default_counter())}
        assert found["head+tail"].share <= found["balanced"].share
        assert found["balanced"].answered


def test_there_is_a_row_for_each_system_and_file(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["answers", str(data), "--paragraphs", "5"]) == 0
    said = capsys.readouterr().out
    assert said.count("towns.json") == 5
    assert "other.json" not in said


def test_a_folder_without_questions_is_said(data: Path) -> None:
    assert main(["answers", str(data / "other.json")]) == 1


def test_no_rows_come_of_nothing() -> None:
    assert rows("a.json", []) == []
