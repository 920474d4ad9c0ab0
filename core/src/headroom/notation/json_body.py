r"""The body of a re-noted JSON document: compact JSON with tables, repeats and shared prefixes.

Below definitions of prefixes (``$1=https://api.example/``) stands compact JSON, in which

- ``[`` and a line break start a table: header, a line per row, ``]`` (its grammar stands in
  `headroom.notation.columns`); ``{`` and a line break the same for an object of objects;
- ``&1`` marks a container that is repeated later as ``*1``;
- ``"$1x"`` is a string that starts with the first prefix.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from headroom.notation.columns_write import Table, write_keyed_table, write_table
from headroom.notation.json_tree import Node, compact, compact_length

Measure = Callable[[str], int]

# Characters below which a repeated container, or a shared prefix, is printed again.
_SHORTEST_REPEAT = 40
_SHORTEST_PREFIX = 12
_MOST_PREFIXES = 9
_PREFIX_CUTS = 10

# A table must be this much smaller than the compact JSON of the same rows.
_TABLE_GAIN = 0.9
_TABLE_CHARACTERS = 60

# With so few rows, repeated parts may be what a document is about.
_FEW_ROWS = 12


@dataclass(slots=True)
class Body:
    """A document as text.

    Args:
        text: The body.
        tables: Whether it has tables.
        repeats: Whether it has ``*1``.
        prefixes: Whether it has ``$1``.
    """

    text: str
    tables: bool = False
    repeats: bool = False
    prefixes: bool = False


def write_body(
    root: Node, measure: Measure, *, gaps: Mapping[int, str] | None = None, exact: bool = True
) -> Body:
    """Return the document as a body.

    Args:
        root: The document.
        measure: Counts the tokens of a short text.
        gaps: By ``id`` of a container: what to say at its end about what was left out of it.
        exact: Use every form that saves; False keeps values whole, for a reader who looks for
            something.
    """
    writer = _Writer(measure, gaps or {}, exact)
    writer.emit(root)
    definitions = writer.share_prefixes() if exact else []
    text = "".join([*definitions, *writer.pieces])
    return Body(text, writer.tables, writer.anchors > 0, bool(definitions))


@dataclass(slots=True)
class _Writer:
    measure: Measure
    gaps: Mapping[int, str]
    exact: bool
    pieces: list[str] = field(default_factory=list)
    anchors: int = 0
    tables: bool = False
    dollars: bool = False
    shared: list[int] = field(default_factory=list)
    first_at: dict[int, int] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    shapes: dict[object, int] = field(default_factory=dict)
    facts: dict[int, tuple[int, int]] = field(default_factory=dict)

    def emit(self, node: Node) -> None:
        if isinstance(node, str):
            if node[:2] == '"$':
                self.dollars = True
            elif len(node) > _SHORTEST_PREFIX and node[0] == '"':
                self.shared.append(len(self.pieces))
            self.pieces.append(node)
            return
        if not node:
            self.pieces.append(self._closed("{}" if isinstance(node, dict) else "[]", node))
            return
        if self._repeat(node):
            return
        table = self._table(node)
        if table is not None:
            self._emit_table(node, table)
        elif isinstance(node, dict):
            self._emit_members(node)
        else:
            self._emit_items(node)

    def _closed(self, text: str, node: Node) -> str:
        gap = self.gaps.get(id(node))
        return text if gap is None else f"{text[0]}{gap}{text[1]}"

    def _emit_members(self, node: dict[str, Node]) -> None:
        lead = "{"
        for key, value in node.items():
            self.pieces.append(f'{lead}"{key}":')
            self.emit(value)
            lead = ","
        gap = self.gaps.get(id(node))
        self.pieces.append("}" if gap is None else f",{gap}}}")

    def _emit_items(self, node: list[Node]) -> None:
        lead = "["
        for value in node:
            self.pieces.append(lead)
            self.emit(value)
            lead = ","
        gap = self.gaps.get(id(node))
        self.pieces.append("]" if gap is None else f",{gap}]")

    def _emit_table(self, node: Node, table: Table) -> None:
        self.tables = True
        opening, closing = ("{", "}") if isinstance(node, dict) else ("[", "]")
        rows = "\n".join(table.rows)
        gap = self.gaps.get(id(node))
        rest = f"\n{gap}" if gap is not None else ""
        self.pieces.append(f"{opening}\n{table.header}\n{rows}{rest}\n{closing}")

    def _table(self, node: Node) -> Table | None:
        if len(node) < 2 or self._has_inner_gaps(node):
            return None
        length = self._length(node)
        if length < _TABLE_CHARACTERS:
            return None
        table = None
        if isinstance(node, list):
            table = write_table(node, self.measure, exact=self.exact)
        elif isinstance(node, dict) and len(node) > 2:
            table = write_keyed_table(node, self.measure, exact=self.exact)
        if isinstance(node, dict) and len(node) <= _FEW_ROWS:
            length = self._without_repeats(node, {})
        return table if table is not None and table.length <= _TABLE_GAIN * length else None

    def _without_repeats(self, node: Node, seen: dict[int, None]) -> int:
        """Return the length of the compact JSON if repeated containers were printed once."""
        if isinstance(node, str):
            return len(node)
        shape, length = self._identity(node)
        if length >= _SHORTEST_REPEAT and (shape in seen or shape in self.first_at):
            return 2
        seen[shape] = None
        for value in node.values() if isinstance(node, dict) else node:
            if not isinstance(value, str):
                length += self._without_repeats(value, seen) - self._identity(value)[1]
        return length

    def _has_inner_gaps(self, node: Node) -> bool:
        if not self.gaps or isinstance(node, str):
            return False
        values = node.values() if isinstance(node, dict) else node
        return any(
            id(value) in self.gaps or self._has_inner_gaps(value)
            for value in values
            if not isinstance(value, str)
        )

    def _repeat(self, node: Node) -> bool:
        """Print a reference if an equal container stands above; else remember this one."""
        if self.gaps:
            return False
        shape, length = self._identity(node)
        if length < _SHORTEST_REPEAT:
            return False
        first = self.first_at.get(shape)
        if first is None:
            self.first_at[shape] = len(self.pieces)
            self.pieces.append("")
            return False
        if shape not in self.numbers:
            self.anchors += 1
            self.numbers[shape] = self.anchors
            self.pieces[first] = f"&{self.anchors}"
        self.pieces.append(f"*{self.numbers[shape]}")
        return True

    def _length(self, node: Node) -> int:
        """Return the length of the compact JSON."""
        # With gaps nothing is referred to: equal containers need not be known.
        return compact_length(node) if self.gaps else self._identity(node)[1]

    def _identity(self, node: Node) -> tuple[int, int]:
        """Return a number that equal containers share, and the length of the compact JSON."""
        known = self.facts.get(id(node))
        if known is not None:
            return known
        if isinstance(node, list) and len(node) > _FEW_ROWS:
            # Rows are hardly ever repeated: their text tells as much as a walk over their parts.
            text = compact(node)
            digest = blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()
            shape = self.shapes.setdefault(digest, len(self.shapes))
            self.facts[id(node)] = (shape, len(text))
            return shape, len(text)
        values = list(node.values() if isinstance(node, dict) else node)
        length = 1 + len(values)
        parts: list[object] = []
        for value in values:
            if isinstance(value, str):
                length += len(value)
                parts.append(value)
            else:
                shape, inner = self._identity(value)
                length += inner
                parts.append(shape)
        keys = tuple(node) if isinstance(node, dict) else None
        if keys is not None:
            length += sum(map(len, keys)) + 3 * len(keys)
        shape = self.shapes.setdefault((keys, *parts), len(self.shapes))
        self.facts[id(node)] = (shape, length)
        return shape, length

    def share_prefixes(self) -> list[str]:
        """Replace shared beginnings of strings by references; return the definitions."""
        if self.dollars:
            return []
        texts = {at: self.pieces[at][1:-1] for at in self.shared}
        chosen = _prefixes(list(texts.values()), self.measure)
        for at, text in texts.items():
            best = max((p for p in chosen if text.startswith(p)), key=len, default=None)
            if best is not None:
                self.pieces[at] = f'"${chosen.index(best) + 1}{text[len(best) :]}"'
        return [f"${i + 1}={prefix}\n" for i, prefix in enumerate(chosen)]


def _cuts(text: str) -> list[str]:
    cuts = [text]
    at = -1
    for _ in range(_PREFIX_CUTS):
        at = text.find("/", at + 1)
        if at < 0:
            break
        if at + 1 >= _SHORTEST_PREFIX:
            cuts.append(text[:at])
    return cuts


def _prefixes(texts: list[str], measure: Measure) -> list[str]:
    """Return the prefixes that pay: chosen one after the other, each by what it still saves."""
    found: dict[str, list[int]] = {}
    for i, text in enumerate(texts):
        for cut in _cuts(text):
            if len(cut) >= _SHORTEST_PREFIX and "\\" not in cut:
                found.setdefault(cut, []).append(i)
    candidates = {cut: users for cut, users in found.items() if len(users) > 1}
    candidates = dict(
        sorted(candidates.items(), key=lambda item: -len(item[0]) * len(item[1]))[:200]
    )
    sizes = {cut: measure(cut) for cut in candidates}
    covered = Tally[int]()
    chosen: list[str] = []
    for _ in range(_MOST_PREFIXES):
        best, gain = "", 5
        for cut, users in candidates.items():
            size = sizes[cut]
            here = sum([max(0, size - 2 - covered[i]) for i in users]) - size - 3
            if here > gain:
                best, gain = cut, here
        if not best:
            break
        chosen.append(best)
        for i in candidates.pop(best):
            covered[i] = max(covered[i], sizes[best] - 2)
    return chosen
