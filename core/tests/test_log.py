from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from headroom.compressors.interface import Content, Goal, Selection
from headroom.compressors.log import LogCompressor
from headroom.counting.o200k import O200kCounter
from headroom.selection.failures import is_failure

COUNTER = O200kCounter()
LOG = LogCompressor()
GOAL = Goal("balanced", 400, asked=True)
UNASKED = replace(GOAL, asked=False)

# Real recordings beside the repository; they are not part of it.
OPEN = Path(__file__).parents[3] / "shared" / "data" / "open"
LOGHUB = sorted((OPEN / "logs" / "loghub").glob("*.log")) if OPEN.is_dir() else []


def server_log(count: int = 400, seed: int = 1) -> list[str]:
    rng = random.Random(seed)
    forms = (
        "INFO  [http-{a}] GET /orders/{b} 200 in {c} ms",
        "INFO  [http-{a}] session {b} opened for 10.0.0.{a}",
        "DEBUG [pool-{a}] connection {b} returned, {c} idle",
        "WARN  [http-{a}] slow query took {b} ms",
    )
    return [
        f"2024-05-01 {10 + i // 3600:02}:{i // 60 % 60:02}:{i % 60:02},{rng.randrange(1000):03} "
        + rng.choice(forms).format(a=rng.randrange(16), b=rng.randrange(9999), c=rng.randrange(50))
        for i in range(count)
    ]


def select(
    lines: list[str], question: str = "", goal: Goal = GOAL, keep: tuple[str, ...] = ()
) -> Selection:
    content = Content("\n".join(lines), COUNTER, question=question, keep=keep)
    selection = LOG.select(content, goal)
    assert selection is not None
    return selection


def kept_lines(selection: Selection) -> list[str]:
    return [
        line
        for line in selection.body.split("\n")
        if not re.fullmatch(r"\[(?:\d+ lines omitted|\+\d+ (?:like it|passing).*)\]", line)
    ]


def test_counts_are_exact_and_kept_lines_are_verbatim_and_in_order() -> None:
    lines = server_log()
    selection = select(lines, "why was it slow?")
    kept = kept_lines(selection)
    assert selection.unit == "lines"
    assert (selection.kept, selection.total) == (len(kept), len(lines))
    rest = iter(lines)
    assert all(line in rest for line in kept)


def test_a_final_line_break_is_no_line() -> None:
    lines = server_log()
    assert select([*lines, ""]).total == len(lines)


def test_every_template_of_an_all_info_log_stays_visible() -> None:
    rng = random.Random(2)
    forms = [f"INFO step {name} finished item {{}}" for name in ("load", "parse", "plan", "write")]
    lines = [f"10:{i // 60:02}:{i % 60:02} {rng.choice(forms).format(i)}" for i in range(400)]
    for goal in (GOAL, UNASKED, Goal("aggressive", 120, asked=True)):
        kept = "\n".join(kept_lines(select(lines, "what happened?", goal)))
        assert all(f"step {name}" in kept for name in ("load", "parse", "plan", "write"))


def test_an_exemplar_carries_the_count_and_the_last_time_of_those_like_it() -> None:
    lines = [f"10:00:{i:02} INFO tick {i}" for i in range(50)]
    selection = select(lines, goal=Goal("aggressive", 60, asked=True))
    left_out = selection.total - selection.kept
    assert f"10:00:00 INFO tick 0\n[+{left_out} like it, last 10:00:49]" in selection.body


def test_the_summary_counts_left_out_lines_by_level() -> None:
    lines = server_log()
    selection = select(lines)
    kept = kept_lines(selection)
    for level in ("INFO", "DEBUG", "WARN"):
        missing = sum(level in x for x in lines) - sum(level in x for x in kept)
        assert f"{missing} {level}" in selection.summary
    assert "2024-05-01 10:00:00 to 2024-05-01 10:06:39" in selection.summary


@pytest.mark.parametrize("position", [0, 57, 200, 399])
@pytest.mark.parametrize(
    "needle",
    [
        "2024-05-01 10:03:00,000 ERROR [main] disk /dev/sda1 is full",
        "2024-05-01 10:03:00,000 INFO  [main] license renewed until 2031",
        "2024-05-01 10:03:00,000 WARN  [gc] paused",
    ],
)
def test_a_rare_line_stays_wherever_it_stands(needle: str, position: int) -> None:
    lines = server_log()
    lines.insert(position, needle)
    for goal in (GOAL, UNASKED):
        assert needle in kept_lines(select(lines, "anything odd?", goal))


def test_the_line_that_the_question_names_stays() -> None:
    lines = [
        f"10:{i // 60:02}:{i % 60:02} INFO order {i * 7919 % 10007} accepted" for i in range(300)
    ]
    wanted = lines[176]
    number = wanted.split()[3]
    assert wanted in kept_lines(select(lines, f"was order {number} accepted?"))
    assert wanted in kept_lines(select(lines, "what does line 177 say?"))


def test_a_line_with_a_kept_substring_stays() -> None:
    lines = server_log()
    wanted = [x for x in lines if "http-3]" in x]
    kept = kept_lines(select(lines, keep=("http-3]",)))
    assert [x for x in kept if "http-3]" in x] == wanted


def test_a_relevance_of_the_caller_replaces_ours() -> None:
    lines = server_log()
    content = Content(
        "\n".join(lines),
        COUNTER,
        question="x",
        relevance=lambda _, units: [float(i == 123) for i in range(len(units))],
    )
    selection = LOG.select(content, GOAL)
    assert selection is not None
    assert lines[123] in kept_lines(selection)


TRACE = [
    "2024-05-01 10:03:00,000 ERROR [main] job failed",
    "Traceback (most recent call last):",
    '  File "/app/a.py", line 12, in run',
    "    return step(3)",
    '  File "/app/b.py", line 7, in step',
    "    raise ValueError(name)",
    "ValueError: bad id 17",
]


def test_the_first_trace_of_each_kind_stays_whole_and_repeats_are_left_out() -> None:
    lines = server_log()
    for at in (300, 200, 100):
        lines[at:at] = TRACE
    other = [line.replace("ValueError", "KeyError") for line in TRACE]
    lines[250:250] = other
    body = select(lines, "what failed?").body
    assert "\n".join(TRACE[1:]) in body
    assert "\n".join(other[1:]) in body
    assert body.count('File "/app/b.py", line 7') == 2


def test_without_a_question_only_what_repeats_is_left_out() -> None:
    lines = server_log(200)
    once = [
        f"2024-05-01 11:00:0{i},000 INFO  [main] {word} once"
        for i, word in enumerate(("opened", "moved", "closed"))
    ]
    mixed = [*lines[:60], once[0], *lines[60:120], once[1], *lines[120:], once[2]]
    kept = kept_lines(select(mixed, goal=UNASKED))
    assert all(line in kept for line in once)


def test_the_path_of_a_log_is_no_question() -> None:
    lines = server_log()
    lines[201:201] = [f"2024-05-01 10:03:21,{n}00 WARN  [http-1] order {n} is late" for n in "123"]
    said = Content("\n".join(lines), COUNTER, question="Go ahead.", arguments="/var/log/http.log")
    asked = Content("\n".join(lines), COUNTER, question="Which session was opened last?")
    selection = LOG.select(said, GOAL)
    fewer = LOG.select(asked, GOAL)
    assert selection is not None and fewer is not None
    assert selection.body.count("is late") == 3
    assert fewer.kept < selection.kept


def test_lines_that_the_question_names_stand_whole_in_the_lossless_form() -> None:
    text = "\n".join(server_log())
    line = server_log()[250]
    number = re.findall(r"\d+", line)[-1]
    words = " ".join(line.split()[2:])
    encoding = LOG.encode(Content(text, COUNTER, question=f"What about {words} and {number}?"))
    plain = LOG.encode(Content(text, COUNTER))
    assert encoding is not None and plain is not None
    assert line in encoding.body.split("\n")
    assert line not in plain.body.split("\n")
    assert LOG.decode(encoding) == text
    assert len(encoding.body) < 1.1 * len(plain.body)


def test_a_line_that_holds_a_name_of_the_question_verbatim_stays() -> None:
    lines = [
        f"alternatives 2025-06-24 14:{i // 60:02}:{i % 60:02}: link /usr/bin/tool-{i} updated to "
        f"point to /usr/lib/tools/part-{i % 7}/tool-{i}.sh"
        for i in range(300)
    ]
    question = "What does it say about /usr/lib/tools/part-3/tool-164.sh?"
    content = Content("\n".join(lines), COUNTER, question=question)
    selection = LOG.select(content, GOAL)
    encoding = LOG.encode(content)
    assert selection is not None and encoding is not None
    assert lines[164] in kept_lines(selection)
    assert lines[164] in encoding.body.split("\n")


def test_aggressive_keeps_less() -> None:
    lines = server_log(800)
    words = ["alpha", "beta", "gamma", "delta", "omega", "sigma"]
    for i in range(60):
        lines.insert(
            i * 13, f"2024-05-01 10:00:00,000 INFO  [x] {words[i % 6]} {words[i // 6 % 6]}{i}"
        )
    balanced = COUNTER.count(select(lines, "slow?").body)
    assert (
        COUNTER.count(select(lines, "slow?", Goal("aggressive", 150, asked=True)).body) < balanced
    )


def test_a_short_text_is_not_selected_from() -> None:
    content = Content("\n".join(server_log(5)), COUNTER)
    assert LOG.select(content, GOAL) is None


def test_a_text_of_blank_lines_is_not_selected_from() -> None:
    assert LOG.select(Content("\n" * 500, COUNTER), GOAL) is None


PYTEST_RUN = [
    "============================= test session starts =============================",
    "collected 120 items",
    *[
        f"tests/test_mod{i // 40}.py::test_case_{i} PASSED [{i * 100 // 120:3}%]"
        for i in range(118)
    ],
    "tests/test_pay.py::test_refund FAILED [ 99%]",
    "tests/test_pay.py::test_total FAILED [100%]",
    "=================================== FAILURES ===================================",
    "_________________________________ test_refund __________________________________",
    "",
    "    def test_refund():",
    "        order = make(3)",
    ">       assert order.refund() == 30",
    "E       assert 29 == 30",
    "E        +  where 29 = refund()",
    "",
    "tests/test_pay.py:41: AssertionError",
    "__________________________________ test_total __________________________________",
    "",
    "    def test_total():",
    ">       assert total([1, 2]) == 4",
    "E       assert 3 == 4",
    "",
    "tests/test_pay.py:52: AssertionError",
    "=========================== short test summary info ============================",
    "FAILED tests/test_pay.py::test_refund - assert 29 == 30",
    "FAILED tests/test_pay.py::test_total - assert 3 == 4",
    "======================== 2 failed, 118 passed in 0.52s =========================",
]


def test_a_test_run_shows_every_failing_test_with_its_assertion_place_and_result() -> None:
    selection = select(PYTEST_RUN, "which tests fail?")
    for fact in (
        "test_refund FAILED",
        "test_total FAILED",
        ">       assert order.refund() == 30",
        "E       assert 29 == 30",
        "E       assert 3 == 4",
        "tests/test_pay.py:41: AssertionError",
        "tests/test_pay.py:52: AssertionError",
        "2 failed, 118 passed in 0.52s",
        "passing]",
    ):
        assert fact in selection.body
    assert selection.kept < 45


def test_every_failing_test_is_named_though_names_differ_by_a_number() -> None:
    failing = (7, 31, 58, 90)
    run = [f"test_case_{i} (app.Case) ... {'FAIL' if i in failing else 'ok'}" for i in range(120)]
    body = select([*run, "", "Ran 120 tests", "FAILED (failures=4)"], "what fails?").body
    assert all(f"test_case_{i} (app.Case) ... FAIL" in body for i in failing)


def test_a_run_without_failures_does_compress() -> None:
    run = [
        *[f"test_{i} (app.tests.Case) ... ok" for i in range(200)],
        "",
        "Ran 200 tests",
        "0 errors, 0 failures",
    ]
    selection = select(run, "did it pass?")
    assert selection.kept < 15
    assert "0 errors, 0 failures" in selection.body


@pytest.mark.parametrize(
    "line",
    [
        "0 errors, 0 failures",
        "Tests run: 12, errors=0",
        "no errors found",
        "test result: ok. 12 passed; 0 failed",
    ],
)
def test_the_absence_of_failures_is_no_failure(line: str) -> None:
    assert not is_failure(line)


@pytest.mark.parametrize(
    "line",
    [
        "ERROR disk full",
        "12 passed, 3 failed",
        "0 errors, 2 failures",
        "java.net.ConnectException: x",
        "connect: connection refused",
        "E       assert 1 == 2",
        "____ test_a ____",
        "  3) adds two numbers",
        "\u2717 parses",
    ],
)
def test_a_line_that_speaks_of_a_failure_is_one(line: str) -> None:
    assert is_failure(line)


def test_compiler_errors_keep_the_lines_that_belong_to_them() -> None:
    build = [f"gcc -O2 -c src/file{i}.c -o file{i}.o" for i in range(80)]
    error = [
        "src/file40.c: In function 'main':",
        "src/file40.c:17:9: error: 'cuont' undeclared (first use in this function)",
        "   17 |   cuont++;",
        "      |   ^~~~~",
    ]
    build[41:41] = error
    build.append("make: *** [Makefile:8: file40.o] Error 1")
    body = select(build, "why does the build fail?").body
    assert "\n".join(error[1:]) in body
    assert build[-1] in body


@pytest.mark.parametrize("path", LOGHUB, ids=lambda p: p.stem)
def test_real_logs_come_back_whole_and_keep_their_rare_words(path: Path) -> None:
    text = path.read_bytes().decode(errors="replace")
    content = Content(text, COUNTER, question="Find errors and anomalies in this log.")
    encoding = LOG.encode(content)
    assert encoding is not None
    assert LOG.decode(encoding) == text
    assert COUNTER.count(encoding.body) < 0.6 * content.tokens
    selection = LOG.select(content, Goal("balanced", 2500, asked=True))
    assert selection is not None
    assert COUNTER.count(selection.body) < 0.15 * content.tokens
    kept = kept_lines(selection)
    rest = iter(content.lines)
    assert all(line in rest for line in kept)
    assert len(kept) == selection.kept
