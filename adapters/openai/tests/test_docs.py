"""What is written about the adapter runs as written."""

from __future__ import annotations

import gc
import re
import warnings
from pathlib import Path
from typing import Any

import pytest
from test_client import MESSAGES, ROWS

from headroom_conformance.loopback import LoopbackProvider

HOME = Path(__file__).parents[1]
PAGE = HOME.parents[1] / "docs" / "how-to" / "wrap-an-openai-client.md"


@pytest.fixture(autouse=True)
def _served(provider: LoopbackProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"{provider.base_url}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")


def run(page: Path) -> Any:
    """Run a page, and return the ledger that it makes, if it makes one."""
    code = "\n".join(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S))
    names: dict[str, Any] = {"messages": MESSAGES}
    exec(compile(code, page.name, "exec"), names)
    names["client"].close()
    ledger = names.get("ledger")
    names.clear()
    with warnings.catch_warnings():
        # A page does not close the clients that it makes on the way; neither does the SDK in time.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    return ledger


def sent(provider: LoopbackProvider, request: int) -> str:
    content: str = provider.bodies[request]["messages"][2]["content"]
    return content


def test_the_readmes_client_sends_less(provider: LoopbackProvider) -> None:
    run(HOME / "README.md")
    assert len(sent(provider, 0)) < len(ROWS) / 2


def test_the_how_to_page_runs(
    provider: LoopbackProvider, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    ledger = run(PAGE)
    assert ledger.totals()[0].tokens_saved > 1_000
    ledger.close()
    shortened = [sent(provider, n) != ROWS for n in range(len(provider.requests))]
    assert shortened == [True, True, True, False, False]
