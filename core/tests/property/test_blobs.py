"""Laws of cutting blobs, over texts in which blobs stand among other lines."""

from __future__ import annotations

import base64
import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from headroom.compressors.blobs import BlobCompressor
from headroom.compressors.interface import Content, Goal
from headroom.counting.o200k import O200kCounter
from headroom.routing.blob_kind import find_blobs

COUNTER = O200kCounter()

data = st.builds(
    lambda seed, n: bytes((seed * i * i + i) % 256 for i in range(n)),
    st.integers(3, 99),
    st.integers(300, 900),
)
blobs = st.one_of(
    data.map(lambda d: base64.b64encode(d).decode()),
    data.map(bytes.hex),
    data.map(lambda d: "data:image/png;base64," + base64.b64encode(d).decode()),
    data.map(lambda d: "[" + ", ".join(map(str, d)) + "]"),
)
words = st.text(alphabet="abc :=[]\"'\n\t\u00e9\u4e2d\U0001f600\ud800", max_size=60)
pieces = st.lists(st.one_of(words, blobs), min_size=1, max_size=6)

_OMITTED = re.compile(r"(?:\.\.\.)?\[(\d+) characters omitted(?:: [^\]\n]*)?\](?:\.\.\.)?")


@given(pieces, st.sampled_from(["", "What is abc?"]))
def test_what_stays_and_what_is_said_to_be_left_out_add_up(parts: list[str], question: str) -> None:
    text = "\n".join(parts)
    content = Content(text=text, counter=COUNTER, kind="blob", question=question)
    selection = BlobCompressor().select(content, Goal("balanced", 100, asked=bool(question)))
    if selection is None:
        return
    omitted = sum(int(found[1]) for found in _OMITTED.finditer(selection.body))
    assert selection.total == len(text)
    assert selection.kept + omitted == selection.total


@given(pieces)
def test_text_outside_of_blobs_stays_as_it_was(parts: list[str]) -> None:
    text = "\n".join(parts)
    content = Content(text=text, counter=COUNTER, kind="blob")
    selection = BlobCompressor().select(content, Goal("balanced", 100, asked=False))
    found = find_blobs(text)
    if selection is None:
        assert not found
        return
    at = end = 0
    for blob in found:
        at = selection.body.find(text[end : blob.start], at)
        assert at >= 0
        end = blob.end
    assert selection.body.endswith(text[end:])


@given(pieces)
def test_blobs_are_in_order_and_apart(parts: list[str]) -> None:
    found = find_blobs("\n".join(parts))
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(blob.start < blob.end for blob in found)
