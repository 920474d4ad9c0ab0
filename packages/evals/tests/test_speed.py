"""The speed bench, end to end over a few inputs with our own system."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from headroom_evals.__main__ import main
from headroom_evals.report import as_markdown, as_text, ratios, rows
from headroom_evals.speed import Measured
from headroom_evals.systems.answering import SystemFailedError
from headroom_evals.systems.process import SystemProcess


def test_three_inputs_are_measured_reported_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    json_file, page = tmp_path / "speed.json", tmp_path / "speed.md"
    arguments = ["speed", "--passes", "1", "--limit", "1"]
    arguments += ["--kind", "json", "--kind", "paths", "--kind", "csv"]
    assert main([*arguments, "--json", str(json_file), "--markdown", str(page)]) == 0
    printed = capsys.readouterr().out
    measured = json.loads(json_file.read_text(encoding="utf-8"))["measured"]
    ours = [m for m in measured if m["system"] == "ours"]
    assert [m["kind"] for m in ours] == ["json", "paths", "csv"]
    for m in ours:
        assert m["errors"] == 0
        assert 0 < m["tokens_after"] <= m["tokens_before"]
        assert m["cold_seconds"] > 0 and m["warm_seconds"] > 0
        assert m["readable"] <= m["facts"] > 0
    assert "json" in printed and "ours" in printed
    assert "| json | ours |" in page.read_text(encoding="utf-8")


def test_a_filter_that_matches_nothing_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["speed", "--kind", "no such kind"]) == 2
    assert "no inputs match" in capsys.readouterr().err


def test_a_system_that_is_not_installed_is_named() -> None:
    with pytest.raises(SystemFailedError, match="no-such-system ended with code 1"):
        SystemProcess("no-such-system", python=sys.executable)


def measured(kind: str, system: str, cold: float | None, after: int = 500) -> Measured:
    return Measured(
        case=f"{kind} {system}",
        kind=kind,
        system=system,
        bytes=4000,
        tokens_before=1000,
        tokens_after=after,
        facts=2,
        readable=1,
        cold_seconds=cold,
        warm_seconds=cold,
    )


def test_a_row_sums_up_a_kind_and_the_last_rows_all_kinds() -> None:
    table = rows([measured("log", "ours", 0.001), measured("json", "ours", 0.003, 100)])
    assert table == [
        ("log", "ours", "10.00", "10.00", "4.0", "0.500", "0.500", "1/2", ""),
        ("json", "ours", "30.00", "30.00", "1.3", "0.100", "0.100", "1/2", ""),
        ("all", "ours", "20.00", "20.00", "2.0", "0.300", "0.300", "2/4", ""),
    ]


def test_a_control_that_changes_nothing_has_no_row() -> None:
    table = rows([measured("log", "ours", 0.001), measured("log", "minified JSON", None, 1000)])
    assert [row[1] for row in table] == ["ours", "ours"]


def test_ratios_say_how_much_longer_the_peer_takes() -> None:
    both = [measured("log", "ours", 0.002), measured("log", "peer", 0.005)]
    assert ratios(both, "ours", "peer") == [("log", "2.5", "2.5"), ("all", "2.5", "2.5")]


def test_tables_are_aligned() -> None:
    assert as_text(("a", "bb"), [("xxx", "1")], left=1) == "a    bb\nxxx   1"
    assert as_markdown(("a", "b"), [("x", "1")], left=1) == "| a | b |\n| --- | ---: |\n| x | 1 |"
