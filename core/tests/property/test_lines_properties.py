"""Entries of any text: every line is in one, nothing overlaps, nothing comes twice."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from headroom.compressors.interface import Content, Goal
from headroom.compressors.lines import LinesCompressor
from headroom.counting.o200k import O200kCounter
from headroom.selection.entries import read_entries

counter = O200kCounter()
LINE = st.builds(
    lambda indent, text, end: indent + text + end,
    st.sampled_from(["", " ", "  ", "    ", "\t", " | ", " |  |  "]),
    st.sampled_from(["--red the colour red", "Name:", "was it", "é文字 then", "|", ""])
    | st.text(max_size=12).filter(lambda text: "\n" not in text),
    st.sampled_from(["", "\r", "  "]),
)
TEXT = st.lists(LINE, max_size=60).map("\n".join)


@given(TEXT)
def test_every_line_that_is_not_blank_is_in_exactly_one_entry(text: str) -> None:
    spans = [(unit.start, unit.end) for unit in read_entries(text)]
    assert all(a[1] < b[0] for a, b in itertools.pairwise(spans))
    at = 0
    for line in text.split("\n"):
        if line.strip(" \t|\r"):
            assert sum(start <= at and at + len(line) <= end for start, end in spans) == 1
        at += len(line) + 1


@given(TEXT)
def test_an_entry_needs_only_entries_above_it(text: str) -> None:
    for i, unit in enumerate(read_entries(text)):
        assert all(above < i for above in unit.needs)


@given(TEXT, st.sampled_from(["red?", "what is Name", "文字"]))
def test_a_selection_counts_what_it_leaves_out(text: str, question: str) -> None:
    found = LinesCompressor().select(
        Content(text, counter, question=question), Goal("aggressive", 120, asked=True)
    )
    if found is not None:
        assert 0 < found.kept < found.total == len(read_entries(text))
