"""Tables of a page: which of them hold data, and those as Markdown."""

from __future__ import annotations

from dataclasses import dataclass, field

from headroom.compressors.html_tree import Element

# Cells of more characters, or of more lines, on average are parts of a page's layout.
_LONGEST_CELL = 250
_MOST_BREAKS = 3
_FEWEST_ROWS = 2
_FEWEST_COLUMNS = 2
# A wider table is written without regard to spans.
_WIDEST = 300
# A value that spans rows is said again in each of them, if it is this short.
_REPEATED = 40

_NOT_IN_CELLS = frozenset("dl pre h1 h2 h3 h4 form article section main nav".split())


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as read: its text, how far it reaches, and whether it is a header."""

    text: str
    columns: int
    rows: int
    heads: bool


@dataclass(slots=True)
class Table:
    """A table being read."""

    rows: list[list[Cell]] = field(default_factory=list)
    heads: int = 0


def is_data(table: Element) -> bool:
    """Say whether a table holds data: rows of short cells, not parts of a layout."""
    if table.get("role") in ("presentation", "none"):
        return False
    rows = cells = widest = breaks = 0
    stack = [table]
    while stack:
        element = stack.pop()
        if element is not table and element.tag in _NOT_IN_CELLS:
            return False
        if element.tag == "tr":
            rows += 1
            own = sum(isinstance(c, Element) and c.tag in ("td", "th") for c in element.children)
            cells += own
            widest = max(widest, own)
        breaks += element.tag in ("br", "p", "li")
        stack.extend(c for c in element.children if isinstance(c, Element))
    if rows < _FEWEST_ROWS or widest < _FEWEST_COLUMNS:
        return False
    return table.text <= _LONGEST_CELL * cells and breaks <= _MOST_BREAKS * cells


def span_of(cell: Element, name: str) -> int:
    """Return how many columns or rows a cell spans."""
    value = cell.get(name).strip()
    return max(1, min(_WIDEST, int(value))) if value.isdigit() and len(value) < 6 else 1


def written(table: Table) -> str:
    """Return a table as Markdown; one that names each value in its first column as a list."""
    rows = _grid(table.rows)
    heads = table.heads
    if not heads and table.rows and all(cell.heads for cell in table.rows[0]):
        heads = 1
    kept = [c for c in range(max(map(len, rows), default=0)) if any(r[c : c + 1] for r in rows)]
    kept = [c for c in kept if any(c < len(row) and row[c] for row in rows)]
    lines = [[row[c] if c < len(row) else "" for c in kept] for row in rows]
    marked = [(i < heads, line) for i, line in enumerate(lines) if any(line)]
    if not marked:
        return ""
    if len(kept) <= _FEWEST_COLUMNS and not marked[0][0]:
        return "\n".join(_named(line) for _, line in marked)
    head = [line for is_head, line in marked if is_head][:1]
    rest = [line for _, line in marked if line is not (head[0] if head else None)]
    top = head[0] if head else [""] * len(kept)
    rule = f"|{'---|' * len(kept)}"
    return "\n".join((_row(top), rule, *map(_row, rest)))


def _named(line: list[str]) -> str:
    return f"- {': '.join(filter(None, line))}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _grid(rows: list[list[Cell]]) -> list[list[str]]:
    """Lay the cells out in columns, those that span rows in each of them."""
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    for cells in rows:
        row: list[str] = []

        def hang(row: list[str] = row) -> None:
            while len(row) in hanging:
                at = len(row)
                left, text = hanging.pop(at)
                row.append(text)
                if left > 1:
                    hanging[at] = (left - 1, text)

        below: dict[int, tuple[int, str]] = {}
        for cell in cells:
            hang()
            for column in range(cell.columns if len(row) < _WIDEST else 1):
                text = cell.text if column == 0 else ""
                if cell.rows > 1:
                    again = text if len(text) <= _REPEATED else ""
                    below[len(row)] = (cell.rows - 1, again)
                row.append(text)
        hang()
        hanging.update(below)
        grid.append(row)
    return grid
