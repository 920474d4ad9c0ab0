"""Befores and afters in pages: written between their comments, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from headroom_evals.__main__ import main
from headroom_evals.pages import refresh, refreshed, shown

PAGE = """# Tables

<!-- shown: csv/stock.csv
question: How many of SKU-0263 are on hand?
before: 1-3
after: 1-30
-->
old
<!-- end of shown -->

Rest.
"""


def kinds_folder() -> Path | None:
    folders = (p / "docs/how-to/kinds" for p in Path(__file__).parents)
    return next((folder for folder in folders if folder.is_dir()), None)


def test_a_page_shows_the_lines_that_its_comment_asks_for() -> None:
    page = refreshed(PAGE)
    before, after = page.split("**Before.** ")[1].split("**After.** ")
    assert "\nold\n" not in page
    assert page.startswith("# Tables\n") and page.endswith("<!-- end of shown -->\n\nRest.\n")
    assert "lines 1-3 of 381:\n\n```text\nsku,name,warehouse" in before
    assert "SKU-0263" in after
    assert "“How many of SKU-0263 are on hand?”" in after


def test_writing_a_page_twice_changes_nothing() -> None:
    assert refreshed(refreshed(PAGE)) == refreshed(PAGE)


def test_a_check_writes_nothing_and_fails_while_a_page_is_stale(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    assert main(["pages", str(tmp_path), "--check"]) == 1
    assert page.read_text(encoding="utf-8") == PAGE
    assert main(["pages", str(tmp_path)]) == 0
    assert main(["pages", str(tmp_path), "--check"]) == 0


def test_an_input_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match=r"no/such\.json is not among"):
        shown("no/such.json", "", "balanced")


def test_an_option_that_is_not_known_is_named() -> None:
    with pytest.raises(ValueError, match="limit"):
        refreshed(PAGE.replace("before: 1-3", "limit: 3"))


def test_a_block_of_code_is_longer_than_what_it_holds() -> None:
    assert "````text" in shown("markdown/ruff-rules.md", "", "balanced").as_markdown()


def test_every_page_about_a_kind_can_be_written_and_keeps_its_words() -> None:
    folder = kinds_folder()
    if folder is None:
        pytest.skip("the documentation is not there")
    pages = [path for path in sorted(folder.glob("*.md")) if path.stem != "index"]
    assert pages
    for path in pages:
        page = path.read_text(encoding="utf-8")
        comments = page.count("<!-- shown: ")
        assert comments == page.count("<!-- end of shown -->")
        assert refreshed(page).count("**After.** ") == comments >= 1, path.name


def test_showing_prints_what_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "csv/stock.csv", "--question", "What is wrong with SKU-0263?"]) == 0
    assert "SKU-0263" in capsys.readouterr().out
    assert refresh(Path(__file__).parent, write=False) == []
