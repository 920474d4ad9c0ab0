"""What must hold for every piece of source code that the compressor is given."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Sequence

import pytest
from code_texts import EXTENSIONS, NAMED, PIECES
from hypothesis import example, given
from hypothesis import strategies as st

from headroom.compressors.code import CodeCompressor
from headroom.compressors.interface import Content, Goal, Selection
from headroom.grammars import grammars_from
from headroom.selection.code_text import read_code_text

compressor = CodeCompressor()
grammars = grammars_from("official")

GAP = re.compile(r"[ \t]*(?:\.\.\.  )?(?:(?:#|//) )?\[lines? (\d+)(?:-(\d+))?\]\r?")


class Tenths:
    """Counts ten tokens a character, so that a short file is a large one."""

    name = "tenths"

    def count(self, text: str) -> int:
        return 10 * len(text)


counter = Tenths()
languages = st.sampled_from(sorted(PIECES))
questions = st.sampled_from(
    [
        "",
        "Go on.",
        "Where is the step called?",
        "Why is 注釈 said?",
        "What does run return?",
        "名前",
    ]
)
goals = st.sampled_from(
    [Goal("balanced", 450, True), Goal("aggressive", 120, True), Goal("balanced", 450, False)]
)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str]:
    """Return a language, and a file of its pieces in some order with some line ends."""
    language = draw(languages)
    pieces = draw(st.lists(st.sampled_from(PIECES[language]), min_size=1, max_size=9))
    text = draw(st.sampled_from(["\n", "\n\n"])).join(pieces)
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    text = draw(st.sampled_from(["", "\ufeff"])) + text
    return language, text + draw(st.sampled_from(["", "\n", "   ", "\n\n\n"]))


def select(
    language: str, text: str, goal: Goal, question: str = "", keep: tuple[str, ...] = ()
) -> Selection | None:
    arguments = f"src/file.{EXTENSIONS[language]}"
    return compressor.select(
        Content(
            text,
            counter,
            question=question,
            arguments=arguments,
            keep=keep,
            scratch={"code.language": language},
        ),
        goal,
    )


def shown_rows(selection: Selection, lines: Sequence[str], first: int = 1) -> list[int]:
    """Return the rows that a selection shows; check that it says of all others where they are."""
    rows: list[int] = []
    at = 0
    for line in selection.body.split("\n"):
        found = GAP.fullmatch(line)
        if found and (at == len(lines) or lines[at] != line):
            start, end = int(found[1]) - first, int(found[2] or found[1]) - first
            assert start == at
            at = end + 1
        else:
            assert line == lines[at]
            rows.append(at)
            at += 1
    assert at == len(lines) == selection.total
    assert len(rows) == selection.kept
    return rows


@given(files(), goals, questions)
def test_every_line_is_shown_as_it_is_or_counted_where_it_stood(
    file: tuple[str, str], goal: Goal, question: str
) -> None:
    language, text = file
    selection = select(language, text, goal, question)
    if selection is not None:
        shown_rows(selection, text.split("\n"))


@given(files(), goals, questions)
def test_what_parsed_before_parses_after(file: tuple[str, str], goal: Goal, question: str) -> None:
    language, text = file
    selection = select(language, text, goal, question)
    if selection is None or _has_error(language, text):
        return
    assert not _has_error(language, selection.body)
    if language == "python" and sys.version_info >= (3, 12) and _compiles(text):
        assert _compiles(selection.body)


def _has_error(language: str, text: str) -> bool:
    return grammars.parse(language, text.removeprefix("\ufeff").encode()).has_error


def _compiles(text: str) -> bool:
    try:
        ast.parse(text.removeprefix("\ufeff"))
    except SyntaxError:
        return False
    return True


@given(languages, st.data(), goals)
def test_a_symbol_that_is_named_stands_there_byte_for_byte(
    language: str, data: st.DataObject, goal: Goal
) -> None:
    name, first, last = NAMED[language]
    piece = next(p for p in PIECES[language] if first in p and last in p[p.index(first) :])
    others = st.lists(st.sampled_from([p for p in PIECES[language] if p != piece]), max_size=6)
    text = "\n".join((*data.draw(others), piece, *data.draw(others)))
    selection = select(language, text, goal, f"How does `{name}` work?")
    if selection is not None:
        body = piece[piece.index(first) : piece.index(last, piece.index(first)) + len(last)]
        assert body in selection.body


@given(
    files(),
    st.sampled_from(["{n:6}\t", "{n}: ", "{n}:", "{n:4} | ", "{n:5}\u2192", "{n}|"]),
    st.integers(1, 5_000),
    st.booleans(),
)
def test_numbers_that_a_tool_printed_are_those_of_the_gaps(
    file: tuple[str, str], style: str, first: int, headed: bool
) -> None:
    language, text = file
    printed = [
        style.format(n=n) + line
        for n, line in enumerate(text.removeprefix("\ufeff").split("\n"), first)
    ]
    lines = ["Here is the file a.py:", *printed] if headed else printed
    read = read_code_text(lines)
    # A file may be too short, or its own lines may look like numbers with more behind them.
    if read.number is None:
        assert len(printed) < 3
        return
    assert (read.number, read.first) == (first, int(headed))
    if first > 1:
        return
    selection = select(language, "\n".join(lines), Goal("balanced", 450, True), "Where is run?")
    if selection is not None:
        rows = shown_rows(selection, lines, first - int(headed))
        assert rows[0] == 0 or not headed


@given(files(), goals, st.sampled_from(["return", "注釈", "n", "'a'", "}", "é"]))
def test_lines_with_what_must_be_kept_are_shown(
    file: tuple[str, str], goal: Goal, word: str
) -> None:
    language, text = file
    selection = select(language, text, goal, keep=(word,))
    if selection is not None:
        lines = text.split("\n")
        held = {i for i, line in enumerate(lines) if word in line}
        assert held <= set(shown_rows(selection, lines))


@given(languages, st.text(max_size=400), st.integers(0, 4), st.data())
def test_broken_code_loses_no_line_without_saying_so(
    language: str, noise: str, place: int, data: st.DataObject
) -> None:
    pieces = data.draw(st.lists(st.sampled_from(PIECES[language]), min_size=2, max_size=6))
    text = "\n".join((*pieces[:place], noise, *pieces[place:]))
    cut = data.draw(st.integers(0, len(text)))
    for broken in (text, text[:cut], text[cut:]):
        selection = select(language, broken, Goal("aggressive", 120, True), "step")
        if selection is not None:
            shown_rows(selection, broken.split("\n"))


@given(languages, languages, st.lists(st.integers(0, 9), min_size=1, max_size=6), questions)
def test_the_wrong_language_loses_nothing_either(
    language: str, other: str, order: list[int], question: str
) -> None:
    text = "\n".join(PIECES[other][i % len(PIECES[other])] for i in order)
    selection = select(language, text, Goal("balanced", 450, True), question)
    if selection is not None:
        shown_rows(selection, text.split("\n"))


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
@example("\ud800def f():\n    pass\n" * 8)
def test_any_text_is_looked_at_without_raising(text: str) -> None:
    content = Content(text, counter, arguments="cat a.py")
    assert compressor.detect(content) in (None, "code")
    compressor.select(
        Content(text, counter, scratch={"code.language": "c"}), Goal("balanced", 9, True)
    )


@given(files(), questions)
def test_the_same_question_gives_the_same_selection(file: tuple[str, str], question: str) -> None:
    language, text = file
    goal = Goal("balanced", 450, True)
    assert select(language, text, goal, question) == select(language, text, goal, question)


@pytest.mark.parametrize("language", sorted(PIECES))
def test_every_language_is_selected_from(language: str) -> None:
    text = "\n".join(PIECES[language])
    selection = select(language, text, Goal("aggressive", 120, True), "What is the step?")
    assert selection is not None
    assert len(selection.body) < 0.8 * len(text)
