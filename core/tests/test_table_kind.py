"""Tables are told from all that merely has commas, bars or columns in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from headroom import CompressionConfig, Compressor
from headroom.compressors.interface import Content
from headroom.compressors.tables import TableCompressor
from headroom.counting.o200k import O200kCounter

FIXTURES = Path(__file__).parent / "fixtures"
OPEN = Path(__file__).parents[3] / "shared" / "data" / "open"
counter = O200kCounter()

PROSE = (
    "The cache is small, fast, and kept near the processor, where it is needed most of all.\n"
    "When a line is missing, the request goes on to memory, which takes longer, as one would.\n"
)
NOT_TABLES = {
    "prose": PROSE * 10,
    "log": "".join(f"2024-05-01 10:00:{i:02},123 INFO served /a in {i} ms\n" for i in range(40)),
    "csv-like log": "".join(f"2024-05-01,10:00:{i:02},INFO,served {i}\n" for i in range(40)),
    "access log": "".join(
        f'10.0.0.{i} - - [01/May/2024] "GET / HTTP/1.1" 200 {i}\n' for i in range(40)
    ),
    "logger with bars": "".join(
        f"2024-05-01 10:00:{i:02} | INFO | app | tick {i}\n" for i in range(40)
    ),
    "yaml": "".join(f"service_{i}:\n  image: app:{i}\n  ports: [80, 443]\n" for i in range(20)),
    "json": '{"rows": [\n' + ",\n".join(f'{{"a": {i}, "b": "x"}}' for i in range(20)) + "\n]}\n",
    "python": "".join(f"def call_{i}(a, b):\n    return run(a, b)\n\n" for i in range(20)),
    "calls": "".join(f"insert(table, {i}, name_{i});\n" for i in range(30)),
    "aligned code": "".join(f"    name_{i:<8} = value_{i}\n" for i in range(20)),
    "enum": "".join(f"    VALUE_{i},\n" for i in range(20)),
    "grep": "".join(f"src/app.py:{i}:    return x, y\n" for i in range(30)),
    "help": "Usage: tool [OPTIONS]\n\nCommands:\n"
    + "".join(f"  command-{i:<6}  Do the thing number {i} and report.\n" for i in range(12)),
    "ini": "[main]\n" + "".join(f"key_{i} = a, b, {i}\n" for i in range(20)),
    "diff": "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n" + "-a,b\n+a,c\n" * 9,
    "log with tabs": "".join(f"2024-05-01 10:00:{i:02}\tINFO\t{i}\n" for i in range(40)),
    "uneven numbers": "".join("1\t" * (i % 4) + "2\t3\t4\n" for i in range(40)),
    "list of words": "".join(f"word{i}\n" for i in range(40)),
    "matrix": "".join(f"{i},{i + 1},{i + 2}\n" for i in range(40)),
    "tree": "".join(f"├── module_{i}\n│   └── file_{i}.py\n" for i in range(20)),
    "markdown": "# A title\n\n" + "Some text, with commas, here.\n\n- an item\n- another\n\n" * 6,
    "base64": "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5IGJ5IGhpcyByZWFzb24s\n" * 20,
    "empty": "",
    "blank": "\n" * 50,
}


def kind(text: str) -> str | None:
    return TableCompressor().detect(Content(text, counter))


@pytest.mark.parametrize("name", NOT_TABLES)
def test_what_is_no_table_is_not_taken_for_one(name: str) -> None:
    assert kind(NOT_TABLES[name]) is None


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("search/*.txt")), ids=lambda path: path.name)
def test_lists_of_places_and_paths_are_not_tables(path: Path) -> None:
    assert kind(path.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id;name;seen\n" + "1;a b;2024-01-01\n" * 6, "csv"),
        ("id\tname\n" + "1\ta, b and c\n" * 6, "csv"),
        ("id|name|n\n" + "1|a|2\n" * 6, "csv"),
        ('"id","name"\r\n' + '"1","a, ""b"""\r\n' * 6, "csv"),
        ("id,name\n" + '1,"two\nlines"\n' * 6, "csv"),
        ("".join(f"{i}\t2026-03-01 10:{i:02}:00\tpaid\t{i}.5\n" for i in range(20)), "csv"),
        ("".join(f"lib/m{i}.py,sha256=q{i * 7919:x},{i * 31}\n" for i in range(20)), "csv"),
        ("".join(f"import time: {i:5} | {i * 3:6} |   lib.m{i}\n" for i in range(20)), "csv"),
        ("a,b\n" + "1,2\n" * 40 + "3\n" * 2, "csv"),
        (" a | b \n---+---\n" + " 1 | 2\n" * 6 + "(6 rows)\n", "table"),
        ("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 6, "table"),
        ("+---+---+\n| a | b |\n+---+---+\n" + "| 1 | 2 |\n" * 6 + "+---+---+\n", "table"),
        ("$ docker ps\nCONTAINER ID   IMAGE\n" + "0123456789ab   nginx\n" * 6, "table"),
    ],
)
def test_tables_are_recognised(text: str, expected: str) -> None:
    assert kind(text) == expected


def test_a_table_in_the_middle_of_a_document_does_not_make_it_one() -> None:
    assert kind(PROSE * 4 + "\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\n" + PROSE * 4) is None


def test_tab_separated_values_are_a_table_for_the_whole_library() -> None:
    text = "id\trate\n" + "".join(f"{1000 + i}\t.{i:03}\n" for i in range(400))
    done = Compressor(CompressionConfig()).compress_text(
        text, query="What is the rate for id = 1177?"
    )
    assert "1177\t.177" in done.text


@pytest.mark.skipif(not OPEN.is_dir(), reason="the open data is not beside the repository")
def test_of_the_open_data_only_tables_are_taken_for_tables() -> None:
    for folder in (
        "markdown",
        "html",
        "qa",
        "traces",
        "ci_log",
        "stack_trace",
        "test_output",
        "logs",
    ):
        for place, _, files in os.walk(OPEN / folder):
            for file in sorted(files):
                if file.endswith((".csv", ".tsv")):
                    continue
                text = (Path(place) / file).read_text(encoding="utf-8", errors="replace")
                assert kind(text) is None, file
