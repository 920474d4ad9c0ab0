"""Patches, logs, blame and statistics: what is recognised, what stays, what is counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom.compressors.diff import DiffCompressor
from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError
from headroom.notation.patch_headers import decode_header, encode_header
from headroom.notation.patches import FilePatch, read_patch
from headroom.selection.patch_noise import noise_of

FIXTURES = Path(__file__).parent / "fixtures" / "diff"
KINDS = {
    "blame.txt": "blame",
    "everything.diff": "diff",
    "log-stat.txt": "history",
    "log.diff": "diff",
    "merge.diff": "diff",
    "no-prefix.diff": "diff",
    "normal.diff": "diff",
    "stat.txt": "diffstat",
    "status.txt": "status",
    "unified.diff": "diff",
}
counter = O200kCounter()
compressor = DiffCompressor()
ASKED = Goal("balanced", 450, True)
UNASKED = Goal("balanced", 450, False)
OURS = re.compile(r"\[.*\]")


def _text(file: str) -> str:
    return (FIXTURES / file).read_bytes().decode("utf-8")


def _content(text: str, question: str = "", **more: object) -> Content:
    content = Content(text, counter, question=question, **more)  # type: ignore[arg-type]
    return content.as_kind(compressor.detect(content) or "diff")


def _files(text: str) -> Sequence[FilePatch]:
    return [part for part in read_patch(text.split("\n")) if isinstance(part, FilePatch)]


def _selected(text: str, question: str, goal: Goal = ASKED, **more: object) -> Selection:
    selection = compressor.select(_content(text, question, **more), goal)
    assert selection is not None
    return selection


@pytest.mark.parametrize("file", KINDS)
def test_what_git_and_diff_print_is_recognised(file: str) -> None:
    assert compressor.detect(Content(_text(file), counter)) == KINDS[file]


@pytest.mark.parametrize(
    "text",
    [
        "# Diffs\n\nA hunk starts like this:\n\n    @@ -1 +1 @@\n\nand goes on.\n",
        "deadbeef\ncafebabe1 x\n",
        "1234567 src/a.py\n2345678 src/b.py\n3456789 src/c.py\n4567890 src/d.py\n",
        "- first\n- second\n- third\n+ fourth\n",
        " a | b \n---|---\n 1 | 2 \n 3 | 4 \n",
        "commit to nothing\nand go\n",
    ],
)
def test_what_only_looks_like_a_patch_is_none(text: str) -> None:
    assert compressor.detect(Content(text, counter)) is None


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("file", KINDS)
def test_an_encoding_gives_every_byte_back(file: str, ending: str) -> None:
    text = _text(file).replace("\r\n", "\n").replace("\n", ending)
    content = Content(text, counter).as_kind(KINDS[file])
    encoding = compressor.encode(content)
    if encoding is None:
        assert file in ("merge.diff", "normal.diff", "unified.diff", "no-prefix.diff")
    else:
        assert compressor.decode(encoding) == text
        assert counter.count(encoding.body) < content.tokens


@pytest.mark.parametrize("file", KINDS)
def test_a_message_in_lossless_form_is_expanded(file: str) -> None:
    made = Compressor(CompressionConfig(fidelity="lossless", min_tokens=0), store=MemoryStore())
    messages = [{"role": "tool", "tool_call_id": "1", "content": _text(file)}]
    assert made.expand(made.compress(messages).messages) == messages


def test_the_path_of_a_file_is_said_once() -> None:
    encoding = compressor.encode(_content(_text("everything.diff")))
    assert encoding is not None
    lines = encoding.body.split("\n")
    assert "diff src/tail.txt (130cff0..6fdbe18)" in lines
    assert any(line.startswith("renamed src/{math.py => arithmetic.py} ") for line in lines)
    assert r'diff "\344\276\241\346\240\274.txt" (e4b8cbd..40c02eb)' in lines or any(
        line.startswith(r'diff "\344\276\241') for line in lines
    )


def test_a_commit_of_the_same_author_does_not_name_them_again() -> None:
    encoding = compressor.encode(_content(_text("log.diff")))
    assert encoding is not None
    assert encoding.body.count("Author:") == 1


def test_hunks_with_the_same_lines_stand_once() -> None:
    body = "".join(f"-import old_name_{n}\n+import new_name_{n}\n" for n in range(6))
    text = "".join(
        f"diff --git a/p{n}.py b/p{n}.py\nindex 1234567..89abcd{n} 100644\n"
        f"--- a/p{n}.py\n+++ b/p{n}.py\n@@ -1,6 +1,6 @@\n{body}"
        for n in range(9)
    )
    encoding = compressor.encode(_content(text))
    assert encoding is not None
    assert encoding.body.count("+import new_name_3\n") == 1
    assert compressor.decode(encoding) == text


def test_a_commit_that_blame_names_before_is_its_hash_alone() -> None:
    encoding = compressor.encode(_content(_text("blame.txt")))
    assert encoding is not None
    assert encoding.body.count("Shop Team") == len({"start", "louder", "seven", "VII"})
    assert counter.count(encoding.body) < 0.5 * counter.count(_text("blame.txt"))


def test_the_counts_of_files_and_hunks_are_gits() -> None:
    files = {file.path: file for file in _files(_text("everything.diff"))}
    assert (files["src/ledger.txt"].added, files["src/ledger.txt"].removed) == (2, 2)
    assert len(files["src/ledger.txt"].hunks) == 2
    assert files["web/package-lock.json"].removed == 60
    assert files["src/arithmetic.py"].old == "src/math.py"
    assert (files["empty.txt"].added, files["logo.bin"].hunks) == (0, ())


def test_a_removed_line_that_looks_like_a_header_is_a_line() -> None:
    text = "--- a.sql\n+++ b.sql\n@@ -1,3 +1,3 @@\n--- a comment\n+++ b\n x\n y\n"
    (file,) = _files(text)
    assert (file.added, file.removed, len(file.hunks)) == (1, 1, 1)


def test_a_combined_diff_has_the_hunks_of_a_merge() -> None:
    (file,) = _files(_text("merge.diff"))
    assert len(file.hunks) == 1
    assert file.hunks[0].added == 2


def test_lines_are_counted_and_stay_in_order() -> None:
    text = _text("log.diff")
    selection = _selected(text, "How is the spread computed?")
    lines = iter(text.split("\n"))
    kept = [line for line in selection.body.split("\n") if not OURS.fullmatch(line)]
    assert all(line in lines for line in kept)
    assert selection.total == text.count("\n")
    # Authors that repeat are said once, as the summary says.
    assert len(kept) - 1 == selection.kept - (text.count("Author:") - 1)


def test_the_hunk_that_the_question_is_about_stays_and_every_file_is_headed() -> None:
    text = _text("everything.diff")
    selection = _selected(text, "What does spread() compute?")
    assert "@@ -4,3 +4,7 @@ def total(items):\n \n def mean(items):" in selection.body
    assert "+def spread(items):\n+    return max(items) - min(items)" in selection.body
    assert "[web/package-lock.json: +60 -60; lock file; not shown]" in selection.body
    assert "[src/{math.py => arithmetic.py}: +4 -0]" in selection.body
    for file in _files(text):
        assert f"{file.path.rsplit('/')[-1]}" in selection.body


def test_a_lock_file_stays_where_the_question_is_about_it() -> None:
    selection = _selected(_text("everything.diff"), "Which version of part-41 is locked now?")
    assert '+      "version": "2.41.0"' in selection.body


def test_without_a_question_only_what_nobody_reads_is_left_out() -> None:
    text = _text("everything.diff")
    selection = _selected(text, "Go on.", UNASKED)
    assert "[web/package-lock.json: +60 -60; lock file; not shown]" in selection.body
    for file in _files(text):
        if file.path != "web/package-lock.json":
            for line in text.split("\n")[file.header_end : file.end]:
                assert line in selection.body.split("\n")


def test_every_commit_of_a_log_keeps_its_hash_date_and_subject() -> None:
    text = _text("log.diff")
    selection = _selected(text, "How is the spread computed?")
    for line in text.split("\n"):
        if line.startswith(("commit ", "Date:")):
            assert line in selection.body
    for subject in ("Start the shop", "Say VII", "Merge the sevens"):
        assert f"    {subject}" in selection.body


def test_the_summary_of_a_selection_is_one_line() -> None:
    assert "\n" not in _selected(_text("everything.diff"), "What does spread() compute?").summary


@pytest.mark.parametrize(
    "arguments",
    [
        {"command": "git apply --check -"},
        {"command": "cat fixes/0001-louder.patch"},
        {"path": "changes.diff"},
        {"command": "curl -s https://a.example/x | git am"},
        {"command": "patch -p1 < x"},
    ],
)
def test_a_patch_that_will_be_applied_stays_as_it_is(arguments: dict[str, object]) -> None:
    text = _text("everything.diff")
    result = Compressor(store=MemoryStore()).compress_text(
        text, tool_name="bash", arguments=arguments, query="What does spread() compute?"
    )
    assert result.output == text


@pytest.mark.parametrize("file", ["mail.patch", "binary.diff"])
def test_a_patch_made_for_being_applied_stays_as_it_is(file: str) -> None:
    text = _text(file) * 4
    config = CompressionConfig(min_tokens=0, fidelity="aggressive")
    assert Compressor(config, store=MemoryStore()).compress_text(text).output == text


def test_an_original_is_given_back_whole() -> None:
    text = _text("log.diff")
    made = Compressor(store=MemoryStore())
    result = made.compress_text(text, tool_name="bash", query="How is the spread computed?")
    assert result.tokens_after < 0.5 * result.tokens_before
    lines = made.retrieve(result.handles[0], lines="1-40", max_tokens=5_000)
    assert lines.text.split("\n")[0] == text.split("\n")[0]


@pytest.mark.parametrize(
    ("path", "changed", "reason"),
    [
        ("Cargo.lock", [], "lock file"),
        ("web/node_modules/a/index.js", [], "vendored"),
        ("dist/app.min.js", [], "minified"),
        ("api/orders.pb.go", [], "generated"),
        ("api/orders.go", ["+// Code generated by protoc. DO NOT EDIT."], "generated"),
        ("app.js", ["+" + "x" * 5_000, "+y"], "minified"),
        ("points.json", [f'+  "{n}": {n * 3},' for n in range(300)], "data"),
        ("src/vendor.py", ["+x = 1"], ""),
        ("src/lock.py", ["+# see @generatedness", "+x"], ""),
    ],
)
def test_what_nobody_reads_is_told_by_its_structure(
    path: str, changed: list[str], reason: str
) -> None:
    assert noise_of(path, changed) == reason


def test_a_header_that_git_would_not_write_so_stays() -> None:
    usual = [
        "diff --git a/x.py b/x.py",
        "index 1111111..2222222 100644",
        "--- a/x.py",
        "+++ b/x.py",
    ]
    assert encode_header(usual) == "diff x.py (1111111..2222222)"
    assert decode_header("diff x.py (1111111..2222222)") == usual
    assert encode_header([*usual[:3], "+++ b/y.py"]) is None
    assert encode_header(usual[:2]) is None


def test_a_question_about_a_log_keeps_its_commit_whole() -> None:
    text = "".join(
        f"commit {n:040x}\nAuthor: Ann Lee <ann@shop.example>\nDate:   Mon Feb 2 09:{n:02}:00 2026"
        f" +0000\n\n    {'Revert the rounding of invoices' if n == 30 else f'Rule {n}'}\n\n"
        f" src/part_{n}.py | {n + 1} {'+' * (n + 1)}\n"
        f" 1 file changed, {n + 1} insertion{'s' if n else ''}(+)\n\n"
        for n in range(50)
    )
    selection = _selected(text, "Which commit did revert the rounding of invoices?")
    assert f"commit {30:040x}\n" in selection.body
    assert " src/part_30.py | 31 +" in selection.body
    assert selection.total == 450
    assert counter.count(selection.body) < 0.45 * counter.count(text)


def test_the_totals_of_a_statistic_stay() -> None:
    rows = "".join(f" src/m{n % 7}/part_{n}.py | {n + 2:4} {'+' * 9}\n" for n in range(120))
    text = f"{rows} 120 files changed, 9000 insertions(+)\n"
    selection = _selected(text, "How much changed in part_77.py?")
    assert " src/m0/part_77.py |   79 +" in selection.body
    assert " 120 files changed, 9000 insertions(+)\n" in selection.body
    assert selection.kept < selection.total == 121


@pytest.mark.parametrize(
    "encoding",
    [
        Encoding("other", "", "x"),
        Encoding("diff", "", "@@ -1 +1 @@\n[same lines as @@ -9 +9 @@]"),
        Encoding("blame", "", "7) x"),
        Encoding("diffstat", "", "\ta.py 3 +++"),
    ],
)
def test_what_is_not_in_a_notation_is_refused(encoding: Encoding) -> None:
    with pytest.raises(DecodingError):
        compressor.decode(encoding)


@pytest.mark.parametrize("option", ["--name-status", "--numstat", "--raw"])
def test_a_log_with_names_of_files_is_history(option: str) -> None:
    row = {"--name-status": "M\tsrc/a.py", "--numstat": "12\t3\tsrc/a.py"}.get(
        option, ":100644 100644 1234567 89abcde M\tsrc/a.py"
    )
    text = "".join(
        f"commit {n:040x}\nAuthor: Ann <a@b.example>\nDate:   Mon Feb 2\n\n    Do {n}\n\n{row}\n\n"
        for n in range(9)
    )
    assert compressor.detect(Content(text, counter)) == "history"


def test_a_tool_that_applies_patches_gets_them_whole() -> None:
    text = _text("everything.diff")
    made = Compressor(store=MemoryStore())
    assert made.compress_text(text, tool_name="apply_patch", query="spread()").output == text


@pytest.mark.parametrize(
    "text",
    [
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n x" + " " * 200_000 + "\n",
        "diff --git a/x b/x\n" + "renamed {" + "a => {" * 40_000 + " 95%\n",
        "commit 1234567\n\n    " + "x |" * 60_000 + "\n",
        "Changes not staged for commit:\n" * 8_000,
        "1234567 (" + "x " * 100_000 + "\n",
    ],
)
def test_long_lines_and_many_take_no_long(text: str) -> None:
    for kind in compressor.kinds:
        content = Content(text, counter, question="what was renamed").as_kind(kind)
        compressor.encode(content)
        compressor.select(content, ASKED)


def test_labels_and_folders_of_a_long_status_are_said_once() -> None:
    rows = "".join(f"\tmodified:   src/shop/part_{n % 3}/file_{n}.py\n" for n in range(40))
    hints = (
        '  (use "git add <file>..." to update what will be committed)\n'
        '  (use "git restore <file>..." to discard changes in working directory)\n'
    )
    text = f"On branch main\nChanges not staged for commit:\n{hints}{rows}\n"
    encoding = compressor.encode(_content(text))
    assert encoding is not None
    assert encoding.body.count("modified:") == 1
    assert compressor.decode(encoding) == text


def test_a_small_body_does_not_become_a_large_text() -> None:
    body = "\tmodified:   " + "x/" * 100_000 + "a\n" + "\t\tb\n" * 20_000
    assert len(compressor.decode(Encoding("status", "", body))) < 10 * len(body)
    blame = f"1234567 (x{' ' * 50_000}1) y\n" + "2) z\n" * 9
    with pytest.raises(DecodingError):
        compressor.decode(Encoding("blame", "", blame))


def test_a_line_that_must_stay_brings_the_numbers_of_its_hunk() -> None:
    text = _text("everything.diff")
    selection = _selected(text, "What does spread() compute?", keep=('"2.17.0"',))
    assert '+      "version": "2.17.0"' in selection.body
    at = selection.body.index('"2.17.0"')
    assert "\n@@ -" in selection.body[selection.body.index("[web/package-lock.json") : at]
