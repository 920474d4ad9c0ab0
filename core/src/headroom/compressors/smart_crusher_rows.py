"""The collections of a JSON document, and which of their rows stay."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import overload

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
# Rows of more characters in all are not held in memory a second time, as words.
_LARGE = 200_000
_MOST_SHARED = 2_000
_SAMPLE = 40


@dataclass(frozen=True, slots=True)
class Collection:
    """An array, or an object of objects, whose elements are rows.

    Args:
        node: The container.
        path: Its keys from the root, joined by dots; "" for the root.
        keys: The rows' keys; () for an array.
        values: The rows.
        texts: Compact JSON of each row, its key included.
        length: Characters of all rows.
    """

    node: Node
    path: str
    keys: tuple[str, ...]
    values: tuple[Node, ...]
    texts: Sequence[str]
    length: int

    def rows(self) -> Rows:
        """Return the rows to choose from."""
        columns: dict[str, list[str | None]] = {}
        is_large = self.length > _LARGE
        words: list[str] = []
        same: dict[str, str] = {}
        for i in range(len(self.values)):
            cells = self.cells(i)
            if not is_large:
                words.append(" ".join(cells.values()))
            for name, cell in cells.items():
                column = columns.get(name)
                if column is None:
                    if len(columns) >= _MOST_COLUMNS:
                        continue
                    column = columns[name] = [None] * len(self.values)
                if is_large:
                    # Cells of a few values are one object each.
                    shared = same.get(cell)
                    if shared is not None:
                        cell = shared
                    elif len(same) < _MOST_SHARED:
                        same[cell] = cell
                column[i] = cell
        said: Sequence[str] = _Made(len(self.values), self._said) if is_large else words
        return Rows(self.texts, said, columns, self._costs(columns))

    def _said(self, i: int) -> str:
        return " ".join(self.cells(i).values())

    def cells(self, i: int) -> dict[str, str]:
        """Return the cells of a row by the names of their columns."""
        cells = {"": self.keys[i]} if self.keys else {}
        _fill(cells, self.values[i], "", 0)
        return cells

    def _costs(self, columns: dict[str, list[str | None]]) -> list[float]:
        varying = [column for column in columns.values() if len(set(column)) > 1]
        table = self._table() if any(map(_has_objects, varying)) else None
        lines = [0] * len(self.values) if table is None else list(map(len, table.rows))
        for column in varying:
            sizes = [len(cell) if cell else 0 for cell in column]
            if table is None:
                lines = [
                    n + 1 + (s if s < _LONG_CELL else _LONG_CELL)
                    for n, s in zip(lines, sizes, strict=True)
                ]
            elif max(sizes) > _LONG_CELL:
                beyond = [s - _LONG_CELL if s > _LONG_CELL else 0 for s in sizes]
                lines = [max(n - s, n // 10) for n, s in zip(lines, beyond, strict=True)]
        return [1 + _TOKENS_PER_CHARACTER * length for length in lines]

    def _table(self) -> Table | None:
        if isinstance(self.node, dict):
            return write_keyed_table(self.node, None, exact=False)
        return write_table(self.values, None, exact=False) if isinstance(self.node, list) else None


class _Made(Sequence[str]):
    """A text for each row, made when it is asked for: all at once take much memory."""

    def __init__(self, count: int, make: Callable[[int], str]) -> None:
        self._count = count
        self._make = make

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...

    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(self._count))]
        # As of a list: what goes over one asks until it is told that there is no more.
        if not -self._count <= at < self._count:
            raise IndexError(at)
        return self._make(at)


def _has_objects(column: list[str | None]) -> bool:
    """Say whether cells are lists of objects, whose keys a table prints only once."""
    return any(cell is not None and cell.startswith("[{") for cell in column[:_SAMPLE])


def _fill(cells: dict[str, str], node: Node, path: str, depth: int) -> None:
    if isinstance(node, str):
        cells.setdefault(path, _read(node))
    elif depth < _DEEPEST_COLUMN and isinstance(node, dict):
        lead = f"{path}." if path else ""
        for key, value in node.items():
            name = lead + key
            if not isinstance(value, str):
                _fill(cells, value, name, depth + 1)
            elif name not in cells:
                cells[name] = value if value[0] != '"' else _read(value)
    elif isinstance(node, list) and 0 < len(node) <= _TUPLE and isinstance(node[0], str):
        for i, value in enumerate(node):
            _fill(cells, value, f"{path}.{i}", depth + 1)
    elif node:
        # Longer and nested lists are told apart by their whole text.
        cells.setdefault(path, compact(node))


def _read(lexeme: str) -> str:
    """Return what a string says, without its quotes and escapes; other values as they stand."""
    if lexeme[0] != '"':
        return lexeme
    bare = lexeme[1:-1]
    if "\\u" not in bare:
        return bare
    text: str = json.loads(lexeme, strict=False)
    # Half a pair of surrogates is no character that could be counted or printed.
    return text if text.isprintable() else bare


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
        texts: Sequence[str] = [f'"{key}":{compact(value)}' for key, value in node.items()]
    elif isinstance(node, list):
        values, keys = tuple(node), ()
        fewest = FEWEST_ROWS if any(isinstance(v, dict) for v in values) else _FEWEST_SCALARS
        if len(values) < fewest:
            return None
        texts = [compact(value) for value in values]
    else:
        return None
    length = sum(map(len, texts))
    if len(values) < _FEW_LARGE and length > _LARGE_ROW * len(values):
        return None
    if length > _LARGE:
        texts = _Made(len(values), partial(_text_of, keys, values))
    return Collection(node, path, keys, values, texts, length + len(texts))


def _text_of(keys: tuple[str, ...], values: tuple[Node, ...], row: int) -> str:
    text = compact(values[row])
    return f'"{keys[row]}":{text}' if keys else text


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
