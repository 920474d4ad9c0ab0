"""Laws of the stanza notation and of the selection, over texts that look like configuration."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from headroom.compressors.config import ConfigCompressor
from headroom.compressors.interface import Content, Encoding, Goal
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError
from headroom.notation.stanzas import decode_stanzas, encode_stanzas
from headroom.notation.stanzas_tree import read_tree
from headroom.routing.config_kind import find_config

COUNTER = O200kCounter()

keys = st.sampled_from(
    ["name", "image", "kind", "metadata", "ports", "a.b/c", "status", "x y", '"q"']
)
values = st.sampled_from(
    [
        "",
        "1",
        "web:1.4",
        "null",
        "=1:2",
        "@1:3",
        "-2",
        ">x",
        "+y",
        "\u4e2d\U0001f600",
        "\ud800",
        "a: b",
        "False",
    ]
)
marks = st.sampled_from(
    ["=1:1", "@1:4", "-3", "+added", ">line", "---", "[section]", "}", "# note", ""]
)
leads = st.sampled_from(["", "  ", "    ", "- ", "  - ", "    - ", "\t", "  + ", "-/+ ", "  ~ "])
lines = st.one_of(
    st.builds(lambda a, b, c: f"{a}{b}: {c}", leads, keys, values),
    st.builds(lambda a, b, c: f"{a}{b} = {c}", leads, keys, values),
    st.builds(lambda a, b: f"{a}{b}:", leads, keys),
    st.builds(lambda a, b: a + b, leads, values),
    marks,
    st.text(alphabet="a: -=\t\r\x0b\u2028[]{}#@>+\u00e9", max_size=12),
)
stanzas = st.lists(lines, min_size=1, max_size=8)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw stanzas, and repeat them with a few other lines."""
    kinds = draw(st.lists(stanzas, min_size=1, max_size=4))
    out: list[str] = []
    for _ in range(draw(st.integers(1, 8))):
        stanza = list(draw(st.sampled_from(kinds)))
        for _ in range(draw(st.integers(0, 2))):
            at = draw(st.integers(0, len(stanza)))
            stanza[at : at + draw(st.integers(0, 2))] = draw(st.lists(lines, max_size=2))
        out += stanza
    return draw(st.sampled_from(["\n", "\r\n"])).join(out) + draw(st.sampled_from(["", "\n"]))


@given(texts(), st.booleans(), st.booleans())
def test_stanzas_decode_to_the_lines_they_were(text: str, is_plan: bool, is_report: bool) -> None:
    rows = text.split("\n")
    encoded = encode_stanzas(rows, read_tree(rows, is_plan=is_plan, is_report=is_report))
    if encoded is not None:
        assert decode_stanzas(encoded[0]) == rows


@given(texts())
def test_an_encoding_is_decoded_from_the_text_alone_and_smaller(text: str) -> None:
    content = Content(text=text, counter=COUNTER, kind="yaml")
    encoding = ConfigCompressor().encode(content)
    if encoding is not None:
        assert ConfigCompressor().decode(encoding) == text
        assert COUNTER.count(encoding.body) < content.tokens
        assert encoding == ConfigCompressor().encode(
            Content(text=text, counter=COUNTER, kind="yaml")
        )


@given(texts())
def test_an_encoded_body_can_be_encoded_again(text: str) -> None:
    rows = text.split("\n")
    once = encode_stanzas(rows, read_tree(rows))
    if once is not None:
        twice = encode_stanzas(once[0], read_tree(once[0]))
        assert twice is None or decode_stanzas(twice[0]) == once[0]


@given(texts())
def test_whatever_the_body_only_a_decoding_error_is_raised(text: str) -> None:
    try:
        ConfigCompressor().decode(Encoding("stanzas", "", text))
    except DecodingError as error:
        assert str(error)


@given(texts(), st.sampled_from(["yaml", "config", "describe", "plan"]), st.booleans())
def test_a_selection_is_whole_lines_in_order_counted_exactly(
    text: str, kind: str, asked: bool
) -> None:
    content = Content(
        text=text, counter=COUNTER, kind=kind, question="Which image has the name web?"
    )
    selection = ConfigCompressor().select(content, Goal("balanced", 40, asked))
    if selection is None:
        return
    shown = selection.body.split("\n")
    rows = iter(text.split("\n"))
    gaps = 0
    for line in shown:
        if line.endswith(" lines omitted]"):
            gaps += 1
        else:
            assert any(line == row for row in rows)
    assert len(shown) - gaps == selection.kept < selection.total


@given(texts(), st.sampled_from(["image", "web", "a.b/c"]))
def test_lines_to_keep_stay(text: str, word: str) -> None:
    content = Content(text=text, counter=COUNTER, kind="yaml", question="status", keep=(word,))
    selection = ConfigCompressor().select(content, Goal("aggressive", 20, True))
    if selection is not None:
        for line in text.split("\n"):
            assert word not in line or line in selection.body.split("\n")


@given(texts())
def test_recognising_never_fails_and_depends_on_the_text_alone(text: str) -> None:
    assert find_config(text) == find_config(text)
