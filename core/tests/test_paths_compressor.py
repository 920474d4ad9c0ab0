"""Path lists, trees and listings through the compressor."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.paths import PathsCompressor
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError

FIXTURES = Path(__file__).parent / "fixtures" / "search"
counter = O200kCounter()
compressor = PathsCompressor()

# The largest share of tokens that the lossless form of each recording may keep.
RATIOS = {
    "find.txt": ("paths", 0.38),
    "find_sorted.txt": ("paths", 0.37),
    "grep_files.txt": ("paths", 0.54),
    "ls_R.txt": ("paths", 0.79),
    "ls_lR.txt": ("listing", 0.32),
    "ls_la.txt": ("listing", 0.32),
    "du_a.txt": ("paths", 0.80),
    "wc_l.txt": ("paths", 0.85),
}


def _content(file: str, question: str = "") -> Content:
    return Content((FIXTURES / file).read_text(encoding="utf-8"), counter, question=question)


def _encode(text: str, question: str = "") -> Encoding:
    encoding = compressor.encode(Content(text, counter, question=question))
    assert encoding is not None
    assert compressor.decode(encoding) == text
    return encoding


def _select(content: Content, goal: Goal) -> Selection:
    selection = compressor.select(content, goal)
    assert selection is not None
    return selection


@pytest.mark.parametrize(("file", "expected"), RATIOS.items())
def test_recordings_shrink_without_loss(file: str, expected: tuple[str, float]) -> None:
    content = _content(file)
    encoding = _encode(content.text)
    assert encoding.notation == expected[0]
    assert counter.count(encoding.body) <= expected[1] * content.tokens


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("file", ["find.txt", "ls_lR.txt", "ls_R.txt"])
def test_line_endings_come_back(file: str, newline: str) -> None:
    text = _content(file).text.replace("\n", newline)
    _encode(text)
    _encode(text.removesuffix(newline))


def test_names_after_a_path_share_its_directory() -> None:
    lines = [f"./app/models/{name}.py" for name in ("user", "order", "item", "stock")]
    encoding = _encode("\n".join([*lines, "./setup.py", *lines]))
    assert encoding.body.split("\n")[0] == "./app/models/user.py order.py item.py stock.py"


def test_a_directory_and_what_is_in_it_share_a_line() -> None:
    lines = ["src/app", *(f"src/app/part_{c}.py" for c in "abcdefgh"), "src/new", "src/new/a.py"]
    body = _encode("\n".join(lines)).body.split("\n")
    assert body[0].startswith("src/app: part_a.py part_b.py")
    assert body[1] == "src/new: a.py"


def test_names_with_spaces_get_another_separator() -> None:
    lines = [f"./My Documents/letter {n}.odt" for n in range(20)]
    encoding = _encode("\n".join(lines))
    assert 'separated by ", "' in encoding.note
    assert encoding.body.startswith("./My Documents/letter 0.odt, letter 1.odt, ")


def test_a_long_shared_beginning_is_said_once_where_that_pays() -> None:
    root = "/usr/lib/python3/dist-packages/"
    lines = [f"{root}d{n}/x.py" for n in range(60)]
    encoding = _encode("\n".join(lines))
    assert f'all under "{root}"' in encoding.note
    assert encoding.body.split("\n")[7] == "d7/x.py"


def test_a_path_that_the_question_names_stands_whole() -> None:
    content = _content("find_sorted.txt")
    path = next(line for line in content.lines if line.endswith("/terminal256.py"))
    assert path not in _encode(content.text).body
    assert path in _encode(content.text, "What does terminal256 do?").body


def test_sizes_and_states_stay_before_their_names() -> None:
    lines = [
        f"{size}\t./app/models/{c}.py" for c, size in zip("abcdefgh", range(8, 80, 8), strict=False)
    ]
    assert _encode("\n".join(lines)).body.startswith("8\t./app/models/a.py 16\tb.py 24\tc.py")
    states = [f"M\tsrc/app/view_{c}.py" for c in "abcdefgh"]
    assert _encode("\n".join(states)).body.startswith("M\tsrc/app/view_a.py M\tview_b.py")


def test_errors_between_paths_come_back() -> None:
    lines = [f"./app/models/{c}.py" for c in "abcdefghijklmnopqrstuvw"]
    lines.insert(3, "find: './private': Permission denied")
    assert "> find: './private': Permission denied" in _encode("\n".join(lines)).body


def test_a_drawn_tree_becomes_indentation() -> None:
    text = (
        ".\n├── app\n│   ├── __init__.py\n│   ├── models.py\n│   └── views\n"
        "│       ├── index.py\n│       └── detail.py\n└── setup.py\n\n3 directories, 5 files\n"
    )
    encoding = _encode(text)
    assert encoding.notation == "tree"
    assert encoding.body.split("\n")[1:5] == [
        " app",
        "  __init__.py models.py",
        "  views",
        "   index.py detail.py",
    ]


def test_a_tree_of_packages_keeps_versions_and_remarks() -> None:
    text = "app@1.0.0\n" + "".join(
        f"├─┬ part{n}@1.{n}.0\n│ ├── left@2.0.{n} deduped\n│ └── right@3.1.{n}\n" for n in range(9)
    )
    text += "└── last@1.0.0\n"
    encoding = _encode(text)
    assert encoding.note.startswith("npm tree")
    assert "left@2.0.4 deduped, right@3.1.4" in encoding.body


def test_a_listing_states_columns_where_they_change() -> None:
    text = "total 12\n" + "".join(
        f"-rw-r--r-- 1 root root {n:>4} Nov 20 10:13 file{n}.txt\n" for n in range(990, 1010)
    )
    body = _encode(text).body.split("\n")
    assert body[1] == "-rw-r--r-- x1 root:root 990 Nov 20 10:13 file990.txt"
    assert body[2] == "991 file991.txt"


def test_directories_and_links_in_a_listing_are_told_by_their_names() -> None:
    rows = [
        "drwxr-xr-x 2 root root 4096 Nov 20 10:13 lib",
        "drwxr-xr-x 9 root root 4096 Nov 20 10:13 src",
        "-rw-r--r-- 1 root root   12 Nov 20 10:13 a -> b",
        "lrwxrwxrwx 1 root root    7 Nov 20 10:13 now -> new",
        "-rw-r--r-- 1 root root   12 Nov 20 10:13 Nov 20 10:13 x",
        "-rw-r--r-- 1 root root   12 Nov 20 10:13 x2 7 y",
    ]
    assert _encode("\n".join(rows)).body.split("\n")[1] == "x9 4096 src/"


@pytest.mark.parametrize(
    ("notation", "note", "body"),
    [
        ("listing", "", "7 y"),
        ("tree", "oak, indented", " a"),
        ("tree", "tree, indented", " " * 999 + "a"),
        ("paths", 'names separated by "x"', "a"),
        ("search", "", "a"),
    ],
)
def test_what_is_not_in_the_notation_is_refused(notation: str, note: str, body: str) -> None:
    with pytest.raises(DecodingError):
        compressor.decode(Encoding(notation, note, body))


def test_a_selected_row_of_a_listing_keeps_its_heading() -> None:
    blocks = [
        f"./m{d}:\ntotal 8\n"
        + "".join(f"-rw-r--r-- 1 root root {n:>5} Nov 20 10:13 part{n}.py\n" for n in range(20))
        for d in range(12)
    ]
    content = Content("\n".join(blocks), counter, question="How large is m7/part13.py?")
    body = _select(content, Goal("balanced", 200, True)).body.split("\n")
    at = body.index("./m7:")
    assert any(line.endswith("   13 Nov 20 10:13 part13.py") for line in body[at : at + 12])


def test_a_selected_node_of_a_tree_keeps_the_branches_above_it() -> None:
    lines = ["."]
    for d in range(20):
        lines.append(f"├── module{d}")
        lines += [f"│   ├── part{n}_{d}.py" for n in range(9)]
        lines.append(f"│   └── last{d}.py")
    content = Content("\n".join(lines), counter, question="part5_13")
    body = _select(content, Goal("balanced", 100, True)).body.split("\n")
    assert body.index("├── module13") < body.index("│   ├── part5_13.py")


def test_the_largest_the_newest_and_the_rare_stay() -> None:
    rows = [f"-rw-r--r-- 1 root root {n + 100} 2025-01-01 10:00 part{n}.py" for n in range(300)]
    rows[50] = "-rw-r--r-- 1 root root 999999 2025-01-01 10:00 huge.py"
    rows[150] = "-rw-r--r-- 1 root root 100 2026-11-20 08:00 fresh.py"
    rows[250] = "-rw-r--r-- 1 root root 100 2025-01-01 10:00 odd.pem"
    content = Content("\n".join(rows), counter, question="part file")
    body = _select(content, Goal("balanced", 300, True)).body
    assert all(row in body for row in (rows[50], rows[150], rows[250]))


def test_paths_left_out_are_counted_by_directory() -> None:
    content = _content("find.txt", "where is util/retry.py?")
    selection = _select(content, Goal("balanced", 300, True))
    assert "urllib3/util/retry.py" in selection.body.split("\n")
    gaps = [line for line in selection.body.split("\n") if line.startswith("[more paths: ")]
    left_out = sum(int(n) for gap in gaps for n in re.findall(r"(?<=[:,] )(\d+)(?= in )", gap))
    assert selection.kept + left_out == selection.total == len(content.lines) - 1


def test_with_no_question_only_numbered_repetitions_are_left_out() -> None:
    lines = [f"frames/img_{n:04}.png" for n in range(200)] + [
        f"src/{c}{d}.py" for c in "abc" for d in "xyz"
    ]
    selection = _select(Content("\n".join(lines), counter), Goal("balanced", 100, False))
    assert set(lines[200:]) <= set(selection.body.split("\n"))
    assert selection.kept == 12
    unlike = Content("\n".join(f"src/{'a' * (n + 1)}.py" for n in range(200)), counter)
    assert compressor.select(unlike, Goal("balanced", 100, False)) is None


def test_a_path_with_a_string_to_keep_stays() -> None:
    lines = [f"src/part_{n}/mod.py" for n in range(200)]
    lines[120] = "src/part_120/secret_mod.py"
    content = Content("\n".join(lines), counter, question="mod", keep=("secret",))
    assert lines[120] in _select(content, Goal("aggressive", 60, True)).body


def test_a_list_of_sixty_is_selected_from_where_the_question_names_some() -> None:
    paths = [f"{i * 37} src/module_{i}.py" for i in range(60)]
    content = Content("\n".join(paths), counter, question="How large is module_41.py?")
    selection = compressor.select(content, Goal("balanced", 100, True))
    assert selection is not None
    assert paths[41] in selection.body.split("\n")
    assert selection.kept < 15


def test_a_question_for_the_largest_shows_it_whatever_else_it_says() -> None:
    paths = [f"{i * 7919 % 1013} lexers/{name}.py" for i, name in enumerate("abcdefgh" * 20)]
    paths[77] = "98765 lexers/lisp.py"
    said = {"Which lexer is the largest?": True, "Good, and what is next?": False}
    for question, asked in said.items():
        content = Content("\n".join(paths), counter, question=question)
        selection = compressor.select(content, Goal("balanced", 100, False))
        assert (selection is not None and selection.kept < 20) is asked
        assert selection is None or paths[77] in selection.body.split("\n")


def test_counts_behind_paths_make_a_list_of_paths_in_which_the_most_is_found() -> None:
    folders = ("rich", "flask", "requests/packages")
    lines = [f"{f}/m{i}.py:{i * 7 % 23}" for f in folders for i in range(40)]
    lines[50] = "flask/app.py:72"
    text = "\n".join(lines) + "\n"
    content = Content(text, counter, question="Which file has the largest number?")
    assert compressor.detect(content) == "paths"
    encoding = _encode(text)
    assert encoding.body.startswith("rich/m0.py:0 m1.py:7 m2.py:14 ")
    selection = compressor.select(content, Goal("balanced", 100, True))
    assert selection is not None
    assert "flask/app.py:72" in selection.body.split("\n")
    assert selection.kept < 20


def test_a_path_that_is_asked_for_stands_whole_though_all_begin_alike() -> None:
    root = "/usr/lib/python3.12/email"
    lines = [f"{root}/part_{i}/m.py:{i % 3}" for i in range(80)]
    named = f"{root}/part_17/m.py:2"
    encoding = _encode("\n".join(lines) + "\n", f"What does it say about {named}?")
    assert 'all under "/usr/lib/python3.12/email/"' in encoding.note
    assert f"> {named}" in encoding.body.split("\n")
    content = Content("\n".join(lines), counter, question=f"How many in {named[:-2]}?")
    selection = compressor.select(content, Goal("balanced", 80, True))
    assert selection is not None
    assert named in selection.body.split("\n")
