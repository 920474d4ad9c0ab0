"""Laws of the template notation, over generated logs and text that looks like our own marks."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom.compressors.interface import Content, Encoding
from headroom.compressors.log import LogCompressor
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError
from headroom.notation.templates import encode_templates
from headroom.notation.templates_decoding import decode_templates
from headroom.notation.templates_grammar import read_note, write_note

COUNTER = O200kCounter()
LOG = LogCompressor()

ODD_LINES = (
    "",
    " ",
    "|",
    "1|",
    "|a=b",
    "1|02|=text <3>",
    "7=text {5}",
    "H=<1> <2>",
    "*3",
    "*",
    ">quoted",
    ">",
    "^1",
    "value^1",
    "<=2>",
    "a <1> {2} [3] (4) \u00ab5\u00bb",
    "tab\tseparated\t12",
    "nul \x00 12",
    "lone \ud800 surrogate 7",
    "vertical \x0b feed \x0c 5 \x85 \u2028 6",
    "at\r",
    "\r",
    "Jun  5 12:00:01 host app[77]: Mon 3 Mar",
    "   5 padded",
    "x    5 padded",
    "'5 quoted' '6'",
)

words = st.sampled_from(
    ("alpha", "beta=1", "id:", "10.0.0.1:80", "0x1f", "[7]", "<9>", "a|b", "é5", "^2")
)
odd = st.sampled_from(ODD_LINES)
loose = st.text(max_size=24)


@st.composite
def templated_lines(draw: st.DrawFn) -> list[str]:
    """Lines from a few forms with drawn values, so that templates arise."""
    forms = draw(
        st.lists(st.tuples(st.lists(words, max_size=4), st.integers(1, 6)), min_size=1, max_size=4)
    )
    start = draw(
        st.sampled_from(("", "2024-05-01 10:{:02}:00 ", "Jun {:2} 12:00:{:02} h ", "[{:5}] "))
    )
    lines: list[str] = []
    for parts, times in forms:
        for _ in range(times * 3):
            number = draw(st.integers(0, 99_999))
            prefix = start.format(number % 60, number % 50)
            lines.append(f"{prefix}{' '.join(parts)} n={number} of {number % 3}")
    return draw(st.permutations(lines)) if draw(st.booleans()) else lines


@st.composite
def texts(draw: st.DrawFn) -> str:
    lines = draw(st.lists(odd | loose, max_size=6)) + draw(templated_lines())
    lines += draw(st.lists(odd, max_size=4)) * draw(st.integers(1, 4))
    end = draw(st.sampled_from(("\n", "\r\n")))
    return end.join(lines) + draw(st.sampled_from(("", end, "\n", end * 3)))


def round_trip(text: str, whole: frozenset[int] = frozenset()) -> None:
    encoded = encode_templates(text, whole=whole)
    if encoded is None:
        return
    notes, body = encoded
    note = write_note(notes)
    assert "\n" not in note
    read = read_note(note)
    assert read is not None
    assert decode_templates(read, body) == text


@given(texts())
@settings(max_examples=300, deadline=None)
def test_decoding_gives_back_every_character(text: str) -> None:
    round_trip(text)


@given(texts(), st.frozensets(st.integers(0, 40)))
@settings(max_examples=200, deadline=None)
def test_lines_that_stand_whole_come_back_among_the_others(
    text: str, whole: frozenset[int]
) -> None:
    round_trip(text, whole)


@given(st.text(alphabet="ab1|=*>^<\n\r 0'", max_size=200))
@settings(max_examples=300, deadline=None)
def test_decoding_gives_back_text_made_of_our_own_signs(text: str) -> None:
    round_trip(text)


@given(texts())
@settings(max_examples=60, deadline=None)
def test_an_encoding_of_an_encoding_is_undone_step_by_step(text: str) -> None:
    encoded = encode_templates(text)
    if encoded is not None:
        round_trip(encoded[1])


@given(texts())
@settings(max_examples=60, deadline=None)
def test_an_encoding_is_shorter_by_the_promised_share(text: str) -> None:
    content = Content(text, COUNTER)
    encoding = LOG.encode(content)
    if encoding is not None:
        assert len(encoding.body) <= 0.95 * len(text)
        assert LOG.decode(encoding) == text
        assert LOG.encode(Content(text, COUNTER)) == encoding


row_like = st.lists(
    st.sampled_from(
        ("H=", "1", "2", "|", "=", "<", ">", "<=1>", "<=9>", "*", "^1", "x", " ", "\n", "a^1")
    ),
    max_size=60,
).map("".join)


@given(
    row_like,
    st.sampled_from(("3 lines", "0 lines", "12 lines, CRLF")),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=500, deadline=None)
def test_whatever_the_body_holds_only_a_decoding_error_is_raised(
    body: str, lines: str, headed: bool, named: bool
) -> None:
    note = f"{lines}; "
    note += "H=common start of lines; N|a=text" if headed else "N=text"
    note += ": template N, values in <> vary; more"
    note += "; ^1 stands for the value named ^1" if named else ""
    assert read_note(note) is not None
    try:
        LOG.decode(Encoding("templates", note, body))
    except DecodingError:
        return


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(("templates", "table")))
@settings(max_examples=100, deadline=None)
def test_whatever_the_note_says_only_a_decoding_error_is_raised(
    note: str, body: str, notation: str
) -> None:
    with pytest.raises(DecodingError):
        LOG.decode(Encoding(notation, note, body))


@pytest.mark.parametrize("seed", range(6))
def test_a_seeded_log_of_many_templates_comes_back_whole(seed: int) -> None:
    rng = random.Random(seed)
    forms = [
        [rng.choice(("start", "stop", "read", "write", "GET", "user", "took")) for _ in range(4)]
        for _ in range(12)
    ]
    lines = []
    for i in range(800):
        form = rng.choice(forms)
        values = " ".join(
            f"{w}={rng.choice((rng.randrange(10**6), 'abc', '10.0.0.9'))}" for w in form
        )
        pid = rng.choice((7, 42, 12345))
        lines.append(
            f"2024-05-01 10:{i // 60:02}:{i % 60:02}.{rng.randrange(1000):03} {pid:6} {values}"
        )
        if rng.random() < 0.05:
            lines += ["Traceback (most recent call last):", '  File "a.py", line 3, in f', ""]
    text = "\n".join(lines)
    encoded = encode_templates(text)
    assert encoded is not None
    round_trip(text)
    round_trip(text.replace("\n", "\r\n"))
    assert COUNTER.count(encoded[1]) < 0.75 * COUNTER.count(text)
