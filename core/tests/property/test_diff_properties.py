"""What must hold for every patch, log, blame and statistic."""

from __future__ import annotations

import difflib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.compressors.diff import DiffCompressor
from headroom.compressors.interface import Content, Encoding, Goal
from headroom.errors import DecodingError
from headroom.notation.patches import read_patch

compressor = DiffCompressor()
OURS = re.compile(r"\[.*\]")


class Characters:
    """Counts four characters as a token: fast, and enough where only the order matters."""

    name = "characters"

    def count(self, text: str) -> int:
        return (len(text) + 3) // 4


counter = Characters()
codes = st.sampled_from(
    [
        "x = 1",
        "",
        "def go():",
        "    return x",
        "-- sql",
        "++ c",
        "\tif a:",
        "名前 = 2",
        "end\r",
        "[x]",
    ]
)
names = st.sampled_from(
    ["a.py", "src/b.py", "with space/c.txt", '"\\345.txt"', "go.sum", "{x => y}/d.py", "名.py"]
)


@st.composite
def patches(draw: st.DrawFn) -> str:
    old = draw(st.lists(codes, max_size=40))
    new = draw(st.lists(codes, max_size=40))
    name = draw(names)
    lines = [line.rstrip("\n") for line in difflib.unified_diff(old, new, n=2, lineterm="")][2:]
    quoted = name.startswith('"')
    a, b = (f'"a/{name[1:]}', f'"b/{name[1:]}') if quoted else (f"a/{name}", f"b/{name}")
    header = [f"diff --git {a} {b}", "index 1234567..89abcde 100644", f"--- {a}", f"+++ {b}"]
    extra = draw(st.sampled_from([[], ["old mode 100644", "new mode 100755"], ["Binary files"]]))
    header[1:1] = extra
    return "\n".join([*header[draw(st.sampled_from([0, 0, 0, 2])) :], *lines])


heads = st.builds(
    lambda n, who, rows: "\n".join(
        [
            f"commit {n:040x}",
            f"Author: {who}",
            "Date:   Mon Feb 2 09:00:00 2026 +0000",
            "",
            f"    Change {n}",
            "",
            *(f" f{row}.py | {row} {'+' * row}" for row in rows),
            *([f" {len(rows)} file{'s' * (len(rows) != 1)} changed"] if rows else []),
            "",
        ]
    ),
    st.integers(0, 99),
    st.sampled_from(["Ann <a@b.example>", "Tim <t@b.example>"]),
    st.lists(st.integers(1, 9), max_size=3),
)
blamed = st.builds(
    lambda n, hash_, who, code: f"{hash_} ({who} 2026-02-02 {n:3}) {code}",
    st.integers(1, 400),
    st.sampled_from(["^1234567", "89abcdef", "89abcdee"]),
    st.sampled_from(["Ann Lee", "Tim (x", "名前"]),
    codes,
)
odd = st.sampled_from(
    [
        "@@ -1,3 +1,2 @@",
        "@@ -1,99999 +1,99999 @@ x",
        "@@@ -1 -1 +1 @@@",
        "diff a.py (1234567..89abcde)",
        "new a.py (1234567)",
        "renamed {a => b}.py 95%",
        "[same lines as @@ -1,3 +1,2 @@]",
        " a.py | 3 +++",
        " 1 file changed, 3 insertions(+)",
        "\ta.py 3 +++",
        "7) x",
        "89abcdef 7) x",
        "commit 1234567",
        "Author: Ann",
        "--- a",
        "+++ b",
        "diff -r a b",
        "1,99999c1",
        "< x",
        "---",
        "> y",
        "\\ No newline at end of file",
        "GIT binary patch",
        "Changes to be committed:",
        '  (use "git restore --staged <file>..." to unstage)',
        "On branch main",
        "",
        "\r",
    ]
)
texts = st.lists(st.one_of(patches(), heads, blamed, odd), min_size=1, max_size=12).map("\n".join)


@given(text=texts, kind=st.sampled_from(compressor.kinds))
def test_decoding_an_encoding_gives_the_text(text: str, kind: str) -> None:
    content = Content(text, counter).as_kind(kind)
    encoding = compressor.encode(content)
    if encoding is not None:
        assert compressor.decode(encoding) == text


@given(text=texts)
def test_every_line_is_in_one_part(text: str) -> None:
    lines = text.split("\n")
    parts = read_patch(lines)
    assert [part.start for part in parts] == [0, *(part.end for part in parts[:-1])]
    assert parts[-1].end == len(lines)


@given(
    text=texts,
    kind=st.sampled_from(["diff", "history", "blame", "diffstat"]),
    question=st.sampled_from(["what is x", "def go", "Change 7 of Ann", "a.py", ""]),
    asked=st.booleans(),
    fidelity=st.sampled_from(["balanced", "aggressive"]),
)
def test_a_selection_counts_every_line(
    text: str, kind: str, question: str, asked: bool, fidelity: str
) -> None:
    content = Content(text, counter, question=question).as_kind(kind)
    selection = compressor.select(content, Goal(fidelity, 40, asked))  # type: ignore[arg-type]
    if selection is None:
        return
    assert selection.total == len(text.split("\n")) - text.endswith("\n") or not text
    assert 0 <= selection.kept <= selection.total
    if selection.summary.count(";") == 0 and kind == "diff":
        original = iter(text.split("\n"))
        shown = [line for line in selection.body.split("\n") if not OURS.fullmatch(line)]
        assert all(line in original for line in shown)


@given(text=texts, keep=st.sampled_from(["x = 1", "def go", "Ann", "1"]))
def test_what_must_stay_stays(text: str, keep: str) -> None:
    content = Content(text, counter, question="return x", keep=(keep,)).as_kind("diff")
    selection = compressor.select(content, Goal("aggressive", 10, True))
    if selection is not None and not selection.summary.count(";"):
        shown = selection.body.split("\n")
        assert all(line in shown for line in text.split("\n") if keep in line)


@given(
    notation=st.sampled_from(compressor.notations),
    note=st.sampled_from(["", "no Author = that above", "no totals = those of the rows"]),
    body=texts,
)
def test_no_body_does_more_than_be_refused(notation: str, note: str, body: str) -> None:
    encoding = Encoding(notation, note, body)
    try:
        compressor.decode(encoding)
    except DecodingError:
        pass


@pytest.mark.parametrize(
    "line", ["@@ -1,9999999 +1,9999999 @@", "1,999999c1", "diff -r a b", "--- a"]
)
def test_many_odd_lines_take_no_long(line: str) -> None:
    lines = [line, "+++ b", "@@ -1,99 +1,99 @@", "1c1"] * 20_000
    assert read_patch(lines)[-1].end == len(lines)
