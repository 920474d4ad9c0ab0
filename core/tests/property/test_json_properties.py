import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from headroom.compressors.interface import Content, Encoding, Goal
from headroom.compressors.smart_crusher import SmartCrusher
from headroom.errors import DecodingError
from headroom.notation.json_body import write_body
from headroom.notation.json_body_read import read_body
from headroom.notation.json_document import decode_document, encode_document, read_document
from headroom.notation.json_style import Style, render, style_of
from headroom.notation.json_tree import compact, leaves_in, parse

CRUSHER = SmartCrusher()


class Characters:
    name = "characters"

    def count(self, text: str) -> int:
        return len(text)


# Strings that look like the notation's own marks, beside everything else that a string can hold.
marks = st.sampled_from(
    [
        *("", "~", "!", "!!", "!!x", "=", "*1", "&1", "$1", "$1x", "[a]", "{b}", "{id}", "a;b"),
        *(";a", "a,b", "007", "1", "1.0", "true", "null", " x", "x ", "A", "AB", '"q"', "a=b"),
        *("a*b", "(x)", "]", "\u2028", "\ud800", "[3 rows omitted]", "2026-01-01T10:00:00Z"),
        *("https://h.example/u/7/x", "https://h.example/u/8/y"),
        *("payment-service-of-the-shop", "payment-service-of-the-shop-2"),
    ]
)
strings = st.one_of(marks, marks, st.text(max_size=12))
scalars = st.one_of(
    strings,
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)
keys = st.one_of(
    st.sampled_from(["id", "name", "a.b", "k,1", "url", "*", '"k"', "", "{id}", "x=", "0", "A"]),
    st.text(max_size=5),
)


def containers(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    rows = st.dictionaries(keys, values, max_size=5)
    return st.one_of(
        st.lists(values, max_size=4),
        rows,
        tables(values),
        st.dictionaries(keys, rows, min_size=3, max_size=6),
    )


def tables(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Rows that share most of their keys."""
    shapes = st.lists(keys, min_size=1, max_size=4, unique=True)

    def rows(shape: list[str]) -> st.SearchStrategy[list[object]]:
        cell = st.one_of(scalars, scalars, values)
        row = st.fixed_dictionaries({shape[0]: cell}, optional={key: cell for key in shape[1:]})
        return st.lists(st.one_of(row, row, row, row, row, values), min_size=2, max_size=12)

    return shapes.flatmap(rows)


documents = st.recursive(scalars, containers, max_leaves=40).filter(
    lambda value: isinstance(value, (dict, list))
)
layouts: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{"separators": (",", ":")}, {}, {"indent": 2}, {"indent": 4}, {"indent": "\t"}, {"indent": 0}]
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    document = draw(documents)
    layout = draw(layouts)
    ascii_only = draw(st.booleans())
    if isinstance(document, list) and draw(st.integers(0, 5)) == 0:
        text = "\n".join(json.dumps(row, ensure_ascii=ascii_only) for row in document)
    else:
        text = json.dumps(document, ensure_ascii=ascii_only, **layout)
    above = draw(st.sampled_from(["", "", "", "npm warn\n", "a\nb\n"]))
    return above + text + draw(st.sampled_from(["", "\n"]))


@given(texts())
def test_decoding_an_encoded_document_gives_its_bytes(text: str) -> None:
    document = read_document(text)
    if document is not None:
        written = encode_document(document, len)
        if written is not None:
            assert decode_document(*written) == text


@given(documents)
def test_a_body_holds_its_document(value: object) -> None:
    root = parse(json.dumps(value))
    assert root is not None
    for exact in (True, False):
        assert read_body(write_body(root, len, exact=exact).text) == root


@given(texts())
def test_an_encoding_is_smaller_and_gives_the_text_back(text: str) -> None:
    content = Content(text, Characters())
    encoding = CRUSHER.encode(content)
    if encoding is not None:
        assert len(encoding.body) < len(text)
        assert CRUSHER.decode(encoding) == text
        assert CRUSHER.encode(Content(text, Characters())) == encoding


damages = st.tuples(st.integers(0, 5_000), st.sampled_from('[]{}",:;=!*&$~()\n1A\\'))


@given(texts(), st.lists(damages, max_size=4))
def test_a_damaged_body_decodes_or_is_refused(text: str, damage: list[tuple[int, str]]) -> None:
    document = read_document(text)
    written = encode_document(document, len) if document is not None else None
    if written is None:
        return
    note, body = written
    for place, mark in damage:
        at = place % (len(body) + 1)
        body = body[:at] + mark + body[at + 1 :]
    try:
        CRUSHER.decode(Encoding("json", note, body))
    except DecodingError:
        pass


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_note_and_body_decode_or_are_refused(note: str, body: str) -> None:
    for encoding in (Encoding("json", note, body), Encoding("json", "minified", body)):
        try:
            CRUSHER.decode(encoding)
        except DecodingError:
            pass


@given(documents)
def test_a_parsed_document_is_written_again_lexeme_by_lexeme(value: object) -> None:
    text = json.dumps(value, separators=(",", ":"))
    root = parse(text)
    assert root is not None
    assert compact(root) == text


styles = st.builds(
    Style,
    indent=st.sampled_from([None, "", " ", "  ", "\t"]),
    colon=st.sampled_from([":", ": ", " : "]),
    comma=st.sampled_from([",", ", "]),
    depth=st.sampled_from([1, 2, 1_000]),
    flat_arrays=st.booleans(),
    single=st.booleans(),
    broken=st.sampled_from([-1, 0, 3]),
    padded=st.booleans(),
    lead=st.sampled_from(["\n", " \n ", "\n\t", " "]),
    inline=st.sampled_from([(), (0,), (1, 2, 3, 7)]),
    hugged=st.booleans(),
    empty=st.sampled_from(["", " ", "\n"]),
    crlf=st.booleans(),
    final_newline=st.booleans(),
)


@given(styles, documents)
def test_the_words_of_a_style_name_it(style: Style, value: object) -> None:
    again = style_of(style.words())
    assert again is not None
    root = parse(json.dumps(value))
    assert root is not None
    assert render(root, again) == render(root, style)


@given(styles, documents)
def test_a_document_in_any_layout_comes_back_or_is_left_alone(style: Style, value: object) -> None:
    root = parse(json.dumps(value))
    assert root is not None
    text = render(root, style)
    document = read_document(text)
    written = None if document is None else encode_document(document, len)
    assert written is None or decode_document(*written) == text


@given(tables(scalars), strings, st.integers(5, 300), st.booleans())
def test_what_a_selection_keeps_and_omits_adds_up(
    rows: object, question: str, target: int, asked: bool
) -> None:
    text = json.dumps({"total": 9, "rows": [rows, rows], "more": rows})
    content = Content(text, Characters(), question=question)
    found = CRUSHER.select(content, Goal("balanced", target, asked))
    if found is not None:
        assert 0 <= found.kept < found.total
        assert "\n" not in found.summary
        root = parse(text)
        assert root is not None
        if found.unit == "values":
            assert found.total == leaves_in(root)


@given(tables(scalars), strings, st.integers(5, 100))
def test_kept_rows_are_rows_of_the_original_in_order(
    rows: list[object], question: str, target: int
) -> None:
    text = json.dumps([*rows, *rows, *rows])
    content = Content(text, Characters(), question=question)
    found = CRUSHER.select(content, Goal("balanced", target, True))
    original = parse(text)
    if found is None or found.unit != "rows" or not isinstance(original, list):
        return
    gap = f"[{found.total - found.kept} rows omitted]"
    assert gap in found.body
    body = found.body.replace(f"\n{gap}\n]", "\n]").replace(f",{gap}]", "]")
    kept = read_body(body)
    assert isinstance(kept, list)
    assert len(kept) == found.kept
    places = iter(original)
    assert all(any(row == place for place in places) for row in kept)
