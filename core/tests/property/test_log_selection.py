"""Laws of selecting from logs, over generated texts."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from headroom.compressors.interface import Content, Goal
from headroom.compressors.log import LogCompressor
from headroom.counting.o200k import O200kCounter
from headroom.originals.markers import one_line

COUNTER = O200kCounter()
LOG = LogCompressor()

OURS = re.compile(r"\[(?:\d+ lines omitted|\+\d+ like it.*|\+\d+ passing)\]")

pieces = st.sampled_from(
    (
        "10:00:{n:02} INFO tick {n}",
        "2024-05-01T10:00:{n:02} ERROR disk {n} failed",
        "Traceback (most recent call last):",
        '  File "a.py", line {n}, in f',
        "ValueError: {n}",
        "    at f (a.js:{n}:2)",
        "goroutine {n} [running]:",
        "test_{n} ... ok",
        "0 errors, 0 failures",
        "   indented {n}",
        "",
        "\t",
        "E   assert {n}",
        "lone \ud800 nul \x00 cr \r",
        "\u2713 passes {n}",
        "[headroom 8a2a5c9b768827de: kept 1 of 2 lines]",
    )
)


@st.composite
def logs(draw: st.DrawFn) -> str:
    forms = draw(st.lists(st.tuples(pieces, st.integers(1, 12)), min_size=1, max_size=12))
    lines = [form.replace("{n", "{0").format(k % 60) for form, times in forms for k in range(times)]
    lines += draw(st.lists(st.text(max_size=20).filter(lambda x: "\n" not in x), max_size=5))
    return "\n".join(lines) + draw(st.sampled_from(("", "\n")))


goals = st.builds(
    Goal,
    st.sampled_from(("balanced", "aggressive")),
    st.integers(0, 3_000),
    st.booleans(),
)


@given(logs(), goals, st.sampled_from(("", "which disk failed on line 3?", "tick 7")))
@settings(max_examples=300, deadline=None)
def test_counts_add_up_and_kept_lines_are_verbatim_and_in_order(
    text: str, goal: Goal, question: str
) -> None:
    content = Content(text, COUNTER, question=question, keep=("tick 5",))
    selection = LOG.select(content, goal)
    if selection is None:
        return
    lines = content.lines[:-1] if text.endswith("\n") else content.lines
    kept = [line for line in selection.body.split("\n") if not OURS.fullmatch(line)]
    assert 0 < selection.kept == len(kept) < selection.total == len(lines)
    rest = iter(lines)
    assert all(line in rest for line in kept)
    assert [x for x in kept if "tick 5" in x] == [x for x in lines if "tick 5" in x]
    assert one_line(selection.summary) == selection.summary
    assert (
        LOG.select(Content(text, COUNTER, question=question, keep=("tick 5",)), goal) == selection
    )


@given(st.lists(st.sampled_from(("load", "parse", "plan", "write")), min_size=40, max_size=120))
@settings(max_examples=50, deadline=None)
def test_each_template_of_a_log_keeps_a_line(steps: list[str]) -> None:
    text = "\n".join(f"10:00:{i % 60:02} INFO {step} item {i}" for i, step in enumerate(steps))
    for goal in (Goal("balanced", 250, asked=True), Goal("balanced", 250, asked=False)):
        selection = LOG.select(Content(text, COUNTER), goal)
        if selection is not None:
            assert all(f"INFO {step} item" in selection.body for step in set(steps))
