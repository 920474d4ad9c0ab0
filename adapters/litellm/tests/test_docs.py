"""What is written about the adapter runs as written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import litellm
import pytest
from conversations import CHAT, ROWS, TOOLS
from event_loop import EventLoop
from upstream import Upstream

HOME = Path(__file__).parents[1]
PAGE = HOME.parents[1] / "docs" / "how-to" / "compress-litellm-calls.md"


@pytest.fixture
def run(upstream: Upstream, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Run a page's Python with the upstream in the provider's place."""
    monkeypatch.setenv("OPENAI_BASE_URL", upstream.url)
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.chdir(tmp_path)

    def ran(page: Path) -> dict[str, Any]:
        code = "\n".join(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S))
        names: dict[str, Any] = {"messages": CHAT, "tools": TOOLS}
        exec(compile(code, page.name, "exec"), names)
        return names

    return ran


def test_the_readmes_calls_are_compressed(run: Any, upstream: Upstream) -> None:
    names = run(HOME / "README.md")
    assert names["answer"].choices[0].message.content == "Job 17 failed."
    assert len(upstream.requests[-1]["messages"][2]["content"]) < len(ROWS) / 2


def test_the_how_to_page_runs(
    run: Any, upstream: Upstream, loop: EventLoop, capsys: pytest.CaptureFixture[str]
) -> None:
    original = litellm.completion
    names = run(PAGE)
    assert litellm.completion is original
    loop.run(names["ask"](CHAT))
    assert len(upstream.requests) == 4
    assert all(len(r["messages"][2]["content"]) < len(ROWS) / 2 for r in upstream.requests)
    assert names["ledger"].totals()[0].tokens_saved > 1_000
    assert "acompletion callback" in capsys.readouterr().out
