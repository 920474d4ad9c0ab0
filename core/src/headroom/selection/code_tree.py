"""Source code as nested blocks of items, by rows: what may be left out, and stay well-formed.

A block is what stands between brackets, or below a colon; its items are statements, members,
values or lines of a comment. Whole items may be left out of a block. Offsets play no part: every
item covers whole rows, and items that share a row are one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from headroom.grammars import Node
from headroom.selection.code_nodes import (
    ATTRIBUTES,
    COMMENTS,
    CONTAINERS,
    FUNCTIONS,
    IMPORTS,
    NAMING,
    WRAPPERS,
    inside,
    inside_condition,
    is_conditional,
    is_data,
    last_row,
    names_of,
    row_span,
)

# Deeper blocks are left in one piece.
_DEEPEST = 24

# Smaller lists, comments and docstrings are left in one piece, in rows between the first and last.
_LEAST_DATA = 4
_LEAST_TEXT = 2

# A function that holds this share of a file, and definitions, is a module by another name.
_WRAPS_FILE = 0.5
_LEAST_WRAPPED = 2


class Kind(Enum):
    """What stands in a block."""

    CONTAINER = "declarations"
    BODY = "the statements of a function"
    INNER = "statements inside a statement"
    DATA = "values"
    TEXT = "lines of a comment or a docstring"


class Role(Enum):
    """What an item is."""

    DEFINITION = "function or type"
    IMPORT = "import"
    COMMENT = "comment"
    ATTRIBUTE = "belongs to the item below"
    DOCSTRING = "first string of a body"
    PLAIN = "anything else"
    REST = "brackets and separators on rows of their own"


@dataclass(slots=True)
class Item:
    """A piece of a block.

    Args:
        start: First row.
        end: Last row.
        block: The block in which it stands.
        role: What it is.
        names: Names that it defines.
        blocks: Blocks inside it, in order.
    """

    start: int
    end: int
    block: int
    role: Role
    names: tuple[str, ...] = ()
    blocks: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """Rows that can be left out item by item.

    Args:
        start: First row.
        end: Last row.
        item: The item around it; -1 for the whole file.
        kind: What stands in it.
        depth: How many blocks are around it.
        must_fill: True if it must hold a statement.
        items: Its items, in order.
    """

    start: int
    end: int
    item: int
    kind: Kind
    depth: int
    must_fill: bool = False
    items: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tree:
    """Blocks and items; those around others come before them. The first block is the file."""

    blocks: list[Block]
    items: list[Item]


def read_tree(root: Node, data: bytes, rows: Sequence[str], *, indented: bool) -> Tree:
    """Return the tree of a parsed file.

    Args:
        root: Root of the syntax tree.
        data: What was parsed.
        rows: Its lines.
        indented: True for Python, where indentation makes blocks.
    """
    reader = _Reader(data, rows, indented)
    reader.read(root)
    tree = Tree(reader.blocks, reader.items)
    _open_wrappers(tree, len(rows))
    return tree


def _open_wrappers(tree: Tree, total: int) -> None:
    for block in tree.blocks:
        if block.kind is Kind.BODY and block.end - block.start + 1 > _WRAPS_FILE * total:
            held = sum(tree.items[i].role is Role.DEFINITION for i in block.items)
            if held >= _LEAST_WRAPPED:
                block.kind = Kind.CONTAINER


class _Reader:
    def __init__(self, data: bytes, rows: Sequence[str], indented: bool) -> None:
        self.data = data
        self.rows = rows
        self.indented = indented
        self.blocks = [Block(0, len(rows) - 1, -1, Kind.CONTAINER, 0)]
        self.items: list[Item] = []
        self.waiting: deque[tuple[int, Sequence[Node]]] = deque()

    def read(self, root: Node) -> None:
        self.waiting.append((0, root.children))
        while self.waiting:
            block, nodes = self.waiting.popleft()
            self._read_block(block, nodes)

    def _read_block(self, index: int, nodes: Sequence[Node]) -> None:
        block = self.blocks[index]
        at = block.start
        previous: Item | None = None
        for node in _unwrapped(nodes):
            first, last = row_span(node)
            start, end = max(first, block.start), min(last, block.end)
            if end < start or (not node.is_named and start < at):
                continue
            if previous is not None and start <= previous.end:
                previous.end = max(previous.end, end)
                previous.role = _merged(previous.role, node)
            else:
                self._cover(index, at, start)
                previous = Item(start, end, index, self._role(block, node, start))
                block.items.append(len(self.items))
                self.items.append(previous)
            at = previous.end + 1
            if end > start:
                self._find_blocks(len(self.items) - 1, node, start)
        self._cover(index, at, block.end + 1)

    def _cover(self, index: int, start: int, end: int) -> None:
        """Make items of rows that no node covers and that are not blank."""
        for row in range(start, end):
            if self.rows[row].strip():
                self.blocks[index].items.append(len(self.items))
                self.items.append(Item(row, row, index, Role.REST))

    def _role(self, block: Block, node: Node, start: int) -> Role:
        if not node.is_named:
            return Role.REST
        kind = node.type
        if kind in COMMENTS:
            return Role.COMMENT
        if kind in IMPORTS:
            return Role.IMPORT
        if kind in ATTRIBUTES:
            return Role.ATTRIBUTE
        if self.indented and kind == "expression_statement" and _is_string(node):
            is_first = not any(self.items[i].role is not Role.COMMENT for i in block.items)
            opens = is_first and block.kind in (Kind.BODY, Kind.CONTAINER)
            return Role.DOCSTRING if opens else Role.PLAIN
        return Role.PLAIN

    def _find_blocks(self, index: int, item_node: Node, start: int) -> None:
        """Find the outermost blocks inside a node, and leave them to be read."""
        item = self.items[index]
        depth = self.blocks[item.block].depth
        if item.role in (Role.COMMENT, Role.DOCSTRING):
            self._add_text(index)
            return
        if depth >= _DEEPEST:
            return
        stack: list[tuple[Node, Node | None]] = [(item_node, None)]
        while stack:
            node, above = stack.pop()
            first, last = row_span(node)
            if last == first:
                continue
            self._name(item, node, is_outermost=node is item_node)
            found = self._block_in(node, above, self.blocks[item.block].kind)
            if found is None:
                stack.extend((child, node) for child in reversed(node.children) if child.is_named)
            else:
                nodes, first, last, kind = found
                if item.blocks and self.blocks[item.blocks[-1]].end >= first:
                    continue
                item.blocks.append(len(self.blocks))
                fills = self.indented and kind is not Kind.DATA
                self.waiting.append((len(self.blocks), nodes))
                self.blocks.append(Block(first, last, index, kind, depth + 1, fills))
                if is_conditional(node):
                    stack.extend((c, node) for c in reversed(node.children) if is_conditional(c))

    def _name(self, item: Item, node: Node, *, is_outermost: bool) -> None:
        defines = node.type in FUNCTIONS or node.type in CONTAINERS
        if not defines and node.type not in NAMING:
            return
        item.names = tuple(dict.fromkeys((*item.names, *names_of(node, self.data))))
        if defines and (item.names or is_outermost):
            item.role = Role.DEFINITION

    def _block_in(
        self, node: Node, above: Node | None, around: Kind
    ) -> tuple[Sequence[Node], int, int, Kind] | None:
        if is_conditional(node):
            found = inside_condition(node)
            kind = Kind.CONTAINER if around is Kind.CONTAINER else Kind.INNER
            return None if found is None else (*found, kind)
        if self.indented and node.type == "block":
            first, last = node.start_point[0], last_row(node)
            row = self.rows[first]
            if len(row) - len(row.lstrip()) != node.start_point[1]:
                return None
            return node.children, first, last, _kind_below(above)
        found = inside(node)
        if found is None:
            return None
        _, first, last = found
        if is_data(node):
            return (*found, Kind.DATA) if last - first + 1 >= _LEAST_DATA else None
        if node.type in CONTAINERS:
            return (*found, Kind.CONTAINER)
        return (*found, _kind_below(above))

    def _add_text(self, index: int) -> None:
        """Make the lines between a comment's first words and its end a block of their own."""
        item = self.items[index]
        first = item.start + 1
        opening = self.rows[item.start].strip()
        if not any(c.isalnum() for c in opening):
            first += 1
        last = item.end - 1
        if last - first + 1 < _LEAST_TEXT:
            return
        block = Block(first, last, index, Kind.TEXT, self.blocks[item.block].depth + 1)
        item.blocks.append(len(self.blocks))
        for row in range(first, last + 1):
            if self.rows[row].strip():
                block.items.append(len(self.items))
                self.items.append(Item(row, row, len(self.blocks), Role.COMMENT))
        self.blocks.append(block)


def _unwrapped(nodes: Sequence[Node]) -> Sequence[Node]:
    if not any(node.type in WRAPPERS for node in nodes):
        return nodes
    flat: list[Node] = []
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        if node.type in WRAPPERS:
            stack.extend(reversed(node.children))
        else:
            flat.append(node)
    return flat


def _merged(role: Role, node: Node) -> Role:
    if node.type in COMMENTS or not node.is_named:
        return role
    return Role.PLAIN if role in (Role.COMMENT, Role.REST) else role


def _is_string(node: Node) -> bool:
    return len(node.children) == 1 and node.children[0].type == "string"


def _kind_below(above: Node | None) -> Kind:
    if above is None:
        return Kind.INNER
    if above.type in FUNCTIONS:
        return Kind.BODY
    return Kind.CONTAINER if above.type in CONTAINERS else Kind.INNER
