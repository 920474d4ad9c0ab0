"""Adapters translate: each is small, and asks the core for everything that is a decision."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ADAPTERS = sorted(path.parent for path in ROOT.glob("adapters/*/pyproject.toml"))

# Statements in functions, docstrings aside; imports, signatures and declarations do nothing.
ABOUT_500 = 520
# What decides, counts or keeps: the core's user may hand such things in, an adapter makes none.
DECIDING = {"ContentCompressor", "ContentRouter", "Content", "Encoding", "Selection", "ToolRule"}
TOKENIZERS = {"tiktoken", "tokenizers", "transformers"}


def trees_of(adapter: Path) -> list[ast.Module]:
    sources = sorted((adapter / "src").rglob("*.py"))
    return [ast.parse(source.read_text(encoding="utf-8")) for source in sources]


def imported_by(adapter: Path) -> set[tuple[str, str]]:
    """Return module and name of everything that an adapter imports."""
    found = set()
    for node in (node for tree in trees_of(adapter) for node in ast.walk(tree)):
        if isinstance(node, ast.ImportFrom):
            found |= {(node.module or "", alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
    return found


def statements_in(tree: ast.Module) -> set[ast.stmt]:
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {
        node
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.stmt)
        and node not in functions
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    }


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda path: path.name)
def test_an_adapter_has_no_more_than_about_five_hundred_statements(adapter: Path) -> None:
    assert 20 < sum(len(statements_in(tree)) for tree in trees_of(adapter)) < ABOUT_500


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda path: path.name)
def test_an_adapter_imports_the_cores_public_names_and_none_that_decides(adapter: Path) -> None:
    imports = imported_by(adapter)
    of_the_core = {name for module, name in imports if module == "headroom"}
    assert {"Compressor", "Segment"} <= of_the_core or "format_of_path" in of_the_core
    assert not of_the_core & DECIDING
    assert not {module for module, _ in imports if module.startswith("headroom.")}
    assert not {module.split(".")[0] for module, _ in imports} & TOKENIZERS
