"""Writing the rows of source code that are shown, with a comment for those that are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headroom.selection.code_shown import empty_blocks, gaps
from headroom.selection.code_text import CodeText
from headroom.selection.code_tree import Kind, Role, Tree


@dataclass(frozen=True, slots=True)
class Written:
    """Source code with rows left out.

    Args:
        body: As the reader gets it: the text's own lines, and a comment for each gap.
        code: The same as a parser should see it.
        kept: Lines of the text in it.
    """

    body: str
    code: str
    kept: int


def write_code(
    lines: Sequence[str], text: CodeText, tree: Tree, shown: bytearray, comment: str
) -> Written:
    """Return the lines that are shown, verbatim, and the numbers of all others in brackets.

    Args:
        lines: The lines of the whole text.
        text: Which of them are code.
        tree: The code's tree.
        shown: One byte for each line: 1 if it is shown.
        comment: What begins a comment in this language.
    """
    fills = _fills(tree, shown)
    words = _rows_of_words(tree)
    body: list[str] = []
    code: list[str] = []
    at = 0
    for start, end in gaps(shown):
        body.extend(lines[at:start])
        code.extend(text.rows[at:start])
        fill = next((fills[row] for row in range(start, end) if row in fills), None)
        said = _gap(text, start, end)
        if start not in words:
            said = f"{comment} {said}" if fill is None else f"...  {comment} {said}"
        row = text.rows[start if fill is None else fill]
        indent = row[: len(row) - len(row.lstrip(" \t"))]
        said = f"{indent}{said}" + ("\r" if row.endswith("\r") else "")
        body.append(said)
        code.append(said)
        at = end
    body.extend(lines[at:])
    code.extend(text.rows[at:])
    return Written("\n".join(body), "\n".join(code), sum(shown))


def _gap(text: CodeText, start: int, end: int) -> str:
    first, last = text.number_of(start), text.number_of(end - 1)
    return f"[line {first}]" if first == last else f"[lines {first}-{last}]"


def _fills(tree: Tree, shown: bytearray) -> dict[int, int]:
    """Return the first rows of blocks that need a statement, and the row whose indentation fits."""
    fills: dict[int, int] = {}
    for b in empty_blocks(tree, shown):
        block = tree.blocks[b]
        statements = (i for i in block.items if tree.items[i].role is not Role.COMMENT)
        first = next((tree.items[i].start for i in statements), None)
        row = shown.find(0, block.start, block.end + 1)
        if row >= 0:
            fills[row] = row if first is None else first
    return fills


def _rows_of_words(tree: Tree) -> set[int]:
    rows: set[int] = set()
    for block in tree.blocks:
        if block.kind is Kind.TEXT:
            rows.update(range(block.start, block.end + 1))
    return rows
