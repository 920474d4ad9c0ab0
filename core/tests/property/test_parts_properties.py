"""What must hold for every text that is taken apart into several."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom.notation.parts import read_parts, write_parts
from headroom.originals.parts import read_parted
from headroom.routing.parts import find_parts

borders = st.sampled_from(
    "$ make|$ cat a.json|ann@box:~$ ls|==> a.log <==|Output:|<output>|</output>|HTTP/1.1 200 OK"
    "|A: b|```json|```|~~~||<!DOCTYPE html>|\r|$ "
    "|[headroom parts: lines 2-3 are compressed, the others as they were]"
    "|[headroom 0123456789abcdef: kept 1 of 2 parts; lines 1-2 are compressed]".split("|")
)
bodies = st.builds(
    lambda shape, n: "\n".join(shape.replace("#", str(i)) for i in range(n)),
    st.sampled_from(
        [
            '{"id": #, "name": "a", "state": "ready"}',
            "2026-03-01T10:00:00Z INFO  worker did job # in 7 ms",
            "src/shop/file_#.py:12: def total(lines):",
            "word # of a text that nobody knows",
            "<p>Paragraph # of a page</p>",
            "",
        ]
    ),
    st.integers(0, 40),
)
texts = st.lists(borders | bodies, max_size=8).flatmap(
    lambda pieces: st.sampled_from(["\n", "\r\n"]).map(lambda gap: gap.join(pieces))
)


@given(texts)
def test_parts_are_whole_lines_without_overlap(text: str) -> None:
    at = 0
    for part in find_parts(text):
        assert at <= part.start < part.end <= len(text)
        assert part.start == 0 or text[part.start - 1] == "\n"
        assert part.end == len(text) or text[part.end] == "\n"
        at = part.end


@given(texts, st.sampled_from(["lossless", "balanced", "aggressive"]))
def test_every_text_comes_back_and_is_left_alone(text: str, fidelity: str) -> None:
    config = CompressionConfig(fidelity=fidelity, min_tokens=0)  # type: ignore[arg-type]
    compressor = Compressor(config, store=MemoryStore())
    result = compressor.compress_text(text)
    assert result.tokens_after <= result.tokens_before
    if result.handles:
        assert text in [compressor.retrieve(handle).text for handle in result.handles]
        assert all(compressor.retrieve(h).text in text for h in result.handles)
        assert all(handle in result.text for handle in result.handles)
    else:
        assert result.text == text or Compressor(store=MemoryStore()).expand(result.text) == text
    assert compressor.compress_text(result.text).text == result.text


@given(st.lists(st.tuples(st.text("ab\n", max_size=6), st.booleans()), max_size=6))
def test_a_note_says_where_the_pieces_are(drawn: list[tuple[str, bool]]) -> None:
    pieces: list[tuple[str, bool]] = []
    for i, (text, is_ours) in enumerate(drawn):
        if is_ours:
            pieces.append((f"[x{text}", True))
        pieces.append((f"\n{text}\n" if i or is_ours else f"{text}\n", False))
    joined = [p for p in pieces if p[0] or p[1]]
    note, body = write_parts(joined)
    found = read_parts(note, body)
    if any(is_ours for _, is_ours in joined):
        assert found is not None
        assert "".join(text for text, _ in found) == body
        assert [t for t, o in found if o] == [t for t, o in joined if o]


@given(st.text("[]headroom parts: lines1-2,are compressed others as they were\nk0f", max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for start in ("", "[headroom parts: ", "[headroom 0123456789abcdef: kept 1 of 2 parts; "):
        read_parted(start + text)
