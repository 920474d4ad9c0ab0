"""The laws of retrieval, over generated originals of every shape."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from headroom.counting.o200k import O200kCounter
from headroom.errors import SelectorError
from headroom.originals.patterns import LinePattern
from headroom.originals.retrieval import Retrieval, retrieve_part

COUNTER = O200kCounter()

words = st.sampled_from(
    [
        "error",
        "failed",
        "id",
        "17",
        "2024-05-01",
        "[headroom",
        "[3 lines omitted]",
        "naïve",
        "日本",
        '"x"',
    ]
)
lines = st.lists(words, max_size=12).map(" ".join) | st.text(max_size=60)
plain = st.lists(lines, max_size=60).map("\n".join)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | words
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=60,
)
documents = st.builds(json.dumps, trees, indent=st.sampled_from([None, 2]))
rows = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 999), "status": words}), min_size=4, max_size=40
)
arrays = st.builds(json.dumps, rows, indent=st.sampled_from([None, 1]))
tables = st.lists(st.tuples(st.integers(), words), min_size=3, max_size=40).map(
    lambda cells: "id,status\n" + "\n".join(f"{a},{b}" for a, b in cells)
)
originals = plain | documents | arrays | tables
selectors = st.one_of(
    st.just({}),
    st.builds(lambda a, b: {"lines": (a, b)}, st.integers(-3, 70), st.integers(-3, 70)),
    st.builds(
        lambda a: {"rows": a}, st.sampled_from(["1-", "-3", "2,5", "id>17", "status=failed"])
    ),
    st.builds(lambda a: {"path": a}, st.sampled_from(["$", "[*]", "[0:3].id", "id", "[-1]"])),
    st.builds(lambda a: {"pattern": a}, st.sampled_from(["err|id", r"\d+", "^$", "a.?b"])),
    st.builds(lambda a: {"query": a}, words | st.text(max_size=40)),
)
caps = st.integers(50, 400)


def ask(original: str, **chosen: Any) -> Retrieval | None:
    try:
        return retrieve_part(original, counter=COUNTER, **chosen)
    except SelectorError:
        return None


@given(originals)
def test_without_a_selector_the_original_comes_back(original: str) -> None:
    assert retrieve_part(original, counter=COUNTER).text == original


@given(originals, selectors, caps)
def test_no_answer_is_over_its_cap_and_asking_twice_gives_the_same(
    original: str, chosen: dict[str, Any], cap: int
) -> None:
    first = ask(original, max_tokens=cap, **chosen)
    assert first == ask(original, max_tokens=cap, **chosen)
    if first is not None:
        assert COUNTER.count(first.text) <= cap


@settings(max_examples=50)
@given(plain, caps)
def test_the_pages_of_a_text_are_the_text(original: str, cap: int) -> None:
    page = retrieve_part(original, counter=COUNTER, max_tokens=cap)
    if page.complete:
        assert page.text == original
        return
    whole = ""
    while True:
        whole += page.text.partition("\n")[2]
        if page.next_cursor is None:
            break
        whole += "" if "+" in page.next_cursor else "\n"
        page = retrieve_part(original, counter=COUNTER, max_tokens=cap, cursor=page.next_cursor)
    assert whole == original


@settings(max_examples=50)
@given(plain, words, caps)
def test_an_answer_is_made_of_the_original_and_of_words_in_brackets(
    original: str, question: str, cap: int
) -> None:
    found = retrieve_part(original, counter=COUNTER, query=question, max_tokens=cap)
    if found.complete:
        assert found.text == original
        return
    head, *body = found.text.split("\n")
    assert head.startswith("[")
    own = set(original.split("\n"))
    for line in body:
        cut = any(part and part in original for part in line.split("[...]"))
        assert line in own or re.fullmatch(r"\[\d+ lines omitted\]", line) or cut


@settings(max_examples=50)
@given(arrays, words, caps)
def test_values_of_an_answer_stand_in_the_document(original: str, question: str, cap: int) -> None:
    found = retrieve_part(original, counter=COUNTER, query=question, max_tokens=cap)
    if not found.complete:
        for line in found.text.split("\n")[1:]:
            for member in re.findall(r'"(?:id|status)": (?:\d+|"(?:[^"\\]|\\.)*")', line):
                assert member in original


@settings(max_examples=50)
@given(originals, words, st.integers(50, 120))
def test_the_pages_of_a_query_end_and_repeat_nothing(
    original: str, question: str, cap: int
) -> None:
    seen: set[str] = set()
    page = retrieve_part(original, counter=COUNTER, query=question, max_tokens=cap)
    while page.next_cursor is not None:
        assert page.text not in seen
        seen.add(page.text)
        page = retrieve_part(
            original, counter=COUNTER, query=question, max_tokens=cap, cursor=page.next_cursor
        )


simple = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", r"\w", r"\s", "^", "$", r"\b", "", "é"]),
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("(?:{}|{})".format, inner, inner),
        st.builds(
            "(?:{}){}".format, inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}", "*?"])
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=300)
@given(simple, st.text(alphabet="ab1 é_", max_size=12))
def test_a_pattern_finds_what_python_finds(pattern: str, line: str) -> None:
    assert LinePattern(pattern).search(line) is (re.search(pattern, line) is not None)
