"""How many tokens the items of a tree cost, about, and which rows are theirs alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from headroom.selection.code_tree import Tree


class Sizes:
    """Token costs of rows and items, estimated from their characters.

    Indentation is nearly free, so only what stands between it and the end of a row counts.

    Args:
        tree: The tree.
        lines: The text's lines, as they would be printed.
        tokens: Tokens of the whole text.
    """

    def __init__(self, tree: Tree, lines: Sequence[str], tokens: int) -> None:
        self._tree = tree
        self._sums = list(accumulate((len(line.strip()) + 2 for line in lines), initial=0))
        self._rate = tokens / max(1, self._sums[-1])

    def rows(self, start: int, end: int) -> float:
        """Return the tokens of rows, the last one included."""
        return (self._sums[end + 1] - self._sums[start]) * self._rate

    def whole(self, index: int) -> float:
        """Return the tokens of an item with everything in it."""
        item = self._tree.items[index]
        return self.rows(item.start, item.end)

    def outer(self, index: int) -> float:
        """Return the tokens of an item without its blocks."""
        blocks = self._tree.blocks
        held = self._tree.items[index].blocks
        inner = sum(self.rows(blocks[b].start, blocks[b].end) for b in held)
        return self.whole(index) - inner


def outer_rows(tree: Tree, index: int) -> Iterator[int]:
    """Yield the rows of an item that are in none of its blocks."""
    item = tree.items[index]
    at = item.start
    for b in item.blocks:
        yield from range(at, tree.blocks[b].start)
        at = tree.blocks[b].end + 1
    yield from range(at, item.end + 1)
