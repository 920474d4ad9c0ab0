"""What is told of the templates' rows ahead of encoding holds for what is encoded."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from headroom.notation.templates import encode_templates, makes_rows

_WORDS = st.sampled_from(
    ["a.c:", "12", "7", "error:", "x=3", "  ", "\t", "at", "0x1f", "<p>", "|9"]
)
_LINES = st.lists(_WORDS, min_size=1, max_size=6).map(" ".join)


@given(st.lists(_LINES, min_size=1, max_size=24))
@example([f"a.c:{n}: error: unused" for n in range(9)])
@example([f"  at f (a.c:{n})" for n in range(9)])
def test_lines_that_are_told_to_become_rows_do_not_all_stand_in_the_body(lines: list[str]) -> None:
    text = "\n".join(lines)
    encoded = encode_templates(text)
    if makes_rows(text, lines) and encoded is not None:
        assert not all(line in encoded[1] for line in lines)


@given(st.lists(_LINES, max_size=3))
def test_so_few_lines_are_never_told_to_become_rows(lines: list[str]) -> None:
    assert not makes_rows("\n".join(lines), lines)
