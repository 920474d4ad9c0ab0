"""Work out from a sample of rows how a drawn table is drawn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from headroom.notation.grid import WIDEST, Align, Grid, screen_width

_RULE = re.compile(r"[-=+|:.' \t\u2500-\u257f]*[-=\u2500-\u257f]{2}[-=+|:.' \t\u2500-\u257f]*")
_SPACES = re.compile(r"  +")
_WORD = re.compile(r"[^ ]+")
_DOUBLE = re.compile(r"[=+]+")
_FIELD = re.compile(r"[^ ]+(?: [^ ]+)*")
_PADDED_SHARE = 0.75
_LONGEST_NAME = 40
_WIDEST_MARGIN = 2

# What a column is called in the headers of tools.
_NAME = re.compile(r"[\w%#$(][\w%#$./()\[\]&@*+:-]*(?: [\w%#$./()\[\]&@*+:-]+){0,3}")
_LETTER = re.compile(r"[^\W\d_]|[%#]")
_DIGIT_SHARE = 0.25
_NAME_END = re.compile(r"[\w)\]%#*]\Z")


def is_rule(line: str) -> bool:
    """Say whether a line is drawn of dashes, crosses and corners.

    >>> is_rule("+----+----+"), is_rule("|:---|---:|"), is_rule("- a")
    (True, True, False)
    """
    if line[:1] not in "-=+|: .'\u250c\u250f\u2554\u251c\u2521\u2560\u2514\u2517\u255a\u2500\u2501":
        return False
    return len(line) <= 4 * WIDEST and _RULE.fullmatch(line.rstrip("\r")) is not None


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row cut at its bars: what stands before its first cell, its cells, and what is behind."""

    left: str
    cells: list[str]
    right: str


def bar_fields(line: str, bar: str) -> BarRow | None:
    """Cut a row at its bars; a bar at the start and one at the end belong to no cell.

    >>> bar_fields("| a | b |", "|")
    BarRow(left='|', cells=[' a ', ' b '], right='|')
    """
    body = line.rstrip("\r")
    right = line[len(body) :]
    left = ""
    if body.lstrip(" ").startswith(bar):
        at = body.index(bar) + 1
        left, body = body[:at], body[at:]
    stripped = body.rstrip(" ")
    if left and stripped.endswith(bar):
        right = body[len(stripped) - 1 :] + right
        body = stripped[:-1]
    elif left or bar not in body:
        return None
    return BarRow(left, body.split(bar), right)


def bar_grid(names: BarRow, rows: Sequence[str], bar: str) -> Grid | None:
    """Return how rows between bars are drawn, or None if they have not as many cells as names."""
    count = len(names.cells)
    known = [f for row in rows if (f := bar_fields(row, bar)) and len(f.cells) == count]
    if not known or (count < 2 and not names.left):
        return None
    drawn = [row for row in rows if (f := bar_fields(row, bar)) and len(f.cells) == count]
    values = [[cell.strip(" ") for cell in f.cells] for f in known]
    # Tools count letters, or the columns that they take on a screen: two for an ideograph.
    ways = [_bar_layout(names, known, bar, wide=False)]
    if not all(row.isascii() for row in rows):
        ways.append(_bar_layout(names, known, bar, wide=True))
    if not known[0].left:
        # Without a last bar the last cell is padded, or not, or the row ends with its last letter.
        ways = [w for way in ways for w in (replace(way, loose=True), way, replace(way, trim=True))]

    def fitting(way: Grid) -> int:
        return sum([way.render(c) == row for c, row in zip(values, drawn, strict=True)])

    best = max(ways, key=fitting)
    return best if sum(best.widths) <= WIDEST else None


def _bar_layout(names: BarRow, known: Sequence[BarRow], bar: str, *, wide: bool) -> Grid:
    left, right = known[0].left, known[0].right
    count, closed = len(names.cells), bool(left)
    size = screen_width if wide else len
    cells = [c for f in known for c in f.cells if c.strip(" ")]
    margin = " " * _margin([c.lstrip(" ") for c in cells], cells)
    inner = [c for f in known for c in f.cells[: None if closed else -1] if c.strip(" ")]
    behind = " " * _margin([c.rstrip(" ") for c in inner], inner)
    widths: list[int] = []
    aligns: list[Align] = []
    for i in range(count):
        is_open = i == count - 1 and not closed
        cut = "" if is_open else behind
        inside = [_inner(f.cells[i], margin, cut) for f in known]
        name = _inner(names.cells[i], margin, cut or margin)
        sizes = list(map(size, inside))
        widths.append(max(size(name), *sizes) if is_open else _width(sizes, inside, name))
        aligns.append(_align(inside))
    gaps = tuple([f"{behind}{bar}{margin}"] * (count - 1))
    tail = behind + right if closed else right
    return Grid(left + margin, gaps, tail, tuple(widths), tuple(aligns), wide=wide)


def _margin(stripped: Sequence[str], cells: Sequence[str]) -> int:
    """Return how many spaces all cells have at one end: none, one or two."""
    pairs = zip(cells, stripped, strict=True)
    return min([_WIDEST_MARGIN, *[len(cell) - len(bare) for cell, bare in pairs]])


def _inner(cell: str, before: str, behind: str) -> str:
    if before and cell.startswith(before):
        cell = cell[len(before) :]
    return cell[: -len(behind)] if behind and cell.endswith(behind) else cell


def _width(sizes: Sequence[int], cells: Sequence[str], name: str) -> int:
    """Return the width that cells are padded to; 0 where they are not padded."""
    width, often = Counter(sizes).most_common(1)[0]
    if often < _PADDED_SHARE * len(cells):
        return 0
    padded = any(cell != cell.strip(" ") for cell in [*cells, name])
    return width if padded or len(name) == width else 0


def _align(cells: Sequence[str]) -> Align:
    left = sum([1 for cell in cells if cell[:1] != " "])
    right = sum([1 for cell in cells if cell[-1:] != " "])
    return ">" if right > left else "<"


def may_name(head: str) -> bool:
    """Say whether a line looks like the names of columns, at a glance."""
    fields = _FIELD.findall(head.strip())
    capital = head == head.upper()
    if len(fields) < 2 and not (len(head.split()) >= 3 and capital):
        return False
    return capital or len(fields) > 2 or not head.startswith((" ", "\t"))


def _are_names(names: Sequence[str], head: str) -> bool:
    capital = head == head.upper()
    if sum([name[:1].isdigit() for name in names]) > _DIGIT_SHARE * len(names):
        return False
    for name in names:
        if (
            not _LETTER.search(name)
            or len(name) > _LONGEST_NAME
            or not _NAME.fullmatch(name)
            or not _NAME_END.search(name)
        ):
            return False
        if len(names) == 2 and not capital and len(name.split()) > 2:
            return False
    return len(set(names)) >= len(names) - 1


Found = tuple[Grid, list[str], Callable[[str], "list[str] | None"]]


def aligned_grid(head: str, rule: str | None, rows: Sequence[str]) -> Found | None:
    """Return how rows in columns of spaces are drawn, the columns' names, and how to cut a row."""
    starts = _starts(head, rows) if rule is None else rule_starts(rule)
    if len(starts) < 2:
        return None
    names = [piece.strip(" \r") for piece in _cuts(head, starts)]
    if rule is None and not _are_names(names, head):
        return None
    straight = [row for row in rows if not _straddles(row, starts)]
    grid = _drawn(head, rule, starts, straight or rows)

    def parse(row: str) -> list[str] | None:
        if row[: starts[0]].strip() or is_rule(row):
            return None
        cells = [piece.strip(" ") for piece in _cuts(row, starts)]
        if grid.render(cells) == row:
            return cells
        # A cell that is too wide pushes the others aside.
        for pushed in (_SPACES.split(row.strip(" ")), row.split(None, len(starts) - 1)):
            if len(pushed) == len(starts) and grid.render(pushed) == row:
                return pushed
        if _straddles(row, starts):
            # ps makes up for a wide cell further on.
            words = row.split(None, len(starts) - 1)
            return words if len(words) == len(starts) else None
        return cells if len(row) > starts[-1] and cells[0] else None

    return grid, names, parse


def _straddles(row: str, starts: Sequence[int]) -> bool:
    """Say whether a column's border runs through a word of a row."""
    return any(" " not in row[a - 1 : a + 1] and len(row) > a for a in starts[1:])


def rule_starts(rule: str) -> list[int]:
    """Return where the columns below a rule begin: at its strokes, between other characters.

    >>> rule_starts("---- --"), rule_starts("===-====")
    ([0, 5], [0, 4])
    """
    parts = _DOUBLE if "=" in rule and "-" in rule else _WORD
    return [found.start() for found in parts.finditer(rule)]


def _cuts(row: str, starts: Sequence[int]) -> list[str]:
    return [row[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]


def _drawn(head: str, rule: str | None, starts: Sequence[int], rows: Sequence[str]) -> Grid:
    pieces = [_cuts(row, starts) for row in (head, *rows)]
    ends: list[int] = []
    aligns: list[Align] = []
    for i, start in enumerate(starts):
        column = [p[i].rstrip(" \r") for p in pieces]
        width = max(1, *map(len, column))
        ends.append(start + width)
        aligns.append(_align([cell.ljust(width) for cell in column[1:] if cell]))
    between = [b - min(end, b - 1) for b, end in zip(starts[1:], ends, strict=False)]
    least = min(between)
    gaps: list[str] = []
    widths: list[int] = []
    for i, space in enumerate(between):
        own = space if aligns[i] == ">" else least
        gaps.append(" " * own)
        widths.append(starts[i + 1] - starts[i] - own)
    trim = all(not row.endswith(" ") for row in rows)
    if rule is not None:
        last = len(rule.rstrip())
    elif trim:
        last = ends[-1] if aligns[-1] == ">" else starts[-1]
    else:
        last = Counter(map(len, rows)).most_common(1)[0][0]
    widths.append(max(0, last - starts[-1]))
    return Grid(" " * starts[0], tuple(gaps), "", tuple(widths), tuple(aligns), trim)


def _starts(head: str, rows: Sequence[str]) -> list[int]:
    """Return where the columns begin: spans with a name above that spaces part in all lines."""
    width = max(map(len, [head, *rows]))
    # For each place the number of rows that have no space there: every width-th character of all.
    padded = "".join([row.ljust(width) for row in rows])
    busy = [len(rows) - padded[i::width].count(" ") for i in range(width)]
    filled = [*busy, 0]
    few = len(rows) // 20
    words = [(word.start(), word.end()) for word in _WORD.finditer(head)]
    for a, b in words:
        for i in range(a, b):
            filled[i] += few + 1
    spans: list[tuple[int, int]] = []
    begin = -1
    for i, number in enumerate(filled):
        if number > few and begin < 0:
            begin = i
        elif number <= few and begin >= 0:
            spans.append((begin, i))
            begin = -1
    named = [(a, b) for a, b in spans if any(x < b and y > a for x, y in words)]
    # The second word of a name, below which nothing ever stands, is no column.
    return [
        a for a, b in named if a < 2 or head[a - 2] == " " or head[a - 1] != " " or any(busy[a:b])
    ]
