"""Every notation over every text of the open data set, where that stands beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from headroom.notation.headings import decode_rows, encode_rows
from headroom.notation.listing import decode_listing, encode_listing
from headroom.notation.path_runs import PathNote, decode_paths, encode_paths
from headroom.notation.path_trees import STYLES, TreeNote, TreeStyle, decode_tree, encode_tree

OPEN_DATA = Path(__file__).parents[2].parent / "shared" / "data" / "open"
LARGEST = 300_000  # bytes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not OPEN_DATA.is_dir(), reason="the open data set is not here"),
]


def _texts() -> list[list[str]]:
    files = (p for p in sorted(OPEN_DATA.rglob("*")) if p.is_file() and p.stat().st_size < LARGEST)
    return [p.read_bytes().decode("utf-8", "surrogateescape").split("\n") for p in files]


def test_rows_come_back_from_any_text() -> None:
    for lines in _texts():
        assert decode_rows(encode_rows(lines)[0]) == lines


def test_listings_come_back_from_any_text() -> None:
    for lines in _texts():
        assert decode_listing(encode_listing(lines)) == lines


@pytest.mark.parametrize("note", [PathNote(), PathNote(", ", led=True), PathNote(" | ", "/")])
def test_path_lists_come_back_from_any_text(note: PathNote) -> None:
    for lines in _texts():
        assert decode_paths(encode_paths(lines, note), note) == lines


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_trees_come_back_from_any_text(style: TreeStyle) -> None:
    note = TreeNote(style, ", ")
    for lines in _texts():
        assert decode_tree(encode_tree(lines, note), note) == lines
