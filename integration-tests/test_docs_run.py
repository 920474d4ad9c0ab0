"""The Python blocks of the how-to pages run as written, each page from top to bottom."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parent.parent / "docs" / "how-to"
BLOCK = re.compile(r"(<!-- no-run: [^\n]+ -->\n)?```python\n(.*?)```", re.DOTALL)
# What a longer fence holds is shown, fences and all.
SHOWN = re.compile(r"^(`{4,}).*?^\1$", re.DOTALL | re.MULTILINE)

RUNNABLE = {
    page.relative_to(PAGES).as_posix(): "\n".join(
        code
        for skipped, code in BLOCK.findall(SHOWN.sub("", page.read_text(encoding="utf-8")))
        if not skipped and "--8<--" not in code  # included examples have tests of their own
    )
    for page in sorted(PAGES.rglob("*.md"))
}


@pytest.mark.parametrize("page", [name for name, code in RUNNABLE.items() if code])
def test_a_how_to_page_runs_as_written(page: str) -> None:
    exec(compile(RUNNABLE[page], page, "exec"), {"__name__": "__main__"})
