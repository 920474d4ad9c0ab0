"""Which texts report on tests, builds, findings and traces, and which only speak of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headroom.compressors.interface import Content
from headroom.counting.o200k import O200kCounter
from headroom.routing.checks_kind import find_checks

COUNTER = O200kCounter()
OPEN = Path(__file__).parents[3] / "shared" / "data" / "open"

REPORTS = {
    "a run that passed": (
        "test",
        "..............................                    [100%]\n30 passed in 0.12s",
    ),
    "a run with nothing but its summary": (
        "test",
        "=== test session starts ===\nplatform linux\n=== 3 passed, 1 failed in 0.1s ===",
    ),
    "jest in short": (
        "test",
        "PASS src/a.test.ts\nPASS src/b.test.ts\n\nTest Suites: 2 passed, 2 total\n"
        "Tests:       9 passed, 9 total\nTime:        1.2 s",
    ),
    "a package of Go": ("test", "ok  \texample.org/a\t0.01s\nok  \texample.org/b\t0.02s\nFAIL"),
    "a build with one error": (
        "findings",
        "main.c: In function \u2018main\u2019:\nmain.c:3:5: error: \u2018x\u2019 undeclared\n"
        "    3 |     x = 1;\n      |     ^\n",
    ),
    "an installation": (
        "build",
        "Collecting attrs\n  Downloading attrs-25.4.0.whl (67 kB)\nCollecting idna\n"
        "  Downloading idna-3.20.whl (70 kB)\nSuccessfully installed attrs-25.4.0 idna-3.20",
    ),
    "steps of a container": (
        "build",
        "\n".join(f"#{n} [{n}/9] RUN step {n}\n#{n} DONE 0.{n}s" for n in range(1, 10)),
    ),
    "a traceback": (
        "trace",
        'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    f()\n'
        "  File \"a.py\", line 1, in f\n    g()\nNameError: name 'g' is not defined",
    ),
    "an exception of Java": (
        "trace",
        'Exception in thread "main" java.lang.IllegalStateException: no\n'
        "\tat org.example.A.f(A.java:3)\n\tat org.example.A.main(A.java:9)\n"
        "Caused by: java.io.IOException: disk\n\tat org.example.B.g(B.java:7)\n\t... 1 more",
    ),
    "a panic": (
        "trace",
        "panic: boom\n\ngoroutine 1 [running]:\nmain.f(...)\n\t/srv/a.go:3\nmain.main()\n"
        "\t/srv/a.go:9 +0x1d\nexit status 2",
    ),
}
OTHERS = {
    "prose on tests": "We ran the tests. Three of them failed, and 40 passed in an hour. " * 9,
    "a page with a quoted run": (
        "# Testing\n\nRun it:\n\n```\n$ pytest\n=== 3 passed in 0.1s ===\n```\n\n"
        "- [docs](x)\n- **errors** are shown\n\n## Errors\n\nSee `E   assert 1 == 2`.\n" * 4
    ),
    "a log": "\n".join(f"2026-03-01 10:00:{n:02} ERROR [web] job {n} failed" for n in range(40)),
    "hits of a search": "\n".join(f'src/a{n}.py:{n}:    log.error("no")' for n in range(40)),
    "hits with columns": "\n".join(f"src/a{n}.py:{n}:5:    raise ValueError" for n in range(40)),
    "source code": "def test_a():\n    assert f() == 1\n\n\ndef test_b():\n    pass\n" * 20,
    "settings": "errors: 3\nwarnings: 0\ntests:\n  - a\n  - b\n" * 10,
    "paths": "\n".join(f"tests/test_{n}.py" for n in range(50)),
    "a diff": "diff --git a/t.py b/t.py\n--- a/t.py\n+++ b/t.py\n@@ -1 +1 @@\n-E   a\n+E   b\n" * 8,
    "a table": "name  | passed | failed\n------+--------+-------\n a    |      3 |      1\n" * 20,
    "JSON": json.dumps([{"error": "1 failed, 3 passed in 0.2s"}] * 30, indent=1),
    "a page": "<html><body><p>=== 3 passed in 0.1s ===</p></body></html>" * 20,
    "nothing": "",
    "blank lines": "\n \n\n" * 50,
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_recognised(name: str) -> None:
    kind, text = REPORTS[name]
    assert find_checks(Content(text, COUNTER)) == kind


@pytest.mark.parametrize("name", OTHERS)
def test_what_only_speaks_of_failures_is_no_report(name: str) -> None:
    assert find_checks(Content(OTHERS[name], COUNTER)) is None


@pytest.mark.skipif(not OPEN.is_dir(), reason="the open data is not beside the repository")
def test_no_other_real_text_is_taken_for_a_report() -> None:
    taken = [
        str(path.relative_to(OPEN))
        for folder in ("logs", "csv", "html", "json", "k8s", "markdown")
        for path in sorted((OPEN / folder).rglob("*"))
        if path.suffix in (".txt", ".log", ".md", ".csv", ".json", ".html", ".yaml")
        and find_checks(Content(path.read_text("utf-8", errors="replace"), COUNTER))
    ]
    assert taken == []


@pytest.mark.skipif(not OPEN.is_dir(), reason="the open data is not beside the repository")
def test_real_runs_are_taken_for_what_they_are() -> None:
    missed = [
        path.name
        for path in sorted((OPEN / "test_output").glob("*.txt"))
        if path.stat().st_size > 1_000
        and not find_checks(Content(path.read_text("utf-8", errors="replace"), COUNTER))
    ]
    assert missed == []
