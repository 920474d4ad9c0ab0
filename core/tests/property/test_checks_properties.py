"""Whatever a test run, a build or a trace looks like: counts add up, lines are verbatim."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.compressors.checks import CheckCompressor
from headroom.compressors.interface import Content, Encoding, Goal
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError
from headroom.notation.cycles import decode_cycles, encode_cycles
from headroom.routing.checks_kind import KINDS
from headroom.selection.terminal import seen_lines, without_codes

COUNTER = O200kCounter()
CHECKS = CheckCompressor()

PIECES = st.sampled_from(
    [
        "=== FAILURES ===",
        "____ test_a[1] ____",
        ">       assert a == b",
        "E       assert 1 == 2",
        "tests/test_a.py:14: AssertionError",
        "=" * 70,
        "-" * 70,
        "FAIL: test_b (t.T.test_b)",
        "Traceback (most recent call last):",
        '  File "/srv/a.py", line 3, in f',
        "    return g()",
        "ValueError: no",
        "  + Exception Group Traceback (most recent call last):",
        "    | ValueError: no",
        "  \u25cf suite \u203a test",
        "    at f (src/a.js:1:2)",
        "    at g (node:internal/x:3:4)",
        "  1) suite",
        "  3 failing",
        "not ok 4 - fails",
        "  ---",
        "  ...",
        "ok 5 - passes",
        "test a::b ... ok",
        "test a::c ... FAILED",
        "---- a::c stdout ----",
        "thread 'a::c' panicked at src/lib.rs:3:4:",
        "=== RUN   TestA",
        "    a_test.go:7: got 1, want 2",
        "--- FAIL: TestA (0.00s)",
        "--- PASS: TestB (0.00s)",
        "panic: boom",
        "goroutine 7 [running]:",
        "main.f(...)",
        "\t/srv/a.go:7 +0x1d",
        "a.c:3:7: error: expected ';' before '}' token",
        "    3 |     go()",
        "      |         ^",
        "a.c:4:1: warning: unused variable 'x' [-Wunused-variable]",
        "error[E0308]: mismatched types",
        " --> src/a.rs:3:4",
        "a.py:3:4: D103 Missing docstring",
        "/srv/a.js",
        "  3:4  error  'x' is not defined  no-undef",
        "[ 50%] Building C object a.o",
        "make: *** [Makefile:3: all] Error 1",
        "BUILD FAILURE",
        "2 failed, 3 passed in 0.2s",
        "[+3 passing]",
        "[the line above, 9 times more]",
        "",
        "plain words",
    ]
)
LINES = st.lists(PIECES | st.text(max_size=60).map(lambda s: s.replace("\n", " ")), max_size=60)
QUESTIONS = st.sampled_from(["", "Why does test_a fail?", "plain words", "What is wrong in a.c?"])


@given(LINES, QUESTIONS, st.sampled_from(KINDS), st.sampled_from(["balanced", "aggressive"]))
def test_counts_add_up_and_kept_lines_are_verbatim_and_in_order(
    lines: list[str], question: str, kind: str, fidelity: str
) -> None:
    text = "\n".join(lines)
    content = Content(text, COUNTER, kind=kind, question=question)
    goal = Goal("balanced" if fidelity == "balanced" else "aggressive", 60, asked=bool(question))
    selection = CHECKS.select(content, goal)
    if selection is None:
        return
    assert 0 < selection.kept < selection.total
    if kind != "junit":
        own = iter([without_codes(line) for line in text.split("\n")])
        kept = [line for line in selection.body.split("\n") if not _is_ours(line, lines)]
        assert all(line in own for line in kept)


def _is_ours(line: str, lines: list[str]) -> bool:
    ours = re.fullmatch(r"\[(?:\+\d+ .*|\d+ lines omitted)\]", line) is not None
    return ours and line not in lines


@given(LINES, st.integers(1, 5))
def test_every_lossless_form_comes_back_byte_for_byte(lines: list[str], times: int) -> None:
    text = "\n".join([*lines, *lines * times])
    for kind in KINDS:
        encoding = CHECKS.encode(Content(text, COUNTER, kind=kind))
        assert encoding is None or CHECKS.decode(encoding) == text


@given(st.text(max_size=200), st.integers(1, 40))
def test_folded_cycles_unfold(text: str, times: int) -> None:
    repeated = f"{text}\n" * times
    folded = encode_cycles(repeated)
    assert folded is None or decode_cycles(folded) == repeated


@given(st.lists(PIECES | st.text(max_size=30), max_size=20))
def test_decoding_raises_nothing_but_its_own_error(lines: list[str]) -> None:
    for notation in CHECKS.notations:
        try:
            CHECKS.decode(Encoding(notation, lines[0] if lines else "", "\n".join(lines)))
        except DecodingError:
            pass


@given(LINES)
def test_as_many_lines_are_seen_as_there_are(lines: list[str]) -> None:
    assert len(seen_lines(lines)) == len(lines)


BAIT = {
    "one long line": "a.c:3:7: error: " + "x" * 2_000_000,
    "colour codes without an end": "\x1b[" * 400_000 + "\nRan 3 tests in 0.1s",
    "rows of signs": "=" * 300_000 + "\n" + "_" * 300_000 + "\nE   x\n" + "-" * 300_000,
    "deeper and deeper": "\n".join(" " * min(n, 200) + "not ok 1 - x" for n in range(8_000)),
    "open tags": "<testsuite>" + '<testcase name="' * 60_000,
    "quotes": "<testsuite>" + "<testcase a='\"" * 60_000,
    "nothing but frames": '  File "a.py", line 1, in f\n' * 60_000,
    "heads of failures": "____ test_a ____\n" * 40_000,
    "numbered heads": "3 failing\n" + "  1) test\n" * 30_000,
    "heads of findings": "a.c:3:7: error: no\n" * 30_000,
    "runs of Go": "=== RUN   TestA\n--- FAIL: TestA (0.00s)\n" * 20_000,
    "blanks": "Ran 3 tests in 0.1s\n" + " \n" * 200_000,
}


@pytest.mark.parametrize("name", BAIT)
def test_bait_is_read_in_one_go(name: str) -> None:
    # Work that grows with the square of the text would not end here.
    text = BAIT[name]
    kind = "junit" if text.startswith("<") else "test"
    content = Content(text, _Characters(), kind=kind, question="Why does test_a fail?")
    assert CHECKS.detect(content) in (None, *KINDS)
    selection = CHECKS.select(content, Goal("balanced", 400, asked=True))
    assert selection is None or 0 < selection.kept < selection.total


class _Characters:
    name = "characters"

    def count(self, text: str) -> int:
        return len(text) // 4
