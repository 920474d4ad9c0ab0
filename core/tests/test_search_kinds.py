"""Which texts are search results or path lists, and which only look like it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from headroom.routing.paths_kind import find_paths
from headroom.routing.search_kind import find_search

FIXTURES = Path(__file__).parent / "fixtures" / "search"
OPEN_DATA = Path(__file__).parents[2].parent / "shared" / "data" / "open"


def _kind(text: str) -> str | None:
    return find_search(text) or find_paths(text)


def _repeat(line: str, count: int = 40) -> str:
    """The line with every N replaced by rising numbers, two digits where it is NN."""
    return "".join(
        line.replace("NN", f"{n % 60:02}").replace("N", str(n)) + "\n" for n in range(1, count + 1)
    )


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("grep_n.txt", "search"),
        ("grep_one_per_file.txt", "search"),
        ("grep_context.txt", "search"),
        ("grep_after.txt", "search"),
        ("grep_plain.txt", "search"),
        ("grep_single_file.txt", "search"),
        ("mypy.txt", "search"),
        ("ruff_concise.txt", "search"),
        ("grep_files.txt", "paths"),
        ("find.txt", "paths"),
        ("find_sorted.txt", "paths"),
        ("ls_R.txt", "paths"),
        ("du_a.txt", "paths"),
        ("wc_l.txt", "paths"),
        ("ls_lR.txt", "listing"),
        ("ls_la.txt", "listing"),
    ],
)
def test_recorded_outputs_are_recognised(file: str, kind: str) -> None:
    assert _kind((FIXTURES / file).read_text(encoding="utf-8")) == kind


@pytest.mark.parametrize(
    "line",
    [
        "C:\\src\\app.py:N: error: bad",
        "C:/src/app.py:N:7: error: bad",
        "src\\app\\main.cs(N,7): error CS0103: no such name",
        "src/app/main.ts(N,7): error TS2304: no such name",
        "Makefile:N:all: build",
        "./with space/a.py:N:x",
        "src/日本.py:N:x",
        "/usr/include/stdio.h:N:12: note: expanded from macro",
        "app/2024/x.py:N:12:30:00 is a time",
    ],
)
def test_places_in_many_notations_are_search_results(line: str) -> None:
    assert _kind(_repeat(line)) == "search"


def test_ripgrep_headings_are_search_results() -> None:
    text = "".join(
        f"src/part{n}.rs\n{n + 3}:    let a = {n};\n{n + 9}:    let b = {n};\n\n" for n in range(20)
    )
    assert _kind(text) == "search"


@pytest.mark.parametrize("lead", ["M\t", " M ", "?? ", "R100\t", "4.0K\t", "  113 "])
def test_paths_behind_a_size_or_a_state_are_paths(lead: str) -> None:
    assert _kind(_repeat(f"{lead}src/app/viewN.py")) == "paths"


def test_eslint_findings_below_their_files_are_search_results() -> None:
    text = "".join(
        f"/app/src/part{n}.js\n  {n + 3}:5   error  'x' is never used  no-unused-vars\n"
        f"  {n + 4}:26  error  'y' is not defined  no-undef\n\n"
        for n in range(20)
    )
    assert _kind(text) == "search"


@pytest.mark.parametrize(
    "line",
    [
        "03-17 16:13:NN.811  1702  2395 D WindowManager: printing",
        "12:00:NN: x",
        "12:NN: x",
        "2024-05-01T12:00:NN.123Z INFO server.py:12: started",
        "2024-05-01 12:00:NN,123 - INFO [main:App@77] - started",
        "May  1 12:00:NN combo sshd(pam_unix)[19939]: authentication failure",
        "[Sun Dec 04 04:47:NN 2005] [notice] workerEnv.init() ok /etc/httpd/workers2.conf",
        "192.168.0.7:80N: connection refused",
        "fe80::1:N: unreachable",
        "2001:db8::N:1 unreachable",
        "http://host.example:80N/path: refused",
        "https://example.com/a.html:N: bad link",
        "localhost:50N: listening",
        "key: value N",
        "image: registry.example/app:1.N",
        "app.kubernetes.io/name: thing-N",
        "  replicas: N",
        'File "src/app.py", line N, in go',
        "    at com.example.App.run(App.java:N)",
        "@@ -N,7 +N,7 @@",
        "+++ b/src/a.py N",
        '{"path": "src/a.py:N:", "line": N}',
        "a/b,c,N,src/x.py",
        "- see [the guide](docs/guide-N.md) for more",
        "# Heading N: what src/a.py does",
        "Downloading https://files.example/a-1.N.whl (12 kB)",
        "def go_N(a: int) -> None:",
        "    return self.path:N",
        "N passed in 0.1s",
        "tests/test_a.py::test_N PASSED [ NN%]",
        "nginx:N: [warn] low on memory",
        "drwxr-xr-x is the mode of N directories",
        "QUJD/REVG+" * 7 + "N",
        "x = a/N",
        "N/7",
    ],
)
def test_logs_and_other_texts_are_neither(line: str) -> None:
    assert _kind(_repeat(line)) is None


def test_a_generated_csv_and_source_file_are_neither() -> None:
    rng = random.Random(7)
    rows = [f"{rng.random():.3f},src/m{rng.randrange(9)}.py,{rng.randrange(99)}" for _ in range(50)]
    assert _kind("path,file,line\n" + "\n".join(rows)) is None
    assert _kind(Path(find_search.__code__.co_filename).read_text(encoding="utf-8")) is None


def test_a_file_shown_with_line_numbers_is_neither() -> None:
    text = "".join(f"{n}:    value = compute({n})\n" for n in range(100, 200))
    assert (
        _kind(f"[File: /app/src/main.py (500 lines total)]\n{text}(300 more lines below)\n") is None
    )


def test_few_lines_are_neither() -> None:
    assert _kind("") is None
    assert _kind("src/a.py:1:x\n") is None
    assert _kind("src/a.py\nsrc/b.py\n") is None


def test_a_wrapper_around_the_rows_does_not_hide_them() -> None:
    rows = "".join(f"./app/view{n}.py:{n}:def go():\n" for n in range(9))
    assert _kind(f"<returncode>0</returncode>\n<output>\n{rows}</output>\n") == "search"


@pytest.mark.skipif(not OPEN_DATA.is_dir(), reason="the open data set is not beside the checkout")
def test_no_log_data_or_document_is_taken_for_a_list_of_places() -> None:
    wrong = []
    for folder in ("logs", "json", "csv", "markdown", "html", "qa", "ci_log", "test_output"):
        for path in sorted((OPEN_DATA / folder).rglob("*")):
            if path.is_file() and _kind(path.read_text(encoding="utf-8", errors="replace")):
                wrong.append(path.name)
    assert wrong == []
