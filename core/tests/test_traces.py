from __future__ import annotations

import itertools

import pytest

from headroom.selection.frames import is_library, read_trace
from headroom.selection.traces import Trace, find_traces

PYTHON = """\
Traceback (most recent call last):
  File "/app/a.py", line 12, in run
    return step(3)
  File "/app/b.py", line 7, in step
    raise ValueError("bad id 17")
ValueError: bad id 17"""

CHAINED = f"""{PYTHON}

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/main.py", line 3, in main
    run()
RuntimeError: gave up"""

JAVA = """\
java.lang.IllegalStateException: no connection
\tat com.acme.Pool.take(Pool.java:41)
\tat com.acme.Main.run(Main.java:12)
Caused by: java.net.ConnectException: refused
\tat java.net.Socket.connect(Socket.java:600)
\t... 12 more"""

NODE = """\
assert.js:80
  throw new AssertionError(obj);
  ^

AssertionError [ERR_ASSERTION]: code: null
    at Worker.on (/a/test.js:10:3)
    at Worker.emit (events.js:182:13)"""

GO = """\
panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
main.pick(...)
\t/app/main.go:12
main.main()
\t/app/main.go:20 +0x1d
exit status 2"""

RUST = """\
thread 'tests::parses' panicked at src/lib.rs:40:9:
assertion `left == right` failed
  left: 1
 right: 2
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace"""

VALGRIND = """\
==7== Invalid read of size 1
==7==    at 0x48: strlen (in /usr/lib/v.so)
==7==    by 0x10: main (m.c:3)"""

RUBY = """\
app.rb:3:in `f': no such user (RuntimeError)
\tfrom app.rb:7:in `g'
\tfrom app.rb:9:in `<main>'"""


def only(text: str) -> tuple[Trace, list[str]]:
    lines = ["before 1", "", *text.split("\n"), "", "after"]
    found = find_traces(lines)
    assert len(found) == 1
    return found[0], lines[found[0].start : found[0].end]


@pytest.mark.parametrize("text", [PYTHON, CHAINED, JAVA, NODE, RUST, VALGRIND, RUBY])
def test_a_trace_is_found_whole(text: str) -> None:
    assert only(text)[1] == text.split("\n")


def test_a_go_panic_ends_before_the_exit_status() -> None:
    assert only(GO)[1] == GO.split("\n")[:-1]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (PYTHON, "ValueError: bad id 17"),
        (CHAINED, "RuntimeError: gave up"),
        (JAVA, "java.lang.IllegalStateException: no connection"),
        (NODE, "AssertionError [ERR_ASSERTION]: code: null"),
    ],
)
def test_the_line_that_names_the_error_is_known(text: str, error: str) -> None:
    trace, lines = only(text)
    assert lines[trace.error - trace.start] == error


def test_traces_differing_in_numbers_are_of_one_kind() -> None:
    again = PYTHON.replace("17", "4711").replace("line 7", "line 9")
    kinds = [trace.kind for trace in find_traces(f"{PYTHON}\n{again}".split("\n"))]
    assert len(kinds) == 2
    assert len(set(kinds)) == 1


def test_another_error_or_function_is_another_kind() -> None:
    others = [PYTHON, PYTHON.replace("ValueError", "KeyError"), PYTHON.replace("in step", "in go")]
    assert len({trace.kind for trace in find_traces("\n".join(others).split("\n"))}) == 3


def test_a_trace_behind_a_log_line_s_start_is_found() -> None:
    lines = f"12:00:01 ERROR {PYTHON}\n12:00:02 INFO on".split("\n")
    found = find_traces(lines)
    assert [(t.start, t.end) for t in found] == [(0, 6)]


def test_traces_do_not_overlap() -> None:
    lines = "\n".join([JAVA, JAVA, PYTHON, NODE, GO, RUST]).split("\n")
    found = find_traces(lines)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert len(found) >= 5


@pytest.mark.parametrize("text", ["", "at home", "  at once", "File x", "  12: twelve\n  13: a"])
def test_other_lines_are_no_trace(text: str) -> None:
    assert find_traces(text.split("\n")) == []


def test_a_trace_whose_cause_is_cut_off_ends_before_it() -> None:
    cut = "\n".join(CHAINED.split("\n")[:9])
    assert [(t.start, t.end) for t in find_traces(cut.split("\n"))] == [(0, 6)]
    empty = f"{cut}\nTraceback (most recent call last):\nend"
    assert find_traces(empty.split("\n"))[0].end == 6


def test_a_header_without_frames_is_no_trace() -> None:
    assert find_traces(["Traceback (most recent call last):", "nothing"]) == []


def test_a_trace_that_is_cut_off_is_still_a_trace() -> None:
    lines = PYTHON.split("\n")[:-1]
    assert find_traces(lines) == [Trace(0, 5, 0, "Traceback")]


GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "/srv/app.py", line 9, in main
  |     raise group
  | ExceptionGroup: two (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/usr/lib/python3.12/json/decoder.py", line 3, in decode
    |     raise error
    | ValueError: bad id 17
    +------------------------------------"""

RECURSION = "\n".join(
    ["Traceback (most recent call last):"]
    + ['  File "/srv/tree.py", line 7, in depth', "    return 1 + depth(tree)"] * 40
    + ["RecursionError: maximum recursion depth exceeded"]
)


def read(text: str) -> list[str]:
    lines = text.split("\n")
    return [lines[i] for i in read_trace(lines, find_traces(lines)[0]).core]


def test_a_group_of_exceptions_is_one_trace_with_the_errors_of_all_members() -> None:
    assert only(GROUP)[1] == GROUP.split("\n")
    core = read(GROUP)
    assert "  | ExceptionGroup: two (2 sub-exceptions)" in core
    assert "    | ValueError: bad id 17" in core


def test_frames_of_libraries_are_counted_and_own_ones_stay() -> None:
    text = JAVA.replace(
        "\tat com.acme.Main",
        "\tat java.base/java.lang.Thread.run(Thread.java:840)\n\tat com.acme.Main",
    )
    lines = text.split("\n")
    reading = read_trace(lines, find_traces(lines)[0])
    core = [lines[i] for i in reading.core]
    assert "\tat com.acme.Pool.take(Pool.java:41)" in core
    assert "Caused by: java.net.ConnectException: refused" in core
    kept = [lines[i] for i in (*reading.core, *reading.detail)]
    assert not any("Thread.run" in line for line in kept)
    assert reading.library == 2


@pytest.mark.parametrize(
    "frame",
    [
        '  File "/srv/venv/lib/python3.12/site-packages/flask/app.py", line 3, in f',
        '  File "<frozen importlib._bootstrap>", line 3, in _find',
        "    at Module._compile (node:internal/modules/cjs/loader:1358:14)",
        "    at run (/srv/node_modules/mocha/lib/runner.js:3:1)",
        "\tat java.base/java.lang.Thread.run(Thread.java:840)",
        "\tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)",
        "             at /rustc/5980/library/core/src/panicking.rs:80:14",
        "   at System.Reflection.MethodBaseInvoker.Invoke(Object obj)",
        "testing.tRunner(0xc0000, 0x52f)",
    ],
)
def test_a_frame_of_a_library_is_known(frame: str) -> None:
    assert is_library(frame)


@pytest.mark.parametrize(
    "frame",
    [
        '  File "/srv/shop/orders.py", line 3, in f',
        "    at place (/srv/shop/orders.js:3:1)",
        "\tat com.example.Orders.place(Orders.java:84)",
        "             at ./src/lib.rs:31:10",
        "main.place(0x1)",
        "    #1 0x55 in place /srv/shop/orders.c:23",
    ],
)
def test_an_own_frame_is_known(frame: str) -> None:
    assert not is_library(frame)


def test_a_frame_that_comes_again_stands_once() -> None:
    lines = RECURSION.split("\n")
    reading = read_trace(lines, find_traces(lines)[0])
    assert reading.repeated == 39
    assert [lines[i] for i in reading.core][-1].startswith("RecursionError")
    assert len(reading.core) < 6
