"""What is written about the adapter runs as written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from scripted import QUESTION, ROWS, ScriptedModel, list_jobs, results_in, text_of

HOME = Path(__file__).parents[1]
PAGE = HOME.parents[1] / "docs" / "how-to" / "wrap-a-strands-agent.md"


def run(page: Path) -> dict[str, Any]:
    code = "\n".join(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S))
    names: dict[str, Any] = {"list_jobs": list_jobs, "model": ScriptedModel()}
    exec(compile(code, page.name, "exec"), names)
    return names


def test_the_readmes_agent_reads_less() -> None:
    names = run(HOME / "README.md")
    names["agent"](QUESTION)
    assert len(text_of(results_in(names["model"].seen[1])[0])) < len(ROWS) / 4


def test_the_how_to_page_runs(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    names = run(PAGE)
    assert text_of(results_in(names["agent"].messages)[0]) == ROWS
    assert len(text_of(results_in(names["small"].messages)[0])) < len(ROWS) / 4
    assert names["ledger"].totals()[0].tokens_saved > 1_000
