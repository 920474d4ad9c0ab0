"""Every bundled compressor on damaged texts of every kind: nothing slips, nothing raises."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom import Content, ContentCompressor, DecodingError, Encoding, Goal
from headroom.bundled import bundled_compressors
from headroom.counting.o200k import O200kCounter
from headroom_conformance.machine_texts import KINDS

counter = O200kCounter()
COMPRESSORS = bundled_compressors()
EACH = pytest.mark.parametrize("compressor", COMPRESSORS, ids=lambda c: str(c.name))

LINES = sorted({line for kind in sorted(KINDS) for line in KINDS[kind](7, 40).split("\n")})
ODD = st.sampled_from(["", "\r", "\x00", "\ud800", "é文字\u2028", "\t" * 9, "[headroom x: y]", "{"])


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Draw a text of some kind with lines cut, moved, repeated and mixed with others."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    lines = KINDS[kind](draw(st.integers(0, 9)), draw(st.integers(3, 60))).split("\n")
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        line = draw(st.sampled_from(LINES) | ODD | st.text(max_size=20))
        change = draw(st.sampled_from(("put", "cut", "repeat", "trim", "swap")))
        if change == "put":
            lines.insert(at, line)
        elif change == "cut" and len(lines) > 1:
            del lines[at]
        elif change == "repeat":
            lines[at:at] = lines[at : at + 3]
        elif change == "trim":
            lines[at] = lines[at][: draw(st.integers(0, 30))]
        else:
            lines[at], lines[0] = lines[0], lines[at]
    return "\n".join(lines)


@given(text=damaged(), question=st.sampled_from(["", "Which one failed?", "Where is job 17?"]))
@EACH
def test_what_is_recognised_is_handled(
    compressor: ContentCompressor, text: str, question: str
) -> None:
    content = Content(text, counter, question=question)
    kind = compressor.detect(content)
    assert kind is None or kind in compressor.kinds
    assert compressor.detect(Content(text, counter, question=question)) == kind
    if kind is None:
        return
    content = content.as_kind(kind)
    encoding = compressor.encode(content)
    if encoding is not None:
        assert "\n" not in encoding.note
        assert compressor.decode(encoding) == text
    for fidelity in ("balanced", "aggressive"):
        for asked in (True, False):
            found = compressor.select(content, Goal(fidelity, 200, asked))  # type: ignore[arg-type]
            if found is not None:
                assert 0 <= found.kept <= found.total
                assert "\n" not in found.summary


@given(data=st.data())
@EACH
def test_what_is_no_notation_is_a_decoding_error_and_nothing_else(
    compressor: ContentCompressor, data: st.DataObject
) -> None:
    if not compressor.notations:
        return
    text = KINDS[data.draw(st.sampled_from(sorted(KINDS)))](3, 40)
    content = Content(text, counter)
    kind = compressor.detect(content)
    written = None if kind is None else compressor.encode(content.as_kind(kind))
    note, body = ("", text) if written is None else (written.note, written.body)
    at = data.draw(st.integers(0, len(body)))
    body = (
        body[:at] + data.draw(ODD | st.text(max_size=8)) + body[at + data.draw(st.integers(0, 9)) :]
    )
    note = data.draw(st.sampled_from([note, note[:-1], "", "a=1; b"]) | st.text(max_size=12))
    notation = data.draw(st.sampled_from(compressor.notations))
    with contextlib.suppress(DecodingError):
        assert isinstance(compressor.decode(Encoding(notation, note, body)), str)
