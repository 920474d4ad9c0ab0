"""What must hold for every document that the prose compressor is given."""

# ruff: noqa: RUF001  # other scripts have marks of their own

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.compressors.interface import Content, Encoding, Goal
from headroom.compressors.prose import ProseCompressor
from headroom.compressors.prose_repeats import decode_repeats, encode_repeats
from headroom.errors import DecodingError
from headroom.selection.passages import read_units

compressor = ProseCompressor()
GAP = re.compile(r"\[(\d+) (?:sentences|passages) omitted\]")


class Characters:
    """Counts four characters as a token: fast, and enough where only the order matters."""

    name = "characters"

    def count(self, text: str) -> int:
        return (len(text) + 3) // 4


counter = Characters()

words = st.sampled_from(
    [
        *"the harbour lamp It tower 1902 Dr. e.g. v1.2 opened closed 塔高 Vögel маяк ...".split(),
        "https://a.example/b.c?d=1",
    ]
)
sentences = st.builds(
    lambda parts, end: " ".join(parts) + end,
    st.lists(words, min_size=1, max_size=9),
    st.sampled_from([".", "?", "!", "。", "", ":", ".[1]"]),
)
paragraphs = st.lists(sentences, min_size=1, max_size=5).map(" ".join)
blocks = st.one_of(
    paragraphs,
    paragraphs,
    st.builds(lambda n, title: "#" * n + " " + title, st.integers(1, 4), sentences),
    st.lists(sentences, min_size=1, max_size=4).map(lambda s: "\n".join(f"- {x}" for x in s)),
    st.lists(sentences, min_size=1, max_size=3).map(lambda s: "\n".join(f"  * {x}" for x in s)),
    st.lists(sentences, max_size=3).map(lambda s: "\n".join(["```sh", *s, "# x", "```"])),
    st.lists(sentences, max_size=3).map(
        lambda s: "\n".join(["| a | b |", "|---|---|", *(f"| {x} | 1 |" for x in s)])
    ),
    st.sampled_from(["<!-- hidden -->", "    indented", "Title\n=====", "---", "\r\n", "> said"]),
)
documents = st.lists(blocks, min_size=1, max_size=14).flatmap(
    lambda parts: st.sampled_from(["\n\n", "\n"]).map(lambda gap: gap.join(parts))
)
goals = st.sampled_from([Goal("balanced", 40, True), Goal("aggressive", 20, True)])
questions = st.sampled_from(
    ["When was the harbour opened?", "Who closed the tower in 1902?", "塔有多高？", "маяк?", "lamp"]
)


@given(st.one_of(documents, st.text()))
def test_every_visible_character_lies_in_exactly_one_unit(text: str) -> None:
    at = 0
    for unit in read_units(text):
        assert at <= unit.start < unit.end
        assert not text[at : unit.start].strip()
        at = unit.end
    assert not text[at:].strip()


@given(documents)
def test_a_unit_needs_only_units_before_it(text: str) -> None:
    for i, unit in enumerate(read_units(text)):
        assert all(needed < i for needed in unit.needs)


@given(documents, questions, goals)
def test_units_stay_byte_for_byte_in_order_with_what_they_need(
    text: str, question: str, goal: Goal
) -> None:
    selection = compressor.select(Content(text, counter, question=question), goal)
    if selection is None:
        return
    units = read_units(text)
    kept: list[int] = []
    at = 0
    for piece in _pieces(selection.body):
        if isinstance(piece, int):
            at += piece
            continue
        rest = piece
        while rest.strip():
            unit = text[units[at].start : units[at].end]
            rest = rest.lstrip()
            assert rest.startswith(unit)
            rest = rest[len(unit) :]
            kept.append(at)
            at += 1
    assert at == selection.total == len(units)
    assert len(kept) == selection.kept
    assert all(needed in kept for i in kept for needed in units[i].needs)


def _pieces(body: str) -> list[int | str]:
    """Return the gaps of a body as numbers, and what stands between them."""
    pieces: list[int | str] = []
    lines: list[str] = []
    for line in body.split("\n"):
        found = GAP.fullmatch(line)
        if found:
            pieces += ["\n".join(lines), int(found.group(1))]
            lines = []
        else:
            lines.append(line)
    return [*pieces, "\n".join(lines)]


@given(documents, questions, st.sampled_from(["Dr.", "塔高", "closed", "opened"]))
def test_what_must_be_kept_is_kept_wherever_it_stands(text: str, question: str, word: str) -> None:
    content = Content(text, counter, question=question, keep=(word,))
    selection = compressor.select(content, Goal("aggressive", 10, True))
    if selection is not None:
        assert selection.body.count(word) >= text.count(word)


@given(documents, questions, goals)
def test_the_same_question_gives_the_same_selection(text: str, question: str, goal: Goal) -> None:
    content = Content(text, counter, question=question)
    assert compressor.select(content, goal) == compressor.select(content, goal)


lines = st.one_of(st.text(max_size=60), st.sampled_from(["a" * 50, "a" * 41 + "b", "header", ""]))


@given(st.lists(lines, max_size=12), st.integers(1, 4))
def test_repeated_lines_come_back(once: list[str], times: int) -> None:
    text = "\n".join(once * times)
    body = encode_repeats(text)
    if body is not None:
        assert decode_repeats(body) == text


@given(
    st.lists(st.sampled_from(['[again 1 line "a"]', "a", "b", "[again ", '[again 2 lines "b"]']))
)
def test_any_body_decodes_or_is_refused(parts: list[str]) -> None:
    try:
        compressor.decode(Encoding("repeats", "", "\n".join(parts)))
    except DecodingError:
        return


def test_another_notation_is_refused() -> None:
    with pytest.raises(DecodingError):
        compressor.decode(Encoding("other", "", "x"))
