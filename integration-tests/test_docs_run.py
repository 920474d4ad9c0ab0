"""The Python blocks of the how-to pages run as written, each page from top to bottom."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parent.parent / "docs" / "how-to"
BLOCK = re.compile(r"(<!-- no-run: [^\n]+ -->\n)?```python\n(.*?)```", re.DOTALL)

RUNNABLE = {
    page.name: "\n".join(
        code
        for skipped, code in BLOCK.findall(page.read_text(encoding="utf-8"))
        if not skipped and "--8<--" not in code  # included examples have tests of their own
    )
    for page in sorted(PAGES.glob("*.md"))
}


@pytest.mark.parametrize("page", [name for name, code in RUNNABLE.items() if code])
def test_a_how_to_page_runs_as_written(page: str) -> None:
    exec(compile(RUNNABLE[page], page, "exec"), {"__name__": "__main__"})
