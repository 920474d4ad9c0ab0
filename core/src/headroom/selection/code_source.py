"""Parsing a text that is source code, whatever a tool printed around it."""

from __future__ import annotations

from dataclasses import dataclass

from headroom.grammars import Grammars, Node
from headroom.selection.code_nodes import count_errors
from headroom.selection.code_text import CodeText
from headroom.selection.code_tree import Tree, read_tree

# With more errors in a row, on average, the language was mistaken; so many rows tell.
_TRIAL = 1_500
_MOST_ERRORS = 0.08

# What else a file may be where its name does not say, and the first has errors.
_RELATIVES = {"javascript": ("typescript", "tsx"), "typescript": ("tsx",), "c": ("cpp",)}

PYTHON = "python"


@dataclass(frozen=True, slots=True)
class Source:
    """Source code that was parsed.

    Args:
        language: The language that fits best.
        text: Which lines are code.
        tree: Its blocks and items.
        sound: True if it has no syntax error.
    """

    language: str
    text: CodeText
    tree: Tree
    sound: bool


def parse_source(text: CodeText, language: str, grammars: Grammars) -> Source | None:
    """Parse code in a language, or in its nearest relative if that fits better.

    None if there are so many errors that the language must be another.

    Raises:
        MissingGrammarsError: If there is no grammar of the language.
    """
    trial = source_bytes("\n".join(text.rows[: text.first + _TRIAL]))
    root = grammars.parse(language, trial)
    errors = count_errors(root)
    for relative in _RELATIVES.get(language, ()) if errors else ():
        other = grammars.parse(relative, trial)
        fewer = count_errors(other)
        if fewer < errors:
            language, root, errors = relative, other, fewer
    if errors > 1 and errors > _MOST_ERRORS * min(_TRIAL, len(text.rows)):
        return None
    data = source_bytes("\n".join(text.rows))
    if data != trial:
        root = grammars.parse(language, data)
    return _source(root, data, text, language)


def _source(root: Node, data: bytes, text: CodeText, language: str) -> Source:
    tree = read_tree(root, data, text.rows, indented=language == PYTHON)
    return Source(language, text, tree, not root.has_error)


def source_bytes(code: str) -> bytes:
    """Return code as the parser gets it; every row keeps its number."""
    # Only rows matter: what cannot be encoded may as well be another character.
    return code.removeprefix("\ufeff").encode("utf-8", "replace")
