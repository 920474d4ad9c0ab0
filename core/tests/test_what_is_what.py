"""What a text is taken for, and that what the question names by its number stays."""

from __future__ import annotations

import pytest

from headroom import Compressor, MemoryStore

REPORT = "\n".join(
    f"## Error {n}\n\nAn ERROR is logged when disk {n} is full, and a WARNING while it fills up. "
    f"Each failed request says why it failed.\n\n- error: the service failed, and was started "
    f"again by hand.\n- warning: nobody looked at the traceback.\n"
    for n in range(8)
)

STAMPED = "\n".join(f"2024-05-01 10:{n // 60:02}:{n % 60:02} INFO tick {n} done" for n in range(80))

MANIFEST = "\n".join(
    f"- name: job-{n}\n  level: ERROR\n  schedule: '10:{n % 60:02}'\n  retries: {n}"
    for n in range(40)
)

TABLE = "id\tname\tnote\n" + "\n".join(
    f"{n}\tuser{n * 7919}\tQWxhZGRpbjpvcGVuIHNlc2FtZQ{n}" for n in range(60)
)

CLEAN = "\n".join(
    [f"test_shop.py::test_order_{n} PASSED [{n:3}%]" for n in range(90)]
    + ["", "0 errors, 0 failures", "=========== 90 passed in 1.20s ==========="]
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param(REPORT, "text", id="a document that speaks of errors is no log"),
        pytest.param(STAMPED, "log", id="a time is no place in a file"),
        pytest.param(MANIFEST, "yaml", id="YAML with levels and times is no log"),
        pytest.param(TABLE, "csv", id="tab-separated values with encoded cells are no blob"),
    ],
)
def test_a_text_is_taken_for_what_it_is(text: str, kind: str) -> None:
    done = Compressor(store=MemoryStore()).compress_text(text)
    assert done.decisions[0].kind == kind


@pytest.mark.parametrize("ask", ["What does line 177 say?", "Show me line 177 of 300."])
def test_the_line_that_the_question_names_stays(ask: str) -> None:
    lines = [f"line {n}: {(n * 7919) % 1000003} of {n * 31 % 89} came by" for n in range(1, 301)]
    done = Compressor(store=MemoryStore()).compress_text("\n".join(lines), query=ask)
    assert lines[176] in done.text
    assert done.tokens_after < done.tokens_before / 2


def test_no_errors_is_no_error_and_is_shortened() -> None:
    done = Compressor(store=MemoryStore()).compress_text(CLEAN, query="Did the tests pass?")
    assert done.tokens_after < done.tokens_before / 2
    assert "90 passed in 1.20s" in done.text
