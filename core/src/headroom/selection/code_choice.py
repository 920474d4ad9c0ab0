"""What of a file stays: what a question names, and an outline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from headroom.selection.code_names import Asked, Symbol
from headroom.selection.code_shown import GAP_TOKENS, Shown, above
from headroom.selection.code_tree import Item, Kind, Role, Tree

# A type that is named stays whole up to this many tokens; of a larger one, what is declared.
_LARGEST_TYPE = {"balanced": 1_500, "aggressive": 500}

# A word of a sentence that is the name of more definitions than this names none of them.
_MOST_ALIKE = 3

# Values and statements of this many rows belong to an outline; of longer ones the first row says
# what they are.
_SHORT_ROWS = 3

# Share of an outline that imports and the first words of the file may take.
_FOR_HEAD = 0.25

# What may stand around a single function.
_BESIDE_A_FUNCTION = (Role.COMMENT, Role.ATTRIBUTE, Role.IMPORT, Role.REST)

Fidelity = Literal["balanced", "aggressive"]


def is_one_function(tree: Tree) -> bool:
    """Say whether a text is one function: then a tool was asked for it, not for a file."""
    found = [i for i in tree.blocks[0].items if tree.items[i].role not in _BESIDE_A_FUNCTION]
    if len(found) != 1:
        return False
    held = tree.items[found[0]].blocks
    return any(tree.blocks[b].kind is Kind.BODY for b in held)


class Chooser:
    """Choose the items of one file.

    Args:
        tree: The file.
        lines: Its lines.
        shown: What is shown; every method adds to it.
        fidelity: ``balanced`` or ``aggressive``.
    """

    def __init__(self, tree: Tree, lines: Sequence[str], shown: Shown, fidelity: Fidelity) -> None:
        self.tree = tree
        self.lines = lines
        self.shown = shown
        self.fidelity = fidelity

    def keep_rows(self, rows: Sequence[int], *, around: bool) -> None:
        """Show what stands on some rows; with ``around``, the whole function that they are in."""
        for row in rows:
            index = self._innermost(row)
            if index is None:
                continue
            whole = index
            if around:
                at = [index, *self.shown.parents(index)]
                whole = next((i for i in at if self._is_function(i)), index)
            self.shown.add(whole, whole=True)

    def keep_named(self, asked: Asked) -> None:
        """Show the definitions that are named, with their bodies."""
        by_name: dict[str, list[int]] = {}
        for i, item in enumerate(self.tree.items):
            for name in item.names:
                by_name.setdefault(name, []).append(i)
        for symbol in asked.symbols:
            found = self._in_scope(symbol, by_name.get(symbol.name, []))
            if not symbol.shaped and len(found) > _MOST_ALIKE:
                continue
            for i in found:
                self._add_definition(i)

    def _in_scope(self, symbol: Symbol, found: list[int]) -> list[int]:
        if not symbol.scope or len(found) < 2:
            return found
        scope = symbol.scope[-1]
        inside = [i for i in found if self._stands_in(i, scope)]
        return inside or found

    def _stands_in(self, index: int, scope: str) -> bool:
        items = self.tree.items
        if any(scope in items[at].names for at in self.shown.parents(index)):
            return True
        return scope in self.lines[items[index].start]

    def _add_definition(self, index: int) -> None:
        limit = _LARGEST_TYPE[self.fidelity]
        if self._is_type(index) and self.shown.sizes.whole(index) > limit:
            self.shown.add(index)
            for b in self.tree.items[index].blocks:
                for i in self.tree.blocks[b].items:
                    self.shown.add(i, whole=not self.tree.items[i].blocks)
        else:
            self.shown.add(index, whole=True)
        for at in above(self.tree, index):
            self.shown.add(at, whole=True)

    def keep_outline(self, budget: float, declared: float) -> float:
        """Show what is declared, the most telling first; return what that costs, in tokens.

        Args:
            budget: Tokens for all of it.
            declared: Tokens for functions, types and their members alone, if that is more.
        """
        head, tops, members, *others = self._outline()
        spent = self._keep_some(head, budget * _FOR_HEAD)
        for group in (tops, members):
            spent += self._keep_some(group, declared - spent)
        for group in others:
            spent += self._keep_some(group, budget - spent)
        return spent

    def _keep_some(self, group: Sequence[int], budget: float) -> float:
        """Show items in order, as far as the budget goes; return what they cost."""
        spent = 0.0
        for i in group:
            if i not in self.shown.outer:
                cost = self.shown.cost(i, whole=False) + self._gap_cost(i)
                if spent + cost > budget:
                    break
                spent += cost
                self.shown.add(i)
        return spent

    def _gap_cost(self, index: int) -> float:
        """Return what it costs to say that the body of an item was left out."""
        return GAP_TOKENS if self.tree.items[index].blocks else 0.0

    def _outline(self) -> list[list[int]]:
        """Return the items of an outline in groups: the head of the file, then declarations."""
        head: list[int] = []
        tops: list[int] = []
        members: list[int] = []
        heads: list[int] = []
        plain: list[int] = []
        opened = [(0, 0)]
        for block, depth in opened:
            for i in self.tree.blocks[block].items:
                item = self.tree.items[i]
                if item.role is Role.DEFINITION or self._holds_body(item):
                    (members if depth else tops).append(i)
                    heads.extend(self._heads(i))
                elif item.role is Role.DOCSTRING:
                    (heads if depth else head).append(i)
                elif item.role is Role.IMPORT:
                    head.append(i)
                elif item.role is Role.PLAIN and (item.blocks or _rows(item) <= _SHORT_ROWS):
                    plain.append(i)
                opened.extend((b, depth + 1) for b in item.blocks if self._is_open(b))
        return [head, tops, members, plain, heads]

    def _heads(self, index: int) -> list[int]:
        """Return the first words about a definition: of the comment above it, or its docstring."""
        comments = [i for i in above(self.tree, index) if self.tree.items[i].role is Role.COMMENT]
        for b in self.tree.items[index].blocks:
            block = self.tree.blocks[b]
            first = block.items[:1]
            if (
                block.kind is Kind.BODY
                and first
                and self.tree.items[first[0]].role is Role.DOCSTRING
            ):
                return first
        return comments[-1:]

    def _is_open(self, block: int) -> bool:
        """Say whether an outline goes into a block."""
        kind = self.tree.blocks[block].kind
        if kind is Kind.CONTAINER:
            return True
        items = (self.tree.items[i] for i in self.tree.blocks[block].items)
        return kind in (Kind.INNER, Kind.DATA) and any(
            item.role in (Role.DEFINITION, Role.IMPORT) for item in items
        )

    def _holds_body(self, item: Item) -> bool:
        return any(self.tree.blocks[b].kind is Kind.BODY for b in item.blocks)

    def _is_function(self, index: int) -> bool:
        item = self.tree.items[index]
        return item.role is Role.DEFINITION and self._holds_body(item)

    def _is_type(self, index: int) -> bool:
        held = self.tree.items[index].blocks
        return any(self.tree.blocks[b].kind is Kind.CONTAINER for b in held)

    def _innermost(self, row: int) -> int | None:
        """Return the smallest item on a row."""
        found: int | None = None
        block = 0
        while True:
            at = self._item_at(block, row)
            if at is None:
                return found
            found = at
            inner = [
                b
                for b in self.tree.items[at].blocks
                if self.tree.blocks[b].start <= row <= self.tree.blocks[b].end
            ]
            if not inner:
                return found
            block = inner[0]

    def _item_at(self, block: int, row: int) -> int | None:
        held = self.tree.blocks[block].items
        low, high = 0, len(held)
        while low < high:
            middle = (low + high) // 2
            if self.tree.items[held[middle]].end < row:
                low = middle + 1
            else:
                high = middle
        if low < len(held) and self.tree.items[held[low]].start <= row:
            return held[low]
        return None


def _rows(item: Item) -> int:
    return item.end - item.start + 1
