from __future__ import annotations

import json
from pathlib import Path

import pytest

from headroom.compressors.interface import Content
from headroom.compressors.log import LogCompressor
from headroom.counting.o200k import O200kCounter
from headroom.routing.log_kind import looks_like_log

# Real recordings beside the repository; they are not part of it.
OPEN = Path(__file__).parents[3] / "shared" / "data" / "open"


def lines(form: str, count: int = 40) -> str:
    return "\n".join(form.format(i=i, s=i % 60, m=i % 7, ms=i * 37 % 1000) for i in range(count))


LOGS = {
    "python": lines("2024-05-01 10:00:{s:02},{ms:03} INFO app.worker: job {i} took {m} s"),
    "iso": lines("2024-05-01T10:00:{s:02}.{ms:03}Z level info job {i} done"),
    "syslog": lines("May  1 10:00:{s:02} web1 sshd[{i}]: session opened for user u{m}"),
    "access": lines('10.0.0.{m} - - [01/May/2024:10:00:{s:02} +0000] "GET /a/{i} HTTP/1.1" 200 12'),
    "logfmt": lines('time="2024-05-01T10:00:{s:02}Z" level=info msg="job {i}" took={m}s'),
    "klog": lines("I0501 10:00:{s:02}.{ms:06} 1 controller.go:{i}] synced {m} items"),
    "dmesg": lines("[   {m}.{ms:06}] usb {i}-1: new device number {i}"),
    "android": lines("05-01 10:00:{s:02}.{ms:03}  1702  2395 D WindowManager: step {i}"),
    "java": lines("[{m}.{ms:03}s][info][gc,heap     ] GC({i}) Eden regions: {m}->0(15)"),
    "levels": lines("[INFO] building module {i} of 40"),
    "clock": lines("10:00:{s:02} worker {m} finished job {i}"),
    "compose": lines("web-{m}  | 2024-05-01 10:00:{s:02} handled request {i}"),
    "pytest": lines("tests/test_a.py::test_{i} PASSED", 30)
    + "\n=========== 1 failed, 29 passed in 0.5s ===========",
    "unittest": lines("test_{i} (app.tests.Case) ... ok", 30) + "\nRan 30 tests in 0.1s\n\nOK",
    "go": lines("=== RUN   TestA{i}\n--- PASS: TestA{i} (0.00s)", 20),
    "tap": "TAP version 13\n" + lines("ok {i} - works"),
    "make": lines("gcc -O2 -Wall -c file{i}.c -o file{i}.o"),
    "compiler": lines("src/a{i}.c:{s}:5: error: unknown type name 'foo{m}'"),
    "repeated": lines("processed batch {i} of 400 in {m} seconds"),
    "traceback": "Traceback (most recent call last):\n"
    + lines('  File "a.py", line {i}, in f{i}\n    return g()', 6)
    + "\nValueError: bad",
}

OTHERS = {
    "grep": lines("src/pkg/module{m}.py:{i}:    raise ValueError('error')"),
    "markdown": "# Errors\n\n"
    + lines("- An error {i} is logged when the disk fails.", 8)
    + "\n\n## Fixes\n\n```\nERROR disk full\n```\n\nText goes on.",
    "prose": "\n".join(["When an error occurs the service writes it to the log and goes on."] * 3)
    + "\nFailures are rare.\nAn exception means that something broke, as users reported in 2023.",
    "yaml": lines("  - name: web{i}\n    startedAt: 2024-05-01T10:00:{s:02}Z\n    error: none"),
    "csv": "time,level,count\n" + lines("2024-05-01 10:00:{s:02},error,{i}"),
    "tsv": "name\ttime\tstate\n" + lines("job{i}\t10:00:{s:02}\tfailed"),
    "json": json.dumps([{"time": f"10:00:{i:02}", "error": "x"} for i in range(20)], indent=1),
    "jsonl": lines('{{"time": "2024-05-01T10:00:{s:02}Z", "level": "error", "n": {i}}}'),
    "python": "import os\n\n\n" + lines("def f{i}(x):\n    return error(x)\n", 10),
    "c": "#include <a.h>\n" + lines("int f{i}(void) {{\n  return ERROR;\n}}\n", 10),
    "diff": "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n"
    + lines("+2024-05-01 10:00:{s:02} ERROR {i}"),
    "ls": "total 40\n" + lines("-rw-r--r-- 1 root root {i} Jan  1 10:00 file{i}.log"),
    "paths": lines("./src/error/log{i}.py"),
    "numbers": lines("{i} {m} {s} {ms} 12.5"),
    "html": "<!doctype html>\n" + lines("<li>10:00:{s:02} error {i}</li>"),
    "empty": "",
    "blank": "\n \n\n",
}


@pytest.mark.parametrize("name", LOGS)
def test_logs_and_output_of_runs_are_recognised(name: str) -> None:
    assert looks_like_log(LOGS[name])
    assert LogCompressor().detect(Content(LOGS[name], O200kCounter())) == "log"


@pytest.mark.parametrize("name", OTHERS)
def test_what_only_speaks_of_times_and_errors_is_no_log(name: str) -> None:
    assert not looks_like_log(OTHERS[name])


def test_json_lines_with_others_between_are_a_log() -> None:
    mixed = LOGS["levels"].split("\n")[:8] + OTHERS["jsonl"].split("\n")
    assert looks_like_log("\n".join(mixed))


@pytest.mark.parametrize("character", ["x", " ", ".", "[", "a/", "1", "\u2500", "ok "])
def test_a_line_of_megabytes_is_answered_at_once(character: str) -> None:
    assert not looks_like_log(character * 2_000_000)


@pytest.mark.skipif(not OPEN.is_dir(), reason="recordings are not here")
def test_real_recordings_are_told_apart() -> None:
    wrong = []
    for path in sorted(OPEN.rglob("*")):
        folder = path.relative_to(OPEN).parts[0]
        if not path.is_file() or folder not in ("markdown", "csv", "html", "qa", "logs", "ci_log"):
            continue
        is_log = path.suffix == ".log" or (folder == "ci_log" and path.suffix == ".txt")
        if path.suffix in (".log", ".txt", ".md", ".csv", ".html") and is_log != looks_like_log(
            path.read_text(errors="replace")
        ):
            wrong.append(path.name)
    assert wrong == []
