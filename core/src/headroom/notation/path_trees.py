"""Drawn trees as indented names: what ``tree``, ``npm ls`` and ``cargo tree`` print.

A node stands indented by one space more than its parent; siblings without children share a line.
Which branch is the last of its parent, and so every line of the drawing, follows from that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from headroom.errors import DecodingError
from headroom.notation.path_runs import REACH, SEPARATORS

_ESCAPE = "> "

# Deeper trees are left as they are: a line's indentation grows with its depth.
_DEEPEST = 200
_LINES_LOOKED_AT = 200
_LONGEST_DRAWING = 120


@dataclass(frozen=True, slots=True)
class TreeStyle:
    """How a tool draws branches.

    Args:
        name: What a note calls it.
        branch: Before a node that has a sibling below.
        last: Before the last node of its parent.
        pipe: Continues the branch of an ancestor.
        blank: Stands below the last node of an ancestor.
        parent_branch: ``branch`` of a node with children, where the tool tells them apart.
        parent_last: ``last`` of a node with children.
    """

    name: str
    branch: str
    last: str
    pipe: str
    blank: str
    parent_branch: str = ""
    parent_last: str = ""

    def mark(self, *, is_last: bool, is_parent: bool) -> str:
        """Return what is drawn before a node's name."""
        if is_parent and self.parent_branch:
            return self.parent_last if is_last else self.parent_branch
        return self.last if is_last else self.branch


STYLES = (
    TreeStyle("tree", "├── ", "└── ", "│\xa0\xa0 ", "    "),
    TreeStyle("box tree", "├── ", "└── ", "│   ", "    "),
    TreeStyle("ascii tree", "|-- ", "`-- ", "|   ", "    "),
    TreeStyle("npm tree", "├── ", "└── ", "│ ", "  ", "├─┬ ", "└─┬ "),
    TreeStyle("wide tree", "+--- ", "\\--- ", "|    ", "     "),
    TreeStyle("maven tree", "+- ", "\\- ", "|  ", "   "),
)
_DRAWN = re.compile("── |-- |└─|\\\\- |\\+- |---? ")
_STYLE = {style.name: style for style in STYLES}


@dataclass(frozen=True, slots=True)
class TreeNote:
    """What the decoder needs beyond the body."""

    style: TreeStyle
    separator: str = " "

    def words(self) -> str:
        """Return the note as a reader sees it.

        >>> TreeNote(STYLES[0]).words()
        'tree, indented'
        """
        words = f"{self.style.name}, indented"
        return words if self.separator == " " else f'{words}, siblings joined by "{self.separator}"'

    @classmethod
    def read(cls, words: str) -> TreeNote:
        """Read a note that `words` wrote.

        Raises:
            DecodingError: If it names no style or separator that there is.
        """
        name, _, rest = words.partition(", indented")
        separator = " "
        if rest:
            separator = rest.removeprefix(', siblings joined by "').removesuffix('"')
        if name not in _STYLE or separator not in SEPARATORS:
            raise DecodingError("no such tree")
        return cls(_STYLE[name], separator)


@dataclass(frozen=True, slots=True)
class Node:
    """A drawn line: how deep, and what stands behind the drawing."""

    depth: int
    name: str


def read_node(line: str, style: TreeStyle) -> Node | None:
    """Read one drawn line, or return None if it is none.

    >>> read_node("|   `-- b.py", STYLES[2])
    Node(depth=1, name='b.py')
    """
    width = len(style.pipe)
    at = depth = 0
    while depth < _DEEPEST:
        unit = line[at : at + width]
        if unit != style.pipe and unit != style.blank:
            break
        at += width
        depth += 1
    for mark in (style.branch, style.last, style.parent_branch, style.parent_last):
        if mark and line.startswith(mark, at):
            return Node(depth, line[at + len(mark) :])
    return None


def find_style(lines: Sequence[str]) -> TreeStyle | None:
    """Return the style in which most of the first lines are drawn, if more than half are."""
    lines = [line for line in lines[:_LINES_LOOKED_AT] if line]
    if not _DRAWN.search("\n".join(line[:_LONGEST_DRAWING] for line in lines)):
        return None
    best, most = None, len(lines) // 2
    for style in STYLES:
        nodes = sum(read_node(line, style) is not None for line in lines)
        if nodes > most:
            best, most = style, nodes
    return best


def _drawn(nodes: Sequence[Node], style: TreeStyle) -> list[str]:
    # From below: a node is the last of its parent if no node of its depth stands between it and
    # the parent's end.
    lines: list[str] = []
    has_more = [False] * (_DEEPEST + 1)
    below = -1
    for node in reversed(nodes):
        for depth in range(node.depth + 1, below + 1):
            has_more[depth] = False
        pipes = "".join(style.pipe if more else style.blank for more in has_more[: node.depth])
        mark = style.mark(is_last=not has_more[node.depth], is_parent=below > node.depth)
        lines.append(f"{pipes}{mark}{node.name}")
        has_more[node.depth] = True
        below = node.depth
    lines.reverse()
    return lines


def _indented(nodes: Sequence[Node], separator: str) -> list[str]:
    lines: list[str] = []
    joined, depth_before, length = False, -1, 0
    for node, below in pairwise([*nodes, Node(-1, "")]):
        is_leaf = below.depth <= node.depth
        if is_leaf and joined and node.depth == depth_before and length < REACH:
            lines[-1] += separator + node.name
            length += len(node.name)
        else:
            lines.append(" " * (node.depth + 1) + node.name)
            length = len(node.name)
        joined, depth_before = is_leaf, node.depth
    return lines


def _is_plain(line: str) -> bool:
    return not line.startswith((" ", _ESCAPE))


def encode_tree(lines: Sequence[str], note: TreeNote) -> list[str]:
    """Write drawn lines as indented names; other lines stay.

    >>> encode_tree([".", "|-- a", "|   `-- b", "`-- c"], TreeNote(STYLES[2]))
    ['.', ' a', '  b', ' c']
    """
    written: list[str] = []
    block: list[str] = []
    nodes: list[Node] = []
    for line in lines:
        node = read_node(line, note.style)
        if node is None:
            written.extend(_block(nodes, block, note))
            nodes, block = [], []
            written.append(line if _is_plain(line) else _ESCAPE + line)
        else:
            nodes.append(node)
            block.append(line)
    written.extend(_block(nodes, block, note))
    return written


def _block(nodes: Sequence[Node], block: Sequence[str], note: TreeNote) -> list[str]:
    names_fit = all(
        node.name and node.name[0] != " " and note.separator not in node.name for node in nodes
    )
    if names_fit and _drawn(nodes, note.style) == block:
        return _indented(nodes, note.separator)
    return [line if _is_plain(line) else _ESCAPE + line for line in block]


def decode_tree(lines: Sequence[str], note: TreeNote) -> list[str]:
    """Undo `encode_tree`.

    Raises:
        DecodingError: If a line is indented deeper than any tree that `encode_tree` writes.

    >>> decode_tree([".", " a", "  b", " c"], TreeNote(STYLES[2]))
    ['.', '|-- a', '|   `-- b', '`-- c']
    """
    decoded: list[str] = []
    nodes: list[Node] = []
    for line in lines:
        if line.startswith(" "):
            names = line.lstrip(" ")
            depth = len(line) - len(names) - 1
            if depth > _DEEPEST:
                raise DecodingError("indented too deep")
            nodes.extend(Node(depth, name) for name in names.split(note.separator))
            continue
        decoded.extend(_drawn(nodes, note.style))
        nodes.clear()
        decoded.append(line.removeprefix(_ESCAPE))
    decoded.extend(_drawn(nodes, note.style))
    return decoded
