"""The collections of a JSON document, and which of their rows stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from headroom.notation.columns_write import Table, write_keyed_table, write_table
from headroom.notation.json_tree import Node, compact
from headroom.selection.rows import Rows

# Fewer elements than this are read as parts of a document, not as rows.
FEWEST_ROWS = 6
_FEWEST_SCALARS = 16
_LIKE_OTHERS = 0.7

# So many objects under names are a register, whatever keys they have.
_REGISTRY = 12

# Elements this large (characters of compact JSON) are documents of their own while there are few.
_LARGE_ROW = 4_000
_FEW_LARGE = 12

# Short lists of scalars (coordinates, ranges) are columns by position.
_TUPLE = 4
_MOST_COLUMNS = 60

# A row of a table is denser in tokens than JSON is. Longer cells are cut to previews.
_TOKENS_PER_CHARACTER = 0.38
_LONG_CELL = 420
_DEEPEST_COLUMN = 6


@dataclass(frozen=True, slots=True)
class Collection:
    """An array, or an object of objects, whose elements are rows.

    Args:
        node: The container.
        path: Its keys from the root, joined by dots; "" for the root.
        keys: The rows' keys; () for an array.
        values: The rows.
        texts: Compact JSON of each row, its key included.
    """

    node: Node
    path: str
    keys: tuple[str, ...]
    values: tuple[Node, ...]
    texts: tuple[str, ...]

    @property
    def length(self) -> int:
        """Characters of all rows."""
        return sum(map(len, self.texts)) + len(self.texts)

    def rows(self) -> Rows:
        """Return the rows to choose from."""
        columns: dict[str, list[str | None]] = {}
        words: list[str] = []
        beyond: list[int] = []
        for i, value in enumerate(self.values):
            cells = {"": self.keys[i]} if self.keys else {}
            for name, cell in _cells(value, "", 0):
                cells.setdefault(name, cell)
            words.append(" ".join(cells.values()))
            beyond.append(sum([len(c) - _LONG_CELL for c in cells.values() if len(c) > _LONG_CELL]))
            for name, cell in cells.items():
                column = columns.get(name)
                if column is None:
                    if len(columns) >= _MOST_COLUMNS:
                        continue
                    column = columns[name] = [None] * len(self.values)
                column[i] = cell
        return Rows(self.texts, words, columns, self._costs(beyond))

    def _costs(self, beyond: list[int]) -> list[float]:
        table = self._table()
        lines = self.texts if table is None else table.rows
        shown = [
            max(len(line) - more, len(line) // 10) for line, more in zip(lines, beyond, strict=True)
        ]
        return [1 + _TOKENS_PER_CHARACTER * length for length in shown]

    def _table(self) -> Table | None:
        if isinstance(self.node, dict):
            return write_keyed_table(self.node, None, exact=False)
        return write_table(self.values, None, exact=False) if isinstance(self.node, list) else None


def _cells(node: Node, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield path, node[1:-1] if node[0] == '"' else node
    elif depth < _DEEPEST_COLUMN and isinstance(node, dict):
        for key, value in node.items():
            yield from _cells(value, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(node, list) and 0 < len(node) <= _TUPLE and isinstance(node[0], str):
        for i, value in enumerate(node):
            yield from _cells(value, f"{path}.{i}", depth + 1)
    elif node:
        # Longer and nested lists are told apart by their whole text.
        yield path, compact(node)


def find_collections(root: Node) -> list[Collection]:
    """Return the collections of a document, the outermost of each branch, in order."""
    found: list[Collection] = []
    _find(root, "", found)
    return found


def _find(node: Node, path: str, found: list[Collection]) -> None:
    if isinstance(node, str):
        return
    collection = _as_collection(node, path)
    if collection is not None:
        found.append(collection)
        return
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        _find(value, f"{path}.{key}" if path else str(key), found)


def _as_collection(node: Node, path: str) -> Collection | None:
    if isinstance(node, dict):
        values, keys = tuple(node.values()), tuple(node)
        if len(values) < FEWEST_ROWS or not _are_alike(values):
            return None
        texts = tuple([f'"{key}":{compact(value)}' for key, value in node.items()])
    elif isinstance(node, list):
        values, keys = tuple(node), ()
        fewest = FEWEST_ROWS if any(isinstance(v, dict) for v in values) else _FEWEST_SCALARS
        if len(values) < fewest:
            return None
        texts = tuple([compact(value) for value in values])
    else:
        return None
    if len(values) < _FEW_LARGE and sum(map(len, texts)) > _LARGE_ROW * len(values):
        return None
    return Collection(node, path, keys, values, texts)


def _are_alike(values: tuple[Node, ...]) -> bool:
    """Say whether the members of an object look like rows: objects that share their keys."""
    objects = [value for value in values if isinstance(value, dict)]
    if len(objects) < 0.9 * len(values):
        return False
    if len(values) >= _REGISTRY:
        return True
    shared: dict[str, int] = {}
    for value in objects:
        for key in value:
            shared[key] = shared.get(key, 0) + 1
    common = sum([n for n in shared.values() if n >= 0.5 * len(objects)])
    return common >= _LIKE_OTHERS * sum(map(len, objects)) or common >= 2 * len(objects)
