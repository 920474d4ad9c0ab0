"""What must hold for every text that the search compressor is given."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.compressors.interface import Content, Encoding, Goal
from headroom.compressors.search import SearchCompressor
from headroom.errors import DecodingError
from headroom.notation.headings import decode_rows, encode_rows

compressor = SearchCompressor()


class Characters:
    """Counts four characters as a token: fast, and enough where only the order matters."""

    name = "characters"

    def count(self, text: str) -> int:
        return (len(text) + 3) // 4


counter = Characters()

names = st.one_of(
    st.from_regex(r"[a-z_]{1,8}\.(?:py|rs|md)", fullmatch=True),
    st.sampled_from(
        [
            "a-1-b.py",
            "with space.py",
            "a:b.py",
            "12.py",
            "ünï.py",
            "Makefile",
            "> x.py",
            "x(1,2).ts",
            "\ud800.py",
            "nul\0.py",
            "=",
            "7",
            "x.py\r",
            "(3,4): a.py",
            " lead.py",
            "2024-01-02.log",
        ]
    ),
)
paths = st.lists(names, min_size=1, max_size=3).map("/".join) | names.map("C:\\src\\".__add__)
contents = st.one_of(
    st.sampled_from(
        ["import os", "=", "", "    return None", "12:30:01 up", "3,4:x", "x\r", "> y"]
    ),
    st.text(st.characters(exclude_characters="\n"), max_size=20),
)
numbers = st.integers(0, 40).map(str) | st.tuples(st.integers(0, 9), st.integers(0, 9)).map(
    lambda pair: f"{pair[0]}:{pair[1]}"
)
rows = st.one_of(
    st.tuples(paths, numbers, contents).map(lambda r: f"{r[0]}:{r[1]}:{r[2]}"),
    st.tuples(paths, numbers, contents).map(lambda r: f"{r[0]}-{r[1]}-{r[2]}"),
    st.tuples(paths, contents).map(":".join),
    st.tuples(paths, numbers, contents).map(lambda r: f"{r[0]}({r[1].replace(':', ',')}): {r[2]}"),
    st.sampled_from(["--", "", "Found 3 errors", " indented", "> quoted", "9: bare", "9-bare"]),
    contents,
)


@st.composite
def searches(draw: st.DrawFn) -> str:
    """Rows of a few files, often repeated and in order, as tools print them."""
    lines: list[str] = []
    for path in draw(st.lists(paths, max_size=4)):
        for number in sorted(draw(st.lists(st.integers(1, 50), max_size=8))):
            lines.append(f"{path}:{number}:{draw(contents)}")
        lines.extend(draw(st.lists(rows, max_size=3)))
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines) + draw(st.sampled_from(["", "\n"]))


@given(searches(), st.frozensets(st.integers(0, 20), max_size=3))
def test_every_search_result_comes_back_byte_for_byte(text: str, whole: frozenset[int]) -> None:
    lines = text.split("\n")
    assert decode_rows(encode_rows(lines, whole)[0]) == lines


@given(st.lists(rows, max_size=12))
def test_every_mixture_of_rows_comes_back_byte_for_byte(lines: list[str]) -> None:
    assert decode_rows(encode_rows(lines)[0]) == lines


@given(st.text())
def test_every_text_comes_back_byte_for_byte(text: str) -> None:
    encoding = compressor.encode(Content(text * 3, counter))
    assert encoding is None or compressor.decode(encoding) == text * 3


@given(st.lists(rows | st.sampled_from(["3:=", "3,4:=", " x", "(1,2): x", "1-x"]), max_size=12))
def test_a_foreign_body_decodes_or_is_refused_as_such(lines: list[str]) -> None:
    try:
        compressor.decode(Encoding("search", "", "\n".join(lines)))
    except DecodingError:
        return


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5)), min_size=30, max_size=80),
    st.sampled_from(["where is value3 set in file2?", "", "nothing of the kind"]),
    st.booleans(),
    st.booleans(),
)
def test_a_selection_accounts_for_every_hit(
    spots: list[tuple[int, int]], question: str, asked: bool, with_context: bool
) -> None:
    lines: list[str] = []
    for at, (file, value) in enumerate(spots):
        lines.append(f"src/file{file}.py:{at}:    value{value} = compute(value{value})")
        if with_context:
            lines += [f"src/file{file}.py-{at + 1}-    # then", "--"]
    content = Content("\n".join(lines), counter, question=question)
    selection = compressor.select(content, Goal("balanced", 150, asked))
    if selection is None:
        return
    body = selection.body.split("\n")
    assert 0 < selection.kept < selection.total
    counted = [int(n) for line in body if line.startswith("[more") for n in _COUNT.findall(line)]
    if selection.unit == "hits":
        assert selection.total == len(spots)
        assert selection.kept + sum(counted) == selection.total
    verbatim = [line for line in body if not line.startswith("[more")]
    assert _is_subsequence(verbatim, lines)
    for file, _ in spots:
        assert f"src/file{file}.py" in selection.body


_COUNT = re.compile(r"(?<=[:,] )([0-9]+)(?= )")


def _is_subsequence(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(line in rest for line in part)


@pytest.mark.slow
@pytest.mark.parametrize("asked", [True, False])
def test_two_hundred_thousand_rows_are_no_trouble(asked: bool) -> None:
    text = "".join(f"src/m{n % 977}/f{n % 4001}.py:{n}:x = {n % 31}\n" for n in range(200_000))
    content = Content(text, counter, question="where is f17 set?")
    assert compressor.detect(content) == "search"
    encoding = compressor.encode(content)
    assert encoding is None or compressor.decode(encoding) == text
    selection = compressor.select(content, Goal("balanced", 2_500, asked))
    assert selection is not None
    assert selection.total == 200_000


@pytest.mark.parametrize("unit", ["a", "a/", "a:", "a-1-", "1,", " ", "a.py:1:", "=", "("])
def test_one_line_of_five_megabytes_is_no_trouble(unit: str) -> None:
    text = unit * (5_000_000 // len(unit))
    content = Content(text, counter)
    compressor.detect(content)
    assert decode_rows(encode_rows([text])[0]) == [text]
    assert compressor.select(content, Goal("balanced", 100, True)) is None
