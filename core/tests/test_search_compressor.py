"""Search results through the compressor: what is saved, what stays, what is said of the rest."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.search import SearchCompressor
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError

FIXTURES = Path(__file__).parent / "fixtures" / "search"
counter = O200kCounter()
compressor = SearchCompressor()

# The largest share of tokens that the lossless form of each recording may keep.
RATIOS = {
    "grep_n.txt": 0.66,
    "grep_one_per_file.txt": 0.85,
    "grep_context.txt": 0.70,
    "grep_after.txt": 0.63,
    "grep_plain.txt": 0.78,
    "mypy.txt": 0.61,
    "ruff_concise.txt": 0.65,
}


def _content(file: str, question: str = "") -> Content:
    return Content((FIXTURES / file).read_text(encoding="utf-8"), counter, question=question)


def _select(content: Content, goal: Goal) -> Selection:
    selection = compressor.select(content, goal)
    assert selection is not None
    return selection


@pytest.mark.parametrize(("file", "ratio"), RATIOS.items())
def test_recordings_shrink_without_loss(file: str, ratio: float) -> None:
    content = _content(file)
    encoding = compressor.encode(content)
    assert encoding is not None
    assert compressor.decode(encoding) == content.text
    assert counter.count(encoding.body) <= ratio * content.tokens


@pytest.mark.parametrize("ending", ["", "\n", "\n\n", "\r\n"])
def test_line_endings_come_back(ending: str) -> None:
    newline = "\r\n" if ending == "\r\n" else "\n"
    text = newline.join(f"src/app.py:{n}:    value({n})" for n in range(20)) + ending
    encoding = compressor.encode(Content(text, counter))
    assert encoding is not None
    assert compressor.decode(encoding) == text


def test_what_saves_nothing_is_left_alone() -> None:
    assert compressor.encode(Content("a.py:1:x\na.py:2:y\n", counter)) is None
    unrelated = "".join(f"dir{n}/file{n}.py:{n}:content {n}\n" for n in range(40))
    assert compressor.encode(Content(unrelated, counter)) is None


def test_another_notation_is_refused() -> None:
    with pytest.raises(DecodingError):
        compressor.decode(Encoding("paths", "", "a.py:1:x"))


def test_the_finding_that_the_question_names_stays_word_for_word() -> None:
    question = "Which findings are about complexity, PLR0912 or PERF401?"
    content = _content("ruff_concise.txt", question)
    named = [line for line in content.lines if " PLR0912 " in line or " PERF401 " in line]
    body = _select(content, Goal("balanced", 600, True)).body.split("\n")
    assert named
    assert set(named) <= set(body)


def test_a_context_line_that_the_question_names_stays_with_its_hit() -> None:
    content = _content("grep_after.txt", "Which request is safe to retry?")
    body = _select(content, Goal("balanced", 300, True)).body.split("\n")
    at = next(i for i, line in enumerate(body) if "safe to retry" in line)
    assert any(line.startswith("requests/exceptions.py:") for line in body[max(0, at - 3) : at])


def test_every_file_is_named_and_the_counts_add_up() -> None:
    content = _content("grep_n.txt", "where is the connect timeout validated?")
    selection = _select(content, Goal("balanced", 900, True))
    files = {line.split(":")[0] for line in content.lines if line}
    assert all(file in selection.body for file in files)
    gaps = [line for line in selection.body.split("\n") if line.startswith("[more hits: ")]
    left_out = sum(int(n) for gap in gaps for n in re.findall(r"(?<=[:,] )(\d+)(?= )", gap))
    assert selection.unit == "hits"
    assert selection.kept + left_out == selection.total == len(content.lines) - 1


def test_definitions_come_before_mentions() -> None:
    lines = [f"src/use{n}.py:{n}:    total += price({n}, tax)" for n in range(60)]
    lines.insert(31, "src/prices.py:7:def price(amount, tax):")
    content = Content("\n".join(lines), counter, question="price")
    assert (
        "src/prices.py:7:def price(amount, tax):"
        in _select(content, Goal("balanced", 120, True)).body
    )


def test_a_rare_message_stays_among_many_of_one_kind() -> None:
    lines = [f"src/m{n % 7}.py:{n}:1: E501 Line too long ({89 + n} > 88)" for n in range(120)]
    lines.insert(77, "src/m3.py:77:9: S602 shell=True is a security risk")
    content = Content("\n".join(lines), counter, question="what did the linter find in src?")
    assert lines[77] in _select(content, Goal("balanced", 200, True)).body


def test_hits_with_a_string_to_keep_stay() -> None:
    lines = [f"src/m{n}.py:{n}:common content here" for n in range(60)]
    lines[40] = "src/m40.py:40:common content KEEP-7"
    content = Content("\n".join(lines), counter, keep=("KEEP-7",))
    for asked in (True, False):
        assert lines[40] in _select(content, Goal("aggressive", 40, asked)).body


def test_with_no_question_only_repetitions_are_left_out() -> None:
    lines = [f"src/m{n}.py:1:import os" for n in range(40)]
    lines += [f"src/m{n}.py:2:x{n} = {n}" for n in range(40)]
    selection = _select(Content("\n".join(lines), counter), Goal("balanced", 50, False))
    assert set(lines[40:]) <= set(selection.body.split("\n"))
    assert (selection.kept, selection.total) == (44, 80)


def test_with_no_question_and_no_repetition_everything_stays() -> None:
    lines = [f"src/m{n}.py:{n}:x{n} = {n}" for n in range(80)]
    assert (
        compressor.select(Content("\n".join(lines), counter), Goal("balanced", 50, False)) is None
    )


def test_few_hits_are_not_selected_from() -> None:
    lines = [f"src/m{n}.py:{n}:x{n} = {n}" for n in range(20)]
    content = Content("\n".join(lines), counter, question="x3")
    assert compressor.select(content, Goal("balanced", 50, True)) is None


def test_the_few_hits_that_a_question_means_alike_stay_all_together() -> None:
    lines = [f"lib/m{n // 9}.py:{n}:see https://example.org/{n}" for n in range(90)]
    named = [40, 41, 42, 77]
    for n in named:
        lines[n] = f"lib/m4.py:{n}:see https://example.org/jar/issues/{n}"
    content = Content("\n".join(lines), counter, question="Which issue of jar is named?")
    selection = compressor.select(content, Goal("aggressive", 60, True))
    assert selection is not None
    assert all(lines[n] in selection.body.split("\n") for n in named)
    assert selection.kept < 20


def test_one_file_that_is_being_read_with_context_stays_whole() -> None:
    lines = [f"{n}{':' if n % 20 == 0 else '-'}    step({n})" for n in range(1, 200)]
    content = Content("\n".join(lines), counter, question="step 7")
    assert compressor.detect(content) == "search"
    assert compressor.select(content, Goal("balanced", 50, True)) is None


def test_the_summary_line_of_a_linter_stays() -> None:
    content = _content("mypy.txt", "which argument is Any?")
    body = _select(content, Goal("balanced", 500, True)).body
    assert content.text.strip().split("\n")[-1] in body


def test_thousands_of_files_are_folded_into_directories() -> None:
    text = "".join(f"src/part{n % 40}/deep/file{n}.py:{n}:x = {n}\n" for n in range(4_000))
    content = Content(text, counter, question="where is file 1234?")
    selection = _select(content, Goal("balanced", 800, True))
    assert counter.count(selection.body) < 4_000
    left_out = re.findall(r"(\d+) in \d+ files? under", selection.body)
    assert selection.kept + sum(map(int, left_out)) == selection.total == 4_000


def test_below_ripgrep_headings_each_hit_keeps_its_heading() -> None:
    blocks = [
        f"src/part{n}.rs\n{n + 3}:    let alpha = {n};\n{n + 9}:    use_it({n});\n"
        for n in range(40)
    ]
    content = Content("\n".join(blocks), counter, question="part17")
    body = _select(content, Goal("balanced", 120, True)).body.split("\n")
    at = body.index("20:    let alpha = 17;")
    assert body[at - 1] == "src/part17.rs"


def test_a_scorer_of_the_callers_own_decides_what_is_near() -> None:
    lines = [f"src/m{n}.py:{n}:value{n} = {n}" for n in range(80)]
    content = Content("\n".join(lines), counter, question="anything")
    mine = replace(content, relevance=lambda _, units: [float("m53.py" in u) for u in units])
    assert lines[53] in _select(mine, Goal("aggressive", 60, True)).body


@pytest.mark.parametrize(
    "words",
    ["Continue.", "OK, next step please.", "Have a look at this and carry on with the task."],
)
def test_words_that_ask_nothing_leave_nothing_out_but_repetitions(words: str) -> None:
    lines = [f"src/m{n}.py:{n}:    {'abcdefghij'[n % 10] * (n + 1)} = {n}" for n in range(90)]
    lines[3] += "  # a step of the task, continue"
    content = Content("\n".join(lines), counter, question=words)
    assert compressor.select(content, Goal("balanced", 100, True)) is None
