"""Which items of a tree of source code are shown, and what must stand with each of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from headroom.selection.code_sizes import Sizes, outer_rows
from headroom.selection.code_tree import Item, Kind, Role, Tree

# What saying that rows were left out costs, in tokens; rows that cost no more stay.
GAP_TOKENS = 9.0

# Blank rows between a comment and what it is about.
_MOST_BETWEEN = 1


class Shown:
    """Items that are shown, with everything around and above them that they need.

    Args:
        tree: The tree.
        sizes: What its items cost.
    """

    def __init__(self, tree: Tree, sizes: Sizes) -> None:
        self.tree = tree
        self.sizes = sizes
        self.outer: set[int] = set()
        self.whole: set[int] = set()
        self.spent = 0.0

    def parents(self, index: int) -> Iterator[int]:
        """Yield the items around an item, from inside to outside."""
        blocks, items = self.tree.blocks, self.tree.items
        at = blocks[items[index].block].item
        while at >= 0:
            yield at
            at = blocks[items[at].block].item

    def has_whole(self, index: int) -> bool:
        """Say whether an item, or one around it, is shown with all that is in it."""
        return index in self.whole or any(at in self.whole for at in self.parents(index))

    def cost(self, index: int, *, whole: bool) -> float:
        """Return what showing an item would add, in tokens."""
        if self.has_whole(index):
            return 0.0
        added = sum(self.sizes.outer(at) for at in self.parents(index) if at not in self.outer)
        if whole:
            return added + self.sizes.whole(index)
        return added + (0.0 if index in self.outer else self.sizes.outer(index))

    def add(self, index: int, *, whole: bool = False) -> None:
        """Show an item: without its blocks, or with all that is in it."""
        self.spent += self.cost(index, whole=whole)
        for at in (index, *self.parents(index)):
            self.outer.add(at)
            self._add_attributes(at)
        if whole:
            self.whole.add(index)

    def _add_attributes(self, index: int) -> None:
        """Show what stands right above an item and belongs to it."""
        for at in above(self.tree, index):
            if self.tree.items[at].role is not Role.ATTRIBUTE:
                return
            if at not in self.outer:
                self.spent += self.sizes.whole(at)
                self.outer.add(at)
                self.whole.add(at)

    def rows(self, total: int) -> bytearray:
        """Return one byte for each row: 1 if it is shown."""
        shown = bytearray(total)
        items, blocks = self.tree.items, self.tree.blocks
        whole = bytearray(len(items))
        for i, item in enumerate(items):
            around = blocks[item.block].item
            if i in self.whole or (around >= 0 and whole[around]):
                whole[i] = 1
                shown[item.start : item.end + 1] = b"\x01" * (item.end + 1 - item.start)
            elif i in self.outer or (item.role is Role.REST and self._is_open(item)):
                for row in outer_rows(self.tree, i):
                    shown[row] = 1
        return shown

    def _is_open(self, item: Item) -> bool:
        around = self.tree.blocks[item.block].item
        return around < 0 or around in self.outer


def above(tree: Tree, index: int) -> Iterator[int]:
    """Yield the comments and attributes right above an item, the nearest first."""
    items = tree.items
    siblings = tree.blocks[items[index].block].items
    top = items[index].start
    # Items of a block are numbered in order.
    for place in range(bisect_left(siblings, index) - 1, -1, -1):
        at = siblings[place]
        item = items[at]
        if item.role not in (Role.COMMENT, Role.ATTRIBUTE):
            return
        if top - item.end - 1 > _MOST_BETWEEN:
            return
        yield at
        top = item.start


def gaps(shown: bytearray) -> Iterator[tuple[int, int]]:
    """Yield the runs of rows that are not shown: first row, and the row after the last."""
    at = shown.find(0)
    while at >= 0:
        end = shown.find(1, at)
        if end < 0:
            end = len(shown)
        yield at, end
        at = shown.find(0, end)


def fill_small_gaps(shown: bytearray, sizes: Sizes, blank: Iterable[int]) -> None:
    """Show rows that cost no more than saying that they were left out, and blank ones between.

    Args:
        shown: One byte for each row, changed in place.
        sizes: What rows cost.
        blank: Rows with nothing on them.
    """
    empty = frozenset(blank)
    for start, end in list(gaps(shown)):
        first, last = start, end
        while first < last and first in empty:
            shown[first] = 1
            first += 1
        while last > first and last - 1 in empty:
            last -= 1
            shown[last] = 1
        if first < last and sizes.rows(first, last - 1) <= GAP_TOKENS:
            shown[first:last] = b"\x01" * (last - first)


def empty_blocks(tree: Tree, shown: bytearray) -> list[int]:
    """Return the blocks that must hold a statement, stand in something shown, and hold none."""
    found: list[int] = []
    for b, block in enumerate(tree.blocks):
        if not block.must_fill or block.kind is Kind.TEXT or block.item < 0:
            continue
        if not shown[tree.items[block.item].start]:
            continue
        statements = [i for i in block.items if tree.items[i].role is not Role.COMMENT]
        if not any(shown[tree.items[i].start] for i in statements):
            found.append(b)
    return found
