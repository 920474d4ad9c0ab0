"""The notation for rows that begin with a place."""

from __future__ import annotations

import pytest

from headroom.errors import DecodingError
from headroom.notation.headings import REACH, decode_rows, encode_rows
from headroom.notation.headings_rows import read_row


def _body(*lines: str) -> list[str]:
    body, _ = encode_rows(lines)
    assert decode_rows(body) == list(lines)
    return body


def test_a_path_stands_once_and_its_rows_follow() -> None:
    assert _body("a.py:1:x", "a.py:5:y", "b.py:2:z") == ["a.py:1:x", "5:y", "b.py:2:z"]


def test_columns_stay_with_their_lines() -> None:
    assert _body("a.py:1:7: E1 x", "a.py:5:3: E2 y") == ["a.py:1:7: E1 x", "5:3: E2 y"]


def test_equal_contents_of_a_file_share_a_row() -> None:
    assert _body("a.py:1:pass", "a.py:5:x", "a.py:9:pass") == ["a.py:1,9:pass", "5:x"]


def test_rows_that_are_not_sorted_by_line_are_not_grouped() -> None:
    lines = ["a.py:9:pass", "a.py:1:x = 1", "a.py:5:pass"]
    assert _body(*lines) == ["a.py:9:pass", "1:x = 1", "5:pass"]


def test_two_findings_on_one_line_keep_their_order() -> None:
    body = _body("a.py:1:error x", "a.py:4:note y", "a.py:4:error x", "a.py:8:error x")
    assert body == ["a.py:1,8:error x", "4:note y", "4:error x"]


def test_a_content_that_repeats_in_the_next_file_is_written_as_a_sign() -> None:
    assert _body("a.py:1:import os", "b.py:2:import os") == ["a.py:1:import os", "b.py:2:="]


def test_context_lines_and_separators_keep_their_look() -> None:
    body = _body("a.py-1-x", "a.py:2:y", "a.py-3-z", "--", "a-1-b.py-7-x", "a-1-b.py:8:y")
    assert body == ["a.py-1-x", "2:y", "3-z", "--", "a-1-b.py-7-x", "8:y"]


def test_rows_without_numbers_are_indented() -> None:
    assert _body("a/b.py:x = 1", "a/b.py:    y") == ["a/b.py:x = 1", "     y"]


def test_compilers_that_write_parentheses_are_understood() -> None:
    body = _body("src/a.ts(3,7): error TS1: x", "src/a.ts(9,1): error TS2: y")
    assert body == ["src/a.ts(3,7): error TS1: x", "(9,1): error TS2: y"]


def test_windows_paths_keep_their_drive() -> None:
    assert _body("C:\\x\\y.py:12:a", "C:\\x\\y.py:13:b") == ["C:\\x\\y.py:12:a", "13:b"]


@pytest.mark.parametrize(
    "line", ["9: bare", "9-bare", " indented", "> quoted", "a.py:1,2:x", "a.py:3:="]
)
def test_a_line_that_would_read_as_shorthand_is_marked(line: str) -> None:
    assert _body("a.py:1:x", line) == ["a.py:1:x", f"> {line}"]


def test_no_row_stands_far_below_its_path() -> None:
    lines = [f"src/a.py:{n}:some content that differs {n}" for n in range(200)]
    body = _body(*lines)
    distance = 0
    for line in body:
        distance = 0 if line.startswith("src/a.py") else distance + len(line) + 1
        assert distance < 2 * REACH
    assert sum(line.startswith("src/a.py") for line in body) > 5


def test_rows_that_are_asked_for_stand_in_full() -> None:
    lines = ["a.py:1:pass", "a.py:5:pass", "a.py:9:pass"]
    body, _ = encode_rows(lines, frozenset({1}))
    assert body == ["a.py:1,9:pass", "a.py:5:pass"]
    assert decode_rows(body) == lines


@pytest.mark.parametrize("body", [["3:x"], [" x"], ["(1,2): x"], ["3-x"], ["a.py:1:="]])
def test_shorthand_without_anything_above_is_refused(body: list[str]) -> None:
    with pytest.raises(DecodingError):
        decode_rows(body)


@pytest.mark.parametrize(
    "line",
    [
        "12:00:01: up",
        "03-17 16:13:38.811 x",
        "T12:00:01 x",
        "fe80::1:22: x",
        "http://h:80: x",
        "'a':1:x",
    ],
)
def test_clock_times_and_addresses_are_no_places(line: str) -> None:
    assert read_row(line, "") is None
