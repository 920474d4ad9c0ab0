"""What is written about the adapter runs as written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from scripted import ROWS, ScriptedModel, list_jobs

HOME = Path(__file__).parents[1]
PAGE = HOME.parents[1] / "docs" / "how-to" / "wrap-an-agno-model.md"


def run(page: Path, monkeypatch: Any) -> dict[str, Any]:
    import agno.models.openai as openai  # noqa: PLC0415

    monkeypatch.setattr(openai, "OpenAIChat", lambda **_: ScriptedModel())
    code = "\n".join(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S))
    names: dict[str, Any] = {"list_jobs": list_jobs, "model": ScriptedModel()}
    exec(compile(code, page.name, "exec"), names)
    return names


def test_the_readmes_agents_read_less(monkeypatch: Any) -> None:
    agent = run(HOME / "README.md", monkeypatch)["agent"]
    agent.telemetry = False
    agent.run("Which jobs failed?")
    assert len(agent.model.read[1][-1]) < len(ROWS) / 4


def test_the_how_to_page_runs(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    names = run(PAGE, monkeypatch)
    assert len(names["model"].read[1][-1]) < len(ROWS) / 4
    assert names["ledger"].totals()[0].tokens_saved > 1_000
