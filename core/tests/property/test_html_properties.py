"""What must hold for every page, whole or broken, that the HTML compressor is given."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from headroom.compressors.html import HtmlCompressor
from headroom.compressors.interface import Content, Goal
from headroom.originals.html_elements import element_spans, visible_text

compressor = HtmlCompressor()
GAP = re.compile(r"^\[(\d+) parts omitted\]$", re.MULTILINE)


class Characters:
    """Counts four characters as a token: fast, and enough where only the order matters."""

    name = "characters"

    def count(self, text: str) -> int:
        return (len(text) + 3) // 4


counter = Characters()

words = st.sampled_from(
    "the harbour lamp tower 1902 &amp; &nbsp; | ` ~ 塔 маяк \u202b \ud800 ... # -".split(" ")
)
texts = st.lists(words, max_size=8).map(" ".join)
names = st.sampled_from(
    "p div span a b h1 h3 ul ol li dl dt dd table tr td th thead pre code blockquote main article "
    "nav header footer aside form select option button textarea script style noscript template "
    "sup del details summary title svg custom-box html body".split()
)
attributes = st.sampled_from(
    "| href=/x| class='nav menu'| hidden| style='display:none'| colspan=3 rowspan=2| id=main"
    "| role=main| role=navigation| start=7| name=q value=1| alt='x y'".split("|")
)
voids = st.sampled_from(
    ["<br>", "<img alt='a lamp' src=x>", "<input name=a>", "<hr>", "<!-- c -->"]
)


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Return a page of nested elements, some of them never closed."""
    pieces = ["<!DOCTYPE html>"]
    opened: list[str] = []
    for _ in range(draw(st.integers(1, 25))):
        choice = draw(st.integers(0, 5))
        if choice <= 2:
            name = draw(names)
            opened.append(name)
            pieces.append(f"<{name}{draw(attributes)}>")
        elif choice == 3 and opened:
            pieces.append(f"</{draw(st.sampled_from(opened))}>")
        elif choice == 4:
            pieces.append(draw(voids))
        pieces.append(draw(texts))
    return draw(st.sampled_from(["", "\n"])).join(pieces)


@given(pages(), st.sampled_from(["", "Where is the lamp of 1902?"]))
def test_the_counts_add_up_whatever_the_page(page: str, question: str) -> None:
    content = Content(page, counter, question=question)
    selection = compressor.select(content, Goal("balanced", 450, asked=bool(question)))
    if selection is None:
        return
    gaps = sum(map(int, GAP.findall(selection.body)))
    assert 0 <= selection.kept < selection.total
    assert gaps <= selection.total - selection.kept
    assert "\n" not in selection.summary
    assert (
        compressor.select(
            Content(page, counter, question=question), Goal("balanced", 450, bool(question))
        )
        == selection
    )


@given(pages())
def test_every_word_of_a_plain_paragraph_is_shown(page: str) -> None:
    said = "Marker word alpha 4711 stands in the main text, which is long enough to be running."
    whole = f"<!DOCTYPE html><body><main><p>{said * 40}</p></main>{page[15:]}</body>"
    selection = compressor.select(Content(whole, counter), Goal("balanced", 450, asked=False))
    assert selection is not None
    assert said in selection.body


@given(st.text(alphabet="<>/!-=\"' abdivpscript\n", max_size=80) | pages())
def test_elements_are_in_order_and_hold_every_visible_word(page: str) -> None:
    spans = list(element_spans(page))
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(page)
        visible_text(page[start:end])
        at = end
    assert compressor.detect(Content(page, counter)) in ("html", None)
