"""What must hold for every text that the paths compressor is given."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.compressors.interface import Content, Encoding, Goal
from headroom.compressors.paths import PathsCompressor
from headroom.errors import DecodingError
from headroom.notation.listing import decode_listing, encode_listing
from headroom.notation.path_runs import SEPARATORS, PathNote, decode_paths, encode_paths
from headroom.notation.path_trees import STYLES, TreeNote, decode_tree, encode_tree

compressor = PathsCompressor()


class Characters:
    """Counts four characters as a token: fast, and enough where only the order matters."""

    name = "characters"

    def count(self, text: str) -> int:
        return (len(text) + 3) // 4


counter = Characters()

names = st.one_of(
    st.from_regex(r"[a-z]{1,4}(?:\.py)?", fullmatch=True),
    st.sampled_from(
        [
            "with space",
            "a, b",
            "a | b",
            "x:",
            "> y",
            "ünï",
            "\ud800",
            "nul\0",
            "7 x",
            "a -> b",
            "\r",
            "x/",
            "Nov 20 10:13 z",
            "-rw-r--r--",
            "└── z",
            " lead",
            "",
            "d\\e",
            "x2 y",
        ]
    ),
)
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
lines_of_paths = st.lists(paths | st.sampled_from(["", ".", "a:", "total 8"]), max_size=20)
separators = st.sampled_from(SEPARATORS)


notes = st.builds(PathNote, separators, st.sampled_from(["", "a/", "a"]), st.booleans())
led_lines = st.lists(
    st.tuples(
        st.sampled_from(["4\t", "  12 ", "M\t", "?? ", "1.2K\t", "7 7 ", "", "src/"]), paths
    ).map("".join)
)


@given(lines_of_paths | led_lines, notes, st.frozensets(st.integers(0, 9)))
def test_every_path_list_comes_back(
    lines: list[str], note: PathNote, whole: frozenset[int]
) -> None:
    assert decode_paths(encode_paths(lines, note, whole), note) == lines


def _draw(depths: list[int], labels: list[str], style: int) -> list[str]:
    marks = STYLES[style]
    return [
        marks.pipe * (depth - 1) * (depth > 0) + (marks.branch if depth else "") + label
        for depth, label in zip(depths, labels, strict=False)
    ]


@given(
    st.lists(st.integers(0, 5), max_size=15),
    st.lists(names, min_size=15, max_size=15),
    st.integers(0, len(STYLES) - 1),
    separators,
)
def test_every_drawing_comes_back_even_a_wrong_one(
    depths: list[int], labels: list[str], style: int, separator: str
) -> None:
    lines = _draw(depths, labels, style)
    note = TreeNote(STYLES[style], separator)
    assert decode_tree(encode_tree(lines, note), note) == lines


@given(
    st.recursive(
        st.lists(names.filter(lambda n: n and n[0] != " "), max_size=3),
        lambda inner: st.lists(st.tuples(names, inner), max_size=3),
        max_leaves=20,
    ),
    st.integers(0, len(STYLES) - 1),
    separators,
)
def test_every_tree_that_a_tool_draws_comes_back(tree: object, style: int, separator: str) -> None:
    lines: list[str] = ["."]

    def grow(node: object, prefix: str) -> None:
        assert isinstance(node, list)
        marks = STYLES[style]
        for at, item in enumerate(node):
            label, below = item if isinstance(item, tuple) else (item, [])
            is_last = at == len(node) - 1
            mark = marks.mark(is_last=is_last, is_parent=bool(below))
            lines.append(f"{prefix}{mark}{label}")
            grow(below, prefix + (marks.blank if is_last else marks.pipe))

    grow(tree, "")
    note = TreeNote(STYLES[style], separator)
    assert decode_tree(encode_tree(lines, note), note) == lines


entries = st.builds(
    lambda mode, links, owner, size, date, name: (
        f"{mode} {links} {owner} {owner} {size} {date} {name}"
    ),
    st.sampled_from(["-rw-r--r--", "drwxr-xr-x", "lrwxrwxrwx", "-rw-r--r--+", "srwxr-xr-x"]),
    st.sampled_from(["1", "2", " 1", "13"]),
    st.sampled_from(["root", "a", "o:g", "12"]),
    st.sampled_from(["1", "   1", "4096", "1.2K", "8, 1"]),
    st.sampled_from(["Nov 20 10:13", "Nov  5  2025", "2026-11-20 08:57", "yesterday"]),
    names,
)


@given(st.lists(entries | st.sampled_from(["", "total 8", "./x:", "12 y", "> z"]), max_size=15))
def test_every_listing_comes_back(lines: list[str]) -> None:
    assert decode_listing(encode_listing(lines)) == lines


@given(lines_of_paths | st.lists(entries, max_size=9), st.sampled_from(["\n", "\r\n"]))
def test_what_is_encoded_decodes(lines: list[str], newline: str) -> None:
    text = newline.join(lines)
    encoding = compressor.encode(Content(text, counter))
    assert encoding is None or compressor.decode(encoding) == text


@given(
    st.sampled_from(["paths", "tree", "listing", "nosuch"]),
    st.sampled_from(
        [TreeNote(STYLES[3]).words(), PathNote(", ", "/usr/lib/x/").words(), "", 'separated by "x"']
    )
    | st.text(),
    st.lists(paths | entries | st.sampled_from(["x2 7 y", "7 y", "d/", " " * 400 + "x"])),
)
def test_a_foreign_body_decodes_or_is_refused_as_such(
    notation: str, note: str, lines: list[str]
) -> None:
    try:
        compressor.decode(Encoding(notation, note, "\n".join(lines)))
    except DecodingError:
        return


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99)), min_size=150, max_size=200),
    st.sampled_from(["where is d3/part_7?", "part", ""]),
    st.booleans(),
)
def test_a_selection_accounts_for_every_path(
    spots: list[tuple[int, int]], question: str, asked: bool
) -> None:
    lines = [f"src/d{d}/part_{p}.py" for d, p in spots]
    content = Content("\n".join(lines), counter, question=question)
    selection = compressor.select(content, Goal("balanced", 200, asked))
    if selection is None:
        return
    body = selection.body.split("\n")
    shown = [line for line in body if not line.startswith("[more")]
    counted = [int(n) for line in body if line.startswith("[more") for n in _COUNT.findall(line)]
    assert selection.total == len(lines)
    assert selection.kept == len(shown)
    assert selection.kept + sum(counted) == selection.total
    rest = iter(lines)
    assert all(line in rest for line in shown)


_COUNT = re.compile(r"(?<=[:,] )([0-9]+)(?= in )")


@pytest.mark.slow
def test_two_hundred_thousand_paths_are_no_trouble() -> None:
    text = "".join(f"./src/m{n // 211}/deep/f{n}.py\n" for n in range(200_000))
    content = Content(text, counter, question="which one is f17?")
    assert compressor.detect(content) == "paths"
    encoding = compressor.encode(content)
    assert encoding is not None
    assert compressor.decode(encoding) == text
    selection = compressor.select(content, Goal("balanced", 2_500, True))
    assert selection is not None
    assert selection.total == 200_000


@pytest.mark.parametrize(
    "unit", ["a", "a/", "a:", "│   ", "    ", "-rw-r--r-- 1 ", "├── ", "\\", "> "]
)
def test_one_line_of_five_megabytes_is_no_trouble(unit: str) -> None:
    text = unit * (5_000_000 // len(unit))
    content = Content(text, counter)
    compressor.detect(content)
    encoding = compressor.encode(content)
    assert encoding is None or compressor.decode(encoding) == text
    assert compressor.select(content, Goal("balanced", 100, True)) is None
